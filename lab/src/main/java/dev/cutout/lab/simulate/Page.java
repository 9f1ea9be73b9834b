package dev.cutout.lab.simulate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;
import java.util.function.Consumer;

/** The frame of a page that is one file: its style and its script are in it, and it asks the network for nothing. */
final class Page {
    private Page() {}

    static String of(String title, String command, Consumer<Html> content) {
        String script = resource("page.js");
        Html html = new Html();
        html.open("html", "lang", "en").newLine().open("head");
        html.empty("meta", "charset", "utf-8");
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.empty("meta", "name", "color-scheme", "content", "light dark");
        // no other script runs, wherever it came from, and nothing is loaded
        String policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-" + hash(script) + "'";
        html.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy);
        html.element("title", title).newLine();
        html.verbatim("style", resource("page.css")).close().newLine();
        html.open("body").newLine().open("main").newLine();
        content.accept(html);
        html.open("footer").element("h2", "The command that made this page");
        html.open("pre").element("code", command).close();
        html.close().newLine().close().newLine();
        html.verbatim("script", script).newLine().close().newLine().close();
        return html.toString();
    }

    private static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has it", e);
        }
    }
}
