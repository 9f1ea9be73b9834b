/**
 * The simulator: {@link dev.cutout.lab.simulate.World} of clients, an upstream and its troubles, played in virtual time on one
 * thread, from a seed. The same seed gives the same history on any machine.
 *
 * <p>{@code WorldParser} reads a world. {@code Run} plays it: it takes what is next from the {@code Agenda}, lets {@code Client}s ask their {@code
 * Guard}, and hands what is sent to the {@code Upstream}; {@code Fate} says what becomes of each attempt. {@code Witness} watches from
 * outside; {@code Timeline} and {@code Figures} are what it saw. {@code CutoutGuard} is the production breaker, watched by {@code Invariants}.
 */
package dev.cutout.lab.simulate;
