package dev.cutout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final String NOW = "Sun, 08 Nov 2026 08:49:37 GMT";

    private static Duration read(String retryAfter, String date) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("Retry-After", List.of(retryAfter));
        if (date != null) {
            headers.put("Date", List.of(date));
        }
        return RetryAfter.in(HttpHeaders.of(headers, (name, value) -> true));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "120, 120", "' 120 ', 120", "0120, 120", "999999999, 999999999"})
    void secondsAreSeconds(String text, long seconds) {
        assertThat(read(text, null)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000000000", "99999999999999999999999999999999"})
    void tooManySecondsToCountAreForEver(String text) {
        assertThat(read(text, null)).isGreaterThanOrEqualTo(Duration.ofSeconds(1_000_000_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 08 Nov 2026 08:51:07 GMT",
                "Sunday, 08-Nov-26 08:51:07 GMT",
                "Sun Nov  8 08:51:07 2026",
                "Sun Nov 08 08:51:07 2026"
            })
    void aDateIsReadAgainstTheDateOfTheSameResponse(String text) {
        assertThat(read(text, NOW)).isEqualTo(Duration.ofSeconds(90));
        assertThat(read(text, "Sunday, 08-Nov-26 08:49:37 GMT")).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void aDateThatIsPastMeansNow() {
        assertThat(read("Sun, 08 Nov 2026 08:49:36 GMT", NOW)).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "Thu, 99 Nov 2026 08:49:37 GMT", "120"})
    void aDateSaysNothingWithoutADateBesideIt(String date) {
        assertThat(read("Sun, 08 Nov 2026 08:51:07 GMT", null)).isNull();
        assertThat(read("Sun, 08 Nov 2026 08:51:07 GMT", date)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-1",
                "+1",
                "1.5",
                "1e3",
                "10s",
                "soon",
                "\u0661\u0662",
                "Mon, 08 Nov 2026 08:51:07 GMT", // it was a Sunday
                "Sun, 31 Feb 2026 08:51:07 GMT",
                "Sun, 08 Nov 2026 08:51:07 CET",
                "2026-11-08T08:51:07Z",
                "So, 08 Nov 2026 08:51:07 GMT"
            })
    void whatIsNeitherIsIgnored(String text) {
        assertThat(read(text, NOW)).isNull();
    }

    @Test
    void noHeaderIsNoHint() {
        assertThat(RetryAfter.in(HttpHeaders.of(Map.of(), (name, value) -> true)))
                .isNull();
    }
}
