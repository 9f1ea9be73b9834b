package dev.cutout.lab.simulate;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** A clause of a world's time line. */
public sealed interface Stretch {
    /**
     * From here on the clients call so often, all together. Takes no time.
     *
     * @param perSecond greater than 0
     */
    record Steady(double perSecond) implements Stretch {
        @Override
        public String toString() {
            return "steady " + Texts.rate(perSecond);
        }
    }

    /**
     * A time in which these things are wrong, or, if there are none, all is well.
     *
     * @param length whole milliseconds
     */
    record Phase(List<Trouble> troubles, Duration length) implements Stretch {
        /** Copies the list. */
        public Phase {
            troubles = List.copyOf(troubles);
        }

        boolean has(Trouble.Kind kind) {
            return troubles.stream().anyMatch(trouble -> trouble.kind() == kind);
        }

        @Override
        public String toString() {
            if (troubles.isEmpty()) {
                return "run " + Texts.time(length);
            }
            String what = troubles.stream().map(Trouble::toString).collect(Collectors.joining(" and "));
            return what + (what.contains(" ") ? " for " : " ") + Texts.time(length);
        }
    }

    /** The same phases again and again. */
    record Repeat(int times, List<Phase> phases) implements Stretch {
        /** Copies the list. */
        public Repeat {
            phases = List.copyOf(phases);
        }

        @Override
        public String toString() {
            return "repeat " + times + " times "
                    + phases.stream().map(Phase::toString).collect(Collectors.joining(", "));
        }
    }
}
