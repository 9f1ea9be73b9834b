package dev.cutout.http;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How long a server asks to be left alone: the header {@code Retry-After} (RFC 9110, section 10.2.3), as seconds or as a date.
 *
 * <p>A date is read against the {@code Date} of the same response, since the clocks of two machines differ; without one it says nothing. What is neither is
 * ignored.
 */
final class RetryAfter {
    /** The three ways in which HTTP writes a date, the first of which is in use. All are in GMT. */
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-uu HH:mm:ss 'GMT'", Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH));

    /** More digits than these are more seconds than anybody waits. */
    private static final int MOST_DIGITS = 9;

    private static final Duration FOR_EVER = Duration.ofSeconds(1_000_000_000);

    private RetryAfter() {}

    /** What the headers say, not negative; null if they say nothing. */
    static @Nullable Duration in(HttpHeaders headers) {
        String text = headers.firstValue("Retry-After").orElse("").strip();
        if (text.isEmpty()) {
            return null;
        }
        if (isNumber(text)) {
            return text.length() > MOST_DIGITS ? FOR_EVER : Duration.ofSeconds(Integer.parseInt(text));
        }
        LocalDateTime until = date(text);
        LocalDateTime now = date(headers.firstValue("Date").orElse("").strip());
        if (until == null || now == null) {
            return null;
        }
        Duration wait = Duration.between(now, until);
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    /** Digits only: no sign, no fraction, no digits of other scripts. */
    private static boolean isNumber(String text) {
        return text.chars().allMatch(character -> character >= '0' && character <= '9');
    }

    private static @Nullable LocalDateTime date(String text) {
        for (DateTimeFormatter format : DATES) {
            try {
                return LocalDateTime.parse(text, format);
            } catch (DateTimeException e) {
                // written in another way
            }
        }
        return null;
    }
}
