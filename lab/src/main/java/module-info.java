/** The {@code cutout} command: shows the circuit breaker at work between two real services, and simulates it. */
@org.jspecify.annotations.NullMarked
@SuppressWarnings("requires-automatic") // grpc-java and protobuf have no module descriptors of their own
module dev.cutout.lab {
    requires com.google.common; // the generated gRPC code returns its futures
    requires com.google.protobuf;
    requires com.h2database;
    requires dev.cutout;
    requires dev.cutout.grpc;
    requires info.picocli;
    requires io.grpc;
    requires io.grpc.netty.shaded;
    requires io.grpc.protobuf;
    requires io.grpc.stub;
    requires java.net.http;
    requires java.sql;
    requires jdk.httpserver;
    requires static org.jspecify;

    // picocli fills the fields that carry its annotations
    opens dev.cutout.lab to
            info.picocli;
    opens dev.cutout.lab.demo to
            info.picocli;
    opens dev.cutout.lab.simulate to
            info.picocli;
}
