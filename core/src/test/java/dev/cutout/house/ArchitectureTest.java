package dev.cutout.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code ARCHITECTURE.md} leads somewhere: what it names exists. */
class ArchitectureTest {
    private static final Path PAGE = House.ROOT.resolve("ARCHITECTURE.md");

    /** Words in back-ticks with a slash, or with the ending of a file: a path, not a command, a class or a flag. */
    private static final Pattern PATH = Pattern.compile("`(\\.?[\\w.*-]+(?:/[\\w.*-]+)*/?)`");

    private static final Pattern FILE = Pattern.compile(".*\\.(java|md|txt|xml|proto|properties|lua|html)|[\\w.-]*/.*");

    @Test
    void everyPathExists() {
        List<String> paths = PATH.matcher(House.read(PAGE))
                .results()
                .map(MatchResult::group)
                .map(word -> word.replace("`", ""))
                .filter(word -> FILE.matcher(word).matches())
                .distinct()
                .toList();

        assertThat(paths).as("paths in back-ticks in ARCHITECTURE.md").isNotEmpty();
        assertThat(paths.stream().filter(path -> !exists(path)))
                .as("paths in ARCHITECTURE.md that lead nowhere; they are written from the root of the repository")
                .isEmpty();
    }

    private static boolean exists(String path) {
        int star = path.indexOf('*');
        return Files.exists(House.ROOT.resolve(star < 0 ? path : path.substring(0, path.lastIndexOf('/', star) + 1)));
    }
}
