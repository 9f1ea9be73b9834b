package dev.cutout.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * A module that core can do without is known to the one package that is for it, and to nothing else: whoever does not use that package never meets it.
 */
class OptionalModulesTest {
    private static final Pattern REFERENCE = Pattern.compile("(?m)^ +(\\S+) +-> (\\S+\\.[A-Z]\\S*)");

    @Test
    void onlyThePackageForDataSourcesKnowsJdbc() {
        List<String> referring = classesReferringTo("javax?\\.sql\\..*");

        assertThat(referring).as("the check sees what it looks for").contains("dev.cutout.jdbc.GuardedDataSource");
        assertThat(referring).allSatisfy(name -> assertThat(name).startsWith("dev.cutout.jdbc."));
    }

    private static List<String> classesReferringTo(String types) {
        StringWriter output = new StringWriter();
        PrintWriter printer = new PrintWriter(output);
        String classes = House.CORE.resolve("target/classes").toString();
        int code = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(printer, printer, "-verbose:class", "--regex", types, classes);
        assertThat(code).as(output.toString()).isZero();
        return REFERENCE
                .matcher(output.toString())
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }
}
