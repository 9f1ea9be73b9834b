package dev.cutout.browser;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window, driven by WebDriver. There must be one: who runs these tests wants to know, not to be spared. */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    private final ChromeDriver driver;

    Browser() {
        Path binary = NAMES.stream()
                .flatMap(name -> onPath(name).stream())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "No browser: install Chromium and its driver (Debian: apt-get install chromium chromium-driver)"));
        ChromeOptions options = new ChromeOptions();
        options.setBinary(binary.toFile());
        options.addArguments("--headless", "--hide-scrollbars", "--force-device-scale-factor=1");
        if (System.getProperty("user.name").equals("root")) {
            options.addArguments("--no-sandbox"); // it refuses to have one for root, and what it reads is ours
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        // without one on the path, Selenium looks for a driver by itself
        ChromeDriverService.Builder service = new ChromeDriverService.Builder();
        onPath("chromedriver").ifPresent(file -> service.usingDriverExecutable(file.toFile()));
        driver = new ChromeDriver(service.build(), options);
    }

    private static Optional<Path> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Opens a page as a screen of this width shows it to someone who prefers light or dark. */
    void open(Path page, int width, String scheme) {
        emulate("screen", scheme);
        driver.manage().window().setSize(new Dimension(width, 1_000));
        driver.get(page.toUri().toString());
    }

    /** {@code screen} or {@code print}, {@code light} or {@code dark}. */
    void emulate(String medium, String scheme) {
        Map<String, String> preference = Map.of("name", "prefers-color-scheme", "value", scheme);
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia", Map.of("media", medium, "features", List.of(preference)));
    }

    Object script(String body, Object... arguments) {
        return driver.executeScript(body, arguments);
    }

    /** What the browser complained about since it was asked last. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(Object::toString)
                .toList();
    }

    /**
     * What keeps some people from using the page, by the rules of axe-core; also what these could not decide, but for the contrast of texts in
     * drawings, where they do not know what is behind, at the edge of what scrolls, and of one character. Those have colours that other texts have
     * too.
     */
    List<String> barriers() {
        try (InputStream axe = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<?> found = (List<?>) driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                const isUnknowable = (node) => document.querySelector(node.target[0]).closest("svg") !== null
                    || node.any.every((check) => ["elmPartiallyObscured", "shortTextContent"].includes(check.data.messageKey));
                const told = (rule, nodes) => rule.id + ": " + rule.help
                    + nodes.slice(0, 3).map((node) => "\\n  " + node.html + "\\n  " + node.failureSummary).join("");
                const barriers = (result) => result.violations.map((rule) => told(rule, rule.nodes)).concat(
                    result.incomplete
                        .map((rule) => [rule, rule.nodes.filter((node) => rule.id !== "color-contrast" || !isUnknowable(node))])
                        .filter(([, nodes]) => nodes.length > 0)
                        .map(([rule, nodes]) => told(rule, nodes)));
                axe.run().then((result) => done(barriers(result)), (error) => done(["axe failed: " + error]));
                """);
        return found.stream().map(Object::toString).toList();
    }

    /** Keeps a picture of all of the page, for whoever wants to look. */
    void photograph(String name) throws IOException {
        long height = ((Number) script("return document.documentElement.scrollHeight")).longValue();
        Dimension before = driver.manage().window().getSize();
        driver.manage().window().setSize(new Dimension(before.width, (int) Math.min(height, 8_000)));
        script("scrollTo(0, 0)");
        Path folder = Files.createDirectories(Path.of("target", "pages"));
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        driver.manage().window().setSize(before);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
