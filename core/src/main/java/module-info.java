import org.jspecify.annotations.NullMarked;

/** A circuit breaker for the JVM that needs nothing but the JDK. */
@NullMarked
module dev.cutout {
    // static: the annotations guide compilers and analysers, at run time nobody needs them. Not transitive, although
    // they stand
    // in the API: every module that uses this one would then fail to compile without them (ModuleTest).
    requires static org.jspecify;

    // static: where the Flight Recorder is missing, there is nothing to record to.
    requires static jdk.jfr;

    exports dev.cutout;
}
