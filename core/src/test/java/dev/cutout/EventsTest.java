package dev.cutout;

import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Rule 13: listeners hear of every transition once, in order, when it is visible; and whatever they do, the circuit does its work. */
class EventsTest {
    private static final CircuitSettings SETTINGS = CircuitSettings.parse("trip 1 consecutive; wait 1s");

    private final HandWoundTicker ticker = new HandWoundTicker();
    private final List<String> heard = new ArrayList<>();
    private final CircuitBreaker circuit =
            CircuitBreaker.builder("told").settings(SETTINGS).ticker(ticker).buildUnannounced();

    private static String brief(CircuitEvent event) {
        return event.generation() + " " + event.getClass().getSimpleName();
    }

    private void listen(CircuitEvent event) {
        heard.add(brief(event));
    }

    @Test
    void everyEventIsToldInOrderWithItsGeneration() {
        circuit.onEvent(event -> heard.add(event.generation() + " " + event));
        fail(circuit);
        ticker.advanceSeconds(1);
        succeed(circuit);
        circuit.hold(Hold.open().by("ana"));
        circuit.release();
        circuit.reset();
        circuit.reconfigure(SETTINGS.withProbes(2));
        assertThat(heard)
                .containsExactly(
                        "2 Circuit 'told' opened: 1 failure in a row, the last dev.cutout.PlayedCalls$Outage; next probe in 1 s",
                        "3 Circuit 'told' is half-open: a probe is under way",
                        "4 Circuit 'told' closed: the probe succeeded",
                        "4 Circuit 'told' is held open by ana",
                        "5 Circuit 'told' opened: held open by ana",
                        "5 Circuit 'told' is no longer held open by ana (lifted)",
                        "6 Circuit 'told' closed: reset",
                        "6 Circuit 'told' is reconfigured: trip 1 consecutive; wait 1s; probes 2"
                                + " (before: trip 1 consecutive; wait 1s; probes 1)");
    }

    /** Fails if events are told before the state is changed. */
    @Test
    void aTransitionIsVisibleBeforeItIsTold() {
        circuit.onEvent(event -> heard.add(brief(event) + ": " + circuit.state()));
        fail(circuit);
        circuit.reset();
        assertThat(heard).containsExactly("2 Opened: OPEN", "3 Closed: CLOSED");
    }

    /** Overdue transitions are told by whoever calls next, before what that call brings about, and only then. */
    @Test
    void whatIsOverdueIsToldFirst() {
        circuit.onEvent(this::listen);
        fail(circuit);
        ticker.advanceSeconds(1);
        circuit.acquire();
        ticker.advanceSeconds(3600);
        assertThat(circuit.state()).isEqualTo(CircuitState.OPEN);
        assertThat(heard).containsExactly("2 Opened", "3 HalfOpened");
        circuit.acquire();
        assertThat(heard).containsExactly("2 Opened", "3 HalfOpened", "4 Opened", "5 HalfOpened");
    }

    @Test
    void whoStopsListeningHearsNothingMore() {
        CircuitBreaker.Subscription subscription = circuit.onEvent(this::listen);
        circuit.reset();
        subscription.close();
        circuit.reset();
        assertThat(heard).containsExactly("2 Closed");
    }

    /** Fails if a listener is removed by equality: the second registration would go with, or instead of, the first. */
    @Test
    void aListenerAddedTwiceAndRemovedOnceHearsOnce() {
        Consumer<CircuitEvent> listener = this::listen;
        CircuitBreaker.Subscription one = circuit.onEvent(listener);
        circuit.onEvent(listener);
        circuit.reset();
        one.close();
        one.close();
        circuit.reset();
        assertThat(heard).containsExactly("2 Closed", "2 Closed", "3 Closed");
    }

    @Test
    void aListenerMayRemoveItselfAndAddOthers() {
        AtomicReference<CircuitBreaker.Subscription> self = new AtomicReference<>();
        self.set(circuit.onEvent(event -> {
            listen(event);
            self.get().close();
            circuit.onEvent(this::listen);
        }));
        circuit.reset();
        circuit.reset();
        assertThat(heard).containsExactly("2 Closed", "3 Closed");
    }

    /** Fails if an exception of a listener reaches the caller, keeps the next listener from hearing, or is logged at every event. */
    @Test
    void aListenerThatThrowsIsLoggedOnceAndHarmsNobody() {
        Error mistake = new AssertionError("a listener's mistake");
        circuit.onEvent(event -> {
            throw mistake;
        });
        circuit.onEvent(this::listen);
        try (Warnings warnings = new Warnings()) {
            fail(circuit);
            ticker.advanceSeconds(1);
            assertThat(circuit.<String, RuntimeException>call(() -> "answer")).isEqualTo("answer");
            assertThat(warnings.messages())
                    .containsExactly(
                            "A listener of circuit 'told' threw at \"Circuit 'told' opened: 1 failure in a row, the last"
                                    + " dev.cutout.PlayedCalls$Outage; next probe in 1 s\". The circuit is not affected; further exceptions of its"
                                    + " listeners are not logged.");
            assertThat(warnings.thrown()).containsExactly(mistake);
        }
        assertThat(heard).containsExactly("2 Opened", "3 HalfOpened", "4 Closed");
        assertThat(circuit.snapshot().counts().probes()).isEqualTo(1);
    }

    /** Fails if events that a listener causes are told at once: the listener behind it would hear of the end before the beginning. */
    @Test
    void whatAListenerCausesIsToldAfterWhatItWasCalledFor() {
        circuit.onEvent(event -> {
            if (event instanceof CircuitEvent.Opened) {
                circuit.reset();
                heard.add("(reset; now " + circuit.state() + ")");
            }
        });
        circuit.onEvent(this::listen);
        fail(circuit);
        assertThat(heard).containsExactly("(reset; now CLOSED)", "2 Opened", "3 Closed");
        succeed(circuit);
    }

    /** A listener may even make calls, and have them refused. */
    @Test
    void aListenerMayCallThroughTheCircuit() {
        circuit.onEvent(event -> {
            listen(event);
            if (event instanceof CircuitEvent.Opened) {
                heard.add(PlayedCalls.refusal(circuit).reason().name());
            }
        });
        fail(circuit);
        assertThat(heard).containsExactly("2 Opened", "OPEN");
    }

    /**
     * Fails if other threads wait for the listener (they would never come back), if the queue has no bound, if lost events are not counted, or if
     * those that are left come out of order.
     */
    @Test
    void aSlowListenerHoldsNobodyUpAndWhatItMissesIsCounted() throws Exception {
        long more = 1_500;
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Long> generations = new ArrayList<>();
        circuit.onEvent(event -> {
            generations.add(event.generation());
            begun.countDown();
            await(goOn);
        });
        Thread slow = new Thread(circuit::reset);
        slow.start();
        await(begun);
        for (int i = 0; i < more; i++) {
            circuit.reset();
        }
        assertThat(generations).containsExactly(2L);
        goOn.countDown();
        slow.join(TimeUnit.SECONDS.toMillis(60));

        long lost = circuit.snapshot().counts().lostEvents();
        long last = 2 + more;
        assertThat(lost).isBetween(1L, more);
        assertThat(generations)
                .hasSizeLessThanOrEqualTo(1 + Announcement.MOST_PENDING)
                .endsWith(last);
        List<Long> expected = new ArrayList<>(List.of(2L));
        LongStream.rangeClosed(3 + lost, last).forEach(expected::add);
        assertThat(generations).isEqualTo(expected);
    }

    /** Fails if the oldest pending event still hangs on those that no longer count. */
    @Test
    void whatWaitsForASlowListenerIsBounded() {
        int longest = 0;
        Announcement newest = null;
        for (int i = 0; i < 5 * Announcement.MOST_PENDING; i++) {
            newest = Announcement.after(newest, new CircuitEvent.HalfOpened("told", i + 1L, 0, CircuitState.OPEN, ""));
            longest = Math.max(longest, length(newest));
        }
        assertThat(longest).isEqualTo(Announcement.MOST_PENDING);
    }

    /** Fails if a delivered event keeps those before it: every generation keeps the newest, so all would be kept for ever. */
    @Test
    void whatIsDeliveredIsLetGo() {
        Announcement first = Announcement.after(null, new CircuitEvent.HalfOpened("told", 1, 0, CircuitState.OPEN, ""));
        Announcement second =
                Announcement.after(first, new CircuitEvent.HalfOpened("told", 2, 0, CircuitState.OPEN, ""));
        Announcer announcer = Announcer.to(List.of());
        announcer.add(this::listen);
        assertThat(length(second)).isEqualTo(2);
        assertThat(announcer.deliver(() -> second)).isZero();
        assertThat(heard).containsExactly("1 HalfOpened", "2 HalfOpened");
        assertThat(length(second)).isEqualTo(1);
        assertThat(length(Announcement.after(second, new CircuitEvent.HalfOpened("told", 3, 0, CircuitState.OPEN, ""))))
                .isLessThanOrEqualTo(2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static int length(Announcement newest) {
        int length = 0;
        for (Announcement at = newest; at != null; at = at.previous()) {
            length++;
        }
        return length;
    }
}
