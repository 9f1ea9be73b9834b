package dev.cutout.lab.simulate;

import dev.cutout.CircuitEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * One world, played once with one kind of guard: discrete events in virtual time, on the thread of the caller. The same world, kind and
 * seed give the same history, on any machine.
 */
public final class Run {
    // what entries of the agenda say
    static final int WORK_DONE = 0;
    static final int ANSWERED = 1;
    private static final int TIMED_OUT = 2;
    private static final int ARRIVAL = 3;
    private static final int RETRY = 4;
    private static final int CHANGE = 5;
    private static final int SECOND = 6;
    private static final int WARMER = 7;
    private static final int BURST_BEGINS = 8;
    private static final int BURST_ENDS = 9;

    // its lanes
    static final int WAY_BACK = 0;
    private static final int PATIENCE = 1;
    private static final int LANES = 2;

    private static final double NANOS = 1e9;
    /** Parts in which cold capacity comes back. */
    private static final int WARMER_STEPS = 100;

    private final World world;
    private final String guards;
    private final Agenda agenda = new Agenda(LANES);
    private final Flights flights = new Flights();
    private final Failures failures = new Failures();
    private final Weather weather;
    private final Fate fate;
    private final Upstream upstream;
    private final Client[] clients;
    private final Witness witness;
    private final Chance arrivals;
    private final Chance bursts;
    private final List<Stretch> plan;
    private final long end;
    private final long timeoutNanos;

    /** Calls a second, all clients together. */
    private double rate;
    /** As the time line says, without spikes and waves. */
    private double steady;

    private long arrivalEntry;
    private long nextArrival = Long.MAX_VALUE;
    private long calls;
    private int callsUnderWay;
    private int planned;

    private Run(World world, long seed, String guards, GuardOf guardOf) {
        this.world = world;
        this.guards = guards;
        weather = new Weather(world);
        fate = new Fate(world, seed);
        upstream = new Upstream(world, weather, fate, agenda, flights);
        arrivals = new Chance(seed, Fate.Stream.ARRIVALS.number);
        bursts = new Chance(seed, Fate.Stream.BURSTS.number);
        plan = world.plan();
        end = world.length().toNanos();
        timeoutNanos = world.timeout().toNanos();
        clients = new Client[world.clients()];
        for (int i = 0; i < clients.length; i++) {
            long chance = Chance.hash(seed, Fate.Stream.GUARDS.number, i);
            clients[i] = new Client(guardOf.guard("client-" + (i + 1), new Chance(chance, 0), this));
        }
        witness = new Witness(world, clients, weather, upstream);
    }

    /** Makes the guard of one instance. */
    private interface GuardOf {
        Guard guard(String instance, RandomGenerator random, Run run);
    }

    /**
     * Plays a world with this kind of guard in each client instance.
     *
     * @throws InvariantException if a guard is a breaker that broke one of its rules; it says how to see it again
     */
    public static Run of(World world, long seed, Guard.Kind kind) {
        Objects.requireNonNull(kind, "kind");
        GuardOf guardOf = (instance, random, run) -> kind.guard(instance, () -> run.agenda.time, random);
        try {
            return new Run(world, seed, kind.name(), guardOf).play();
        } catch (InvariantException e) {
            throw e.in(world, seed);
        }
    }

    /** Plays a world with guards that know how the upstream is, as the measure of all others. */
    public static Run oracle(World world, long seed) {
        return new Run(world, seed, Oracle.NAME, (instance, random, run) -> new Oracle(run.upstream)).play();
    }

    // ---- what came of it

    /** The name of the kind of guard. */
    public String guards() {
        return guards;
    }

    /** The world that was played. */
    public World world() {
        return world;
    }

    /** The run, second by second. */
    public Timeline timeline() {
        return witness.timeline;
    }

    /** The figures of the run, beside the oracle's run of the same world and seed. */
    public Figures figures(Run oracle) {
        return Figures.of(world, witness, oracle.witness);
    }

    /** What the breakers told, in order; of one moment, in the order of the instances. Empty if the guards are none of ours. */
    public List<CircuitEvent> events() {
        List<CircuitEvent> events = new ArrayList<>();
        for (Client client : clients) {
            if (client.guard instanceof CutoutGuard guard) {
                events.addAll(guard.events());
            }
        }
        events.sort(Comparator.comparingLong(CircuitEvent::nanos));
        return events;
    }

    /** A hash of all that happened, in order, with the times: two runs have the same if they are the same. */
    public long history() {
        return witness.history;
    }

    /** How many calls the clients wanted to make. */
    public long calls() {
        return witness.offered;
    }

    Witness witness() {
        return witness;
    }

    // ---- the play

    private Run play() {
        change(0);
        agenda.add(Math.min(end, Witness.SECOND), SECOND, 0);
        if (!world.burst().isZero()) {
            nextBurst(0);
        }
        while (true) {
            long next = agenda.nextTime();
            if (next == Long.MAX_VALUE || (next > end && callsUnderWay == 0)) {
                break;
            }
            agenda.take();
            happen(agenda.time);
        }
        witness.pass(end);
        witness.endReadmission();
        for (Client client : clients) {
            if (client.guard instanceof CutoutGuard guard) {
                guard.finish();
            }
        }
        return this;
    }

    private void happen(long now) {
        switch (agenda.what) {
            case ARRIVAL -> {
                if (agenda.number == arrivalEntry && now < end) {
                    arrive(now);
                }
            }
            case WORK_DONE -> upstream.finish(flights.get(agenda.subject), agenda.number, now);
            case ANSWERED -> answered(flights.get(agenda.subject), now);
            case TIMED_OUT -> timedOut(flights.get(agenda.subject), agenda.number, now);
            case RETRY -> {
                Flight flight = flights.get(agenda.subject);
                attempt(flight.call, flight.attempt, flight.client, now);
                flights.leave(flight);
            }
            case CHANGE -> change(now);
            case SECOND -> {
                witness.pass(now);
                witness.look(now, rate);
                setRate(now);
                if (now < end) {
                    agenda.add(Math.min(end, now + Witness.SECOND), SECOND, 0);
                }
            }
            case WARMER -> upstream.fill(now);
            case BURST_BEGINS -> {
                weather.burst(true);
                agenda.add(now + world.burst().toNanos(), BURST_ENDS, 0);
            }
            case BURST_ENDS -> {
                weather.burst(false);
                nextBurst(now);
            }
            default -> throw new IllegalStateException("Nobody writes such an entry: " + agenda.what);
        }
    }

    // ---- time passes

    /** The next part of the plan begins. */
    private void change(long now) {
        witness.pass(now);
        boolean begun = false;
        while (planned < plan.size() && !begun) {
            Stretch stretch = plan.get(planned++);
            if (stretch instanceof Stretch.Steady changed) {
                steady = changed.perSecond();
            } else if (stretch instanceof Stretch.Phase phase) {
                begin(phase, now);
                begun = true;
            }
        }
        setRate(now);
        witness.look(now, rate);
        upstream.fill(now);
    }

    private void begin(Stretch.Phase phase, long now) {
        weather.change(phase, now);
        if (phase.has(Trouble.Kind.CRASH)) {
            upstream.crash();
        }
        if (phase.has(Trouble.Kind.PAUSE)) {
            upstream.pause(phase.length().toNanos());
        }
        if (weather.isWarming(now)) {
            for (int step = 1; step <= WARMER_STEPS; step++) {
                agenda.add(now + world.coldFor().toNanos() * step / WARMER_STEPS, WARMER, 0);
            }
        }
        agenda.add(now + phase.length().toNanos(), CHANGE, 0);
    }

    private void nextBurst(long now) {
        long gap = (long) bursts.exponential((double) world.burstEvery().toNanos());
        if (now + gap < end) {
            agenda.add(now + gap, BURST_BEGINS, 0);
        }
    }

    /** Sets how often calls arrive now. One that is already on its way comes as much sooner or later. */
    private void setRate(long now) {
        double swing = world.wave() == 0
                ? 1
                : 1
                        + world.wave()
                                * StrictMath.sin(2
                                        * StrictMath.PI
                                        * now
                                        / world.wavePeriod().toNanos());
        double changed = Math.max(0.001, swing) * steady * weather.callRateFactor();
        if (changed == rate) {
            return;
        }
        long wait = rate == 0 ? nextGap(changed) : (long) ((nextArrival - now) * (rate / changed));
        rate = changed;
        awaitArrival(now + wait);
    }

    // ---- calls

    private long nextGap(double callsPerSecond) {
        double mean = world.batch() * NANOS / callsPerSecond;
        return (long) (world.regular() ? mean : arrivals.exponential(mean));
    }

    private void awaitArrival(long at) {
        nextArrival = at;
        arrivalEntry = agenda.add(at, ARRIVAL, 0);
    }

    private void arrive(long now) {
        awaitArrival(now + nextGap(rate));
        for (int i = 0; i < world.batch(); i++) {
            long call = calls++;
            callsUnderWay++;
            witness.called(now, call);
            attempt(call, 0, fate.client(call), now);
        }
    }

    private void attempt(long call, int attempt, int instance, long now) {
        Client client = clients[instance];
        boolean worth = upstream.isWorthSending();
        Guard.Attempt permit = client.guard.ask();
        witness.decided(now, client, attempt == 0, permit != null, worth);
        if (permit == null) {
            callsUnderWay--;
            return;
        }
        Flight flight = flights.take();
        flight.call = call;
        flight.attempt = attempt;
        flight.client = instance;
        flight.permit = permit;
        flight.holders = 1;
        flight.timeoutEntry = agenda.append(PATIENCE, now + timeoutNanos, TIMED_OUT, flight.id);
        upstream.receive(flight, now);
    }

    private void answered(Flight flight, long now) {
        Guard.Attempt permit = flight.permit;
        if (permit != null) {
            flight.timeoutEntry = 0;
            if (flight.answer == Answer.GOOD) {
                flight.permit = null;
                permit.succeeded();
                witness.succeeded(now);
                callsUnderWay--;
                flights.leave(flight);
            } else {
                witness.failed(now);
                failed(flight, permit, failure(flight.answer, now), now);
            }
        }
        flights.leave(flight);
    }

    private void timedOut(Flight flight, long entry, long now) {
        Guard.Attempt permit = flight.permit;
        if (flight.timeoutEntry != entry || permit == null) {
            return;
        }
        flight.timeoutEntry = 0;
        witness.timedOut(now);
        if (world.noticesTimeouts()) {
            upstream.abandon(flight, now);
        }
        failed(flight, permit, failures.timedOut, now);
    }

    private void failed(Flight flight, Guard.Attempt permit, IOException because, long now) {
        flight.permit = null;
        permit.failed(because);
        if (flight.attempt < world.retries()) {
            retry(flight, now);
        } else {
            callsUnderWay--;
        }
        flights.leave(flight);
    }

    private void retry(Flight failed, long now) {
        int attempt = failed.attempt + 1;
        long wait = backOffNanos(failed.call, attempt);
        if (wait == 0) {
            attempt(failed.call, attempt, failed.client, now);
            return;
        }
        Flight waiting = flights.take();
        waiting.call = failed.call;
        waiting.attempt = attempt;
        waiting.client = failed.client;
        waiting.permit = null;
        waiting.holders = 1;
        agenda.add(now + wait, RETRY, waiting.id);
    }

    /** Doubles with each attempt; of that, between a half and all of it. */
    private long backOffNanos(long call, int attempt) {
        if (world.backOff().isZero()) {
            return 0;
        }
        double whole = world.backOff().toNanos() * StrictMath.pow(2, attempt - 1);
        double most = Math.min(whole, (double) world.longestBackOff().toNanos());
        return (long) (most * (0.5 + fate.jitter(call, attempt) / 2));
    }

    private IOException failure(Answer answer, long now) {
        return switch (answer) {
            case REFUSED -> failures.refused;
            case LIMITED ->
                world.retryAfter()
                        ? new BusyException(Duration.ofNanos(upstream.retryAfterNanos(now)))
                        : failures.limited;
            case ERROR, GOOD -> failures.error;
        };
    }
}
