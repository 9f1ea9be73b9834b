package dev.cutout.lab.simulate;

import java.util.Objects;

/**
 * One thing that is wrong during a {@link Stretch.Phase}, with its size.
 *
 * @param from a share, a factor or a number a second, as the kind says; 0 if it has none
 * @param to what it has become at the end of the phase; differs for {@link Kind#ERRORS} only
 */
public record Trouble(Kind kind, double from, double to) {
    /** What can be wrong. */
    public enum Kind {
        /** Every attempt is refused at once. */
        OUTAGE("outage"),
        /** Every attempt is accepted and never answered. */
        HANG("hang"),
        /** What is under way is lost without an answer, and until the restart every attempt is refused at once. */
        CRASH("crash"),
        /** Nothing is worked on, and afterwards everything goes on where it was, as after a long garbage collection. */
        PAUSE("pause"),
        /** A share of the attempts fails. */
        ERRORS("errors"),
        /** Everything takes longer by a factor. */
        SLOW("slow"),
        /** A share of the slots is left. */
        CAPACITY("capacity"),
        /** The clients call more often by a factor. */
        SPIKE("spike"),
        /** So many of the shards refuse at once. */
        SHARD("shard"),
        /** The upstream refuses what is beyond a number of attempts a second. */
        LIMIT("limit");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** Checks that there is a kind. */
    public Trouble {
        Objects.requireNonNull(kind, "kind");
    }

    static Trouble of(Kind kind, double size) {
        return new Trouble(kind, size, size);
    }

    /** As it stands in a world. */
    @Override
    public String toString() {
        return switch (kind) {
            case OUTAGE, HANG, CRASH, PAUSE -> kind.word();
            case SHARD -> from == 1 ? "shard down" : Texts.number(from) + " shards down";
            case ERRORS -> "errors " + Texts.percent(from) + (from == to ? "" : " to " + Texts.percent(to));
            case SLOW, SPIKE -> kind.word() + " " + Texts.factor(from);
            case CAPACITY -> "capacity " + Texts.percent(from);
            case LIMIT -> "limit " + Texts.rate(from);
        };
    }
}
