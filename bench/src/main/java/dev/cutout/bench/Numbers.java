package dev.cutout.bench;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The results as a goal reads them. What was not measured is not a number; whether a noisy row was read is remembered. */
final class Numbers {
    private final Results results;
    private boolean noisy;

    Numbers(Results results) {
        this.results = results;
    }

    boolean noisy() {
        return noisy;
    }

    /** With one thread. */
    double nanos(Row row) {
        return nanos(row, 1);
    }

    /** Nanoseconds of a core for each call. */
    double nanos(Row row, int threads) {
        Optional<Measured> measured = results.of(row.with(threads));
        noisy |= measured.map(Measured::noisy).orElse(false);
        return measured.map(Measured::coreNanos).orElse(Double.NaN);
    }

    double bytes(Row row) {
        return bytes(row.with(1));
    }

    double bytesWithoutEscapeAnalysis(Row row) {
        return bytes(row.withoutEscapeAnalysis());
    }

    /** The most that any of these rows allocates, with escape analysis or without. Rows that were not measured do not count. */
    double mostBytes(List<Row> rows) {
        return rows.stream()
                .flatMap(row -> Stream.of(bytes(row), bytesWithoutEscapeAnalysis(row)))
                .filter(bytes -> !bytes.isNaN())
                .max(Double::compare)
                .orElse(Double.NaN);
    }

    double footprint(String of) {
        return results.footprints().stream()
                .filter(footprint -> footprint.of().equals(of))
                .mapToDouble(Footprint::idle)
                .findFirst()
                .orElse(Double.NaN);
    }

    KeyedBreakers keyedBreakers() {
        return results.keyedBreakers().stream()
                .filter(keyed -> keyed.whose().equals(KeyedBreakers.CUTOUT))
                .findFirst()
                .orElse(new KeyedBreakers(KeyedBreakers.CUTOUT, 0, Double.NaN, Double.NaN));
    }

    private double bytes(Case what) {
        return results.of(what).map(Measured::bytes).orElse(Double.NaN);
    }
}
