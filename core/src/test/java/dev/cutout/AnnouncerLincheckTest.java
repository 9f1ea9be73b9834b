package dev.cutout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Events made by several threads: each is told once, in order, by one thread at a time. */
class AnnouncerLincheckTest {
    /** Were only one round of delivery made, whatever was announced during it would wait for the next event, perhaps for ever. */
    @Test
    void eachEventIsToldOnceAndInOrder() {
        Interleavings.validated(3, 2).iterations(1).invocationsPerIteration(200).check(Shared.class);
    }

    /** Were a listener's own events told at once, inside of the event it was called for, those behind it would hear them out of order. */
    @Test
    void whatAListenerCausesIsToldAfterwards() {
        Interleavings.validated(2, 1).iterations(2).invocationsPerIteration(80).check(Meddling.class);
    }

    /** A chain of events, and a listener. */
    public static final class Shared {
        private final Announcer announcer = Announcer.to(List.of());
        private final AtomicReference<Announcement> newest = new AtomicReference<>();
        private final List<Long> told = new ArrayList<>();

        public Shared() {
            announcer.add(event -> told.add(event.generation()));
        }

        @Operation
        public void announce() {
            Announcement before;
            Announcement after;
            do {
                before = newest.get();
                long number = before == null ? 1 : before.index + 1;
                after = Announcement.after(before, new CircuitEvent.HalfOpened("announced", number, 0));
            } while (!newest.compareAndSet(before, after));
            announcer.deliver(newest::get);
        }

        @Validate
        public void allAreTold() {
            if (!told.equals(List.of(1L, 2L, 3L, 4L, 5L, 6L))) {
                throw new IllegalStateException("told " + told);
            }
        }
    }

    /** A circuit with a listener that closes it whenever it opens, and one behind it that listens only. */
    public static final class Meddling {
        private static final CircuitSettings SETTINGS = CircuitSettings.parse("trip 1 consecutive");

        private final History history = new History();
        private final CircuitBreaker circuit = CircuitBreaker.builder("meddled")
                .settings(SETTINGS)
                .ticker(new HandWoundTicker())
                .onEvent(this::meddle)
                .onEvent(history)
                .buildUnannounced();
        private final Permit first = circuit.acquire();
        private final Permit second = circuit.acquire();

        private void meddle(CircuitEvent event) {
            if (event instanceof CircuitEvent.Opened) {
                circuit.reset();
            }
        }

        @Operation(runOnce = true)
        public void firstFails() {
            first.failure(new Calls.Outage());
        }

        @Operation(runOnce = true)
        public void secondFails() {
            second.failure(new Calls.Outage());
        }

        @Operation
        public void callThatFails() {
            Permit permit = circuit.tryAcquire();
            if (permit != null) {
                permit.failure(new Calls.Outage());
            }
        }

        @Validate
        public void theHistoryHangsTogetherAndTheListenerHadTheLastWord() {
            CircuitSnapshot now = history.check(circuit, SETTINGS);
            if (now.state() != CircuitState.CLOSED || history.openings() == 0) {
                throw new IllegalStateException("the listener was not told of an opening");
            }
        }
    }
}
