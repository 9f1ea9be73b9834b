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

    /** The incidents of a world. Troubles without calm between them are one. */
    static List<Incident> of(World world) {
        List<long[]> spans = new ArrayList<>();
        long at = 0;
        for (Stretch stretch : world.plan()) {
            if (!(stretch instanceof Stretch.Phase phase)) {
                continue;
            }
            long end = at + phase.length().toNanos();
            if (!phase.troubles().isEmpty()) {
                if (!spans.isEmpty() && spans.get(spans.size() - 1)[1] == at) {
                    spans.get(spans.size() - 1)[1] = end;
                } else {
                    spans.add(new long[] {at, end});
                }
            }
            at = end;
        }
        List<Incident> incidents = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            long cutOff = i + 1 < spans.size() ? spans.get(i + 1)[0] : at;
            incidents.add(new Incident(spans.get(i)[0], spans.get(i)[1], cutOff));
        }
        return incidents;
    }
}
