package dev.cutout.bench.decisions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of another page that the benchmark writes: what stands between two marks. */
final class Excerpt {
    static final String BEGIN = "<!-- decisions: written by the benchmark -->\n";
    static final String END = "<!-- decisions end -->\n";

    private final Path page;

    Excerpt(Path page) {
        this.page = page;
    }

    /**
     * Replaces what stands between the marks.
     *
     * @throws IllegalStateException if one of them is not there
     */
    void replace(String text) throws IOException {
        String whole = Files.readString(page);
        int begin = whole.indexOf(BEGIN);
        int end = whole.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(page + " lacks the lines " + BEGIN.strip() + " and " + END.strip());
        }
        Files.writeString(page, whole.substring(0, begin + BEGIN.length()) + "\n" + text + "\n" + whole.substring(end));
    }
}
