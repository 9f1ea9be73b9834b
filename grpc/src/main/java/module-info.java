import org.jspecify.annotations.NullMarked;

/** Guards the calls of a gRPC channel with circuit breakers. */
@NullMarked
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"}) // grpc-java has no module descriptors
module dev.cutout.grpc {
    requires transitive dev.cutout;
    requires transitive io.grpc;
    // static and not transitive: see the descriptor of dev.cutout
    requires static org.jspecify;

    exports dev.cutout.grpc;
}
