package dev.cutout.lab.simulate;

import java.util.List;
import java.util.stream.Collectors;

/** A command as it can be pasted into a shell. */
final class ShellWords {
    private ShellWords() {}

    static String join(List<String> words) {
        return words.stream().map(ShellWords::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        if (word.matches("[\\w./:@%+=,-]+")) {
            return word;
        }
        boolean plain = word.chars().noneMatch(c -> "\"\\$`!".indexOf(c) >= 0);
        return plain ? '"' + word + '"' : "'" + word.replace("'", "'\\''") + "'";
    }
}
