package dev.cutout.metrics;

/** The code in {@code docs/metrics.md} and in the Javadoc of this module. */
class DocumentationTest extends dev.cutout.house.DocumentationTest {}
