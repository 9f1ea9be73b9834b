package dev.cutout.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.rpc.DebugInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What protobuf writes is read; whatever else comes is no delay, and no exception. */
class StatusDetailsTest {
    private static final long MOST_SECONDS = 315_576_000_000L;

    private static Any retryInfo(long seconds, int nanos) {
        return Any.pack(RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(seconds)
                        .setNanos(nanos))
                .build());
    }

    private static Duration read(Status status) {
        return StatusDetails.retryDelay(status.toByteArray());
    }

    @Property(tries = 500)
    void isReadAmongOtherDetails(
            @ForAll int code,
            @ForAll String message,
            @ForAll @IntRange(max = 3) int before,
            @ForAll @IntRange(max = 3) int after,
            @ForAll @LongRange(max = MOST_SECONDS) long seconds,
            @ForAll @IntRange(max = 999_999_999) int nanos) {
        Any other = Any.pack(DebugInfo.newBuilder()
                .setDetail("something else")
                .addStackEntries("at x")
                .build());
        Status.Builder status = Status.newBuilder().setCode(code).setMessageBytes(ByteString.copyFromUtf8(message));
        for (int i = 0; i < before; i++) {
            status.addDetails(other);
        }
        status.addDetails(retryInfo(seconds, nanos));
        for (int i = 0; i < after; i++) {
            status.addDetails(other);
        }

        assertThat(read(status.build())).isEqualTo(Duration.ofSeconds(seconds, nanos));
    }

    @Example
    void whatIsNoDelayIsNone() {
        assertThat(read(Status.getDefaultInstance())).isZero();
        assertThat(read(Status.newBuilder().addDetails(Any.getDefaultInstance()).build()))
                .isZero();
        assertThat(read(Status.newBuilder()
                        .addDetails(Any.pack(RetryInfo.getDefaultInstance()))
                        .build()))
                .isZero();
        assertThat(read(Status.newBuilder().addDetails(retryInfo(-1, 0)).build()))
                .isZero();
        assertThat(read(Status.newBuilder().addDetails(retryInfo(1, -1)).build()))
                .isZero();
        assertThat(read(Status.newBuilder()
                        .addDetails(retryInfo(MOST_SECONDS + 1, 0))
                        .build()))
                .isZero();
        Any otherName = retryInfo(5, 0).toBuilder()
                .setTypeUrl("type.googleapis.com/my.google.rpc.RetryInfo")
                .build();
        assertThat(read(Status.newBuilder().addDetails(otherName).build())).isZero();
    }

    /** Fields of every wire type that a later version may add are passed over. */
    @Example
    void unknownFieldsArePassedOver() {
        byte[] known = Status.newBuilder().addDetails(retryInfo(7, 0)).build().toByteArray();
        byte[] unknown = HexFormat.of()
                .parseHex("f801" + "8101" + "f901" + "0102030405060708" + "fa01" + "020102" + "fd01" + "01020304");
        byte[] both = Arrays.copyOf(unknown, unknown.length + known.length);
        System.arraycopy(known, 0, both, unknown.length, known.length);

        assertThat(StatusDetails.retryDelay(both)).isEqualTo(Duration.ofSeconds(7));
    }

    @Property(tries = 5_000)
    void anyBytesAreNoException(@ForAll @Size(max = 64) byte[] bytes) {
        assertThatCode(() -> StatusDetails.retryDelay(bytes)).doesNotThrowAnyException();
    }

    /** Cut anywhere, or with any byte changed, it is some delay or none. */
    @Property(tries = 2_000)
    void brokenMessagesAreNoException(@ForAll @IntRange(max = 200) int at, @ForAll byte other, @ForAll boolean cut) {
        byte[] bytes = Status.newBuilder()
                .setCode(14)
                .setMessage("busy")
                .addDetails(retryInfo(12, 345))
                .build()
                .toByteArray();
        byte[] broken = cut ? Arrays.copyOf(bytes, at % bytes.length) : bytes.clone();
        if (!cut) {
            broken[at % bytes.length] = other;
        }

        assertThat(StatusDetails.retryDelay(broken))
                .isBetween(Duration.ZERO, Duration.ofSeconds(MOST_SECONDS, 999_999_999));
    }
}
