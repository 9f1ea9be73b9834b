package dev.cutout.lab.simulate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a world with numbers left open: {@code [30-300]} is a whole number of that range, drawn evenly or, if the range is
 * wide, evenly on a logarithmic scale; {@code [1|10|20]} one of these words.
 *
 * @param name sets the numbers of worlds with the same seed apart
 */
public record Template(String name, String text) {
    private static final Pattern OPEN = Pattern.compile("\\[(?:([0-9]+)-([0-9]+)|([^\\]]+))]");
    /** A range in which the last number is so many times the first is wide. */
    private static final int WIDE = 4;

    /** The world of this seed. */
    public World world(long seed) {
        return World.parse(text(new Chance(seed, name.hashCode())));
    }

    /** The text with nothing left open. */
    String text(Chance chance) {
        Matcher open = OPEN.matcher(text);
        return open.replaceAll(found -> drawn(open, chance));
    }

    private static String drawn(Matcher open, Chance chance) {
        if (open.group(3) != null) {
            String[] words = open.group(3).split("\\|", -1);
            return words[(int) (chance.nextDouble() * words.length)];
        }
        long least = Long.parseLong(open.group(1));
        long most = Long.parseLong(open.group(2));
        double at = chance.nextDouble();
        if (least > 0 && most >= WIDE * least) {
            return String.valueOf(Math.round(least * StrictMath.pow((double) most / least, at)));
        }
        return String.valueOf(least + (long) (at * (most - least + 1)));
    }
}
