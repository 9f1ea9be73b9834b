package dev.cutout.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads the one thing that matters here out of a {@code google.rpc.Status}: how long {@code google.rpc.RetryInfo} says to wait.
 *
 * <p>By hand, since a dependency on protobuf would force its version upon every user, for four fields whose numbers are fixed for good. The bytes come from
 * a stranger: whatever they are, the answer is a duration, zero if they say none.
 */
final class StatusDetails {
    private static final String RETRY_INFO = "google.rpc.RetryInfo";

    /** Wire types: what follows a field's number. */
    private static final int VARINT = 0;

    private static final int EIGHT_BYTES = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FOUR_BYTES = 5;

    private static final int WIRE_TYPE_BITS = 3;
    private static final int LONGEST_VARINT = 10;

    /** What the protocol allows, about ten thousand years; beyond it a number is noise. */
    private static final long MOST_SECONDS = 315_576_000_000L;

    private static final int NANOS_PER_SECOND = 1_000_000_000;

    private StatusDetails() {}

    /** Zero if there is none, if it is negative, or if the bytes are not what they should be. */
    static Duration retryDelay(byte[] status) {
        try {
            return ofStatus(ByteBuffer.wrap(status));
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException noSuchMessage) {
            return Duration.ZERO;
        }
    }

    /** {@code message Status { …; repeated Any details = 3; }}. */
    private static Duration ofStatus(ByteBuffer status) {
        while (status.hasRemaining()) {
            long tag = varint(status);
            if (isMessage(tag, 3)) {
                Duration delay = ofDetail(message(status));
                if (!delay.isZero()) {
                    return delay;
                }
            } else {
                skip(status, tag);
            }
        }
        return Duration.ZERO;
    }

    /** {@code message Any { string type_url = 1; bytes value = 2; }}. */
    private static Duration ofDetail(ByteBuffer detail) {
        boolean isRetryInfo = false;
        ByteBuffer value = ByteBuffer.allocate(0);
        while (detail.hasRemaining()) {
            long tag = varint(detail);
            if (isMessage(tag, 1)) {
                String url = StandardCharsets.UTF_8.decode(message(detail)).toString();
                isRetryInfo = url.substring(url.lastIndexOf('/') + 1).equals(RETRY_INFO);
            } else if (isMessage(tag, 2)) {
                value = message(detail);
            } else {
                skip(detail, tag);
            }
        }
        return isRetryInfo ? ofRetryInfo(value) : Duration.ZERO;
    }

    /** {@code message RetryInfo { Duration retry_delay = 1; }}. */
    private static Duration ofRetryInfo(ByteBuffer info) {
        Duration delay = Duration.ZERO;
        while (info.hasRemaining()) {
            long tag = varint(info);
            if (isMessage(tag, 1)) {
                delay = duration(message(info));
            } else {
                skip(info, tag);
            }
        }
        return delay;
    }

    /** {@code message Duration { int64 seconds = 1; int32 nanos = 2; }}. */
    private static Duration duration(ByteBuffer duration) {
        long seconds = 0;
        long nanos = 0;
        while (duration.hasRemaining()) {
            long tag = varint(duration);
            if (tag == tag(1, VARINT)) {
                seconds = varint(duration);
            } else if (tag == tag(2, VARINT)) {
                nanos = varint(duration);
            } else {
                skip(duration, tag);
            }
        }
        boolean sound = seconds >= 0 && seconds <= MOST_SECONDS && nanos >= 0 && nanos < NANOS_PER_SECOND;
        return sound ? Duration.ofSeconds(seconds, nanos) : Duration.ZERO;
    }

    private static boolean isMessage(long tag, int field) {
        return tag == tag(field, LENGTH_DELIMITED);
    }

    private static long tag(int field, int wireType) {
        return ((long) field << WIRE_TYPE_BITS) | wireType;
    }

    private static ByteBuffer message(ByteBuffer bytes) {
        int length = length(bytes, varint(bytes));
        ByteBuffer message = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return message;
    }

    private static void skip(ByteBuffer bytes, long tag) {
        switch ((int) tag & ((1 << WIRE_TYPE_BITS) - 1)) {
            case VARINT -> varint(bytes);
            case EIGHT_BYTES -> bytes.position(bytes.position() + length(bytes, Long.BYTES));
            case LENGTH_DELIMITED -> message(bytes);
            case FOUR_BYTES -> bytes.position(bytes.position() + length(bytes, Integer.BYTES));
            default -> throw new IllegalArgumentException("no wire type"); // groups: nobody writes them
        }
    }

    private static int length(ByteBuffer bytes, long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new IllegalArgumentException("longer than what is left");
        }
        return (int) length;
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number that does not end");
    }
}
