package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scenario in two lines: what happens to a breaker, and what became of it.
 *
 * <pre>{@code
 * tape ("fffff +29s s +1s s")   // five failures, 29 seconds, a call, another second, a call
 * .reads("CCCCO O    o O   C"); // (spaces are free) closed, closed, closed, closed, open; open; refused; open; closed
 * }</pre>
 *
 * The calls, one step each:
 *
 * <table>
 *   <caption>Steps</caption>
 *   <tr><th>step</th><th>what happens</th></tr>
 *   <tr><td>{@code s}</td><td>a call, and it succeeds</td></tr>
 *   <tr><td>{@code f u e b w}</td><td>it fails: with a checked exception, an unchecked one, an Error, a bad result, a checked
 *       exception wrapped in an ExecutionException</td></tr>
 *   <tr><td>{@code i c n r}</td><td>it is ignored: an exception that the classifier ignores, a cancellation, an interruption, the
 *       refusal of an inner circuit</td></tr>
 *   <tr><td>{@code S F C} …</td><td>the same, taking a millisecond longer than the settings' {@code slow}</td></tr>
 *   <tr><td>{@code 1<}</td><td>a call begins by hand, and goes by this digit</td></tr>
 *   <tr><td>{@code 1>s}</td><td>it answers: any letter above, {@code .} for closed without an answer</td></tr>
 *   <tr><td>{@code +30s}</td><td>time passes ({@code ms}, {@code s}, {@code m}, {@code h})</td></tr>
 *   <tr><td>{@code [hold open 10s]}</td><td>an order: {@code hold open}, {@code hold closed}, {@code observe}, each with or without an end;
 *       {@code release}; {@code reset}; anything else is new settings</td></tr>
 * </table>
 *
 * The history has one letter for each step, the state after it: {@code C}losed, {@code O}pen or {@code H}alf-open. A small letter
 * says that the call was refused. {@code ~} after it: the answer was late. {@code ?} after it: the call passed although the circuit would
 * have refused it, since it only observes. Spaces mean nothing in either line.
 *
 * <p>On the way the tape checks, after each step, what must always hold: the caller got the very object that the dependency returned or
 * threw; the dependency was asked if and only if the call was admitted; the snapshot agrees with the state; and the generations
 * of the events have no gap. Growing waits come out as short as they can unless {@link #withLongestWaits} is said.
 */
final class Tape {
    private static final Pattern STEP =
            Pattern.compile("\\+(\\d+)(ms|s|m|h)|\\[([^]]+)]|(\\d)<|(\\d)>(\\S)|([a-zA-Z])");
    private static final Pattern HOLD = Pattern.compile("(hold open|hold closed|observe)(?: (\\d+)(ms|s|m|h))?");
    private static final String NAME = "tape";

    private final String calls;
    private String settings = "classic";
    private Mode mode = CallMode.CALL;
    private FixedChance random = FixedChance.LOWEST;

    private final HandWoundTicker ticker = new HandWoundTicker();
    private final Map<Character, Permit> begun = new HashMap<>();
    private final List<CircuitEvent> events = new ArrayList<>();
    private CircuitBreaker circuit;

    private Tape(String calls) {
        this.calls = calls;
    }

    static Tape tape(String calls) {
        return new Tape(calls);
    }

    /** The settings, classic if nothing is said. */
    Tape on(String line) {
        settings = line;
        return this;
    }

    /** How letters are called, {@code call(body)} if nothing is said. */
    Tape by(Mode way) {
        mode = way;
        return this;
    }

    /** Growing waits come out as long as they can. */
    Tape withLongestWaits() {
        random = FixedChance.HIGHEST;
        return this;
    }

    /** Plays the calls and compares the history. */
    Tape reads(String history) {
        // Not announced: many tapes are called the same, on purpose.
        circuit = CircuitBreaker.builder(NAME)
                .settings(CircuitSettings.parse(settings))
                .classifier(Answer.CLASSIFIER)
                .ticker(ticker)
                .random(() -> random)
                .onEvent(events::add)
                .countSuccesses()
                .buildUnannounced();
        List<String> read = new ArrayList<>();
        Matcher step = STEP.matcher(calls);
        int at = 0;
        while (step.find()) {
            assertThat(calls.substring(at, step.start())).as("no step").isBlank();
            at = step.end();
            read.add(step.group() + " " + play(step));
        }
        assertThat(calls.substring(at)).as("no step").isBlank();
        assertThat(read)
                .as("\"%s\" on \"%s\" by %s", calls, settings, mode)
                .containsExactlyElementsOf(expected(history));
        checkGenerations();
        return this;
    }

    /** What the listener was told, without the circuit's name: {@code opened: 5 failures in a row …}. Also an assertion of its own. */
    Tape tells(String... texts) {
        assertThat(events)
                .extracting(event -> event.toString().replace("Circuit '" + NAME + "' ", ""))
                .containsExactly(texts);
        return this;
    }

    /** Everything there is to know after the last step. */
    CircuitSnapshot snapshot() {
        return circuit.snapshot();
    }

    /** The expected history beside the steps it belongs to, so that a difference shows where it is. */
    private List<String> expected(String history) {
        List<String> steps = new ArrayList<>();
        STEP.matcher(calls).results().forEach(step -> steps.add(step.group()));
        List<String> states = new ArrayList<>();
        Pattern.compile("[COHcoh][~?]?").matcher(history).results().forEach(state -> states.add(state.group()));
        assertThat(String.join("", states)).as("the history is readable").isEqualTo(history.replace(" ", ""));
        assertThat(states).as("the history has a state for each of %s", steps).hasSameSizeAs(steps);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            expected.add(steps.get(i) + " " + states.get(i));
        }
        return expected;
    }

    private String play(Matcher step) {
        CircuitSnapshot.Counts before = circuit.snapshot().counts();
        boolean admitted = true;
        if (step.group(1) != null) {
            ticker.advance(duration(step.group(1), step.group(2)));
        } else if (step.group(3) != null) {
            order(step.group(3));
        } else if (step.group(4) != null) {
            admitted = begin(step.group(4).charAt(0));
        } else if (step.group(5) != null) {
            answer(step.group(5).charAt(0), step.group(6).charAt(0));
        } else {
            admitted = call(step.group(7).charAt(0));
        }
        CircuitSnapshot after = circuit.snapshot();
        checkAgreement(after);
        String state = circuit.state().name().substring(0, 1);
        String late = after.counts().late() > before.late() ? "~" : "";
        String shadowed = after.counts().shadowed() > before.shadowed() ? "?" : "";
        return (admitted ? state : state.toLowerCase(Locale.ROOT)) + late + shadowed;
    }

    /** Whether the call was admitted. */
    private boolean call(char letter) {
        Answer answer = Answer.of(letter, this::outlastSlow);
        Map<Refusal.Reason, Long> refused = new EnumMap<>(Refusal.Reason.class);
        refused.putAll(circuit.snapshot().counts().refused());
        Object got = mode.got(circuit, answer);
        if (answer.isGiven()) {
            assertThat(got).as("what the caller of %s got", letter).isSameAs(answer.content());
            return true;
        }
        if (got == Mode.NO_PERMIT) {
            return false;
        }
        refused.merge(reason(got), 1L, Long::sum);
        assertThat(circuit.snapshot().counts().refused())
                .as("refusals, one more for the reason that the caller was told")
                .isEqualTo(refused);
        return false;
    }

    private static Refusal.Reason reason(Object got) {
        if (got instanceof CallNotPermittedException e && e.circuit().equals(NAME)) {
            return e.reason();
        }
        assertThat(got).as("what the refused caller got").isInstanceOf(Refusal.Reason.class);
        return (Refusal.Reason) got;
    }

    private boolean begin(char digit) {
        Permit permit = circuit.tryAcquire();
        if (permit != null) {
            assertThat(begun.put(digit, permit))
                    .as("call %s begun before", digit)
                    .isNull();
        }
        return permit != null;
    }

    private void answer(char digit, char letter) {
        Permit permit = begun.remove(digit);
        assertThat(permit).as("call %s under way", digit).isNotNull();
        if (letter == '.') {
            permit.close();
            return;
        }
        try {
            permit.record(Answer.of(letter, this::outlastSlow).give());
        } catch (Throwable thrown) {
            permit.record(thrown);
        }
    }

    private void order(String text) {
        Matcher hold = HOLD.matcher(text);
        if (hold.matches()) {
            Hold kind = switch (hold.group(1)) {
                case "hold open" -> Hold.open();
                case "hold closed" -> Hold.closed();
                default -> Hold.observing();
            };
            circuit.hold(hold.group(2) == null ? kind : kind.until(duration(hold.group(2), hold.group(3))));
        } else if (text.equals("release")) {
            circuit.release();
        } else if (text.equals("reset")) {
            circuit.reset();
        } else {
            circuit.reconfigure(CircuitSettings.parse(text));
        }
    }

    private void outlastSlow() {
        ticker.advance(circuit.settings().slow().orElse(Duration.ZERO).plusMillis(1));
    }

    private static Duration duration(String number, String unit) {
        return Duration.ofMillis(Long.parseLong(number) * DurationText.millisIn(unit));
    }

    private void checkAgreement(CircuitSnapshot seen) {
        boolean closed = seen.state() == CircuitState.CLOSED;
        boolean heldOpen = seen.hold().map(Hold::kind).equals(Optional.of(Hold.Kind.OPEN));
        assertThat(seen.state()).as("snapshot and state").isEqualTo(circuit.state());
        assertThat(seen.opening().isEmpty()).as("closed knows of no opening").isEqualTo(closed);
        assertThat(seen.probeDue().isPresent())
                .as("open, unless held, says when a probe is due")
                .isEqualTo(seen.state() == CircuitState.OPEN && !heldOpen);
        assertThat(seen.probesUnderWay())
                .as("probes under way")
                .isBetween(0, seen.state() == CircuitState.HALF_OPEN ? CircuitSettings.MOST_PROBES : 0);
    }

    /** Each event of a new stay has the next number; the others happened in the stay before them. */
    private void checkGenerations() {
        long generation = 1;
        for (CircuitEvent event : events) {
            boolean begins = event instanceof CircuitEvent.Opened
                    || event instanceof CircuitEvent.HalfOpened
                    || event instanceof CircuitEvent.Closed;
            generation += begins ? 1 : 0;
            assertThat(event.generation()).as("generation of \"%s\"", event).isEqualTo(generation);
        }
    }
}
