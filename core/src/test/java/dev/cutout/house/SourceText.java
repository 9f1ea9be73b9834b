package dev.cutout.house;

import java.util.regex.Pattern;

/** Java source without what the compiler skips or takes as mere text, so that a search finds code only. */
final class SourceText {
    private static final Pattern NOT_CODE = Pattern.compile(
            "//[^\n]*|/\\*.*?\\*/|\"\"\".*?(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|'(?:\\\\.|[^'\\\\\n])+'",
            Pattern.DOTALL);

    private SourceText() {}

    /** The code alone; lines keep their numbers. */
    static String codeOf(String source) {
        return NOT_CODE.matcher(source).replaceAll(skipped -> {
            String text = skipped.group();
            return (text.startsWith("/") ? " " : "\"\"")
                    + "\n".repeat((int) text.chars().filter(c -> c == '\n').count());
        });
    }
}
