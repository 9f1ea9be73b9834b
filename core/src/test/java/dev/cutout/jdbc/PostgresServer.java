package dev.cutout.jdbc;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL, out of a jar: can be killed and started again on the same port with the same data. One for all tests of a JVM, gone when that ends.
 *
 * <p>PostgreSQL refuses to run as root; where the tests do, it runs as {@code nobody}.
 */
final class PostgresServer {
    private static final List<String> ARCHIVES = List.of(
            "/postgres-linux-x86_64.txz",
            "/postgres-linux-arm_64.txz",
            "/postgres-darwin-x86_64.txz",
            "/postgres-darwin-arm_64.txz",
            "/postgres-windows-x86_64.txz");
    private static final String READY = "database system is ready to accept connections";

    private final Path folder;
    private final int port;
    private final boolean asNobody;
    private Process process;
    private Thread log;

    private PostgresServer() throws IOException {
        folder = Files.createTempDirectory("cutout-postgres");
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove, "remove-postgres"));
        unpack(folder.resolve("program"));
        asNobody = isRoot();
        Path cluster = Files.createDirectory(folder.resolve("cluster"));
        if (asNobody) {
            UserPrincipal nobody =
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.setOwner(cluster, nobody);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        port = freePort();
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync");
        start();
    }

    private static final class Shared {
        static final PostgresServer SERVER = make();

        private static PostgresServer make() {
            try {
                return new PostgresServer();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The one that runs; started if it does not. The caller is no longer interrupted: a pool would give it nothing, whoever interrupted it in an earlier test. */
    static PostgresServer running() {
        Thread.interrupted();
        PostgresServer server = Shared.SERVER;
        if (!server.process.isAlive()) {
            server.start();
        }
        return server;
    }

    int port() {
        return port;
    }

    /** Connects as the superuser, with time-outs that no test should meet. */
    PGSimpleDataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser("postgres");
        dataSource.setConnectTimeout(60);
        dataSource.setLoginTimeout(60);
        dataSource.setSocketTimeout(60);
        return dataSource;
    }

    /** Has this done, on a connection of its own that nobody guards. */
    void does(String... statements) throws SQLException {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Kills it, as the kernel does when memory runs out; every process of it is gone when this returns. */
    void kill() {
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
        try {
            log.join(60_000); // it ends when the last process has let go of the output
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts it, and returns when it takes connections. */
    void start() {
        try {
            process = new ProcessBuilder(command(
                            "postgres",
                            "-p",
                            Integer.toString(port),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "unix_socket_directories=",
                            "-c",
                            "max_connections=40",
                            "-c",
                            "fsync=off",
                            "-c",
                            "shared_buffers=16MB"))
                    .redirectErrorStream(true)
                    .start();
            CompletableFuture<String> ready = new CompletableFuture<>();
            log = new Thread(() -> readLog(process, ready), "postgres-log");
            log.setDaemon(true);
            log.start();
            ready.orTimeout(60, TimeUnit.SECONDS).join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads to the end, since a process whose output nobody reads stops. */
    private static void readLog(Process process, CompletableFuture<String> ready) {
        StringBuilder log = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!ready.isDone()) {
                    log.append(line).append('\n');
                }
                if (line.contains(READY)) {
                    ready.complete(line);
                }
            }
        } catch (IOException e) {
            log.append(e);
        }
        ready.completeExceptionally(new IllegalStateException("PostgreSQL ended before it was ready:\n" + log));
    }

    private void run(String program, String... arguments) throws IOException {
        Process started = new ProcessBuilder(command(program, arguments))
                .redirectErrorStream(true)
                .start();
        String output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (started.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(program + " failed:\n" + output);
        }
    }

    private List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (asNobody) {
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups"));
        }
        command.add(folder.resolve("program/bin").resolve(program).toString());
        command.addAll(List.of("-D", folder.resolve("cluster").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void unpack(Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive())))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    if ((entry.getMode() & 0100) != 0 && !path.toFile().setExecutable(true, false)) {
                        throw new IOException("cannot make executable: " + path);
                    }
                }
            }
        }
    }

    private static InputStream archive() {
        return ARCHIVES.stream()
                .map(PostgresServer.class::getResourceAsStream)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("None of these is on the class path: " + ARCHIVES));
    }

    private static boolean isRoot() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self)
                && Files.getOwner(self, LinkOption.NOFOLLOW_LINKS).getName().equals("root");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void remove() {
        if (process != null) {
            kill();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
