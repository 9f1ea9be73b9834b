import org.jspecify.annotations.NullMarked;

/** Shows circuit breakers in Micrometer. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // Micrometer has no module descriptors
module dev.cutout.metrics {
    requires transitive dev.cutout;
    requires transitive micrometer.core;
    // static and not transitive: see the descriptor of dev.cutout
    requires static org.jspecify;

    exports dev.cutout.metrics;
}
