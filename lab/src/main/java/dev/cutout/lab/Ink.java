package dev.cutout.lab;

import dev.cutout.CircuitState;
import picocli.CommandLine.Help.Ansi;

/** Colours for a terminal, or none. Paint after padding: the codes have a length, but no width. */
public enum Ink {
    /** Paints. */
    COLOURS(true),
    /** Leaves every text as it is. */
    NONE(false);

    private final boolean colours;

    Ink(boolean colours) {
        this.colours = colours;
    }

    /** Colours, unless somebody forbids them, {@code NO_COLOR} is set, or no terminal reads. */
    public static Ink unless(boolean forbidden) {
        return !forbidden && Ansi.AUTO.enabled() ? COLOURS : NONE;
    }

    /** What matters most. */
    public String bold(String text) {
        return paint("1", text);
    }

    /** What matters least. */
    public String faint(String text) {
        return paint("2", text);
    }

    /** As it should be. */
    public String good(String text) {
        return paint("32", text);
    }

    /** Worth a look. */
    public String warning(String text) {
        return paint("33", text);
    }

    /** As it should not be. */
    public String bad(String text) {
        return paint("31", text);
    }

    /** In the colour of the state. */
    public String state(CircuitState state, String text) {
        return switch (state) {
            case CLOSED -> good(text);
            case OPEN -> bad(text);
            case HALF_OPEN -> warning(text);
        };
    }

    private String paint(String code, String text) {
        return colours ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
