import org.jspecify.annotations.NullMarked;

/** A circuit breaker for the JVM that needs nothing but the JDK. */
@NullMarked
module dev.cutout {
    // static: the annotations guide compilers and analysers, at run time nobody needs them. Not transitive, although
    // they stand
    // in the API: every module that uses this one would then fail to compile without them (ModuleTest).
    requires static org.jspecify;
    // static: needed by dev.cutout.jdbc alone, so by nobody who has no data source.
    requires static java.sql;

    // static: only dev.cutout.http needs it, and whoever uses that reads it.
    requires static java.net.http;

    // static: where the Flight Recorder is missing, there is nothing to record to.
    requires static jdk.jfr;

    exports dev.cutout;
    exports dev.cutout.http;
    exports dev.cutout.jdbc;
}
