package dev.cutout;

/**
 * Thrown by {@link CircuitSettings#parse} for a text that is not a settings line. The message is one sentence that says at
 * which column what was found, and what is allowed there.
 */
public final class SettingsSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String line;
    private final int column;

    SettingsSyntaxException(String line, int column, String problem) {
        super("Column " + column + " of \"" + line + "\": " + problem);
        this.line = line;
        this.column = column;
    }

    /** The text that was to be parsed. */
    public String line() {
        return line;
    }

    /** Where the problem begins, counted from 1; one past the end if something is missing there. */
    public int column() {
        return column;
    }

    /** The line and, below it, a caret at the column: for terminals. */
    public String pointer() {
        return line + System.lineSeparator() + " ".repeat(column - 1) + "^";
    }
}
