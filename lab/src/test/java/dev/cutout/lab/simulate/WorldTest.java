package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A world is one line, in and out, and what is no world is pointed at. */
class WorldTest {
    private static final String WHOLE =
            "clients 20; arrivals batches of 20; wave 50% over 10m; timeout 2s; retries 2 after 100ms to 1s; "
                    + "network 2ms; service 40ms sigma 0.7; tail 5% at 20x; slots 60; queue unlimited; overload slows 1.5x; errors 1.25%; "
                    + "bursts 50ms every 30s; shards 4; limit 120/s with retry-after; cold start 10% over 20s; notices timeouts; "
                    + "steady 100/s; run 1m; outage 1m; hang 5s; crash 10s; errors 30% for 1m; errors 0% to 80% for 1m; slow 4x for 1m; "
                    + "capacity 20% for 1m; spike 10x for 30s; shard down for 1m; limit 50/s for 1m; steady 6/m; "
                    + "capacity 50% and spike 2.5x for 30s; repeat 8 times outage 5s, run 10s; run 300ms";

    @Test
    void everythingThereIsReadsBackAsItself() {
        World world = World.parse(WHOLE);

        assertThat(world).hasToString(WHOLE);
        assertThat(World.parse(world.toString())).isEqualTo(world);
        assertThat(world.clients()).isEqualTo(20);
        assertThat(world.errors()).isEqualTo(0.0125);
        assertThat(world.queue()).isEqualTo(World.UNLIMITED);
        assertThat(world.longestBackOff()).isEqualTo(Duration.ofSeconds(1));
        assertThat(world.limit()).isEqualTo(120);
        assertThat(world.coldFor()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void almostEverythingHasADefault() {
        assertThat(World.parse("steady 100/s; outage 60s; heal 60s"))
                .hasToString("clients 1; timeout 1s; network 1ms; service 30ms sigma 0.5; slots 50; queue 100;"
                        + " steady 100/s; run 30s; outage 1m; run 1m")
                .isEqualTo(World.parse("outage 60s; heal; clients 1"));
        assertThat(World.parse("clients 2").length()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theOrderOfTheTimeLineCountsAndTheRestMayStandAnywhere() {
        World world = World.parse("run 5s; queue 7; outage 3s; steady 3/h; run 1s; slots 9; errors 2%");

        assertThat(world.timeline())
                .map(Object::toString)
                .containsExactly("steady 100/s", "run 5s", "outage 3s", "steady 3/h", "run 1s");
        assertThat(List.of(world.queue(), world.slots())).containsExactly(7, 9);
        assertThat(world.length()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void repetitionsAreWrittenOutForThePlay() {
        assertThat(World.parse("run 1s; repeat 2 times hang 5s, run 10s; run 1s")
                        .plan())
                .map(Object::toString)
                .containsExactly("steady 100/s", "run 1s", "hang 5s", "run 10s", "hang 5s", "run 10s", "run 1s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                | 1  | a clause is missing here; allowed are clients, arrivals
            steady 100/s; outge 60s           | 15 | "outge" is nothing that a world knows; allowed are clients, arrivals
            steady 100/s outage 60s           | 14 | "outage" stands where ";" is expected, between clauses.
            steady 100/s;                     | 14 | a clause is missing here
            steady 100                        | 8  | "100" is no rate; write how often a second, minute or hour: 100/s, 6/m or 20/h.
            steady 0/s                        | 8  | "0/s" is no rate
            steady 9999999/s                  | 8  | "9999999/s" is not allowed; a rate is at most 1000000/s.
            steady 5/s; steady 6/s            | 13 | the rate was set just before; let some time pass in between.
            outage 60                         | 8  | "60" is no time; write a whole number and its unit without a space
            outage                            | 7  | the end of the line is no time
            outage 99999h                     | 8  | "99999h" is not allowed; a time is 1ms to 8760h here.
            clients 0                         | 9  | "0" is not allowed; give 1 to 10,000.
            clients many                      | 9  | "many" is no whole number; give 1 to 10,000.
            clients 2; clients 3              | 12 | the clause clients stands twice; the first is at column 1.
            errors 30                         | 8  | "30" is no percentage; write 30% or 0.5%, with at most four decimals.
            errors 130% for 1s                | 8  | "130%" is not allowed; give 0% to 100%.
            errors 1% to 2%                   | 16 | the end of the line is no time
            errors 1%; errors 2%              | 12 | the clause errors stands twice; the first is at column 1.
            slow 4 for 1s                     | 6  | "4" is no factor; write 4x or 1.5x.
            overload slows 0.5x               | 16 | "0.5x" is not allowed; give 1x to 100x.
            arrivals bursty                   | 10 | "bursty" is no way to arrive; allowed are poisson, regular and batches of 20.
            retries 0 after 10ms              | 17 | there is no retry that could wait.
            retries 2 after 1s to 10ms        | 17 | the first wait must not be longer than the longest.
            shards 2; 2 shards down for 5s    | 11 | some shards must be left: write "shards 3" too.
            60 steady 100/s                   | 4  | "steady" stands where "shards" is expected, as in "2 shards down for 60s".
            shard down 5s                     | 1  | one of several shards can be down: write "shards 4" too.
            slow 2x and slow 3x for 1s        | 13 | "slow" stands twice at the same time.
            repeat 3 outage 5s                | 10 | "outage" stands where "times" is expected, as in "repeat 8 times outage 5s, run 10s".
            outage 5s, run 10s                | 10 | clauses are separated by ";".
            Outage 5s                         | 1  | Worlds are written in lower case.
            cold 10% over 5s                  | 6  | "10%" stands where "start" is expected
            """)
    void whatIsNoWorldIsPointedAt(String line, int column, String sentence) {
        WorldSyntaxException e = catchThrowableOfType(WorldSyntaxException.class, () -> World.parse(line));

        assertThat(e).hasMessageContaining(sentence).hasMessageStartingWith("Column " + column + " of \"");
        assertThat(e.column()).isEqualTo(column);
        assertThat(e.pointer()).endsWith(System.lineSeparator() + " ".repeat(column - 1) + "^");
    }

    /** The page that lists the language lists nothing that does not exist, and leaves no kind of trouble out. */
    @Test
    void everyClauseOfThePageIsOne() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "worlds.md"));
        List<String> clauses = Pattern.compile("(?ms)^```world\n(.*?)^```$")
                .matcher(page)
                .results()
                .flatMap(block -> block.group(1).lines())
                .map(line -> line.split(" {2,}", 2)[0])
                .toList();

        assertThat(clauses)
                .hasSizeGreaterThan(30)
                .allSatisfy(clause -> assertThatCode(() -> World.parse(clause)).doesNotThrowAnyException());
        for (Trouble.Kind kind : Trouble.Kind.values()) {
            assertThat(clauses).anyMatch(clause -> clause.contains(kind.word()));
        }
    }

    @Test
    void theSuitesHaveWorldsForEverySeed() {
        assertThat(Suite.values()).allSatisfy(suite -> assertThat(suite.names()).hasSizeGreaterThanOrEqualTo(16));
        List<String> names = Stream.of(Suite.values())
                .flatMap(suite -> suite.names().stream())
                .toList();
        assertThat(names).doesNotHaveDuplicates();
        for (String name : names) {
            for (long seed = 1; seed <= 50; seed++) {
                World world = Suite.world(name, seed).orElseThrow();
                assertThat(World.parse(world.toString())).isEqualTo(world);
            }
            assertThat(Suite.world(name, 3)).isEqualTo(Suite.world(name, 3));
        }
        assertThat(Suite.world("outage-refuse", 1)).isNotEqualTo(Suite.world("outage-refuse", 2));
        assertThat(Suite.world("steady 1/s", 1)).isEmpty();
    }

    @Test
    void whatATemplateLeavesOpenStaysWithinItsRange() {
        Template template = new Template("t", "[3-5] [10-1000] [a|b]");
        long small = 0;
        for (long seed = 0; seed < 1_000; seed++) {
            String[] words = template.text(new Chance(seed, 1)).split(" ", -1);
            assertThat(Integer.parseInt(words[0])).isBetween(3, 5);
            assertThat(Integer.parseInt(words[1])).isBetween(10, 1_000);
            small += Integer.parseInt(words[1]) <= 100 ? 1 : 0;
            assertThat(words[2]).isIn("a", "b");
        }
        assertThat(small).as("the lower half of a logarithmic scale").isBetween(450L, 550L);
    }
}
