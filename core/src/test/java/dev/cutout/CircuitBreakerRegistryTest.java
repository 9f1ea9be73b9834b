package dev.cutout;

import static dev.cutout.CircuitState.CLOSED;
import static dev.cutout.CircuitState.OPEN;
import static dev.cutout.PlayedCalls.fail;
import static dev.cutout.PlayedCalls.refusal;
import static dev.cutout.PlayedCalls.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One breaker for each key, never more than allowed, and whom it costs when there are too many. */
class CircuitBreakerRegistryTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final List<String> evicted = new ArrayList<>();

    /** A key that is no text. */
    private record Host(String name, int port) {}

    @Nested
    class Keys {
        @Test
        void aKeyHasOneBreakerByItsName() {
            CircuitBreakerRegistry<String> registry = registry(10);

            CircuitBreaker inventory = registry.get("inventory");

            assertThat(registry.get("inventory")).isSameAs(inventory);
            assertThat(inventory.name()).isEqualTo("inventory");
            assertThat(registry.get("payments")).isNotSameAs(inventory);
            assertThat(registry.size()).isEqualTo(2);
        }

        @Test
        void anythingWithEqualsCanBeAKey() {
            CircuitBreakerRegistry<Host> registry = CircuitBreakerRegistry.<Host>builder()
                    .naming(host -> host.name() + ":" + host.port())
                    .build();

            CircuitBreaker first = registry.get(new Host("a", 80));

            assertThat(registry.get(new Host("a", 80))).isSameAs(first);
            assertThat(registry.get(new Host("a", 81))).isNotSameAs(first);
            assertThat(first.name()).isEqualTo("a:80");
        }

        @Test
        void aKeyIsCalledByItsTextUnlessSaidOtherwise() {
            CircuitBreakerRegistry<Integer> registry =
                    CircuitBreakerRegistry.<Integer>builder().build();

            assertThat(registry.get(42).name()).isEqualTo("42");
        }

        @Test
        void nullAndBlankNamesAreRefused() {
            CircuitBreakerRegistry<String> registry = registry(10);

            assertThatNullPointerException().isThrownBy(() -> registry.get(null));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.get(" "))
                    .withMessage(
                            "A circuit wants a name that is not blank: it stands in messages, events and metrics.");
            assertThat(registry.size()).isZero();
        }

        @Test
        void findMakesNone() {
            CircuitBreakerRegistry<String> registry = registry(10);
            assertThat(registry.find("a")).isEmpty();
            assertThat(registry.size()).isZero();

            CircuitBreaker made = registry.get("a");

            assertThat(registry.find("a")).containsSame(made);
        }

        @Test
        void removeForgetsEvenAHeldOneOnce() {
            CircuitBreakerRegistry<String> registry = registry(1);
            CircuitBreaker held = registry.get("a");
            held.hold(Hold.open());

            assertThat(registry.remove("a")).isTrue();

            assertThat(registry.remove("a")).isFalse();
            assertThat(registry.size()).isZero();
            assertThat(registry.find("a")).isEmpty();
            assertThat(registry.get("b")).isSameAs(registry.get("b"));
            assertThat(registry.evictions()).isZero();
        }

        @Test
        void aRemovedOneGivesItsPlaceBack() {
            CircuitBreakerRegistry<String> registry = registry(2);
            registry.get("a");
            open(registry.get("b"));
            registry.get("c"); // looks at both, and evicts a
            for (String key : List.of("b", "c")) {
                assertThat(registry.remove(key)).isTrue();
            }

            registry.get("d");
            registry.get("e");

            assertThat(keys(registry)).containsExactly("d", "e");
            assertThat(registry.evictions()).isEqualTo(1);
        }

        @Test
        void forEachShowsAll() {
            CircuitBreakerRegistry<String> registry = registry(10);
            CircuitBreaker a = registry.get("a");
            CircuitBreaker b = registry.get("b");
            Map<String, CircuitBreaker> seen = new TreeMap<>();

            registry.forEach(seen::put);

            assertThat(seen).isEqualTo(Map.of("a", a, "b", b));
        }

        /** Were the breaker put in place of another that was there first, two threads would go home with different ones. */
        @Test
        void manyThreadsThatAskForTheSameNewKeyGetTheSameBreaker() throws Exception {
            CircuitBreakerRegistry<Integer> registry = CircuitBreakerRegistry.<Integer>builder()
                    .maximumSize(10_000)
                    .build();
            List<Integer> keys = IntStream.range(0, 5_000).boxed().toList();
            CircuitBreaker[][] got = new CircuitBreaker[2][keys.size()];
            try (Crowd crowd = new Crowd(2)) {
                crowd.meetAt(keys, (member, key) -> got[member][key] = registry.get(key));
            }
            for (int key : keys) {
                assertThat(got[0][key]).isSameAs(got[1][key]).isSameAs(registry.get(key));
            }
            assertThat(registry.size()).isEqualTo(keys.size());
        }
    }

    @Nested
    class Settings {
        private final CircuitSettings one = CircuitSettings.parse("trip 1 consecutive");
        private final CircuitSettings two = CircuitSettings.parse("trip 2 consecutive");
        private final CircuitSettings three = CircuitSettings.parse("trip 3 consecutive");
        private final CircuitSettings four = CircuitSettings.parse("trip 4 consecutive");

        @Test
        void areClassicUnlessSaidOtherwise() {
            assertThat(CircuitBreakerRegistry.<String>builder().build().get("a").settings())
                    .isEqualTo(CircuitSettings.classic());
        }

        @ParameterizedTest
        @CsvSource({
            "pay, 1",
            "payments, 2",
            "payments-, 3",
            "payments-eu, 4",
            "payments-us, 3",
            "payload, 2",
            "pa, 9",
            "stock, 9",
            "zoo, 9",
        })
        void theExactNameWinsThenTheLongestPrefixThenTheRegistrysOwn(String name, int failures) {
            CircuitBreakerRegistry<String> registry = CircuitBreakerRegistry.<String>builder()
                    .settings(CircuitSettings.parse("trip 9 consecutive"))
                    .settings("pay*", two)
                    .settings("pay", one)
                    .settings("payments-*", three)
                    .settings("payments-eu", four)
                    .settings("payments-e*", one)
                    .build();

            CircuitSettings expected = CircuitSettings.classic().withTrip(TripRule.consecutive(failures));
            assertThat(registry.settingsFor(name)).isEqualTo(expected);
            assertThat(registry.get(name).settings()).isEqualTo(expected);
        }

        @Test
        void aStarAloneMeansAll() {
            CircuitBreakerRegistry<String> registry = CircuitBreakerRegistry.<String>builder()
                    .settings("*", one)
                    .settings("b*", two)
                    .build();

            assertThat(registry.settingsFor("a")).isEqualTo(one);
            assertThat(registry.settingsFor("b")).isEqualTo(two);
            assertThat(registry.settingsFor("c")).isEqualTo(one);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "*payments", "pay*ments", "payments-**"})
        void whatIsNoPatternIsRefused(String pattern) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CircuitBreakerRegistry.<String>builder().settings(pattern, one))
                    .withMessage("\"" + pattern + "\" is no pattern: write a name, or the beginning of names and one *"
                            + " at the end, such as payments-*.");
        }

        @ParameterizedTest
        @ValueSource(strings = {"payments", "payments-*", "*"})
        void aPatternIsGivenOnce(String pattern) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CircuitBreakerRegistry.<String>builder()
                            .settings(pattern, one)
                            .settings(pattern, two))
                    .withMessage("The pattern \"" + pattern
                            + "\" was given before, with \"trip 1 consecutive; wait 30s; probes 1\"; give it once.");
        }

        @ParameterizedTest
        @CsvSource({"0, 0", "-1, -1", "100000001, '100,000,001'"})
        void aSizeOutsideTheBoundsIsRefused(int size, String shown) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CircuitBreakerRegistry.<String>builder().maximumSize(size))
                    .withMessage(
                            "The maximum size of a registry: " + shown + " is not allowed; give 1 to 100,000,000.");
        }

        @Test
        void whatTheBuilderSharesReachesEveryBreaker() {
            List<CircuitEvent> events = new ArrayList<>();
            AtomicInteger drawn = new AtomicInteger();
            CircuitBreakerRegistry<String> registry = CircuitBreakerRegistry.<String>builder()
                    .settings(CircuitSettings.parse("trip 1 consecutive; wait 1s to 1m; slow 1s"))
                    .classifier(Classifier.failures(IOException.class))
                    .ticker(ticker)
                    .random(() -> {
                        drawn.incrementAndGet();
                        return new Random(1);
                    })
                    .onEvent(events::add)
                    .countSuccesses()
                    .timeCalls()
                    .build();
            for (String key : List.of("a", "b")) {
                CircuitBreaker circuit = registry.get(key);
                succeed(circuit);
                Permit permit = circuit.acquire();
                ticker.advanceSeconds(2);
                permit.record(new IllegalStateException());
                assertThat(circuit.state()).isEqualTo(CLOSED);
                circuit.acquire().record(new IOException());
                assertThat(circuit.state()).isEqualTo(OPEN);
                assertThat(circuit.snapshot().counts().successes()).isEqualTo(OptionalLong.of(1));
                assertThat(circuit.snapshot().counts().totalDuration()).contains(Duration.ZERO);
            }
            assertThat(events).extracting(CircuitEvent::circuit).containsExactly("a", "b");
            assertThat(drawn).hasValue(2);
        }
    }

    @Nested
    class TheBound {
        /** Places are taken before an entry is put into the map; were the size looked at in place of them, threads would pass the bound together. */
        @Test
        void holdsAtEveryMomentHoweverManyStrangersCome() throws Exception {
            int maximum = 1_000;
            int keysEach = 12_500;
            CircuitBreakerRegistry<Integer> registry = CircuitBreakerRegistry.<Integer>builder()
                    .maximumSize(maximum)
                    .build();
            AtomicInteger most = new AtomicInteger();
            try (Crowd crowd = new Crowd(8)) {
                crowd.doAtOnce(member -> {
                    for (int i = 0; i < keysEach; i++) {
                        registry.get(member * keysEach + i);
                        most.accumulateAndGet(registry.size(), Math::max);
                    }
                });
            }
            assertThat(most).hasValue(maximum);
            assertThat(registry.size()).isEqualTo(maximum);
            assertThat(registry.evictions()).isEqualTo(8L * keysEach - maximum);
            assertThat(registry.unkept()).isZero();
        }

        /** Only held breakers are a reason to keep none: that other threads have the only candidate in hand is none. */
        @Test
        void holdsWithOnePlaceAndNoBreakerIsTakenForHeld() throws Exception {
            CircuitBreakerRegistry<Integer> registry =
                    CircuitBreakerRegistry.<Integer>builder().maximumSize(1).build();
            try (Warnings warnings = new Warnings();
                    Crowd crowd = new Crowd(4)) {
                crowd.doAtOnce(member -> {
                    for (int i = 0; i < 5_000; i++) {
                        registry.get(member * 5_000 + i);
                    }
                });
                assertThat(warnings.messages()).isEmpty();
            }
            assertThat(registry.size()).isEqualTo(1);
            assertThat(registry.unkept()).isZero();
            assertThat(registry.evictions()).isEqualTo(19_999);
        }

        @Test
        void holdsWhenAMillionKeysComeAndGo() {
            CircuitBreakerRegistry<Integer> registry = CircuitBreakerRegistry.<Integer>builder()
                    .maximumSize(1_000)
                    .ticker(ticker)
                    .build();
            for (int key = 0; key < 1_000_000; key++) {
                registry.get(key);
            }
            assertThat(registry.size()).isEqualTo(1_000);
            assertThat(registry.evictions()).isEqualTo(999_000);
            assertThat(registry.find(999_999)).isPresent();
        }

        /** With every breaker open, each new key looks at a few of them only, however many there are. */
        @Test
        void holdsWhenEveryBreakerOfALargeRegistryIsOpen() {
            CircuitBreakerRegistry<Integer> registry = CircuitBreakerRegistry.<Integer>builder()
                    .maximumSize(2_000)
                    .settings(CircuitSettings.parse("trip 1 consecutive"))
                    .ticker(ticker)
                    .build();
            for (int key = 0; key < 20_000; key++) {
                fail(registry.get(key));
            }
            assertThat(registry.size()).isEqualTo(2_000);
            assertThat(registry.evictions()).isEqualTo(18_000);
        }
    }

    @Nested
    class WhoGoes {
        @Test
        void theOldestIdleOneGoesFirst() {
            CircuitBreakerRegistry<String> registry = registryOf("a", "b", "c");

            registry.get("new");

            assertThat(evicted).containsExactly("a");
            assertThat(keys(registry)).containsExactly("b", "c", "new");
        }

        @Test
        void anIdleOneThatWasUsedGetsASecondChance() {
            CircuitBreakerRegistry<String> registry = registryOf("a", "b", "c");
            registry.get("a");

            registry.get("new");
            registry.get("newer");
            registry.get("newest");

            assertThat(evicted).containsExactly("b", "c", "a");
        }

        @Test
        void ifAllWereUsedTheOldestGoesAfterAll() {
            CircuitBreakerRegistry<String> registry = registryOf("a", "b", "c");
            List.of("c", "b", "a").forEach(registry::get);

            registry.get("new");

            assertThat(evicted).containsExactly("a");
        }

        @Test
        void aLookWithoutUseSavesNobody() {
            CircuitBreakerRegistry<String> registry = registryOf("a", "b");
            assertThat(registry.find("a")).isPresent();
            registry.forEach((key, circuit) -> assertThat(circuit.state()).isEqualTo(CLOSED));

            registry.get("new");

            assertThat(evicted).containsExactly("a");
        }

        @Test
        void anIdleOneGoesBeforeASuspectingOneAndAnOpenOne() {
            CircuitBreakerRegistry<String> registry = registryOf("open", "suspecting", "idle");
            open(registry.get("open"));
            fail(registry.get("suspecting"));
            registry.get("idle");

            registry.get("new");

            assertThat(evicted).containsExactly("idle");
        }

        @Test
        void oneThatClosedAgainIsAsGoodAsIdle() {
            CircuitBreakerRegistry<String> registry = registryOf("a", "b");
            open(registry.get("a"));
            open(registry.get("b"));
            registry.get("c");
            assertThat(evicted).hasSize(1);
            ticker.advanceSeconds(30);
            open(registry.get("c"));
            CircuitBreaker recovered = registry.get(keys(registry).get(0));
            succeed(recovered);

            registry.get("new");

            assertThat(evicted).endsWith(recovered.name());
        }

        @ParameterizedTest
        @ValueSource(strings = {"abcd", "dcba", "bdac", "cadb", "acbd"})
        void ofOpenOnesTheOneAskedLeastRecentlyGoes(String asked) {
            CircuitBreakerRegistry<String> registry = registryOf("a", "b", "c", "d");
            List.of("a", "b", "c", "d").forEach(key -> open(registry.get(key)));
            List<String> order = Arrays.asList(asked.split(""));
            order.forEach(key -> {
                ticker.advanceSeconds(1);
                refusal(registry.get(key));
            });

            for (int i = 0; i < 4; i++) {
                ticker.advanceSeconds(1);
                CircuitBreaker circuit = registry.get("new " + i);
                open(circuit);
                refusal(circuit);
            }

            assertThat(evicted).isEqualTo(order);
        }

        /** Were the age of the stay taken for the last time it was asked, the one that everybody uses would go, since it is the oldest. */
        @Test
        void ofSuspectingOnesTheOneAskedLeastRecentlyGoes() {
            CircuitBreakerRegistry<String> registry = registry(2);
            fail(registry.get("popular"));
            ticker.advanceSeconds(1);
            fail(registry.get("forgotten"));
            ticker.advanceSeconds(1);
            fail(registry.get("popular"));

            registry.get("new");

            assertThat(evicted).containsExactly("forgotten");
        }

        @ParameterizedTest
        @ValueSource(strings = {"trip 5 failures within 10s", "trip 50% of last 10s, at least 20"})
        void aFailureThatNoLongerCountsMakesNobodySuspecting(String settings) {
            CircuitBreakerRegistry<String> registry =
                    builder(2).settings(CircuitSettings.parse(settings)).build();
            fail(registry.get("a"));
            ticker.advanceSeconds(60);
            registry.get("b");

            registry.get("new");

            assertThat(evicted).containsExactly("a");
        }

        /** A second breaker for the same key would let as many calls through once more. */
        @Test
        void oneWithCallsInFlightUnderALimitIsNotIdle() {
            CircuitBreakerRegistry<String> registry =
                    builder(2).settings(CircuitSettings.parse("limit 1")).build();
            CircuitBreaker loaded = registry.get("loaded");
            Permit inFlight = loaded.acquire();
            registry.get("idle");

            registry.get("new");

            assertThat(evicted).containsExactly("idle");
            inFlight.success();
        }

        @ParameterizedTest
        @ValueSource(strings = {"OPEN", "CLOSED", "OBSERVING"})
        void aHeldOneNeverGoes(Hold.Kind kind) {
            CircuitBreakerRegistry<String> registry = registryOf("held", "other");
            registry.get("held")
                    .hold(
                            switch (kind) {
                                case OPEN -> Hold.open();
                                case CLOSED -> Hold.closed();
                                case OBSERVING -> Hold.observing();
                            });
            for (int i = 0; i < 100; i++) {
                ticker.advanceSeconds(1);
                open(registry.get("new " + i));
            }
            assertThat(registry.find("held")).isPresent();
            assertThat(registry.evictions()).isEqualTo(100);
        }

        @Test
        void oneWhoseHoldHasEndedMayGo() {
            CircuitBreakerRegistry<String> registry = registryOf("held");
            registry.get("held").hold(Hold.observing().until(Duration.ofSeconds(10)));
            ticker.advanceSeconds(10);

            registry.get("new");

            assertThat(evicted).containsExactly("held");
        }

        /** However many are held, one that is not makes room: else the warning would not be true, and the new one would learn nothing. */
        @ParameterizedTest
        @ValueSource(ints = {10, 100, 10_000})
        void theOnlyOneThatIsNotHeldIsFound(int held) {
            CircuitBreakerRegistry<Integer> registry = CircuitBreakerRegistry.<Integer>builder()
                    .maximumSize(held + 1)
                    .ticker(ticker)
                    .build();
            for (int key = 0; key < held; key++) {
                registry.get(key).hold(Hold.open());
            }
            open(registry.get(held));

            try (Warnings warnings = new Warnings()) {
                registry.get(held + 1);
                assertThat(warnings.messages()).isEmpty();
            }

            assertThat(registry.unkept()).isZero();
            assertThat(registry.find(held)).isEmpty();
            assertThat(registry.find(held + 1)).isPresent();
        }
    }

    @Nested
    class AllHeld {
        @Test
        void aNewOneWorksButIsNotKept() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry = registryOf("a", "b");
                registry.forEach((key, circuit) -> circuit.hold(Hold.closed()));

                CircuitBreaker unkept = registry.get("new");
                fail(unkept, 5);

                assertThat(unkept.state()).isEqualTo(OPEN);
                assertThat(registry.get("new")).isNotSameAs(unkept);
                assertThat(keys(registry)).containsExactly("a", "b");
                assertThat(registry.unkept()).isEqualTo(2);
                assertThat(registry.evictions()).isZero();
                assertThat(warnings.messages())
                        .containsExactly("All 2 breakers of a registry are held, so none can make room for 'new':"
                                + " it works, but is not kept and will not see a second failure."
                                + " Raise maximumSize or release holds.");
            }
        }

        @Test
        void onceOneIsReleasedItMakesRoom() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry = registryOf("a", "b");
                registry.forEach((key, circuit) -> circuit.hold(Hold.closed()));
                registry.get("new");
                registry.get("b").release();

                assertThat(registry.get("new")).isSameAs(registry.get("new"));

                assertThat(evicted).containsExactly("b");
                assertThat(warnings.messages()).hasSize(1);
            }
        }

        @Test
        void isWarnedOfEvenIfAListenerThrewBefore() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry = builder(1)
                        .onEviction(eviction -> {
                            throw new IllegalStateException("listener");
                        })
                        .build();
                registry.get("a");
                registry.get("b").hold(Hold.open());

                registry.get("c");

                assertThat(warnings.messages())
                        .satisfiesExactly(
                                first -> assertThat(first).startsWith("A listener of a registry threw"),
                                second -> assertThat(second).startsWith("All 1 breakers of a registry are held"));
            }
        }
    }

    @Nested
    class Listeners {
        private final List<String> told = new ArrayList<>();

        private void listen(CircuitBreakerRegistry<String> registry) {
            registry.onCreation((key, circuit) -> told.add("+" + key + " " + circuit.state()));
            registry.onRemoval((key, circuit) -> told.add("-" + key));
        }

        @Test
        void areToldOfWhatComesAndGoes() {
            CircuitBreakerRegistry<String> registry = registry(2);
            registry.get("early");
            listen(registry);
            registry.get("a");
            registry.get("a");
            registry.remove("a");
            registry.remove("a");
            registry.get("b");
            registry.get("c");

            assertThat(told).containsExactly("+a CLOSED", "-a", "+b CLOSED", "-early", "+c CLOSED");
        }

        @Test
        void canStopListening() {
            CircuitBreakerRegistry<String> registry = registry(10);
            CircuitBreaker.Subscription creation = registry.onCreation((key, circuit) -> told.add("+" + key));
            CircuitBreaker.Subscription removal = registry.onRemoval((key, circuit) -> told.add("-" + key));
            registry.get("a");
            creation.close();
            removal.close();
            creation.close();
            registry.get("b");
            registry.remove("a");

            assertThat(told).containsExactly("+a");
        }

        @Test
        void neitherHinderTheCallerNorEachOtherWhenTheyThrow() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry = registry(10);
                registry.onCreation((key, circuit) -> {
                    throw new IllegalStateException("listener");
                });
                registry.onRemoval((key, circuit) -> {
                    throw new IllegalStateException("listener");
                });
                listen(registry);
                succeed(registry.get("a"));
                registry.remove("a");

                assertThat(told).containsExactly("+a CLOSED", "-a");
                assertThat(warnings.messages()).hasSize(1);
            }
        }

        /** As a race could have it: whoever was told of the creation must not keep it for ever. */
        @Test
        void areToldOfARemovalThatOvertookTheCreation() {
            CircuitBreakerRegistry<String> registry = registry(10);
            registry.onCreation((key, circuit) -> registry.remove(key));
            listen(registry);
            registry.get("a");

            assertThat(told).containsExactly("-a", "+a CLOSED", "-a");
        }
    }

    @Nested
    class AnEvictedOne {
        @Test
        void keepsWorking() {
            CircuitBreakerRegistry<String> registry = registryOf("a");
            CircuitBreaker evictedOne = registry.get("a");
            registry.get("new");
            assertThat(evicted).containsExactly("a");

            fail(evictedOne, 5);
            assertThat(evictedOne.state()).isEqualTo(OPEN);
            ticker.advanceSeconds(30);
            succeed(evictedOne);

            assertThat(evictedOne.state()).isEqualTo(CLOSED);
        }

        @Test
        void isToldWithItsKeyAndCounted() {
            List<CircuitBreakerRegistry.Eviction<String>> told = new ArrayList<>();
            CircuitBreakerRegistry<String> registry =
                    builder(1).onEviction(told::add).build();
            CircuitBreaker a = registry.get("a");
            CircuitBreaker b = registry.get("b");
            registry.get("c");

            assertThat(told)
                    .containsExactly(
                            new CircuitBreakerRegistry.Eviction<>("a", a),
                            new CircuitBreakerRegistry.Eviction<>("b", b));
            assertThat(registry.evictions()).isEqualTo(2);
        }

        @Test
        void isEvictedEvenIfAListenerThrowsWhichIsLoggedOnce() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry = CircuitBreakerRegistry.<String>builder()
                        .maximumSize(1)
                        .onEviction(eviction -> {
                            throw new AssertionError("listener");
                        })
                        .onEviction(eviction -> evicted.add(eviction.key()))
                        .build();
                List.of("a", "b", "c").forEach(registry::get);

                assertThat(evicted).containsExactly("a", "b");
                assertThat(keys(registry)).containsExactly("c");
                assertThat(warnings.messages())
                        .containsExactly("A listener of a registry threw; the registry is not affected."
                                + " Further exceptions are not logged.");
            }
        }
    }

    @Nested
    class SecondLiveBreakers {
        @Test
        void ofAnEvictedAndStillReferencedOneAreWarnedOfOnce() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry = registryOf("a");
                List<CircuitBreaker> kept = new ArrayList<>();
                for (String key : List.of("a", "b", "a", "b", "a")) {
                    kept.add(registry.get(key));
                }
                assertThat(new HashSet<>(kept)).hasSize(5);
                assertThat(warnings.messages()).containsExactly(secondCalled("a"), secondCalled("b"));
            }
        }

        @Test
        void ofARemovedAndStillReferencedOneAreWarnedOf() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry = registry(10);
                CircuitBreaker removed = registry.get("a");
                registry.remove("a");

                assertThat(registry.get("a")).isNotSameAs(removed);

                assertThat(warnings.messages()).containsExactly(secondCalled("a"));
            }
        }

        @Test
        void ofAnEvictedOneThatIsGoneAreFine() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<String> registry =
                        CircuitBreakerRegistry.<String>builder().maximumSize(1).build();
                Grave grave = new Grave(registry.get("a"));
                registry.get("b");
                grave.awaitFilled();

                registry.get("a");

                assertThat(warnings.messages()).isEmpty();
            }
        }

        @Test
        void madeOneByOneAreWarnedOfOnce() {
            try (Warnings warnings = new Warnings()) {
                String name = "made for each call " + UUID.randomUUID(); // warned of once in the life of a JVM
                Set<CircuitBreaker> kept = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    kept.add(CircuitBreaker.of(name));
                }
                assertThat(kept).hasSize(3);
                assertThat(warnings.messages())
                        .containsExactly(secondCalled(
                                name, "Keep one in a field, or ask a CircuitBreakerRegistry for it each time."));
            }
        }

        @Test
        void madeOneByOneWhenTheFirstIsGoneAreFine() {
            try (Warnings warnings = new Warnings()) {
                new Grave(CircuitBreaker.of("made, forgotten, made again")).awaitFilled();

                assertThat(CircuitBreaker.of("made, forgotten, made again")).isNotNull();

                assertThat(warnings.messages()).isEmpty();
            }
        }

        @Test
        void oneInARegistryAndOneElsewhereAreFine() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreaker elsewhere = CircuitBreaker.of("in two places");

                assertThat(registry(10).get("in two places")).isNotSameAs(elsewhere);

                assertThat(warnings.messages()).isEmpty();
            }
        }

        /** Strangers choose the keys, so the log must not grow with them. */
        @Test
        void areWarnedOfForAHundredNamesAtMost() {
            try (Warnings warnings = new Warnings()) {
                CircuitBreakerRegistry<Integer> registry =
                        CircuitBreakerRegistry.<Integer>builder().maximumSize(1).build();
                Set<CircuitBreaker> kept = ConcurrentHashMap.newKeySet();
                for (int round = 0; round < 2; round++) {
                    for (int key = 0; key < 500; key++) {
                        kept.add(registry.get(key));
                    }
                }
                assertThat(kept).hasSize(1_000);
                assertThat(warnings.messages()).hasSize(100);
            }
        }

        private String secondCalled(String name) {
            return secondCalled(
                    name,
                    "The earlier one was evicted or removed: ask the registry for each call instead of keeping what it gave."
                            + " If nobody keeps it, it only waits for the garbage collector, and the registry is too small for"
                            + " its keys: raise maximumSize.");
        }

        private String secondCalled(String name, String advice) {
            return "A second live circuit breaker is called '" + name
                    + "'. They know nothing of each other's failures. " + advice;
        }
    }

    /** Knows when a breaker is gone for good. */
    private static final class Grave {
        private final ReferenceQueue<CircuitBreaker> dead = new ReferenceQueue<>();
        private final WeakReference<CircuitBreaker> circuit;

        Grave(CircuitBreaker circuit) {
            this.circuit = new WeakReference<>(circuit, dead);
        }

        void awaitFilled() {
            try {
                for (int i = 0; i < 100; i++) {
                    System.gc();
                    if (dead.remove(100) == circuit) {
                        return;
                    }
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            throw new AssertionError("still referenced: " + circuit.get());
        }
    }

    private CircuitBreakerRegistry.Builder<String> builder(int maximum) {
        return CircuitBreakerRegistry.<String>builder()
                .maximumSize(maximum)
                .ticker(ticker)
                .onEviction(eviction -> evicted.add(eviction.key()));
    }

    private CircuitBreakerRegistry<String> registry(int maximum) {
        return builder(maximum).build();
    }

    /** Full, with these keys, made in this order. */
    private CircuitBreakerRegistry<String> registryOf(String... keys) {
        CircuitBreakerRegistry<String> registry = registry(keys.length);
        for (String key : keys) {
            registry.get(key);
        }
        return registry;
    }

    private static List<String> keys(CircuitBreakerRegistry<String> registry) {
        List<String> keys = new ArrayList<>();
        registry.forEach((key, circuit) -> keys.add(key));
        return keys.stream().sorted().toList();
    }

    private static void open(CircuitBreaker circuit) {
        while (circuit.state() == CLOSED) {
            fail(circuit);
        }
    }
}
