package dev.cutout.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/**
 * An HTTP server on loopback that answers every request with the same few bytes, in one piece, and allocates nothing for it: what is
 * measured is the client. It understands requests without a body.
 */
final class LoopbackServer implements AutoCloseable {
    static final String BODY = "seven of them are left";

    private static final byte[] RESPONSE =
            ("HTTP/1.1 200 OK\r\ncontent-length: " + BODY.length() + "\r\n\r\n" + BODY).getBytes(US_ASCII);
    private static final byte[] END_OF_REQUEST = "\r\n\r\n".getBytes(US_ASCII);

    private final ServerSocket door;

    LoopbackServer() {
        try {
            door = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("loopback-server", this::accept);
    }

    URI uri() {
        return URI.create("http://" + door.getInetAddress().getHostAddress() + ':' + door.getLocalPort() + '/');
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                client.setTcpNoDelay(true);
                daemon("loopback-connection", () -> serve(client));
            }
        } catch (IOException closed) {
            // the fork is done
        }
    }

    private static void serve(Socket client) {
        try (client) {
            InputStream requests = new BufferedInputStream(client.getInputStream());
            OutputStream responses = client.getOutputStream();
            int matched = 0;
            for (int next = requests.read(); next >= 0; next = requests.read()) {
                matched = next == END_OF_REQUEST[matched] ? matched + 1 : next == END_OF_REQUEST[0] ? 1 : 0;
                if (matched == END_OF_REQUEST.length) {
                    responses.write(RESPONSE);
                    matched = 0;
                }
            }
        } catch (IOException gone) {
            // the client has closed its end
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
