package dev.cutout.grpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What lies between a client and a server: carries bytes both ways until it is cut, as by a machine that dies, without a word of farewell. */
final class Wire implements AutoCloseable {
    private final ServerSocket door;
    private final int toPort;
    private final Queue<Socket> ends = new ConcurrentLinkedQueue<>();

    Wire(int toPort) throws IOException {
        this.toPort = toPort;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon("wire-door", this::connect);
    }

    int port() {
        return door.getLocalPort();
    }

    private void connect() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), toPort);
                ends.add(client);
                ends.add(server);
                daemon("wire-there", () -> carry(client, server));
                daemon("wire-back", () -> carry(server, client));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static void carry(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException cut) {
            // as it should be
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Resets every connection. */
    void cut() {
        for (Socket end = ends.poll(); end != null; end = ends.poll()) {
            try {
                end.setSoLinger(true, 0); // close by reset
                end.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        cut();
    }
}
