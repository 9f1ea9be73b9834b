package dev.cutout.bench;

import java.util.List;

/**
 * What an adapter adds to a call: the same call of a client, bare and guarded.
 *
 * @param of the call, in words
 */
record Overhead(String of, Row bare, Row guarded) {
    private static final String BARE = "bare";
    private static final String GUARDED = "guarded";

    /** By the methods {@code bare…} and {@code guarded…} of a class, with one thread, in the full profile only. */
    static Overhead of(String call, String bench, String method) {
        return new Overhead(call, row(BARE, call, bench, method), row(GUARDED, call, bench, method));
    }

    private static Row row(String whose, String call, String bench, String method) {
        return new Row(Kind.CLIENT, whose, call, bench + '.' + whose + method);
    }

    /** In the quick profile too. */
    Overhead quickToo() {
        return new Overhead(of, bare.quick(1), guarded.quick(1));
    }

    List<Row> rows() {
        return List.of(bare, guarded);
    }

    double nanos(Numbers numbers) {
        return numbers.nanos(guarded) - numbers.nanos(bare);
    }

    double bytes(Numbers numbers) {
        return numbers.bytes(guarded) - numbers.bytes(bare);
    }
}
