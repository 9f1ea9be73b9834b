package dev.cutout.lab.simulate;

/**
 * Thrown by {@link World#parse} for a text that is no world. The message is one sentence that says at which column what was found, and
 * what is allowed there.
 */
public final class WorldSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String line;
    private final int column;

    WorldSyntaxException(String line, int column, String problem) {
        super(onOneLine("Column " + column + " of \"" + line + "\": " + problem));
        this.line = line;
        this.column = column;
    }

    /** Where the problem begins, counted from 1; one past the end if something is missing there. */
    public int column() {
        return column;
    }

    /** The line and, below it, a caret at the column: for terminals. */
    public String pointer() {
        return onOneLine(line) + System.lineSeparator() + " ".repeat(column - 1) + "^";
    }

    private static String onOneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029]", "\uFFFD");
    }
}
