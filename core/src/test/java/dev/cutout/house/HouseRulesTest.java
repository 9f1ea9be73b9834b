package dev.cutout.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The habits of this house that no compiler knows, read off the sources. */
class HouseRulesTest {
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|record|enum)\\s+(\\w+)");
    private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])");
    private static final Set<String> SAYS_NOTHING = Set.of(
            "util",
            "utils",
            "utility",
            "utilities",
            "helper",
            "helpers",
            "manager",
            "managers",
            "base",
            "impl",
            "impls");
    private static final Set<String> SAYS_NOTHING_OF_A_PACKAGE =
            Set.of("util", "utils", "helper", "helpers", "manager", "base", "impl", "internal", "common");

    private static final Pattern SLEEP =
            Pattern.compile("\\bsleep\\s*\\(|::\\s*sleep\\b|\\bparkNanos\\b|\\bparkUntil\\b");
    private static final Pattern CLOCK = Pattern.compile("\\bnanoTime\\b|\\bcurrentTimeMillis\\b|\\bClock\\b"
            + "|\\b(?:Instant|LocalDate|LocalTime|LocalDateTime|ZonedDateTime|OffsetDateTime)\\s*(?:\\.|::)\\s*now\\b"
            + "|\\bnew\\s+Date\\s*\\(\\s*\\)");

    /** A name says what a thing is; these words say only that somebody ran out of names. */
    @Test
    void noNameSaysNothing() {
        List<String> found = new ArrayList<>();
        for (Path file : sources("src")) {
            Matcher type = TYPE.matcher(SourceText.codeOf(House.read(file)));
            while (type.find()) {
                WORD.matcher(type.group(1))
                        .results()
                        .filter(word -> SAYS_NOTHING.contains(lowerCase(word.group())))
                        .forEach(word -> found.add(House.name(file) + ": " + type.group(1)));
            }
            for (Path part : House.ROOT.relativize(file.getParent())) {
                if (SAYS_NOTHING_OF_A_PACKAGE.contains(part.toString())) {
                    found.add(House.name(file) + ": folder " + part);
                }
            }
        }
        assertThat(found).as("types and packages whose names say nothing").isEmpty();
    }

    /** A test that waits is slow on a good day and red on a bad one: wind a ticker by hand, or await a latch. */
    @Test
    void noTestSleeps() {
        List<String> found = new ArrayList<>();
        for (Path file : House.files(House.ROOT, ".java")) {
            if (House.name(file).contains("src/test/")) {
                found.addAll(places(file, SLEEP));
            }
        }
        assertThat(found).as("tests that sleep").isEmpty();
    }

    /** One clock, monotonic, handed in: whoever reads another one cannot be tested, nor replayed. */
    @Test
    void onlyTheDefaultTickerReadsAClock() {
        List<String> found = new ArrayList<>();
        for (Path file : sources("src/main/java")) {
            found.addAll(places(file, CLOCK));
        }
        assertThat(found)
                .as("readings of a clock in a library; all but the default ticker ask the breaker's Ticker")
                .hasSize(1)
                .allSatisfy(place -> assertThat(place).contains("nanoTime"));
    }

    private static List<Path> sources(String folder) {
        return House.libraries().stream()
                .flatMap(library -> House.files(library.resolve(folder), ".java").stream())
                .toList();
    }

    private static List<String> places(Path file, Pattern wanted) {
        List<String> found = new ArrayList<>();
        List<String> lines = SourceText.codeOf(House.read(file)).lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (wanted.matcher(lines.get(i)).find()) {
                found.add(House.name(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
            }
        }
        return found;
    }

    private static String lowerCase(String word) {
        return word.toLowerCase(java.util.Locale.ROOT);
    }
}
