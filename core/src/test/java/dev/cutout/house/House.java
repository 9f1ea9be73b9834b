package dev.cutout.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where the tests of this package find what they check.
 *
 * <p>They are core's own. Another module has them check itself by a class that extends one, without a line of its own: they look at the module whose
 * tests the class is one of.
 */
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

    /** The module that this class is a test of. */
    static Path moduleOf(Class<?> test) {
        try {
            Path classes =
                    Path.of(test.getProtectionDomain().getCodeSource().getLocation().toURI());
            return ROOT.resolve(ROOT.relativize(classes.toAbsolutePath()).getName(0));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the module of this name exists. */
    static boolean hasModule(String name) {
        return Files.exists(ROOT.resolve(name).resolve("pom.xml"));
    }

    /** The modules that other programs are built on: those with a reviewed API. */
    static List<Path> libraries() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(folder -> Files.exists(folder.resolve("api.txt")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
