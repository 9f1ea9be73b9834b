package dev.cutout.lab.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.BindException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A's hand on one service B: starts its process, gives it orders, kills it, starts it again on the same ports. */
final class InventoryProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    private static final String GONE = "gone";

    private final String name;
    private int httpPort;
    private int grpcPort;
    private @Nullable Life life;
    private boolean closed;

    /** One run of the process. {@code lastWords} is the end of what it printed on its standard error. */
    private record Life(Process process, Writer orders, BlockingQueue<String> answers, Deque<String> lastWords) {}

    /** The name says which B it is in messages; ports may be 0 for any free one. */
    InventoryProcess(String name, int httpPort, int grpcPort) {
        this.name = name;
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
    }

    int httpPort() {
        return httpPort;
    }

    int grpcPort() {
        return grpcPort;
    }

    /**
     * Starts the process and waits until it answers through both doors.
     *
     * @throws BindException when a port is taken
     * @throws IOException when it cannot start for any other reason; the message says which
     */
    void start() throws IOException, InterruptedException {
        Life born = launch();
        String answer = answer(born);
        String[] words = answer.split(" ", -1);
        if (words[0].equals(InventoryServer.TAKEN)) {
            throw new BindException("port " + words[1] + " is taken by another program");
        }
        if (!words[0].equals(InventoryServer.READY)) {
            throw new IOException(name + " could not start" + lastWords(born));
        }
        httpPort = Integer.parseInt(words[1]);
        grpcPort = Integer.parseInt(words[2]);
    }

    /** Gives an order and waits until B has carried it out. */
    void order(String order) throws IOException, InterruptedException {
        Life current = life;
        if (current == null) {
            throw new IOException(name + " is not running");
        }
        current.orders.write(order + "\n");
        current.orders.flush();
        if (!answer(current).equals(InventoryServer.DONE)) {
            throw new IOException(name + " ended although nobody asked it to" + lastWords(current));
        }
    }

    /** Destroys the process: no goodbye, no answers to the calls under way. */
    void kill() throws InterruptedException {
        if (life != null) {
            life.process.destroyForcibly().waitFor();
        }
    }

    /** May be called from any thread, even while another waits for this B. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (life != null) {
                life.process.destroyForcibly();
            }
        }
    }

    private synchronized Life launch() throws IOException {
        if (closed) {
            throw new IOException("the show is over");
        }
        Process process;
        try {
            process = new ProcessBuilder(command()).start();
        } catch (IOException e) {
            throw new IOException(name + " could not start: " + e.getMessage(), e);
        }
        Life born = new Life(
                process,
                new OutputStreamWriter(process.getOutputStream(), UTF_8),
                new LinkedBlockingQueue<>(),
                new ArrayDeque<>());
        listen(process.getInputStream(), born.answers::add, () -> born.answers.add(GONE));
        listen(process.getErrorStream(), line -> remember(born.lastWords, line), () -> {});
        life = born;
        return born;
    }

    private List<String> command() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        // Whether this JVM was started with a class path or a module path, B is started with both as its class path.
        String classPath = Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null && !path.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        // Small and quick to start: it lives for seconds, beside another one, perhaps on two cores.
        List<String> command =
                new ArrayList<>(List.of(java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", classPath, InventoryServer.class.getName()));
        command.addAll(List.of(Integer.toString(httpPort), Integer.toString(grpcPort)));
        return command;
    }

    private String answer(Life from) throws IOException, InterruptedException {
        String answer = from.answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IOException(name + " did not answer within " + PATIENCE_SECONDS + " s" + lastWords(from));
        }
        return answer;
    }

    private static void listen(InputStream stream, Consumer<String> line, Runnable end) {
        Thread listener = new Thread(
                () -> {
                    try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                        reader.lines().forEach(line);
                    } catch (IOException | UncheckedIOException e) {
                        // the process is gone: the end of its stream by another name
                    }
                    end.run();
                },
                "listens to B");
        listener.setDaemon(true);
        listener.start();
    }

    private static void remember(Deque<String> lastWords, String line) {
        synchronized (lastWords) {
            lastWords.add(line.strip());
            if (lastWords.size() > 3) {
                lastWords.remove();
            }
        }
    }

    private static String lastWords(Life life) {
        synchronized (life.lastWords) {
            return life.lastWords.isEmpty() ? "" : ": " + String.join(" / ", life.lastWords);
        }
    }
}
