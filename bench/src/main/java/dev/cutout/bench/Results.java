package dev.cutout.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Everything that was measured; kept as JSON, so that a report can be written again. */
record Results(
        Profile profile,
        String date,
        Machine machine,
        List<String> libraries,
        List<Measured> measured,
        List<Footprint> footprints,
        List<KeyedBreakers> keyedBreakers) {

    private static final Gson JSON = new GsonBuilder().setPrettyPrinting().create();

    static Results read(Path file) throws IOException {
        return JSON.fromJson(Files.readString(file), Results.class);
    }

    void write(Path file) throws IOException {
        Files.writeString(file, JSON.toJson(this));
    }

    Optional<Measured> of(Case what) {
        return measured.stream().filter(one -> one.what().equals(what)).findFirst();
    }
}
