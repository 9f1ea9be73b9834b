package dev.cutout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One breaker for each host, tenant or shard: created when first asked for, bounded in number, evicted when idle.
 *
 * <pre>{@code
 * CircuitBreakerRegistry<String> hosts = CircuitBreakerRegistry.<String>builder()
 *         .settings(CircuitSettings.parse("classic; wait 10s"))
 *         .settings("payments-*", CircuitSettings.parse("trip 3 consecutive"))
 *         .maximumSize(100_000)
 *         .build();
 * hosts.get(uri.getHost()).call(() -> client.send(request));
 * }</pre>
 *
 * The bound is hard, because keys can come from strangers. When a new key needs room, a breaker that would forget nothing
 * goes first: closed, without a hold and with nothing counted against its dependency; one that was used lately gets a second
 * chance. If there is none, the one goes that was asked least recently among those that are open or suspect something (of 64 of them, if there are more). A held
 * one is never evicted: if all are held, the new breaker works but is not kept. An evicted breaker that someone still
 * references keeps working.
 *
 * <p>Thread-safe. Asking for an existing key takes one look-up in a {@link ConcurrentHashMap} and allocates nothing.
 *
 * @param <K> the key: anything with {@code equals} and {@code hashCode}
 */
public final class CircuitBreakerRegistry<K> {
    private static final int DEFAULT_MAXIMUM = 10_000;
    private static final int MOST = 100_000_000;

    /** How many second chances one eviction gives before it takes what comes, so that one new key never sweeps a million. */
    private static final int MOST_SECOND_CHANCES = 1_000;

    /** Among how many busy breakers the least recently asked is sought, for the same reason. */
    private static final int BUSY_SAMPLE = 64;

    /** How often to look for a candidate before asking whether all are held, which means a look at every one. */
    private static final int ATTEMPTS_BEFORE_COUNTING = 100;

    /** How often to look at all: never reached unless something is broken, and then a call must not hang here. */
    private static final int MOST_ATTEMPTS = 10_000_000;

    private final ConcurrentMap<K, CircuitBreaker> circuits = new ConcurrentHashMap<>();
    /** Places taken: raised before an entry is put into the map and lowered after it has left, so the map never holds more. */
    private final AtomicInteger places = new AtomicInteger();
    /** Entries thought to be idle, oldest first. Whoever takes one out decides on it alone, and puts it back if it stays. */
    private final Queue<Entry<K>> quiet = new ConcurrentLinkedQueue<>();
    /** Entries that were open, held or suspicious when last looked at. */
    private final Queue<Entry<K>> busy = new ConcurrentLinkedQueue<>();

    private final LiveNames evictedNames =
            new LiveNames("The earlier one was evicted or removed: ask the registry for each"
                    + " call instead of keeping what it gave. If nobody keeps it, it only waits for the garbage collector, and the"
                    + " registry is too small for its keys: raise maximumSize.");
    private final LongAdder evictions = new LongAdder();
    private final LongAdder unkept = new LongAdder();
    private final AtomicBoolean complainedOfHolds = new AtomicBoolean();
    private final AtomicBoolean complainedOfListeners = new AtomicBoolean();
    private final List<BiConsumer<? super K, ? super CircuitBreaker>> creationListeners = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<? super K, ? super CircuitBreaker>> removalListeners = new CopyOnWriteArrayList<>();

    private final int maximumSize;
    private final Function<? super K, String> naming;
    private final CircuitSettings settings;
    private final Map<String, CircuitSettings> exact;
    private final TreeMap<String, CircuitSettings> prefixes;
    private final List<Consumer<? super Eviction<K>>> evictionListeners;
    private final Wiring wiring;

    private CircuitBreakerRegistry(Builder<K> builder) {
        maximumSize = builder.maximumSize;
        naming = builder.naming;
        settings = builder.settings;
        exact = Map.copyOf(builder.exact);
        prefixes = new TreeMap<>(builder.prefixes);
        evictionListeners = List.copyOf(builder.evictionListeners);
        wiring = builder.common.wiring();
    }

    /** A breaker in the map, as evictions look at it. */
    private static final class Entry<K> {
        final K key;
        final CircuitBreaker circuit;
        /** When it was asked last, as far as the last look at it could tell. Touched only by whoever has it in hand. */
        private long asked;

        Entry(K key, CircuitBreaker circuit) {
            this.key = key;
            this.circuit = circuit;
            this.asked = circuit.lastAsked();
        }

        /** When it was asked last: to the moment if it refuses calls; if it does not, it is now where it was used since the last look. */
        long lastAsked() {
            long known = circuit.lastAsked();
            if (circuit.lookedUp && circuit.state() == CircuitState.CLOSED) {
                circuit.lookedUp = false;
                known = circuit.now();
            }
            asked = known - asked > 0 ? known : asked;
            return asked;
        }
    }

    /**
     * A breaker was evicted to make room.
     *
     * @param key the key under which it was kept
     * @param circuit the breaker; it still works
     */
    public record Eviction<K>(K key, CircuitBreaker circuit) {}

    /** To say which settings, names and bound. */
    public static <K> Builder<K> builder() {
        return new Builder<>();
    }

    /**
     * The breaker of this key, made now if there is none.
     *
     * @throws IllegalArgumentException if the key's name is blank
     */
    public CircuitBreaker get(K key) {
        CircuitBreaker circuit = circuits.get(key);
        if (circuit == null) {
            return create(key);
        }
        if (!circuit.lookedUp) {
            circuit.lookedUp = true;
        }
        return circuit;
    }

    /** The breaker of this key, if there is one. Does not count as a use. */
    public Optional<CircuitBreaker> find(K key) {
        return Optional.ofNullable(circuits.get(key));
    }

    /** Forgets the breaker of this key, held or not; whoever references it can go on using it. Takes time in proportion to the size. */
    public boolean remove(K key) {
        CircuitBreaker circuit = circuits.remove(key);
        if (circuit == null) {
            return false;
        }
        places.decrementAndGet();
        if (!quiet.removeIf(entry -> entry.circuit == circuit)) {
            busy.removeIf(entry -> entry.circuit == circuit);
        }
        evictedNames.note(circuit.name(), circuit);
        tell(removalListeners, key, circuit);
        return true;
    }

    /** Shows every key and its breaker, as far as they are there throughout; in no order. */
    public void forEach(BiConsumer<? super K, ? super CircuitBreaker> action) {
        circuits.forEach(action);
    }

    /** How many breakers are kept; never more than {@link #maximumSize}. */
    public int size() {
        return places.get(); // not circuits.size(), which is a sum of moving parts and can read too high
    }

    /** How many breakers are kept at most. */
    public int maximumSize() {
        return maximumSize;
    }

    /** How many breakers were evicted to make room, ever. */
    public long evictions() {
        return evictions.sum();
    }

    /** How many breakers were made and not kept, because all others are held. */
    public long unkept() {
        return unkept.sum();
    }

    /** The settings that a breaker of this name gets: by exact name, then by longest prefix, then the registry's own. */
    public CircuitSettings settingsFor(String name) {
        CircuitSettings own = exact.get(name);
        if (own != null) {
            return own;
        }
        // The longest prefix of the name sorts last among all that sort no later than the name; shorter ones may lie
        // behind others.
        for (Map.Entry<String, CircuitSettings> prefix = prefixes.floorEntry(name);
                prefix != null;
                prefix = prefixes.lowerEntry(prefix.getKey())) {
            if (name.startsWith(prefix.getKey())) {
                return prefix.getValue();
            }
        }
        return settings;
    }

    // ---- listening

    /**
     * Tells the listener of every breaker that is kept from now on, on the thread that asked for it, before that thread gets it. If it throws, that is logged once.
     *
     * @return to be closed to stop listening
     */
    public CircuitBreaker.Subscription onCreation(BiConsumer<? super K, ? super CircuitBreaker> listener) {
        return subscribe(creationListeners, listener);
    }

    /**
     * Tells the listener of every breaker that is not kept any more, evicted or removed, on the thread that caused it. Each breaker whose creation was told is told
     * here too when it goes, once or, in a race, twice. If the listener throws, that is logged once.
     *
     * @return to be closed to stop listening
     */
    public CircuitBreaker.Subscription onRemoval(BiConsumer<? super K, ? super CircuitBreaker> listener) {
        return subscribe(removalListeners, listener);
    }

    private static <L extends BiConsumer<?, ?>> CircuitBreaker.Subscription subscribe(List<L> listeners, L listener) {
        Objects.requireNonNull(listener, "listener");
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    // ---- making room

    private CircuitBreaker create(K key) {
        String name = naming.apply(key);
        CircuitBreaker circuit = new CircuitBreaker(name, wiring, settingsFor(name));
        evictedNames.warnIfLive(name);
        if (!takePlace()) {
            unkept.increment();
            if (complainedOfHolds.compareAndSet(false, true)) {
                Log.warn(
                        "All " + maximumSize + " breakers of a registry are held, so none can make room for '" + name
                                + "': it works, but is not kept and will not see a second failure. Raise maximumSize or release holds.");
            }
            return circuit;
        }
        CircuitBreaker earlier = circuits.putIfAbsent(key, circuit);
        if (earlier != null) {
            places.decrementAndGet(); // another thread made one for the same key in the meantime
            return earlier;
        }
        tell(creationListeners, key, circuit);
        quiet.add(new Entry<>(key, circuit)); // from now on it can be evicted, not before its creation was told
        if (circuits.get(key) != circuit) {
            tell(removalListeners, key, circuit); // it was removed before its creation was told
        }
        return circuit;
    }

    private void tell(List<BiConsumer<? super K, ? super CircuitBreaker>> listeners, K key, CircuitBreaker circuit) {
        for (BiConsumer<? super K, ? super CircuitBreaker> listener : listeners) {
            try {
                listener.accept(key, circuit);
            } catch (Throwable thrown) {
                complainOfListener(thrown);
            }
        }
    }

    private void complainOfListener(Throwable thrown) {
        if (complainedOfListeners.compareAndSet(false, true)) {
            Log.warn(
                    "A listener of a registry threw; the registry is not affected. Further exceptions are not logged.",
                    thrown);
        }
    }

    private boolean takePlace() {
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            int taken = places.get();
            if (taken < maximumSize) {
                if (places.compareAndSet(taken, taken + 1)) {
                    return true;
                }
            } else if (!evictQuiet() && !evictBusy()) {
                if (attempt % ATTEMPTS_BEFORE_COUNTING == 0 && held() >= maximumSize) {
                    return false;
                }
                Thread.onSpinWait(); // another thread has a candidate in hand, or one lies further back among the held
            }
        }
        return false;
    }

    private int held() {
        int held = 0;
        for (CircuitBreaker circuit : circuits.values()) {
            held += circuit.isHeld() ? 1 : 0;
        }
        return held;
    }

    private boolean evictQuiet() {
        int chances = 0;
        for (Entry<K> entry = quiet.poll(); entry != null; entry = quiet.poll()) {
            if (!isKept(entry)) {
                continue;
            }
            if (!entry.circuit.isIdle()) {
                busy.add(entry);
            } else if (entry.circuit.lookedUp && chances < MOST_SECOND_CHANCES) {
                chances++;
                entry.circuit.lookedUp = false;
                quiet.add(entry);
            } else if (evict(entry)) {
                return true;
            }
        }
        return false;
    }

    private boolean evictBusy() {
        List<Entry<K>> stay = new ArrayList<>();
        Entry<K> oldest = null;
        for (int looked = 0; looked < BUSY_SAMPLE; looked++) {
            Entry<K> entry = busy.poll();
            if (entry == null) {
                break;
            }
            if (!isKept(entry)) {
                continue;
            }
            if (entry.circuit.isHeld()) {
                stay.add(entry);
            } else if (oldest == null) {
                oldest = entry;
            } else if (isBetterVictim(entry, oldest)) {
                stay.add(oldest);
                oldest = entry;
            } else {
                stay.add(entry);
            }
        }
        busy.addAll(stay);
        return oldest != null && evict(oldest);
    }

    /** Those that have become idle since go first, then the one asked least recently. */
    private static boolean isBetterVictim(Entry<?> entry, Entry<?> than) {
        boolean idle = entry.circuit.isIdle();
        return idle == than.circuit.isIdle() ? entry.lastAsked() - than.lastAsked() < 0 : idle;
    }

    private boolean isKept(Entry<K> entry) {
        return circuits.get(entry.key) == entry.circuit;
    }

    private boolean evict(Entry<K> entry) {
        if (!circuits.remove(entry.key, entry.circuit)) {
            return false;
        }
        places.decrementAndGet();
        evictions.increment();
        evictedNames.note(entry.circuit.name(), entry.circuit);
        Eviction<K> eviction = new Eviction<>(entry.key, entry.circuit);
        for (Consumer<? super Eviction<K>> listener : evictionListeners) {
            try {
                listener.accept(eviction);
            } catch (Throwable thrown) {
                complainOfListener(thrown);
            }
        }
        tell(removalListeners, entry.key, entry.circuit);
        return true;
    }

    /**
     * Builds a registry. What it shares with {@link CircuitBreaker.Builder} goes to every breaker. Not thread-safe.
     *
     * @param <K> the key
     */
    public static final class Builder<K> {
        private int maximumSize = DEFAULT_MAXIMUM;
        private Function<? super K, String> naming = String::valueOf;
        private CircuitSettings settings = CircuitSettings.classic();
        private final Map<String, CircuitSettings> exact = new TreeMap<>();
        private final Map<String, CircuitSettings> prefixes = new TreeMap<>();
        private final List<Consumer<? super Eviction<K>>> evictionListeners = new ArrayList<>();
        /** Only for what it wires: every breaker has a name and settings of its own. */
        private final CircuitBreaker.Builder common = CircuitBreaker.builder("every breaker of a registry");

        private Builder() {}

        /** How many breakers are kept at most: 1 to 100,000,000. Default: 10,000. */
        public Builder<K> maximumSize(int maximumSize) {
            this.maximumSize = Bounds.check("the maximum size of a registry", maximumSize, 1, MOST);
            return this;
        }

        /** How a key is called. Default: {@link String#valueOf(Object)}. */
        public Builder<K> naming(Function<? super K, String> naming) {
            this.naming = Objects.requireNonNull(naming, "naming");
            return this;
        }

        /** The settings of every breaker for which no pattern says otherwise. Default: {@link CircuitSettings#classic()}. */
        public Builder<K> settings(CircuitSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * The settings of the breaker of this name, or of all whose names begin with what stands before a final {@code *}. The exact
         * name wins over prefixes, the longest prefix over shorter ones.
         *
         * @throws IllegalArgumentException if the pattern is blank, has a {@code *} before its end, or was given before
         */
        public Builder<K> settings(String pattern, CircuitSettings settings) {
            Objects.requireNonNull(settings, "settings");
            int star = pattern.indexOf('*');
            if (pattern.isBlank() || (star >= 0 && star < pattern.length() - 1)) {
                throw new IllegalArgumentException(
                        "\"" + pattern
                                + "\" is no pattern: write a name, or the beginning of names and one * at the end, such as payments-*.");
            }
            CircuitSettings earlier = star < 0
                    ? exact.putIfAbsent(pattern, settings)
                    : prefixes.putIfAbsent(pattern.substring(0, star), settings);
            if (earlier != null) {
                throw new IllegalArgumentException(
                        "The pattern \"" + pattern + "\" was given before, with \"" + earlier + "\"; give it once.");
            }
            return this;
        }

        /** As {@link CircuitBreaker.Builder#classifier}. */
        public Builder<K> classifier(Classifier classifier) {
            common.classifier(classifier);
            return this;
        }

        /** As {@link CircuitBreaker.Builder#onEvent}, for the events of every breaker. */
        public Builder<K> onEvent(Consumer<? super CircuitEvent> listener) {
            common.onEvent(listener);
            return this;
        }

        /** A listener for evictions. It runs on the thread that asked for the new key; if it throws, that is logged once. */
        public Builder<K> onEviction(Consumer<? super Eviction<K>> listener) {
            evictionListeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** As {@link CircuitBreaker.Builder#onAnswer(Function)}: each breaker gets the listener that is made for its name. */
        public Builder<K> onAnswer(Function<? super String, ? extends AnswerListener> listenerOf) {
            common.onAnswer(listenerOf);
            return this;
        }

        /** As {@link CircuitBreaker.Builder#ticker}. */
        public Builder<K> ticker(Ticker ticker) {
            common.ticker(ticker);
            return this;
        }

        /** As {@link CircuitBreaker.Builder#random}. */
        public Builder<K> random(Supplier<? extends RandomGenerator> random) {
            common.random(random);
            return this;
        }

        /** As {@link CircuitBreaker.Builder#countSuccesses}. */
        public Builder<K> countSuccesses() {
            common.countSuccesses();
            return this;
        }

        /** As {@link CircuitBreaker.Builder#timeCalls}. */
        public Builder<K> timeCalls() {
            common.timeCalls();
            return this;
        }

        /** The registry, empty. */
        public CircuitBreakerRegistry<K> build() {
            return new CircuitBreakerRegistry<>(this);
        }
    }
}
