package dev.cutout;

import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real flight recording shows of a circuit, and what it costs. */
class FlightLogTest {
    private final HandWoundTicker ticker = new HandWoundTicker();

    @TempDir
    Path folder;

    private CircuitBreaker circuit(String settings) {
        return CircuitBreaker.builder("recorded")
                .settings(CircuitSettings.parse(settings))
                .ticker(ticker)
                .buildUnannounced();
    }

    /** Makes a recording while the story is told, and returns what it holds of circuits, in order. */
    private List<RecordedEvent> recorded(Runnable story) throws IOException {
        Path file = folder.resolve("story.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            story.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.removeIf(event -> !event.getEventType().getName().startsWith("dev.cutout."));
        events.sort(Comparator.comparing(RecordedEvent::getStartTime));
        return events;
    }

    private static List<String> inWords(List<RecordedEvent> events) {
        return events.stream()
                .map(event -> switch (event.getEventType().getName()) {
                    case "dev.cutout.CircuitTransition" ->
                        event.getString("from") + " to " + event.getString("to") + ", generation "
                                + event.getLong("generation") + ", after "
                                + event.getDuration("timeInState").toSeconds() + " s: " + event.getString("evidence");
                    case "dev.cutout.CircuitRefusals" ->
                        event.getLong("refusals") + " refused while " + event.getString("state") + ", the last "
                                + event.getString("reason") + ", retry after "
                                + event.getDuration("retryAfter").toSeconds() + " s";
                    default ->
                        "late " + event.getString("outcome") + " of "
                                + (event.getClass("failure") == null
                                        ? "nothing"
                                        : event.getClass("failure").getName())
                                + ", admitted in " + event.getLong("admittedIn") + ", answered in "
                                + event.getLong("answeredIn");
                })
                .toList();
    }

    @Test
    void tellsTheStoryOfAnOutage() throws IOException {
        CircuitBreaker circuit = circuit("trip 2 consecutive; wait 30s");
        List<RecordedEvent> events = recorded(() -> {
            Permit late = circuit.acquire();
            ticker.advanceSeconds(5);
            fail(circuit, 2);
            refusal(circuit);
            refusal(circuit);
            late.failure(new IOException("reset"));
            ticker.advanceSeconds(10);
            refusal(circuit);
            ticker.advanceSeconds(20);
            succeed(circuit);
        });

        assertThat(inWords(events))
                .containsExactly(
                        "CLOSED to OPEN, generation 2, after 5 s: 2 failures in a row, the last dev.cutout.PlayedCalls$Outage",
                        "1 refused while OPEN, the last OPEN, retry after 30 s",
                        "late FAILURE of java.io.IOException, admitted in 1, answered in 2",
                        "2 refused while OPEN, the last OPEN, retry after 20 s",
                        "OPEN to HALF_OPEN, generation 3, after 30 s: a probe is under way",
                        "HALF_OPEN to CLOSED, generation 4, after 0 s: the probe succeeded");
        assertThat(events)
                .allSatisfy(event -> assertThat(event.getString("circuit")).isEqualTo("recorded"));
    }

    @Test
    void tellsWhatPeopleDid() throws IOException {
        CircuitBreaker circuit = circuit("classic");
        assertThat(inWords(recorded(() -> {
                    circuit.hold(Hold.open().because("maintenance").by("ana"));
                    refusal(circuit);
                    circuit.hold(Hold.closed().by("ana"));
                    circuit.reset();
                })))
                .satisfiesExactly(
                        open -> assertThat(open)
                                .isEqualTo("CLOSED to OPEN, generation 2, after 0 s: held open by ana: maintenance"),
                        // nobody knows how long: the Flight Recorder's N/A is the smallest number
                        refused -> assertThat(refused).startsWith("1 refused while OPEN, the last HELD, retry after -"),
                        closed -> assertThat(closed)
                                .isEqualTo("OPEN to CLOSED, generation 3, after 0 s: held closed by ana"),
                        reset -> assertThat(reset).isEqualTo("CLOSED to CLOSED, generation 4, after 0 s: reset"));
    }

    /** The caller is told in the stack of the transition; the others would only cost. */
    @Test
    void namesTheCallThatMadeATransition() throws IOException {
        CircuitBreaker circuit = circuit("trip 1 consecutive");
        List<RecordedEvent> events = recorded(() -> {
            fail(circuit);
            refusal(circuit);
        });

        assertThat(events.get(0).getStackTrace().getFrames())
                .anySatisfy(
                        frame -> assertThat(frame.getMethod().getName()).isEqualTo("namesTheCallThatMadeATransition"));
        assertThat(events.get(1).getStackTrace()).isNull();
    }

    @Test
    void showsRefusalsAtMostOnceASecondAndLosesNone() throws IOException {
        CircuitBreaker circuit = circuit("limit 1; trip 1 consecutive; wait 30s");
        List<RecordedEvent> events = recorded(() -> {
            Permit slow = circuit.acquire();
            for (int i = 0; i < 5_000; i++) { // five seconds at the limit
                assertThat(circuit.tryAcquire()).isNull();
                ticker.advanceMillis(1);
            }
            slow.failure(new IOException());
            for (int i = 0; i < 5_000; i++) { // and five of an open circuit
                assertThat(circuit.tryAcquire()).isNull();
                ticker.advanceMillis(1);
            }
            ticker.advanceSeconds(1);
            refusal(circuit);
        });

        List<Long> refusals = events.stream()
                .filter(event -> event.getEventType().getName().equals("dev.cutout.CircuitRefusals"))
                .map(event -> event.getLong("refusals"))
                .toList();
        assertThat(refusals).hasSize(11);
        assertThat(refusals.stream().mapToLong(Long::longValue).sum()).isEqualTo(10_001);
    }

    /** Rule 4, recorded or not: one object a second for a circuit is nothing for each of thousands of refusals. */
    @Test
    void aRefusalAllocatesNothingEvenWhileItIsRecorded() throws IOException {
        CircuitBreaker circuit = circuit("trip 1 consecutive");
        fail(circuit);
        long[] bytes = new long[1];
        recorded(() -> {
            ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            int times = 10_000;
            for (int i = 0; i < times; i++) {
                assertNotPermitted(circuit);
            }
            long before = thread.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < times; i++) {
                assertNotPermitted(circuit);
            }
            bytes[0] = (thread.getCurrentThreadAllocatedBytes() - before) / times;
        });

        assertThat(bytes[0]).isZero();
    }

    private static void assertNotPermitted(CircuitBreaker circuit) {
        if (circuit.tryAcquire() != null) {
            throw new AssertionError("a call was let through");
        }
    }

    @Test
    void saysHowLongALateCallTookWhereCallsAreTimed() throws IOException {
        CircuitBreaker circuit = circuit("slow 2s");
        List<RecordedEvent> events = recorded(() -> {
            Permit late = circuit.acquire();
            circuit.reset();
            ticker.advanceMillis(1500);
            late.success();
        });

        assertThat(events.get(1).getDuration("callDuration")).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void followsTheConventionsOfTheFlightRecorder() throws IOException {
        recorded(() -> {
            CircuitBreaker circuit = circuit("trip 1 consecutive");
            Permit late = circuit.acquire();
            fail(circuit);
            refusal(circuit);
            late.success();
        });
        List<EventType> types = FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().startsWith("dev.cutout."))
                .toList();

        assertThat(types)
                .extracting(EventType::getName)
                .containsExactlyInAnyOrder(
                        "dev.cutout.CircuitTransition", "dev.cutout.CircuitRefusals", "dev.cutout.LateAnswer");
        assertThat(types).allSatisfy(type -> {
            assertThat(type.getCategoryNames()).containsExactly("Circuit Breaker");
            assertThat(type.getLabel()).matches("([A-Z][a-z]+ ?)+");
            assertThat(type.getDescription()).isNotBlank().doesNotEndWith(".");
            assertThat(type.getFields().stream().filter(FlightLogTest::isOurs)).allSatisfy(field -> {
                assertThat(field.getName()).matches("[a-z]+([A-Z][a-z]+)*");
                assertThat(field.getLabel()).matches("[A-Z][a-z]+( ([A-Z][a-z]+|in))*");
                assertThat(field.getName().matches(".*([dD]uration|After|timeIn.*)"))
                        .isEqualTo(field.getAnnotation(Timespan.class) != null);
            });
        });
    }

    private static boolean isOurs(ValueDescriptor field) {
        return !List.of("startTime", "duration", "eventThread", "stackTrace").contains(field.getName());
    }
}
