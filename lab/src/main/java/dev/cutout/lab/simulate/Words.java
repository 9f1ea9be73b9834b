package dev.cutout.lab.simulate;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line cut into words that know their column, and the quantities that can stand there. */
final class Words {
    private static final String NUMBER = "[0-9]{1,9}(\\.[0-9]{1,9})?";
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final double MOST_PER_SECOND = 1_000_000;

    /** A run of characters without a space, comma or semicolon; or a comma or semicolon; or, empty, the end of the line. */
    record Word(String text, int column) {
        boolean is(String wanted) {
            return text.equals(wanted);
        }

        /** Whether a clause ends here. */
        boolean isEnd() {
            return text.isEmpty() || is(";") || is(",");
        }

        boolean startsWithDigit() {
            return !text.isEmpty() && Character.digit(text.charAt(0), 10) >= 0;
        }

        @Override
        public String toString() {
            return text.isEmpty() ? "the end of the line" : "\"" + text + "\"";
        }
    }

    private final String line;
    private final List<Word> words = new ArrayList<>();
    private int next;

    Words(String line) {
        this.line = line;
        int start = 0;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : ' ';
            boolean punctuation = c == ';' || c == ',';
            if (punctuation || Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                if (start < i) {
                    words.add(new Word(line.substring(start, i), start + 1));
                }
                if (punctuation) {
                    words.add(new Word(String.valueOf(c), i + 1));
                }
                start = i + 1;
            }
        }
        words.add(new Word("", line.length() + 1));
    }

    Word peek() {
        return words.get(next);
    }

    /** The next word, which stays the end of the line once that is reached. */
    Word take() {
        Word word = words.get(next);
        if (!word.text().isEmpty()) {
            next++;
        }
        return word;
    }

    /** Takes the next word if it is this one. */
    boolean takes(String wanted) {
        boolean is = peek().is(wanted);
        if (is) {
            next++;
        }
        return is;
    }

    void expect(String wanted, String where) {
        Word word = take();
        if (!word.is(wanted)) {
            throw problem(word, word + " stands where \"" + wanted + "\" is expected, " + where + ".");
        }
    }

    int number(int least, int most) {
        Word word = take();
        if (!word.text().matches("[0-9]+")) {
            throw problem(
                    word, String.format(Locale.ROOT, "%s is no whole number; give %,d to %,d.", word, least, most));
        }
        if (word.text().length() > 9 || !isWithin(Integer.parseInt(word.text()), least, most)) {
            throw problem(word, String.format(Locale.ROOT, "%s is not allowed; give %,d to %,d.", word, least, most));
        }
        return Integer.parseInt(word.text());
    }

    double decimal(double least, double most) {
        Word word = take();
        if (!word.text().matches(NUMBER) || !isWithin(Double.parseDouble(word.text()), least, most)) {
            throw problem(
                    word, word + " is not allowed; give " + Texts.number(least) + " to " + Texts.number(most) + ".");
        }
        return Double.parseDouble(word.text());
    }

    /** A time of at least {@code least}. */
    Duration time(Duration least) {
        Word word = take();
        String digits = word.text().replaceFirst("[^0-9].*", "");
        long unit = Texts.millisIn(word.text().substring(digits.length()));
        if (digits.isEmpty() || unit == 0) {
            throw problem(
                    word,
                    word + " is no time; write a whole number and its unit without a space: 500ms, 30s, 2m or 1h.");
        }
        Duration time = Duration.ofMillis(digits.length() > 11 ? Long.MAX_VALUE : Long.parseLong(digits) * unit);
        if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
            throw problem(word, word + " is not allowed; a time is " + Texts.time(least) + " to 8760h here.");
        }
        return time;
    }

    Duration time() {
        return time(Duration.ofMillis(1));
    }

    /** A percentage of at least {@code least} percent, as a share. */
    double share(double least, double most) {
        Word word = take();
        String number = word.text().replaceFirst("%$", "");
        if (!word.text().endsWith("%") || !number.matches("[0-9]{1,3}(\\.[0-9]{1,4})?")) {
            throw problem(word, word + " is no percentage; write 30% or 0.5%, with at most four decimals.");
        }
        BigDecimal percent = new BigDecimal(number);
        if (!isWithin(percent.doubleValue(), least, most)) {
            throw problem(
                    word, word + " is not allowed; give " + Texts.number(least) + "% to " + Texts.number(most) + "%.");
        }
        return Texts.share(percent);
    }

    double factor(double least, double most) {
        Word word = take();
        String number = word.text().replaceFirst("x$", "");
        if (!word.text().endsWith("x") || !number.matches(NUMBER)) {
            throw problem(word, word + " is no factor; write 4x or 1.5x.");
        }
        double factor = Double.parseDouble(number);
        if (!isWithin(factor, least, most)) {
            throw problem(
                    word, word + " is not allowed; give " + Texts.factor(least) + " to " + Texts.factor(most) + ".");
        }
        return factor;
    }

    double rate() {
        Word word = take();
        int slash = word.text().indexOf('/');
        String number = slash < 0 ? "" : word.text().substring(0, slash);
        double rate = number.matches(NUMBER)
                ? Texts.perSecond(new BigDecimal(number), word.text().substring(slash))
                : 0;
        if (rate == 0) {
            throw problem(word, word + " is no rate; write how often a second, minute or hour: 100/s, 6/m or 20/h.");
        }
        if (rate > MOST_PER_SECOND) {
            throw problem(word, word + " is not allowed; a rate is at most 1000000/s.");
        }
        return rate;
    }

    WorldSyntaxException problem(Word word, String problem) {
        boolean lower = word.text().equals(word.text().toLowerCase(Locale.ROOT));
        return new WorldSyntaxException(
                line, word.column(), lower ? problem : problem + " Worlds are written in lower case.");
    }

    private static boolean isWithin(double number, double least, double most) {
        return least <= number && number <= most;
    }
}
