package dev.cutout.grpc;

/** {@code docs/grpc.md} and the Javadoc of this module, as {@link dev.cutout.house.DocumentationTest} checks them. */
class DocumentationTest extends dev.cutout.house.DocumentationTest {}
