package dev.cutout.metrics;

/** What users of this module see. */
class PublicApiTest extends dev.cutout.house.PublicApiTest {}
