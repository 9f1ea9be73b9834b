package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the answers of one closed generation. Windows count, {@linkplain TripRule rules} judge, the breaker moves.
 *
 * <p>Every window is exact when one thread uses it. Under many threads no answer is ever lost or counted twice; only the
 * order in which answers that overlap are counted is open, and each class says what that can change. Implementations are
 * lock-free and allocate nothing for an answer.
 */
abstract sealed class Window permits Streak, RecentFailures, CallWindow, TimeWindow, Suspicion, Window.Several {
    static final VarHandle TALLY;

    static {
        try {
            TALLY = MethodHandles.lookup().findVarHandle(Window.class, "tally", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * 0 where one more success would change nothing, so that it need not even be counted: that is exact, not sampled, and the whole
     * life of a healthy circuit. What else it says, and who writes it, is each window's own. It stands here, in every window alike, so that
     * the healthy path is one read of one field, whatever the window. Volatile: a success that follows a failure, in
     * program order or by any other order between threads, must see it.
     */
    volatile long tally;

    Window(long tally) {
        this.tally = tally;
    }

    /** Whether one more success would change nothing. */
    final boolean isCalm() {
        return tally == 0;
    }

    /** What is counted and over how much: windows of equal kinds can stand in for each other. */
    sealed interface Kind {
        /** An empty window of this kind. */
        Window fresh(long now);

        /** The window to go on with where {@code old} was in use: the one of this kind in it, else an empty one. */
        default Window from(Window old, long now) {
            Window kept = old.find(this);
            return kept != null ? kept : fresh(now);
        }
    }

    /** Failures since the last success. */
    record InARow() implements Kind {
        @Override
        public Window fresh(long now) {
            return new Streak();
        }
    }

    /** The times of the last {@code failures} failures. */
    record LastFailures(int failures) implements Kind {
        @Override
        public Window fresh(long now) {
            return new RecentFailures(failures, now);
        }
    }

    /** The last {@code calls} answers. */
    record LastCalls(int calls) implements Kind {
        @Override
        public Window fresh(long now) {
            return new CallWindow(calls);
        }
    }

    /** The answers of the last {@code nanos}, to a tenth. */
    record LastTime(long nanos) implements Kind {
        @Override
        public Window fresh(long now) {
            return new TimeWindow(nanos, now);
        }
    }

    /** The evidence of {@code trip adaptive}. */
    record NetFailures() implements Kind {
        @Override
        public Window fresh(long now) {
            return new Suspicion(now);
        }
    }

    /** One window for each of several distinct kinds. */
    record Each(List<Kind> kinds) implements Kind {
        @Override
        public Window fresh(long now) {
            return new Several(this, kinds.stream().map(kind -> kind.fresh(now)).toArray(Window[]::new));
        }

        @Override
        public Window from(Window old, long now) {
            return new Several(
                    this, kinds.stream().map(kind -> kind.from(old, now)).toArray(Window[]::new));
        }
    }

    /** Several windows side by side, for rules joined by {@code or}. */
    static final class Several extends Window {
        private final Each kind;
        private final Window[] windows;

        private Several(Each kind, Window[] windows) {
            super(1); // no single number speaks for all of them
            this.kind = kind;
            this.windows = windows;
        }

        Window at(int index) {
            return windows[index];
        }

        @Override
        @Nullable Window find(Kind wanted) {
            for (Window window : windows) {
                if (window.kind().equals(wanted)) {
                    return window;
                }
            }
            return null;
        }

        @Override
        Kind kind() {
            return kind;
        }

        @Override
        boolean success(boolean slow, long now) {
            boolean suspect = false;
            for (Window window : windows) {
                suspect |= window.success(slow, now);
            }
            return suspect;
        }

        @Override
        long failure(boolean slow, long now) {
            for (Window window : windows) {
                window.failure(slow, now);
            }
            return 0;
        }

        @Override
        void remember(double usualRate) {
            for (Window window : windows) {
                window.remember(usualRate);
            }
        }

        @Override
        double remembered() {
            double most = 0;
            for (Window window : windows) {
                most = Math.max(most, window.remembered());
            }
            return most;
        }

        @Override
        boolean isClean(long now) {
            for (Window window : windows) {
                if (!window.isClean(now)) {
                    return false;
                }
            }
            return true;
        }
    }

    abstract Kind kind();

    /** This window, or the one among several, if it is of the kind; else null. */
    @Nullable Window find(Kind wanted) {
        return kind().equals(wanted) ? this : null;
    }

    /**
     * Counts a success. A fast one need not be counted while the window is {@linkplain #isCalm calm}.
     *
     * @param now ticker reading; read by time windows only, else it may be anything
     * @return whether the window now holds anything that could satisfy a rule, so that judging is worth it
     */
    abstract boolean success(boolean slow, long now);

    /**
     * Counts a failure.
     *
     * @return the failures in a row, as counted by this very failure, where that is what the window counts; else 0
     */
    abstract long failure(boolean slow, long now);

    /** Whether the window holds nothing that speaks against the dependency. */
    abstract boolean isClean(long now);

    /** Begins with a failure rate that was learnt before. Called before the window is shared; ignored by windows that learn none. */
    void remember(double usualRate) {}

    /** The failure rate learnt so far; 0 of windows that learn none. */
    double remembered() {
        return 0;
    }
}
