package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
    @Test
    void wordsAreQuotedAsFarAsNeeded() {
        assertThat(ShellWords.join(List.of("cutout", "--seed", "-1", "a/b.html", "")))
                .isEqualTo("cutout --seed -1 a/b.html \"\"");
        assertThat(ShellWords.join(List.of("steady 5/s; heal", "it's"))).isEqualTo("\"steady 5/s; heal\" \"it's\"");
        assertThat(ShellWords.join(List.of("$HOME", "`it's`", "a\"b", "\\", "!")))
                .isEqualTo("'$HOME' '`it'\\''s`' 'a\"b' '\\' '!'");
    }
}
