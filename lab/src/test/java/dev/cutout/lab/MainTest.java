package dev.cutout.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the command line understands, and how it says no. */
class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                            | cutout: say what to do, for example: cutout demo
            dance                         | cutout: Unmatched argument at index 0: 'dance'; cutout --help lists what there is
            demo --loud                   | cutout demo: Unknown option: '--loud'; cutout demo --help lists what there is
            demo --fault flood            | cutout demo: --fault: 'flood' is none; there are database, hang, kill, and all
            demo --rate many              | cutout demo: Invalid value for option '--rate': 'many' is not a whole number from 5 to 500
            demo --rate 0                 | cutout demo: Invalid value for option '--rate': '0' is not a whole number from 5 to 500
            demo --duration 1e3           | cutout demo: Invalid value for option '--duration': '1e3' is not a whole number from 5 to 600
            demo --duration 14            | cutout demo: --duration: 14 s are too few; 3 faults need at least 15
            demo --duration 9 --fault hang --fault kill | cutout demo: --duration: 9 s are too few; 2 faults need at least 10
            demo --http-port 65536        | cutout demo: Invalid value for option '--http-port': '65536' is not a whole number from 0 to 65535
            demo --seed x                 | cutout demo: Invalid value for option '--seed': 'x' is not a long
            demo --settings               | cutout demo: Missing required parameter for option '--settings' (<one line>)
            """)
    void whatIsNotUnderstoodGetsOneSentenceAndExitCode2(String arguments, String sentence) {
        assertThat(run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)))
                .isEqualTo(2);
        assertThat(err.toString().strip()).isEqualTo(sentence);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aBadSettingsLineIsPointedAt() {
        assertThat(run("demo", "--settings", "trip 5 consecutve")).isEqualTo(2);
        assertThat(err.toString().lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("cutout demo: --settings: Column 8 of \"trip 5 consecutve\"");
        assertThat(err.toString().lines().skip(1)).containsExactly("  trip 5 consecutve", "  " + " ".repeat(7) + "^");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void helpListsEveryOption() {
        assertThat(run("demo", "--help")).isZero();
        assertThat(out.toString())
                .contains("--fault", "--rate", "--duration", "--settings", "--seed", "--http-port", "--grpc-port")
                .contains("--no-color", "--help");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLine();
        return commandLine
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
