package dev.cutout.bench;

import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** 1,024 names to look up, one after the other. */
@State(Scope.Thread)
public class Keys {
    static final int NUMBER = 1_024;

    private final String[] keys = all();
    private int turn;

    /** The same names each time, but not the same objects: whoever looks up must compare. */
    static String[] all() {
        return IntStream.range(0, NUMBER).mapToObj(i -> "tenant-" + i).toArray(String[]::new);
    }

    String next() {
        return keys[turn++ & (NUMBER - 1)];
    }
}
