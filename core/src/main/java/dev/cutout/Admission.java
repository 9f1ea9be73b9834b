package dev.cutout;

/** What a generation says when it is asked for a call: a {@link Grant}, or a {@link Refusal}. */
sealed interface Admission permits Grant, Refusal {}
