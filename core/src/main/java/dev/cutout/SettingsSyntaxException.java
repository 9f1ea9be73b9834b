package dev.cutout;

/**
 * Thrown by {@link CircuitSettings#parse} for a text that is not a settings line. The message is one sentence that says at
 * which column what was found, and what is allowed there.
 */
public final class SettingsSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** How much of the line the message repeats, at most, on either side of the column. */
    private static final int SHOWN = 200;

    private final String line;
    private final int column;

    SettingsSyntaxException(String line, int column, String problem) {
        super(onOneLine("Column " + column + " of \"" + around(line, column) + "\": " + problem));
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
        return onOneLine(line) + System.lineSeparator() + " ".repeat(column - 1) + "^";
    }

    /** The line, or of a very long one what stands around the column: a message is read, and goes into logs. */
    private static String around(String line, int column) {
        int from = Math.max(0, column - 1 - SHOWN);
        int to = Math.min(line.length(), column - 1 + SHOWN);
        return (from > 0 ? "…" : "") + line.substring(from, to) + (to < line.length() ? "…" : "");
    }

    /** A line can have anything in it: what would end the line of a log is shown as another character. */
    private static String onOneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029]", "\uFFFD");
    }
}
