package dev.cutout.bench.decisions;

import dev.cutout.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.random.RandomGenerator;

/**
 * The time of day in a run, for libraries that ask for one. It goes as the virtual time goes and begins at random: windows that start
 * with a second of the clock must not start with the incidents of a world, which are at whole seconds of the run.
 */
final class TimeOfDay extends Clock {
    private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

    private final Ticker ticker;
    private final long origin;
    private final long millisAtOrigin;
    private final Instant instantAtOrigin;

    TimeOfDay(Ticker ticker, RandomGenerator random) {
        this.ticker = ticker;
        origin = ticker.nanos();
        instantAtOrigin =
                NEW_YEAR.plusMillis(random.nextLong(Duration.ofHours(1).toMillis()));
        millisAtOrigin = instantAtOrigin.toEpochMilli();
    }

    @Override
    public Instant instant() {
        return instantAtOrigin.plusNanos(ticker.nanos() - origin);
    }

    @Override
    public long millis() {
        return millisAtOrigin + (ticker.nanos() - origin) / 1_000_000;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("a peer asked for another time zone than UTC: " + zone);
    }
}
