package dev.cutout;

import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;

/**
 * How Lincheck explores what several threads do to one object: it draws a scenario from the object's operations, runs it again and again
 * with the threads changing places at other moments each time, and prints the moments at which it went wrong.
 *
 * <p>Lincheck wants public classes with public operations. And it takes an object for unshared, and so never interrupts a thread that uses
 * it, if only a lambda or a record holds it: what the threads share must stand in fields of the class that is explored.
 */
final class Interleavings {
    static {
        // Otherwise it warns of each field of a record and of each lambda, which is what the paragraph above says.
        System.setProperty("lincheck.logLevel", "ERROR");
        // What the JDK sets up when it first formats a number cannot be set up while Lincheck is watching.
        DurationText.brief(Duration.ofMillis(1));
    }

    private Interleavings() {}

    /** The results must be those of some order in which one thread could have done the operations, one after the other. */
    static ModelCheckingOptions linearizable(int threads, int actorsPerThread) {
        return new ModelCheckingOptions()
                .threads(threads)
                .actorsPerThread(actorsPerThread)
                .actorsBefore(0)
                .actorsAfter(0)
                .minimizeFailedScenario(false); // what must hold may need all of it
    }

    /** The results may be any; the validation function says what must hold when all threads are done. */
    static ModelCheckingOptions validated(int threads, int actorsPerThread) {
        return linearizable(threads, actorsPerThread).verifier(EpsilonVerifier.class);
    }
}
