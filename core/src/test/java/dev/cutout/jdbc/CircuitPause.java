package dev.cutout.jdbc;

import dev.cutout.Action;
import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitEvent;
import dev.cutout.CircuitState;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Pauses a consumer when a circuit opens, goes on asking for it, and resumes it when the circuit is closed. */
final class CircuitPause implements AutoCloseable {
    private final CircuitBreaker circuit;
    private final Runnable pause;
    private final Runnable resume;
    private final Action<?> ping;
    private final Duration every;
    private final ScheduledExecutorService timer;
    private final AtomicBoolean asking = new AtomicBoolean();
    private final CircuitBreaker.Subscription subscription;

    /** The ping is some cheap call through the circuit; once a second is often enough. */
    CircuitPause(
            CircuitBreaker circuit,
            Runnable pause,
            Runnable resume,
            Action<?> ping,
            Duration every,
            ScheduledExecutorService timer) {
        this.circuit = circuit;
        this.pause = pause;
        this.resume = resume;
        this.ping = ping;
        this.every = every;
        this.timer = timer;
        this.subscription = circuit.onEvent(this::told);
    }

    private void told(CircuitEvent event) {
        if (event instanceof CircuitEvent.Opened) {
            pause.run();
            askAgain();
        } else if (event instanceof CircuitEvent.Closed) {
            resume.run();
        }
    }

    /** A paused consumer makes no calls, and without calls there is no probe: so someone has to ask. */
    private void ask() {
        try {
            ping.run();
        } catch (Exception stillDown) {
            // the circuit has heard it, or has refused it: no more is to be done about it here
        }
        asking.set(false);
        if (circuit.state() != CircuitState.CLOSED) {
            askAgain();
        }
    }

    private void askAgain() {
        if (asking.compareAndSet(false, true)) {
            Future<?> unused = timer.schedule(this::ask, every.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** From now on the consumer is left as it is. The timer is whose it was. */
    @Override
    public void close() {
        subscription.close();
    }
}
