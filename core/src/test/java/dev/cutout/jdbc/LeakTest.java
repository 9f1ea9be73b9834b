package dev.cutout.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.CircuitSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Ten thousand calls of all kinds, on a circuit that opens and closes all the time: at the end nothing is left of them. */
class LeakTest {
    private static final int THREADS = 4;
    private static final int CALLS = 10_000;

    private final PostgresServer server = PostgresServer.running();
    private final CircuitBreaker circuit = CircuitBreaker.builder("ten thousand calls")
            .settings(CircuitSettings.parse(
                    "trip 50% of last 20 calls, at least 10; wait 1ms; probes 2 of 3; probe within 1m; limit 3"))
            .countSuccesses()
            .build();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final LongAdder calls = new LongAdder();

    @Test
    void tenThousandCallsLeaveNoPermitOutAndNoThreadBehind() throws Exception {
        server.does("SELECT 1"); // the driver's own threads are there now
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSource(server.dataSource());
            pool.setMaximumPoolSize(THREADS);
            GuardedDataSource guarded = GuardedDataSource.of(circuit, pool);
            List<FutureTask<Void>> callers = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(i);
                FutureTask<Void> caller = new FutureTask<>(() -> {
                    for (int call = 0; call < CALLS / THREADS; call++) {
                        call(guarded, random, call / 100 % 3 == 2);
                    }
                    return null;
                });
                callers.add(caller);
                new Thread(caller, "caller").start();
            }
            for (FutureTask<Void> caller : callers) {
                caller.get(110, TimeUnit.SECONDS);
            }
        }

        assertThat(calls.sum()).isEqualTo(CALLS);
        assertThat(seen)
                .as("all kinds were met")
                .contains("good", "57014", "57P01", "23505", "cancelled", "unused", GuardedDataSource.REFUSED);
        CircuitSnapshot end = circuit.snapshot();
        assertThat(end.callsInFlight()).as("calls in flight").hasValue(0);
        assertThat(end.probesUnderWay()).as("probes under way").isZero();
        assertThat(end.counts().probes()).isGreaterThan(10);
        Set<Thread> left = new HashSet<>(Thread.getAllStackTraces().keySet());
        left.removeAll(before);
        for (Thread thread : left) {
            if (!thread.getName().startsWith("PostgreSQL-JDBC")
                    && !thread.getName().startsWith("ForkJoinPool")) {
                thread.join(60_000); // the pool ends its threads a moment after it was closed
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    private void call(GuardedDataSource guarded, Random random, boolean bad) {
        calls.increment();
        int dice = random.nextInt(1_000);
        try (Connection connection = guarded.getConnection();
                Statement statement = connection.createStatement()) {
            if (dice < 10) {
                seen.add("unused");
            } else if (dice < 20) {
                statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            } else if (dice < 60) {
                statement.execute("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23505'; END $$");
            } else if (dice < 100) {
                statement.cancel();
                seen.add("cancelled");
                statement.execute("SELECT 1");
            } else if (dice < (bad ? 900 : 130)) {
                statement.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(60)");
            } else {
                statement.execute("SELECT 1");
                seen.add("good");
            }
        } catch (SQLException thrown) {
            seen.add(String.valueOf(thrown.getSQLState()));
        }
    }
}
