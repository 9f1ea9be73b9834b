package dev.cutout.bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is measured without JMH, each in a JVM of its own. */
final class Memory {
    private static final int CUTOUT_BREAKERS = 1_000_000;
    /** A tenth: a million of them take five gigabytes. */
    private static final int RESILIENCE4J_BREAKERS = 100_000;

    private final Profile profile;
    private final Path target;

    Memory(Profile profile, Path target) {
        this.profile = profile;
        this.target = target;
    }

    List<Footprint> footprints() throws IOException, InterruptedException {
        // JOL reads the layout of records and lambdas only if told so.
        return List.of(run(
                Footprint.class,
                Footprint[].class,
                List.of("-Djdk.attach.allowAttachSelf=true", "-Djol.magicFieldOffset=true"),
                List.of()));
    }

    List<KeyedBreakers> keyedBreakers() throws IOException, InterruptedException {
        return List.of(
                keyed(KeyedBreakers.CUTOUT, CUTOUT_BREAKERS), keyed(KeyedBreakers.RESILIENCE4J, RESILIENCE4J_BREAKERS));
    }

    /** The median of the rounds, by speed; the bytes are always the same. */
    private KeyedBreakers keyed(String whose, int breakers) throws IOException, InterruptedException {
        List<KeyedBreakers> rounds = new ArrayList<>();
        for (int round = 0; round < profile.rounds; round++) {
            // A young generation that takes it all, so that no collection runs meanwhile.
            rounds.add(run(
                    KeyedBreakers.class,
                    KeyedBreakers.class,
                    List.of("-Xms4g", "-Xmx4g", "-Xmn3g"),
                    List.of(whose, String.valueOf(breakers))));
        }
        rounds.sort(Comparator.comparingDouble(KeyedBreakers::perSecond));
        return rounds.get(rounds.size() / 2);
    }

    private <T> T run(Class<?> main, Class<T> result, List<String> flags, List<String> arguments)
            throws IOException, InterruptedException {
        Path answer = target.resolve(main.getSimpleName() + ".json");
        Path log = target.resolve(main.getSimpleName() + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        command.add(answer.toString());
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException(main.getSimpleName() + " ended with " + exit + ":\n" + Files.readString(log));
        }
        return new Gson().fromJson(Files.readString(answer), result);
    }
}
