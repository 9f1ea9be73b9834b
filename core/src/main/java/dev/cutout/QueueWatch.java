package dev.cutout;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Watches, while the circuit is closed, whether answers queue: {@code limit adaptive}.
 *
 * <p>Whoever brings an answer while another thread judges one leaves it unjudged: nobody waits, and one answer more or less says nothing.
 */
final class QueueWatch {
    private static final VarHandle BUSY;

    static {
        try {
            BUSY = MethodHandles.lookup().findVarHandle(QueueWatch.class, "busy", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Set by compare-and-set by whoever judges, cleared by a release write; {@link #tempo} is touched in between only. */
    @SuppressWarnings({"FieldMayBeFinal", "UnusedVariable"}) // through BUSY
    private boolean busy;

    private final Tempo tempo = new Tempo();

    /** A success took so long. What it was judged by if there is a queue; else null. */
    @Nullable Tempo queueing(long nanos) {
        if (!BUSY.compareAndSet(this, false, true)) {
            return null;
        }
        try {
            return tempo.isQueueing(nanos, true) ? new Tempo(tempo) : null;
        } finally {
            BUSY.setRelease(this, false);
        }
    }
}
