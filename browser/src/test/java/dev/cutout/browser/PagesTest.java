package dev.cutout.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.simulate.SimulateCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import picocli.CommandLine;

/** The pages of {@code cutout simulate --html}, as a person meets them: seen, pointed at, used by keyboard, printed. */
class PagesTest {
    /** A page's name can be any text; this one is a script, if somebody forgets to escape it. */
    private static final String NAME = "<img src=x onerror='document.title=1'> & \"page\".html";

    private static final int SECONDS = 90;

    @TempDir
    static Path folder;

    private static Browser browser;
    private static Path page;
    private static Path suite;

    @BeforeAll
    static void open() {
        page = write(
                folder.resolve(NAME),
                "--world",
                "clients 4; steady 60/s; slots 4; cold start 20% over 10s; run 20s; outage 20s; run 20s; errors 60% for 10s; run 20s",
                "--settings",
                "trip 5 consecutive; wait 2s",
                "--settings",
                "none");
        suite = write(
                folder.resolve("suite.html"), "--suite", "--seeds", "1", "--settings", "none", "--settings", "classic");
        browser = new Browser();
    }

    private static Path write(Path file, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--html", file.toString()));
        StringWriter printed = new StringWriter();
        int code = new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(printed))
                .setErr(new PrintWriter(printed))
                .execute(all.toArray(String[]::new));
        assertThat(code).as(printed.toString()).isZero();
        return file;
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nobodyComplains() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aPageIsOneFileThatLoadsNothing() {
        browser.open(page, 1_200, "light");

        assertThat(browser.script("return performance.getEntriesByType('resource').length"))
                .isEqualTo(0L);
        assertThat(elements("section.run h2").stream().map(WebElement::getText))
                .containsExactly("A cutout trip 5 consecutive; wait 2s; probes 1", "B none", "oracle");
        assertThat(elements("svg.plot"))
                .hasSize(3 * 4)
                .allSatisfy(plot -> assertThat(plot.getSize().width).isGreaterThan(900));
    }

    @Test
    void textIsTextWhateverItSays() {
        browser.open(page, 1_200, "light");

        assertThat(browser.driver().getTitle()).startsWith("cutout simulate: clients 4");
        assertThat(elements("img")).isEmpty();
        assertThat(element("footer code").getText()).contains("<img src=x onerror=", "& \"page\".html");
    }

    @Test
    void pointingAtASecondShowsItsNumbersInEveryRun() {
        browser.open(page, 1_200, "light");
        assertThat(element("dl.now").isDisplayed()).isFalse();

        pointAt(0, 25.5);

        assertThat(element("#time output").getText()).isEqualTo("25 s");
        assertNumbersOf(25);
        // the outage refuses every attempt: without a breaker all fail, with one hardly any is sent
        assertThat(numbers(1)).contains("failed, %\n100", "refused\n0", "capacity\n0");
        assertThat(numbers(0)).contains("open, %\n100", "capacity\n0");

        pointAt(9, 70.5);

        assertThat(element("#time output").getText()).isEqualTo("70 s");
        assertNumbersOf(70);
    }

    @Test
    void theCursorStandsWhereThePointerIs() {
        browser.open(page, 1_200, "light");

        pointAt(5, 42.5);

        for (WebElement cursor : elements("svg.plot .cursor")) {
            double cursorAt = number("return arguments[0].getBoundingClientRect().x", cursor);
            double plotAt = number("return arguments[0].ownerSVGElement.getBoundingClientRect().x", cursor);
            double plotWidth = number("return arguments[0].ownerSVGElement.getBoundingClientRect().width", cursor);
            double whole = number("return arguments[0].ownerSVGElement.viewBox.baseVal.width", cursor);
            double at = (cursorAt - plotAt) / plotWidth * whole;
            assertThat((at - left()) / width() * SECONDS).isBetween(42.0, 43.0);
        }
    }

    @Test
    void theKeyboardGoesFromSecondToSecond() {
        browser.open(page, 1_200, "dark");
        WebElement slider = element("#slice");
        for (int tab = 0; tab < 20 && !slider.equals(browser.driver().switchTo().activeElement()); tab++) {
            new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
        }
        assertThat(browser.driver().switchTo().activeElement()).isEqualTo(slider);

        new Actions(browser.driver())
                .sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
                .perform();
        assertThat(slider.getDomAttribute("aria-valuetext")).isEqualTo("3 s");
        assertNumbersOf(3);

        new Actions(browser.driver()).sendKeys(Keys.END).perform();
        assertNumbersOf(SECONDS - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void nothingStandsInAnybodysWay(String scheme) throws IOException {
        browser.open(page, 1_200, scheme);
        element("details summary").click();
        pointAt(0, 30.5);
        browser.photograph("world-" + scheme);
        assertThat(browser.barriers()).isEmpty();

        browser.open(suite, 1_200, scheme);
        browser.photograph("suite-" + scheme);
        assertThat(browser.barriers()).isEmpty();
    }

    @Test
    void lightAndDarkDiffer() {
        browser.open(page, 1_200, "light");
        assertThat(element("body").getCssValue("background-color")).isEqualTo("rgba(255, 255, 255, 1)");
        browser.emulate("screen", "dark");
        assertThat(element("body").getCssValue("background-color")).isEqualTo("rgba(20, 23, 27, 1)");
    }

    @Test
    void onPaperThereIsNothingToUseAndNothingIsHidden() throws IOException {
        browser.open(page, 1_200, "dark");
        pointAt(0, 30.5);

        browser.emulate("print", "dark");

        assertThat(element("body").getCssValue("background-color")).isEqualTo("rgba(255, 255, 255, 1)");
        assertThat(element("#time").isDisplayed()).isFalse();
        assertThat(element("dl.now").isDisplayed()).isFalse();
        assertThat(elements("svg.plot"))
                .allSatisfy(plot -> assertThat(plot.isDisplayed()).isTrue());
        assertThat(number("return arguments[0].scrollHeight - arguments[0].clientHeight", element(".events")))
                .isLessThanOrEqualTo(1);
        browser.photograph("world-print");
    }

    @Test
    void aNarrowScreenScrollsChartsAndTablesNotThePage() throws IOException {
        for (Path each : List.of(page, suite)) {
            browser.open(each, 500, "light");
            assertThat(number("return document.documentElement.scrollWidth - innerWidth"))
                    .isLessThanOrEqualTo(0);
        }
        browser.photograph("suite-narrow");
    }

    @Test
    void theSuiteIsHotWhereRegretIsHigh() {
        browser.open(suite, 1_200, "light");

        List<WebElement> cells = elements(".heat tbody td");
        assertThat(cells).hasSize(2 * elements(".heat tbody th").size());
        double lastRegret = -1;
        double lastGreen = 256;
        cells.sort((a, b) -> Double.compare(Double.parseDouble(a.getText()), Double.parseDouble(b.getText())));
        for (WebElement cell : cells) {
            // what is hotter is less green; asked of a canvas, as colours have many notations
            double green = number("""
                    const pen = new OffscreenCanvas(1, 1).getContext("2d");
                    pen.fillStyle = getComputedStyle(arguments[0]).backgroundColor;
                    pen.fillRect(0, 0, 1, 1);
                    return pen.getImageData(0, 0, 1, 1).data[1];
                    """, cell);
            double regret = Double.parseDouble(cell.getText());
            assertThat(regret).isGreaterThanOrEqualTo(lastRegret);
            assertThat(green).as("regret " + regret).isLessThanOrEqualTo(lastGreen);
            lastRegret = regret;
            lastGreen = green;
        }
        assertThat(lastGreen).isLessThan(200);
    }

    // ---- as a person does

    /** Points at a second in the n-th chart of the page. */
    private static void pointAt(int plot, double second) {
        WebElement target = elements("svg.plot").get(plot);
        browser.script("arguments[0].scrollIntoView({block: 'center'})", target);
        double whole = number("return arguments[0].viewBox.baseVal.width", target);
        double x = (left() + width() * second / SECONDS) / whole - 0.5;
        int fromCenter = (int) Math.round(x * number("return arguments[0].getBoundingClientRect().width", target));
        new Actions(browser.driver()).moveToElement(target, fromCenter, 0).perform();
    }

    /** Each run shows what its table of numbers has for this second. */
    private static void assertNumbersOf(int second) {
        for (int run = 0; run < 3; run++) {
            WebElement section = elements("section.run").get(run);
            List<?> row = (List<?>) browser.script(
                    "const table = arguments[0].querySelector('table.numbers');"
                            + "return Array.from(table.tBodies[0].rows[arguments[1]].cells, (cell) => cell.textContent)",
                    section,
                    second);
            assertThat(row.get(0)).isEqualTo(String.valueOf(second));
            assertThat(section.findElements(By.cssSelector("dl.now dd")).stream()
                            .map(WebElement::getText)
                            .toList())
                    .hasSize(10)
                    .isEqualTo(row.subList(1, row.size()));
        }
    }

    /** The names and values that a run shows, each on a line of its own. */
    private static String numbers(int run) {
        return elements("section.run dl.now").get(run).getText();
    }

    private static double left() {
        return number("return Number(document.getElementById('time').dataset.left)");
    }

    private static double width() {
        return number("return Number(document.getElementById('time').dataset.width)");
    }

    private static double number(String script, Object... arguments) {
        return ((Number) browser.script(script, arguments)).doubleValue();
    }

    private static WebElement element(String selector) {
        return browser.driver().findElement(By.cssSelector(selector));
    }

    private static List<WebElement> elements(String selector) {
        return browser.driver().findElements(By.cssSelector(selector));
    }
}
