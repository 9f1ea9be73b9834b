package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** The agenda against the obvious one. */
class AgendaTest {
    private record Entry(long time, long number, int what, int subject) {}

    @Test
    void givesEverythingByTimeAndThenInTheOrderInWhichItWasNoted() {
        Chance chance = new Chance(1, 1);
        Agenda agenda = new Agenda(2);
        PriorityQueue<Entry> model =
                new PriorityQueue<>(Comparator.comparingLong(Entry::time).thenComparingLong(Entry::number));
        long now = 0;
        int most = 0;
        for (int i = 0; i < 100_000; i++) {
            if (chance.nextDouble() < (i % 20_000 < 10_000 ? 0.6 : 0.4)) {
                int kind = (int) (chance.nextDouble() * 3);
                long at = kind < 2 ? now + 50L * (kind + 1) : now + (long) (chance.nextDouble() * 300);
                long number = kind < 2 ? agenda.append(kind, at, kind, i) : agenda.add(at, kind, i);
                model.add(new Entry(at, number, kind, i));
                most = Math.max(most, model.size());
            } else if (!model.isEmpty()) {
                assertThat(agenda.nextTime()).isEqualTo(model.element().time());
                agenda.take();
                assertThat(new Entry(agenda.time, agenda.number, agenda.what, agenda.subject))
                        .isEqualTo(model.remove());
                now = agenda.time;
            }
        }
        assertThat(most).as("entries at a time: the room for them has grown").isGreaterThan(1_000);
    }

    @Test
    void anEmptyOneHasNothingDue() {
        assertThat(new Agenda(1).nextTime()).isEqualTo(Long.MAX_VALUE);
    }
}
