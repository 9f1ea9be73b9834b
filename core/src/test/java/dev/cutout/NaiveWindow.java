package dev.cutout;

import java.util.ArrayList;
import java.util.List;

/**
 * What the windows count, in the plainest way: remembers every answer, and goes through all of them at every question.
 * Times are nanoseconds since whenever, and do not wrap.
 */
final class NaiveWindow {
    private record Answer(boolean failed, boolean slow, long at) {}

    /** What was found in a stretch of answers. */
    record Count(long calls, long failed, long slow) {}

    private final long begun;
    private final List<Answer> answers = new ArrayList<>();

    NaiveWindow(long begun) {
        this.begun = begun;
    }

    void add(boolean failed, boolean slow, long at) {
        answers.add(new Answer(failed, slow, at));
    }

    int failuresInARow() {
        int inARow = 0;
        for (Answer answer : answers) {
            inARow = answer.failed ? inARow + 1 : 0;
        }
        return inARow;
    }

    int failuresWithin(long nanos, long now) {
        int failures = 0;
        for (Answer answer : answers) {
            if (answer.failed && now - answer.at <= nanos) {
                failures++;
            }
        }
        return failures;
    }

    Count lastCalls(int calls) {
        return count(answers.subList(Math.max(0, answers.size() - calls), answers.size()));
    }

    /** A window of ten slices, counted from the window's beginning: the one of this moment, and the nine before it. */
    Count lastTime(long nanos, long now) {
        long slice = nanos / 10;
        long current = (now - begun) / slice;
        List<Answer> recent = new ArrayList<>();
        for (Answer answer : answers) {
            if ((answer.at - begun) / slice > current - 10) {
                recent.add(answer);
            }
        }
        return count(recent);
    }

    private static Count count(List<Answer> some) {
        long failed = 0;
        long slow = 0;
        for (Answer answer : some) {
            failed += answer.failed ? 1 : 0;
            slow += answer.slow ? 1 : 0;
        }
        return new Count(some.size(), failed, slow);
    }
}
