package dev.cutout.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where the tests of this package find what they check. */
final class House {
    /** The root of the repository, whatever directory the test was started from. */
    static final Path ROOT = root();

    static final Path CORE = ROOT.resolve("core");

    private House() {}

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        for (Path path = here; path != null; path = path.getParent()) {
            if (Files.exists(path.resolve("core/pom.xml")) && Files.exists(path.resolve("pom.xml"))) {
                return path;
            }
        }
        throw new IllegalStateException("No checkout of Cutout at or above " + here);
    }

    /** The files below a folder whose names end so, in order; none if there is no such folder. */
    static List<Path> files(Path folder, String ending) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(ending))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path as a reader of the repository would write it. */
    static String name(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }
}
