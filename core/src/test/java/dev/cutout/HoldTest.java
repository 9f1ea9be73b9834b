package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@link Hold} as a value; what it does to a circuit stands with the circuit's tests. */
class HoldTest {
    private static final Hold FULL =
            Hold.open().because("vendor maintenance").by("ana").until(Duration.ofHours(2));

    @Test
    void itSaysWhatItWasGiven() {
        assertThat(FULL.kind()).isEqualTo(Hold.Kind.OPEN);
        assertThat(FULL.reason()).contains("vendor maintenance");
        assertThat(FULL.actor()).contains("ana");
        assertThat(FULL.length()).contains(Duration.ofHours(2));
    }

    @Test
    void whatIsNotGivenIsEmpty() {
        Hold bare = Hold.observing();

        assertThat(bare.kind()).isEqualTo(Hold.Kind.OBSERVING);
        assertThat(bare.reason()).isEmpty();
        assertThat(bare.actor()).isEmpty();
        assertThat(bare.length()).isEmpty();
    }

    @Test
    void itReadsAsAPhrase() {
        assertThat(FULL).hasToString("held open by ana for 2 h: vendor maintenance");
        assertThat(Hold.open()).hasToString("held open");
        assertThat(Hold.closed().because("load test")).hasToString("held closed: load test");
        assertThat(Hold.observing().until(Duration.ofMinutes(90)).by("ben")).hasToString("observing by ben for 90 min");
    }

    @Test
    void theOrderOfWordsDoesNotMatter() {
        Hold same = Hold.open().until(Duration.ofHours(2)).by("ana").because("vendor maintenance");

        assertThat(same).isEqualTo(FULL).hasSameHashCodeAs(FULL).hasToString(FULL.toString());
    }

    @Test
    void holdsThatDifferInOnePartAreNotEqual() {
        List<Hold> others = List.of(
                Hold.closed().because("vendor maintenance").by("ana").until(Duration.ofHours(2)),
                FULL.because("other"),
                FULL.by("ben"),
                FULL.until(Duration.ofHours(1)),
                Hold.open());

        assertThat(others).doesNotContain(FULL);
        assertThat(FULL).isNotEqualTo(FULL.toString());
    }

    @Test
    void eachWordMakesAnotherHold() {
        Hold bare = Hold.closed();
        Hold ended = bare.until(Duration.ofSeconds(1));

        assertThat(bare.length()).isEmpty();
        assertThat(ended.length()).contains(Duration.ofSeconds(1));
        assertThat(ended.until(Duration.ofSeconds(2)).length()).contains(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT-0.000000001S", "PT8760H0.000000001S", "PT8761H"})
    void anEndThatCannotBeIsRefused(String length) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Hold.open().until(Duration.parse(length)))
                .withMessage("A hold lasts more than 0 and at most 8760h, not " + Duration.parse(length)
                        + ". Leave the end out to hold until released.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.000000001S", "PT8760H"})
    void theShortestAndTheLongestEndAreAllowed(String length) {
        assertThat(Hold.open().until(Duration.parse(length)).length()).contains(Duration.parse(length));
    }

    @Test
    void nullIsNoReasonAndNoActor() {
        assertThatNullPointerException()
                .isThrownBy(() -> Hold.open().because(null))
                .withMessage("reason");
        assertThatNullPointerException().isThrownBy(() -> Hold.open().by(null)).withMessage("actor");
    }
}
