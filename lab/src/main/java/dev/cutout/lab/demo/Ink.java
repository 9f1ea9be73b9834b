package dev.cutout.lab.demo;

import dev.cutout.CircuitState;

/** Colours for a terminal, or none. Paint after padding: the codes have a length, but no width. */
enum Ink {
    COLOURS(true),
    NONE(false);

    private final boolean colours;

    Ink(boolean colours) {
        this.colours = colours;
    }

    String bold(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String good(String text) {
        return paint("32", text);
    }

    String warning(String text) {
        return paint("33", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    String state(CircuitState state, String text) {
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
