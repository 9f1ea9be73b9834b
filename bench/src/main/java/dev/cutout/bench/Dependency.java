package dev.cutout.bench;

import dev.cutout.Call;
import dev.failsafe.function.CheckedSupplier;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the guarded calls call: one for each thread, its lambdas made before the first call. Each reads a field that is not final, and
 * what it answers is returned to JMH, so that nothing can be folded into a constant or left out.
 */
@State(Scope.Thread)
public class Dependency {
    /** Made once and without a stack trace, so that what is measured is what a breaker makes of a failure. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure() {
            super("no answer", null, false, false);
        }
    }

    private static final int FAILS_ONCE_IN = 100;

    private final Failure failure = new Failure();
    private Object answer = new Object();
    private int sinceFailure;
    private int turn;

    final Call<Object, RuntimeException> call = () -> answer;
    final Supplier<Object> supplier = () -> answer;
    final Callable<Object> callable = () -> answer;
    final CheckedSupplier<Object> checkedSupplier = () -> answer;

    final Call<Object, RuntimeException> failingCall = this::answerOrFail;
    final Supplier<Object> failingSupplier = this::answerOrFail;

    /** The call through a frame that is really there, as calls of a real client are. */
    final Call<Object, RuntimeException> distantCall = () -> distantAnswer();

    /** Four classes of lambdas in turn, so that no call site knows which one comes. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
    private final Call<Object, RuntimeException>[] calls = new Call[] {
        (Call<Object, RuntimeException>) () -> answer,
        (Call<Object, RuntimeException>) () -> answer,
        (Call<Object, RuntimeException>) () -> answer,
        (Call<Object, RuntimeException>) () -> answer
    };

    @SuppressWarnings({"unchecked", "rawtypes"}) // as above
    private final Supplier<Object>[] suppliers = new Supplier[] {
        (Supplier<Object>) () -> answer,
        (Supplier<Object>) () -> answer,
        (Supplier<Object>) () -> answer,
        (Supplier<Object>) () -> answer
    };

    Call<Object, RuntimeException> nextCall() {
        return calls[turn++ & 3];
    }

    Supplier<Object> nextSupplier() {
        return suppliers[turn++ & 3];
    }

    Object answer() {
        return answer;
    }

    /** 99 answers, then a failure. */
    Object answerOrFail() {
        if (++sinceFailure >= FAILS_ONCE_IN) {
            sinceFailure = 0;
            throw failure;
        }
        return answer;
    }

    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    private Object distantAnswer() {
        return answer;
    }
}
