package dev.cutout.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire to a server on this machine that can be cut. */
final class TcpRelay implements AutoCloseable {
    private final ServerSocket entry;
    private final int server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    TcpRelay(int server) throws IOException {
        this.server = server;
        this.entry = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (true) {
                Socket in = entry.accept();
                Socket out = new Socket(InetAddress.getLoopbackAddress(), this.server);
                sockets.add(in);
                sockets.add(out);
                start(() -> pump(in, out));
                start(() -> pump(out, in));
            }
        });
    }

    int port() {
        return entry.getLocalPort();
    }

    /** Cuts all connections the hard way: the other side gets a reset, not an end. */
    void reset() throws IOException {
        for (Socket socket : sockets) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        entry.close();
        reset();
    }

    private static void pump(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        in.transferTo(out);
        to.shutdownOutput();
    }

    /** Whatever is cut ends its thread, which is all that there is to do about it. */
    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException cut) {
                        // as intended
                    }
                },
                "relay");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws IOException;
    }
}
