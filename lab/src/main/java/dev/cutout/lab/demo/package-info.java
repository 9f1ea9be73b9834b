/**
 * {@code cutout demo}: two services talk through a circuit breaker while one of them breaks.
 *
 * <p>{@link dev.cutout.lab.demo.DemoCommand} reads the command line. {@code Show} plays a {@code Script} of {@code Fault}s: it
 * is twice service A ({@code Storefront}), with the breaker and without, each with a service B of its own ({@code
 * InventoryServer}, in a child process held by {@code InventoryProcess}). {@code Arrivals} sends both the same callers;
 * {@code CallerStatistics} keeps what became of each. {@code LiveReport} prints the story, {@code Figures} and {@code
 * Comparison} what it came to.
 */
package dev.cutout.lab.demo;
