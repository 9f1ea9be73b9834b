package dev.cutout.metrics;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the files are that tests read beside the classes. */
final class Repository {
    /** The root, whatever directory the test was started from. */
    static final Path FOLDER = folder();

    private Repository() {}

    private static Path folder() {
        Path here = Path.of("").toAbsolutePath();
        for (Path path = here; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("core/pom.xml")) && Files.exists(path.resolve("pom.xml"))) {
                return path;
            }
        }
        throw new IllegalStateException("No checkout of Cutout at or above " + here);
    }
}
