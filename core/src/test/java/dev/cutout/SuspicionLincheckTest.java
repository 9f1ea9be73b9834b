package dev.cutout;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The evidence of {@code trip adaptive}, under every order of a few answers on several threads. */
class SuspicionLincheckTest {
    /** Were the word read and then written, two failures that overlap would be one step of evidence, and a success could undo a failure that it never saw. */
    @Test
    void everyAnswerTakesEffectAtOneMoment() {
        Interleavings.linearizable(3, 2)
                .iterations(10)
                .invocationsPerIteration(200)
                .check(Answers.class);
    }

    /** Were the time of the beginning written without a look at what stands there, failures of this moment would seem to have lasted since an old reading. */
    @Test
    void aThreadThatComesLateDoesNotMakeTheSuspicionOlder() {
        Interleavings.validated(3, 1).iterations(8).invocationsPerIteration(200).check(Beginnings.class);
    }

    /** Answers at one moment. */
    public static final class Answers {
        private final Suspicion window = new Suspicion(0);

        @Operation
        public long failure() {
            return window.failure(false, 0);
        }

        @Operation
        public void success() {
            window.success(false, 0);
        }

        @Operation
        public long evidence() {
            return window.tally;
        }
    }

    /** Three failures, of now or of threads that read the clock long ago: enough if they took that long, not enough at once. */
    @Param(name = "time", gen = IntGen.class, conf = "0:1")
    public static final class Beginnings {
        private static final long LATER = Duration.ofSeconds(100).toNanos();
        /** What the first failure to take effect makes of the word. */
        private static final long FIRST = new Suspicion(0).failure(false, 0);

        private final Suspicion window = new Suspicion(0);
        private final AtomicLong began = new AtomicLong();

        @Operation
        public void failure(@Param(name = "time") int time) {
            if (window.failure(false, time * LATER) == FIRST) {
                began.set(time * LATER);
            }
        }

        @Validate
        public void itIsNoOlderThanItsFirstFailure() {
            if (began.get() == LATER && window.isEnough(window.tally, LATER)) {
                throw new IllegalStateException("three failures at once seem to have lasted");
            }
        }
    }
}
