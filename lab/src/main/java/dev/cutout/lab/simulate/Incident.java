package dev.cutout.lab.simulate;

import java.util.ArrayList;
import java.util.List;

/** A time in which something is wrong, and how the guards met it. In nanoseconds of virtual time. */
final class Incident {
    static final long NEVER = -1;

    final long onset;
    final long end;
    /** Until when its consequences are watched: the next incident, or the end of the world. */
    final long cutOff;
    /** From when on no attempt was worth sending; {@link #NEVER} if that was not so. */
    long downFrom = NEVER;

    /** One entry for each instance that opened while it lasted: how long after the onset, and after how many calls. */
    final List<Long> opensAfterNanos = new ArrayList<>();

    final List<Long> opensAfterCalls = new ArrayList<>();
    /** Client instances that could have opened. */
    int instances;

    long admitsAgainNanos = NEVER;

    Incident(long onset, long end, long cutOff) {
        this.onset = onset;
        this.end = end;
        this.cutOff = cutOff;
    }

    /**
     * A phase in which something is wrong.
     *
     * @param name as the world's text has it, such as {@code outage 60s}
     */
    record Span(long onset, long end, String name) {}

    /** The phases of a world in which something is wrong, in order. */
    static List<Span> spans(World world) {
        List<Span> spans = new ArrayList<>();
        long at = 0;
        for (Stretch stretch : world.plan()) {
            if (stretch instanceof Stretch.Phase phase) {
                long end = at + phase.length().toNanos();
                if (!phase.troubles().isEmpty()) {
                    spans.add(new Span(at, end, phase.toString()));
                }
                at = end;
            }
        }
        return spans;
    }

    /** The incidents of a world. Troubles without calm between them are one. */
    static List<Incident> of(World world) {
        List<long[]> spans = new ArrayList<>();
        for (Span span : spans(world)) {
            if (!spans.isEmpty() && spans.get(spans.size() - 1)[1] == span.onset) {
                spans.get(spans.size() - 1)[1] = span.end;
            } else {
                spans.add(new long[] {span.onset, span.end});
            }
        }
        long end = world.length().toNanos();
        List<Incident> incidents = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            long cutOff = i + 1 < spans.size() ? spans.get(i + 1)[0] : end;
            incidents.add(new Incident(spans.get(i)[0], spans.get(i)[1], cutOff));
        }
        return incidents;
    }
}
