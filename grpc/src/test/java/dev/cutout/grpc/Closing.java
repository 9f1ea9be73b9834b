package dev.cutout.grpc;

import io.grpc.ManagedChannel;

/** A channel that ends with the block it is used in. */
record Closing(ManagedChannel channel) implements AutoCloseable {
    @Override
    public void close() {
        channel.shutdownNow();
    }
}
