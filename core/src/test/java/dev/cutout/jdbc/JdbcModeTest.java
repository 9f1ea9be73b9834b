package dev.cutout.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.Answer;
import dev.cutout.CallNotPermittedException;
import dev.cutout.CircuitBreaker;
import dev.cutout.Hold;
import dev.cutout.Mode;
import dev.cutout.Scenario;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stories of the core, told by a real database: a call is a connection and one statement on it, and is counted as one.
 *
 * <ul>
 *   <li>{@code s}: a row is read;
 *   <li>{@code f}: the database ends the session (57P01);
 *   <li>{@code u e i c}: the driver throws what no driver should;
 *   <li>{@code n}: the driver was interrupted, and says so as drivers do;
 *   <li>{@code r}: a guarded data source inside refuses.
 * </ul>
 */
class JdbcModeTest {
    private static final PostgresServer SERVER = PostgresServer.running();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static List<Scenario> scenarios() {
        List<Scenario> scenarios = Scenario.madeOf("sfueicnrSFUEICNR");
        assertThat(scenarios).hasSizeGreaterThan(15);
        return scenarios;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void aDataSourceTellsTheSameStory(Scenario scenario) {
        scenario.play(new ByDataSource());
    }

    private static final class ByDataSource implements Mode {
        @Override
        public Object got(CircuitBreaker circuit, Answer answer) {
            char letter = Character.toLowerCase(answer.letter());
            DataSource database = letter == 'r'
                    ? Interposed.after("getConnection", refusing(), () -> giveToNobody(answer))
                    : Interposed.after("execute", SERVER.dataSource(), () -> give(answer));
            try (Connection connection = GuardedDataSource.of(circuit, database).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(letter == 'f' ? "SELECT pg_terminate_backend(pg_backend_pid())" : "SELECT 1");
                return answer.content();
            } catch (SQLTransientConnectionException refused) {
                CallNotPermittedException refusal = (CallNotPermittedException) refused.getCause();
                return refusal.circuit().equals(circuit.name()) ? refusal : answer.content();
            } catch (SQLException failed) {
                assertThat(failed.getSQLState()).isEqualTo(letter == 'f' ? "57P01" : null);
                return answer.content();
            } catch (RuntimeException | Error thrown) {
                return thrown;
            }
        }

        /** What the database does not do by itself. */
        private static void give(Answer answer) throws SQLException {
            try {
                Object unused = answer.give();
            } catch (RuntimeException | Error thrown) {
                throw thrown;
            } catch (InterruptedException interruption) {
                throw new SQLException("interrupted", interruption);
            } catch (Exception failure) {
                return; // the database throws its own
            }
        }

        /** The inner guard throws its own. */
        private static void giveToNobody(Answer answer) throws Exception {
            try {
                Object unused = answer.give();
            } catch (CallNotPermittedException expected) {
                return;
            }
        }

        private static DataSource refusing() {
            CircuitBreaker inner = CircuitBreaker.of("inner guard " + NUMBER.incrementAndGet());
            inner.hold(Hold.open());
            return GuardedDataSource.of(inner, SERVER.dataSource());
        }
    }
}
