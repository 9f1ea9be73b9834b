package dev.cutout.jdbc;

import dev.cutout.Calls;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitState;
import dev.cutout.Outcome;
import dev.cutout.Permit;
import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the circuit hears of one connection.
 *
 * <p><b>How is it designed, and why?</b> A pool hands out connections without asking the database. If that counted as a success, a database whose every statement
 * times out would answer success, failure, success, failure, and no streak would ever open the circuit; and a probe would close it without having found
 * out anything. So a connection that was obtained says nothing; what is done with it does.
 *
 * <ul>
 *   <li>While the circuit is closed, the permit of {@code getConnection} is given back, and each statement has a permit of its own. It is never a probe, and a
 *       statement that gets none runs all the same, and tells nothing. The time between two statements is the caller's, and nobody is timed
 *       for it.
 *   <li>While the circuit is finding out whether the database is back, the connection keeps the permit it was obtained with, and the first
 *       statement answers for it. Statements of other connections, begun before, tell nothing: they must not decide on a probe.
 * </ul>
 *
 * A lost connection is told once, however many calls notice it: the commit, the rollback and the close that follow fail too, and
 * would make one lost connection four failures of five.
 */
final class ConnectionReport {
    private final CircuitBreaker circuit;
    private final Calls statements;
    private final SqlRules rules;
    /** The permit that the connection was obtained with, until something answers for it. An answer too many does nothing, so it is no more than volatile. */
    private volatile @Nullable Permit kept;
    /** Closed by its user, or lost and told: nothing that is said from then on says anything about the database. */
    private final AtomicBoolean over = new AtomicBoolean();

    /** Of a connection that was just obtained with this permit. */
    ConnectionReport(CircuitBreaker circuit, Calls statements, SqlRules rules, Permit permit) {
        this.circuit = circuit;
        this.statements = statements;
        this.rules = rules;
        if (circuit.state() == CircuitState.CLOSED) {
            permit.giveBack();
        } else {
            this.kept = permit;
        }
    }

    /** The permit for something that the database is asked now; null if nobody wants to hear the answer. */
    @Nullable Permit begin() {
        if (over.get()) {
            return null;
        }
        Permit first = kept;
        if (first != null) {
            return first;
        }
        // The state is asked first, since a permit that is refused would be counted as a refusal, and the statement
        // runs.
        return circuit.state() == CircuitState.CLOSED ? statements.tryAcquire() : null;
    }

    /** The database did as it was asked. */
    void succeeded(@Nullable Permit permit) {
        if (permit != null) {
            permit.success();
            kept = null;
        }
    }

    /** It went well, and perhaps without the database. */
    void saidNothing(@Nullable Permit permit) {
        if (permit != null && permit != kept) {
            permit.giveBack();
        }
    }

    /** Whoever asked has cancelled it. The circuit knows whether it had run so long that this was a time-out. */
    void cancelled(@Nullable Permit permit, SQLException thrown) {
        CancellationException cancellation = new CancellationException("The statement was cancelled.");
        cancellation.initCause(thrown);
        record(permit, cancellation);
    }

    /**
     * It threw.
     *
     * @param asked whether the database was asked for certain; if not, only a failure says anything
     */
    void threw(@Nullable Permit permit, Throwable thrown, boolean asked) {
        if (!(thrown instanceof SQLException sql)) {
            if (asked) {
                record(permit, thrown);
            } else {
                saidNothing(permit); // null given where a statement was due, for one
            }
            return;
        }
        boolean lost = SqlRules.isConnectionLost(sql);
        if (lost && !over.compareAndSet(false, true)) {
            if (permit != null) {
                permit.ignore(); // another thread told it, or has closed the connection under this one
            }
            return;
        }
        Throwable interruption = SqlRules.interruptionBehind(sql);
        if (interruption != null) {
            record(permit, interruption);
            return;
        }
        if (permit == null) {
            return;
        }
        Outcome outcome;
        Throwable because = sql;
        try {
            outcome = rules.outcomeOf(sql);
        } catch (Throwable broken) {
            outcome = Outcome.FAILURE;
            because = broken;
        }
        if (outcome != Outcome.FAILURE && !asked) {
            saidNothing(permit);
        } else {
            answer(permit, outcome, because);
            kept = null;
        }
    }

    /** The user has done with the connection. If it never asked the database anything, the permit it was obtained with goes to the next. */
    void end() {
        over.set(true);
        Permit unanswered = kept;
        if (unanswered != null) {
            unanswered.ignore();
            kept = null;
        }
    }

    private void record(@Nullable Permit permit, Throwable thrown) {
        if (permit != null) {
            permit.record(thrown);
            kept = null;
        }
    }

    static void answer(Permit permit, Outcome outcome, Throwable because) {
        switch (outcome) {
            case SUCCESS -> permit.success();
            case FAILURE -> permit.failure(because);
            case IGNORED -> permit.ignore();
        }
    }
}
