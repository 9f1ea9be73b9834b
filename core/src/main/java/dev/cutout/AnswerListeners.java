package dev.cutout;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of answers: for each breaker those that are made for its name. Shared by all breakers of a registry, and so is the one
 * complaint about them.
 */
final class AnswerListeners {
    static final AnswerListeners NONE = new AnswerListeners(List.of());

    private final List<Function<? super String, ? extends AnswerListener>> makers;
    /** Set once, by the first of them to throw. */
    private final AtomicBoolean complained = new AtomicBoolean();

    private AnswerListeners(List<Function<? super String, ? extends AnswerListener>> makers) {
        this.makers = makers;
    }

    AnswerListeners and(Function<? super String, ? extends AnswerListener> maker) {
        List<Function<? super String, ? extends AnswerListener>> all = new ArrayList<>(makers);
        all.add(maker);
        return new AnswerListeners(List.copyOf(all));
    }

    boolean isEmpty() {
        return makers.isEmpty();
    }

    /** Those of this circuit. One that cannot be made is left out. */
    AnswerListener[] of(String circuit) {
        List<AnswerListener> made = new ArrayList<>();
        for (Function<? super String, ? extends AnswerListener> maker : makers) {
            AnswerListener listener = make(maker, circuit);
            if (listener != null) {
                made.add(listener);
            }
        }
        return made.toArray(AnswerListener[]::new);
    }

    private @Nullable AnswerListener make(Function<? super String, ? extends AnswerListener> maker, String circuit) {
        try {
            return maker.apply(circuit);
        } catch (Throwable thrown) {
            complain(circuit, thrown);
            return null;
        }
    }

    void complain(String circuit, Throwable thrown) {
        if (complained.compareAndSet(false, true)) {
            Log.warn(
                    "A listener for the answers of circuit '" + circuit
                            + "' threw. The circuit is not affected; further exceptions of such listeners are not logged.",
                    thrown);
        }
    }
}
