package dev.cutout.lab.simulate;

import dev.cutout.CircuitState;
import dev.cutout.lab.simulate.Timeline.Series;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches a run from outside: what was asked, let through, refused and answered. Never looks into a guard, but for the picture of its state. */
final class Witness {
    static final long SECOND = 1_000_000_000L;
    /** So long after a trouble, an opening is still its consequence. */
    private static final long AFTERMATH = 5 * SECOND;

    long offered;
    long succeeded;
    long attempts;
    long failedAttempts;
    long refusals;
    long wasted;
    long needless;
    long timeouts;
    long falseOpenings;
    /** Seconds in which an opening would have been false. */
    long calmSeconds;
    /** Of everything that happened, in order. */
    long history;

    final List<Incident> incidents;
    final Timeline timeline;

    private final Client[] clients;
    private final Weather weather;
    private final Upstream upstream;
    private final long end;

    private int second;
    private int nextIncident;
    private @Nullable Incident current;
    private @Nullable Readmission readmission;
    private long lastTrouble = -AFTERMATH - 1;

    Witness(World world, Client[] clients, Weather weather, Upstream upstream) {
        this.clients = clients;
        this.weather = weather;
        this.upstream = upstream;
        end = world.length().toNanos();
        incidents = Incident.of(world);
        timeline = new Timeline((int) ((end + SECOND - 1) / SECOND));
    }

    // ---- the upstream

    /** Completes the seconds that are over. To be called before anything changes at their end. */
    void pass(long now) {
        while (second < timeline.seconds() && now >= Math.min(end, (second + 1) * SECOND)) {
            timeline.set(Series.QUEUED, second, upstream.queued());
            timeline.set(Series.HELD, second, upstream.held());
            timeline.set(Series.CAPACITY, second, weather.capacityPerSecond(now - SECOND / 2));
            int open = 0;
            int halfOpen = 0;
            for (Client client : clients) {
                if (client.guard instanceof Stateful guard) {
                    CircuitState state = guard.state();
                    open += state == CircuitState.OPEN ? 1 : 0;
                    halfOpen += state == CircuitState.HALF_OPEN ? 1 : 0;
                } else {
                    open += client.isOpen() ? 1 : 0;
                }
            }
            timeline.set(Series.OPEN, second, (double) open / clients.length);
            timeline.set(Series.HALF_OPEN, second, (double) halfOpen / clients.length);
            if (second * SECOND - lastTrouble > AFTERMATH) {
                calmSeconds++;
            }
            second++;
        }
    }

    /** The weather has changed, or may have. */
    void look(long now, double callsPerSecond) {
        if (current != null && now >= current.end) {
            lastTrouble = current.downFrom == Incident.NEVER ? lastTrouble : now;
            for (Client client : clients) {
                client.isAwaited = false;
            }
            readmission = current.end < current.cutOff ? new Readmission(current, callsPerSecond) : null;
            current = null;
        }
        if (nextIncident < incidents.size() && now >= incidents.get(nextIncident).onset) {
            current = incidents.get(nextIncident++);
            endReadmission();
        }
        if (current != null && current.downFrom == Incident.NEVER && weather.isDown(now)) {
            current.downFrom = now;
            current.instances = clients.length;
            for (Client client : clients) {
                client.outageBegins();
            }
        }
    }

    void endReadmission() {
        if (readmission != null) {
            readmission.giveUp();
            readmission = null;
        }
    }

    // ---- the calls

    void called(long now, long call) {
        offered++;
        timeline.count(Series.OFFERED, second(now));
        note(now, call);
    }

    /**
     * A guard decided.
     *
     * @param worth whether the oracle would have sent the attempt
     */
    void decided(long now, Client client, boolean first, boolean admitted, boolean worth) {
        boolean down = !worth && weather.isDown(now);
        if (!worth) {
            lastTrouble = now;
        }
        if (admitted) {
            attempts++;
            wasted += down ? 1 : 0;
            timeline.count(Series.ADMITTED, second(now));
        } else {
            refusals++;
            needless += worth ? 1 : 0;
            timeline.count(Series.REFUSED, second(now));
        }
        note(now, admitted ? 1 : 2);
        if (client.decided(now, admitted)) {
            opened(client);
        }
        if (first && readmission != null && readmission.decided(now, admitted)) {
            readmission = null;
        }
    }

    private void opened(Client client) {
        long at = client.openedAt();
        if (client.isAwaited && current != null) {
            client.isAwaited = false;
            current.opensAfterNanos.add(at - current.downFrom);
            current.opensAfterCalls.add(client.sentFromOnset());
        } else if (at - lastTrouble > AFTERMATH) {
            falseOpenings++;
        }
    }

    void succeeded(long now) {
        succeeded++;
        timeline.count(Series.SUCCEEDED, second(now));
        note(now, 3);
    }

    void failed(long now) {
        failedAttempts++;
        timeline.count(Series.FAILED, second(now));
        note(now, 4);
    }

    void timedOut(long now) {
        timeouts++;
        failed(now);
    }

    private void note(long now, long what) {
        history = Chance.mix(history ^ now) + what;
    }

    private static int second(long now) {
        return (int) (now / SECOND);
    }
}
