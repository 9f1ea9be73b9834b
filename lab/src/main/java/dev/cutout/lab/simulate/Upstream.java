package dev.cutout.lab.simulate;

import java.util.Arrays;

/**
 * The service that is called: slots, and a queue before them. It does not know of its clients' time-outs unless the world says so, so it also works
 * for nobody.
 */
final class Upstream implements Health {
    private static final double NANOS = 1e9;
    /** A queue that slows everything down so much costs more than it is worth, to whoever knows. */
    private static final double MOST_SLOWDOWN = 1.05;
    /** An endless queue is as good as full when it holds so many times the slots. */
    private static final int FULL = 10;

    private final World world;
    private final Weather weather;
    private final Fate fate;
    private final Agenda agenda;
    private final Flights flights;
    private final long networkNanos;

    private int[] queue = new int[64];
    private int queueHead;
    private int queueSize;
    /** Of those in the queue, whose clients still wait, as far as the upstream knows. */
    private int queued;

    /** The sum of what their work would take if nothing slowed it down, in nanoseconds. */
    private double queuedWork;

    private int[] working = new int[64];
    private int busy;
    /** The sum of the times at which it will be done. */
    private long workEnds;

    private double tokens;
    private long tokensAt;
    private double tokenRate;

    Upstream(World world, Weather weather, Fate fate, Agenda agenda, Flights flights) {
        this.world = world;
        this.weather = weather;
        this.fate = fate;
        this.agenda = agenda;
        this.flights = flights;
        this.networkNanos = world.network().toNanos();
    }

    /** An attempt arrives. */
    void receive(Flight flight, long now) {
        if (weather.hangs()) {
            return; // taken, and never thought of again
        }
        flight.holders++;
        if (weather.refusesAll()
                || fate.shard(flight.call) < weather.shardsDown()
                || (!hasFreeSlot(now) && queued >= world.queue())) {
            send(flight, Answer.REFUSED, now);
            return;
        }
        if (weather.limit() > 0) {
            refill(now);
            if (tokens < 1) {
                send(flight, Answer.LIMITED, now);
                return;
            }
            tokens--;
        }
        flight.answer = fate.luck(flight.call, flight.attempt) < weather.errors(now) ? Answer.ERROR : Answer.GOOD;
        flight.workNanos = fate.serviceNanos(flight.call, flight.attempt);
        flight.dropped = false;
        if (hasFreeSlot(now) && queued == 0) {
            work(flight, now);
        } else {
            enqueue(flight);
        }
    }

    /** The work on an attempt is done, unless it was lost meanwhile. */
    void finish(Flight flight, long entry, long now) {
        if (flight.workEntry != entry) {
            return;
        }
        stopWork(flight);
        send(flight, flight.answer, now);
        fill(now);
    }

    /** The client of an attempt gave up, and the upstream is one that notices. */
    void abandon(Flight flight, long now) {
        if (flight.workEntry != 0) {
            stopWork(flight);
            flights.leave(flight);
            fill(now);
        } else if (isQueued(flight)) {
            flight.dropped = true;
            queued--;
            queuedWork -= flight.workNanos;
        }
    }

    /** Everything under way is lost, without an answer. */
    void crash() {
        while (busy > 0) {
            Flight flight = flights.get(working[0]);
            stopWork(flight);
            flights.leave(flight);
        }
        while (queueSize > 0) {
            flights.leave(dequeue());
        }
        queued = 0;
        queuedWork = 0;
    }

    /** What is worked on takes so much longer. Nothing else may begin meanwhile, as long as the weather pauses. */
    void pause(long nanos) {
        for (int i = 0; i < busy; i++) {
            Flight flight = flights.get(working[i]);
            flight.workEnd += nanos;
            flight.workEntry = agenda.add(flight.workEnd, Run.WORK_DONE, flight.id);
        }
        workEnds += busy * nanos;
    }

    /** Begins work on what waits, as far as there are slots: to be called when there may be more of them. */
    void fill(long now) {
        while (queueSize > 0 && hasFreeSlot(now)) {
            Flight flight = dequeue();
            if (flight.dropped) {
                flights.leave(flight);
            } else {
                queued--;
                queuedWork = queued == 0 ? 0 : queuedWork - flight.workNanos; // no rounding error survives
                work(flight, now);
            }
        }
    }

    /** In nanoseconds from now, when the rate limit lets another attempt in. */
    long retryAfterNanos(long now) {
        if (weather.limit() == 0) {
            return 0;
        }
        refill(now);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / tokenRate * NANOS);
    }

    int queued() {
        return queued;
    }

    /** In the queue or worked on. */
    int held() {
        return queued + busy;
    }

    @Override
    public boolean isWorthSending() {
        long now = agenda.time;
        if (weather.chance(now) <= 0.5) {
            return false;
        }
        if (weather.limit() > 0) {
            refill(now);
            if (tokens < 1) {
                return false;
            }
        }
        if (hasFreeSlot(now) && queued == 0) {
            return true;
        }
        if (queued >= world.queue()) {
            return false;
        }
        double slowdown = slowdown(queued + 1);
        long pause = weather.pauseLeft(now);
        double ahead = queuedWork * weather.slowness() * slowdown + (workEnds - busy * (now + pause));
        return slowdown <= MOST_SLOWDOWN && weather.bearsWait(pause + ahead / weather.slots(now), slowdown);
    }

    private boolean hasFreeSlot(long now) {
        return busy < weather.slots(now) && !weather.pauses();
    }

    private void work(Flight flight, long now) {
        if (busy == working.length) {
            working = Arrays.copyOf(working, 2 * busy);
        }
        flight.place = busy;
        working[busy++] = flight.id;
        double nanos = flight.workNanos * weather.slowness() * slowdown(queued);
        flight.workEnd = now + Math.max(1, (long) nanos);
        flight.workEntry = agenda.add(flight.workEnd, Run.WORK_DONE, flight.id);
        workEnds += flight.workEnd;
    }

    private void stopWork(Flight flight) {
        flight.workEntry = 0;
        workEnds -= flight.workEnd;
        int last = working[--busy];
        working[flight.place] = last;
        flights.get(last).place = flight.place;
    }

    /** By how much the load slows the work down. */
    private double slowdown(int waiting) {
        if (world.overloadFactor() == 1) {
            return 1;
        }
        double full = world.queue() == World.UNLIMITED ? (double) FULL * world.slots() : Math.max(1, world.queue());
        return 1 + (world.overloadFactor() - 1) * Math.min(1, waiting / full);
    }

    private void send(Flight flight, Answer answer, long now) {
        flight.answer = answer;
        agenda.append(Run.WAY_BACK, now + networkNanos, Run.ANSWERED, flight.id);
    }

    private void refill(long now) {
        double rate = weather.limit();
        double most = Math.max(1, rate / 10); // a tenth of a second's worth can come at once
        tokens = tokenRate == rate ? Math.min(most, tokens + (now - tokensAt) / NANOS * rate) : most;
        tokenRate = rate;
        tokensAt = now;
    }

    private void enqueue(Flight flight) {
        if (queueSize == queue.length) {
            int[] larger = new int[2 * queueSize];
            System.arraycopy(queue, queueHead, larger, 0, queueSize - queueHead);
            System.arraycopy(queue, 0, larger, queueSize - queueHead, queueHead);
            queue = larger;
            queueHead = 0;
        }
        queue[(queueHead + queueSize) & (queue.length - 1)] = flight.id;
        queueSize++;
        queued++;
        queuedWork += flight.workNanos;
        flight.isQueued = true;
    }

    private Flight dequeue() {
        Flight flight = flights.get(queue[queueHead]);
        queueHead = (queueHead + 1) & (queue.length - 1);
        queueSize--;
        flight.isQueued = false;
        return flight;
    }

    private static boolean isQueued(Flight flight) {
        return flight.isQueued && !flight.dropped;
    }
}
