package dev.cutout.grpc;

/** {@code grpc/api.txt}, as {@link dev.cutout.house.PublicApiTest} checks it. */
class PublicApiTest extends dev.cutout.house.PublicApiTest {}
