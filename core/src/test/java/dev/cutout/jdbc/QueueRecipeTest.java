package dev.cutout.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recipe of {@code docs/queues.md} is the class beside this test, and does what the page says. */
class QueueRecipeTest {
    @ParameterizedTest
    @ValueSource(strings = {"wait 100ms", "adaptive"})
    void aConsumerIsPausedWhileTheDatabaseIsDownAndResumedWhenItIsBack(String settings) throws Exception {
        PostgresServer server = PostgresServer.running();
        CircuitBreaker circuit = CircuitBreaker.of("queue with " + settings, CircuitSettings.parse(settings));
        GuardedDataSource guarded = GuardedDataSource.of(circuit, server.dataSource());
        List<String> told = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> paused = new CompletableFuture<>();
        CompletableFuture<Void> resumed = new CompletableFuture<>();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (CircuitPause pause = new CircuitPause(
                circuit,
                () -> {
                    told.add("paused");
                    paused.complete(null);
                },
                () -> {
                    told.add("resumed");
                    resumed.complete(null);
                },
                () -> {
                    try (Connection connection = guarded.getConnection()) {
                        boolean unused = connection.isValid(60);
                    }
                },
                Duration.ofMillis(20),
                timer)) {
            assertThat(pause).isNotNull();
            server.kill();
            while (!paused.isDone()) {
                Sandbox.failsWith("08001", guarded::getConnection);
            }
            server.start();
            resumed.get(100, TimeUnit.SECONDS);
            assertThat(told).startsWith("paused").endsWith("resumed");
        } finally {
            timer.shutdownNow();
            PostgresServer.running();
        }
    }

    @Test
    void thePageShowsThisClass() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/cutout/jdbc/CircuitPause.java"));
        String shown = source.substring(source.indexOf("/** Pauses"));

        assertThat(Files.readString(Path.of("../docs/queues.md"))).contains(shown);
    }
}
