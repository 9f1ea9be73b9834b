package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Guard;
import java.util.List;
import java.util.stream.Stream;

/** All that the benchmark found out. */
record Outcome(Standings usual, Standings unlike, Standings drills) {
    /** The setting of Resilience4j that is best in these worlds, of those that played there. */
    static String hindsight(Standings standings) {
        return standings.best(playing(standings, Peers.resilience4jGrid()));
    }

    /** The peer that is best in these worlds at its best setting. */
    static String bestPeer(Standings standings) {
        List<Guard.Kind> peers = Stream.of(Peers.all(), Peers.resilience4jGrid())
                .flatMap(List::stream)
                .toList();
        return standings.best(playing(standings, peers));
    }

    /** The peer that is best in these worlds at its defaults. */
    static String bestDefault(Standings standings) {
        return standings.best(playing(standings, Peers.defaults()));
    }

    private static List<String> playing(Standings standings, List<Guard.Kind> kinds) {
        return kinds.stream().map(Guard.Kind::name).filter(standings::has).toList();
    }
}
