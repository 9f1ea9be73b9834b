package dev.cutout.lab.demo;

import java.util.OptionalInt;

/** How many pieces of an article there are; empty when nobody knows, which is what a refused caller is told. */
record Stock(OptionalInt quantity) {
    private static final Stock UNKNOWN = new Stock(OptionalInt.empty());

    static Stock of(int quantity) {
        return new Stock(OptionalInt.of(quantity));
    }

    static Stock unknown() {
        return UNKNOWN;
    }
}
