package dev.cutout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a breaker works with, as code: what settings cannot say. Immutable, and shared by all breakers of a registry, so that one of a
 * million costs one reference for it.
 *
 * @param classifier says what is a failure
 * @param ticker the only clock
 * @param random the only source of chance
 * @param listeners told of every event from the first
 * @param answerListeners told of every answer; successes are counted then too
 * @param countsSuccesses whether successes are counted
 * @param timesCalls whether durations are added up; successes are counted then too
 */
record Wiring(
        Classifier classifier,
        Ticker ticker,
        Supplier<? extends RandomGenerator> random,
        List<Consumer<? super CircuitEvent>> listeners,
        AnswerListeners answerListeners,
        boolean countsSuccesses,
        boolean timesCalls) {

    /** Of breakers about which nothing else is said. */
    static final Wiring STANDARD = new Wiring(
            Classifier.standard(),
            Ticker.system(),
            ThreadLocalRandom::current,
            List.of(),
            AnswerListeners.NONE,
            false,
            false);

    Wiring with(Classifier changed) {
        return new Wiring(changed, ticker, random, listeners, answerListeners, countsSuccesses, timesCalls);
    }

    Wiring with(Ticker changed) {
        return new Wiring(classifier, changed, random, listeners, answerListeners, countsSuccesses, timesCalls);
    }

    Wiring with(Supplier<? extends RandomGenerator> changed) {
        return new Wiring(classifier, ticker, changed, listeners, answerListeners, countsSuccesses, timesCalls);
    }

    Wiring withListener(Consumer<? super CircuitEvent> also) {
        List<Consumer<? super CircuitEvent>> all = new ArrayList<>(listeners);
        all.add(also);
        return new Wiring(classifier, ticker, random, List.copyOf(all), answerListeners, countsSuccesses, timesCalls);
    }

    Wiring withAnswerListener(Function<? super String, ? extends AnswerListener> also) {
        return new Wiring(
                classifier, ticker, random, listeners, answerListeners.and(also), countsSuccesses, timesCalls);
    }

    Wiring countingSuccesses() {
        return new Wiring(classifier, ticker, random, listeners, answerListeners, true, timesCalls);
    }

    Wiring timingCalls() {
        return new Wiring(classifier, ticker, random, listeners, answerListeners, countsSuccesses, true);
    }

    /** Whether someone wants to know how long each call took, so that each needs the clock. */
    boolean needsDurations() {
        return timesCalls || !answerListeners.isEmpty();
    }

    /** For one breaker; null where nobody asked for any. */
    @Nullable Measures measures(String circuit) {
        return countsSuccesses || needsDurations() ? new Measures(circuit, timesCalls, answerListeners) : null;
    }
}
