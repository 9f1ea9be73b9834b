import org.jspecify.annotations.NullMarked;

/** A circuit breaker for the JVM that needs nothing but the JDK. */
@NullMarked
module dev.cutout {
    // static: the annotations guide compilers and analysers, at run time nobody needs them; transitive: they stand in the API
    requires static transitive org.jspecify;

    exports dev.cutout;
}
