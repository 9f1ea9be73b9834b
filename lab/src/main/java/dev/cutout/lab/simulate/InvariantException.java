package dev.cutout.lab.simulate;

/** A breaker did in a run what no breaker may do. The message says what, and the command that plays the run again. */
public final class InvariantException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String settings;

    InvariantException(String what, String settings) {
        super(what);
        this.what = what;
        this.settings = settings;
    }

    private InvariantException(InvariantException cause, String message) {
        super(message, cause);
        what = cause.what;
        settings = cause.settings;
    }

    /** The same, with the command that plays the run again. */
    InvariantException in(World world, long seed) {
        return new InvariantException(this, what + System.lineSeparator() + replay(world, settings, seed));
    }

    static String replay(World world, String settings, long seed) {
        return "cutout simulate --world \"" + world + "\" --settings \"" + settings + "\" --seed " + seed;
    }
}
