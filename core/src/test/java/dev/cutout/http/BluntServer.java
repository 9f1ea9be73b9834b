package dev.cutout.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real HTTP/1.1 server on a real socket that says what a test tells it, byte by byte: half an answer, none at all, or a reset. Every connection has a
 * thread and stays open until the answer or the client closes it.
 */
final class BluntServer implements AutoCloseable {
    /** What the server does about a request. It may close the connection; an exception does too. */
    @FunctionalInterface
    interface Conduct {
        void meet(Visit visit) throws Exception;
    }

    private final ServerSocket listener;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final Thread acceptor;
    private volatile Conduct conduct = visit -> visit.answer(200, "good");

    BluntServer() {
        try {
            listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = start("blunt server", this::accept);
    }

    /** What it does about requests from now on. Default: 200 and the body "good". */
    BluntServer does(Conduct conduct) {
        this.conduct = conduct;
        return this;
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
    }

    /** How many requests have come in. */
    int requests() {
        return requests.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                connection.setTcpNoDelay(true);
                connections.add(connection);
                Thread unused = start("blunt server, one connection", () -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (Visit visit = Visit.read(connection, in); visit != null; visit = Visit.read(connection, in)) {
                requests.incrementAndGet();
                conduct.meet(visit);
            }
        } catch (Exception e) {
            // The client went, or the test wants it to be sent away: the connection ends either way.
        } finally {
            connections.remove(connection);
        }
    }

    private static Thread start(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Nobody listens any more, and whoever is connected is sent away. */
    @Override
    public void close() {
        try {
            listener.close();
            acceptor.join(); // until then the operating system goes on taking connections
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One request, and the ways to answer it. */
    static final class Visit {
        private final Socket connection;
        private final InputStream in;
        private final OutputStream out;
        private final String method;
        private final String path;

        private Visit(Socket connection, InputStream in, String method, String path) throws IOException {
            this.connection = connection;
            this.in = in;
            this.out = connection.getOutputStream();
            this.method = method;
            this.path = path;
        }

        /** Reads the next request with its body; null if there is none. */
        private static Visit read(Socket connection, InputStream in) throws IOException {
            List<String> head = new ArrayList<>();
            for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
                head.add(line);
            }
            if (head.isEmpty()) {
                return null;
            }
            for (String line : head) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    in.readNBytes(Integer.parseInt(
                            line.substring("content-length:".length()).strip()));
                }
            }
            String[] first = head.get(0).split(" ", 3);
            return new Visit(connection, in, first[0], first[1]);
        }

        private static String line(InputStream in) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int read = in.read(); read != '\n'; read = in.read()) {
                if (read < 0) {
                    return null;
                }
                line.append((char) read);
            }
            return line.toString().strip();
        }

        String method() {
            return method;
        }

        String path() {
            return path;
        }

        /** A whole answer. */
        void answer(int status, String body, String... headers) throws IOException {
            begin(status, body.length(), headers);
            say(body);
        }

        /** The head of an answer whose body is to be so long. */
        void begin(int status, int length, String... headers) throws IOException {
            StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Whatever\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            if (status != 204 && status != 304) {
                head.append("Content-Length: ").append(length).append("\r\n");
            }
            say(head.append("\r\n").toString());
        }

        /** Any bytes. */
        void say(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** Closes the connection in good order. */
        void hangUp() throws IOException {
            connection.close();
        }

        /** Closes it with a reset. */
        void reset() throws IOException {
            connection.setSoLinger(true, 0);
            connection.close();
        }

        /** Says nothing more, and waits until the client has closed the connection. */
        void awaitHangUp() {
            try {
                while (in.read() >= 0) {
                    // whatever it still has to say
                }
            } catch (IOException e) {
                // it was a reset
            }
        }
    }
}
