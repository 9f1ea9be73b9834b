package dev.cutout.lab.simulate;

import org.jspecify.annotations.Nullable;

/** Sends what is {@linkplain Health#isWorthSending worth sending}, and nothing else: the measure of all other guards. */
final class Oracle implements Guard, Guard.Attempt {
    static final String NAME = "oracle";

    private final Health health;

    Oracle(Health health) {
        this.health = health;
    }

    @Override
    public @Nullable Attempt ask() {
        return health.isWorthSending() ? this : null;
    }

    @Override
    public void succeeded() {}

    @Override
    public void failed(Throwable because) {}
}
