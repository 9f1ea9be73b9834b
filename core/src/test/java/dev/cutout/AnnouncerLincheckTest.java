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

    /** Were the announcer that is made for the first listener not busy until it knows where to begin, others would deliver beside it. */
    @Test
    void theFirstListenerMayComeInTheMiddleOfThings() {
        Interleavings.validated(3, 1)
                .iterations(12)
                .invocationsPerIteration(150)
                .check(ComesLater.class);
    }

    /** A circuit that nobody listened to, and to which things happen while the first listener comes. */
    public static final class ComesLater {
        private final CircuitBreaker circuit = CircuitBreaker.builder("overheard")
                .ticker(new HandWoundTicker())
                .buildUnannounced();
        private final List<Long> told = new ArrayList<>();

        public ComesLater() {
            circuit.reset();
        }

        @Operation
        public void happen() {
            circuit.reset();
        }

        @Operation(runOnce = true)
        public void listen() {
            circuit.onEvent(event -> told.add(event.generation()));
        }

        /** What is told is the end of what happened, each event once and in order, and none is taken for lost. */
        @Validate
        public void theRestIsTold() {
            CircuitSnapshot seen = circuit.snapshot();
            for (int i = 0; i < told.size(); i++) {
                if (told.get(i) != seen.generation() - told.size() + 1 + i) {
                    throw new IllegalStateException("told " + told + " up to " + seen.generation());
                }
            }
            if (seen.counts().lostEvents() != 0) {
                throw new IllegalStateException(
                        "told " + told + ", lost " + seen.counts().lostEvents());
            }
        }
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
                after = Announcement.after(
                        before, new CircuitEvent.HalfOpened("announced", number, 0, CircuitState.OPEN, ""));
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
            first.failure(new PlayedCalls.Outage());
        }

        @Operation(runOnce = true)
        public void secondFails() {
            second.failure(new PlayedCalls.Outage());
        }

        @Operation
        public void callThatFails() {
            Permit permit = circuit.tryAcquire();
            if (permit != null) {
                permit.failure(new PlayedCalls.Outage());
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
