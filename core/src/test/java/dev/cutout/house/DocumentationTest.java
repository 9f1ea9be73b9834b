package dev.cutout.house;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Code that readers copy compiles, without a warning: core's against core and the JDK alone, another module's against what its tests see.
 *
 * <p>Checked is every block fenced as {@code ```java} in the pages of the module, and every {@code <pre>} with a {@code @code} tag in its Javadoc. The page
 * {@code docs/grpc.md} belongs to the module {@code grpc}, and so on; a page that is not named after a module, and those at the root, are core's. (Not {@code @snippet}: javadoc 17 does not know it. Text that is no Java goes into
 * a {@code <pre>} without that tag, and under another word than {@code java} in Markdown.)
 *
 * <p>A block is one of four things: whole types, when one of its lines begins with the declaration of a type; members of a
 * class, when one begins with {@code private}, {@code public}, {@code protected}, {@code static} or an annotation; a list of
 * expressions, each from the start of a line, when there is no semicolon; and statements otherwise. Each block stands for itself. What all of them may use without saying so, the imports, {@code client},
 * {@code sku} and the like, is in the module's {@code src/test/resources/snippets/Scene.java}.
 */
public class DocumentationTest {
    private static final Path DOCS = House.ROOT.resolve("docs");
    private static final Pattern FENCED = Pattern.compile("(?ms)^( *)```java *\n(.*?)^\\1``` *$");
    private static final Pattern IN_JAVADOC = Pattern.compile("<pre>\\{@code\\b");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;$");
    private static final Pattern DECLARES_TYPES = Pattern.compile(
            "(?m)^(?:(?:public|final|abstract|sealed|non-sealed) )*(?:class|interface|record|enum|@interface) (\\w+)");
    private static final Pattern DECLARES_MEMBERS =
            Pattern.compile("(?m)^(?:private|public|protected|static)\\b|^@\\w+");

    private final Path module = House.moduleOf(getClass());
    private final boolean isCore = module.equals(House.CORE);
    private final Path sources = module.resolve("src/main/java");
    private final Path scene = module.resolve("src/test/resources/snippets/Scene.java");

    @TempDir
    Path output;

    @Test
    void theFirstPageShowsCode() {
        Path first = isCore ? House.ROOT.resolve("README.md") : pages().get(0);

        assertThat(fenced(first))
                .as("blocks fenced as ```java in " + House.name(first))
                .isNotEmpty();
    }

    /** No page is left out because core leaves it to a module that does not know of it. */
    @Test
    void everyPageIsCompiledByItsModule() {
        assertThat(House.files(DOCS, ".md").stream()
                        .map(DocumentationTest::nameAlone)
                        .filter(House::hasModule)
                        .filter(name -> House.files(House.ROOT.resolve(name).resolve("src/test/java"), "DocumentationTest.java")
                                .isEmpty()))
                .as("modules with a page in docs/ and no DocumentationTest that compiles it")
                .isEmpty();
    }

    @Test
    void everyBlockCompiles() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            blocks.addAll(fenced(page));
        }
        for (Path source : House.files(sources, ".java")) {
            blocks.addAll(inJavadoc(source));
        }

        assertThat(compile(blocks))
                .as(
                        "what javac says of the code in the documentation; what needs to be there and not to be shown goes into "
                                + House.name(scene))
                .isEmpty();
    }

    /** Prose, not a form: what {@code @param} and {@code @return} would only repeat is not asked for. */
    @Test
    void everythingThatUsersSeeIsExplained() throws IOException {
        List<String> silent = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    null,
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(House.files(sources, ".java")));
            for (CompilationUnitTree unit : task.parse()) {
                new Undocumented(Trees.instance(task), silent).scan(unit, null);
            }
        }

        assertThat(silent)
                .as("public or protected in " + House.name(module) + ", and without a comment")
                .isEmpty();
    }

    private List<Path> pages() {
        return isCore
                ? House.files(House.ROOT, ".md").stream()
                        .filter(page -> House.ROOT.equals(page.getParent())
                                || (page.startsWith(DOCS) && !House.hasModule(nameAlone(page))))
                        .toList()
                : List.of(DOCS.resolve(module.getFileName() + ".md"));
    }

    private static String nameAlone(Path page) {
        return page.getFileName().toString().replace(".md", "");
    }

    private static List<Block> fenced(Path page) {
        List<Block> blocks = new ArrayList<>();
        String text = House.read(page);
        Matcher matcher = FENCED.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(
                    page, lineAt(text, matcher.start(2)), matcher.group(2).stripIndent()));
        }
        return blocks;
    }

    private static List<Block> inJavadoc(Path source) {
        List<Block> blocks = new ArrayList<>();
        // the stars go and the line ends stay, so that lines can be counted
        String text = House.read(source).replaceAll("(?m)^ *\\* ?", "");
        Matcher matcher = IN_JAVADOC.matcher(text);
        while (matcher.find()) {
            int end = closingBrace(text, matcher.start() + "<pre>".length());
            blocks.add(new Block(source, lineAt(text, matcher.end()), text.substring(matcher.end(), end)));
        }
        return blocks;
    }

    private static int closingBrace(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalStateException(
                "A {@code that is never closed: " + text.substring(open, Math.min(open + 80, text.length())));
    }

    private static int lineAt(String text, int offset) {
        return 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    private List<String> compile(List<Block> blocks) throws IOException {
        String setting = House.read(scene);
        String imports =
                IMPORT.matcher(setting).results().map(found -> found.group()).collect(joining(" "));
        List<Unit> units = new ArrayList<>();
        units.add(new Unit("snippets/Scene.java", setting, scene, 1, 1));
        for (int i = 0; i < blocks.size(); i++) {
            units.add(blocks.get(i).unit("block" + i, imports));
        }

        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<String> options = List.of(
                    "--release",
                    "17",
                    // not what javac thinks of other people's jars
                    "-Xlint:all,-path,-classfile",
                    "-proc:none",
                    "-cp",
                    isCore ? module.resolve("target/classes").toString() : System.getProperty("java.class.path"),
                    "-d",
                    output.toString());
            boolean unused = compiler.getTask(null, files, diagnostics, options, null, units)
                    .call();
        }
        return diagnostics.getDiagnostics().stream()
                .filter(found -> found.getKind() != Diagnostic.Kind.NOTE)
                .map(DocumentationTest::place)
                .toList();
    }

    private static String place(Diagnostic<? extends JavaFileObject> found) {
        String message = found.getMessage(Locale.ROOT);
        return found.getSource() instanceof Unit unit
                ? House.name(unit.origin) + ":" + (found.getLineNumber() - unit.firstLine + unit.originLine) + ": "
                        + message
                : message;
    }

    /** Code as a reader sees it, and where. */
    private record Block(Path origin, int line, String code) {
        Unit unit(String packageName, String imports) {
            // what the block imports itself moves up; a blank line in its place keeps the count
            String own =
                    IMPORT.matcher(code).results().map(found -> found.group()).collect(joining(" "));
            String body = IMPORT.matcher(code).replaceAll("");
            Matcher type = DECLARES_TYPES.matcher(code);
            boolean types = type.find();
            String name = types ? type.group(1) : "Snippet";
            String head = "package " + packageName + "; import snippets.*; import static snippets.Scene.*; " + imports
                    + " " + own;
            if (!types) {
                head += " @SuppressWarnings(\"unused\") class Snippet extends Scene {";
                boolean members = DECLARES_MEMBERS.matcher(code).find();
                // "if (true)", so that a block may return a value and need not
                head += members ? "" : " Object snippet() throws Exception { if (true) {";
                body = SourceText.codeOf(code).contains(";") ? body : asStatements(body);
                body += members ? "}" : "} return null; }}";
            }
            return new Unit(packageName + "/" + name + ".java", head + "\n" + body, origin, 2, line);
        }
    }

    /** A line that is not indented begins an expression. Nothing here may add or take a line. */
    private static String asStatements(String expressions) {
        String begun =
                Pattern.compile("(?m)^(?=\\S)(?!//)").matcher(expressions).replaceAll("); take(");
        return begun.replaceFirst("\\); ", "") + ");";
    }

    /** Collects what is public or protected, in something that is too, and has no comment. */
    private static final class Undocumented extends TreePathScanner<Void, Void> {
        private final Trees trees;
        private final List<String> found;

        Undocumented(Trees trees, List<String> found) {
            this.trees = trees;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (!isVisible(type.getModifiers())) {
                return null;
            }
            check(type.getSimpleName().toString());
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            boolean inherits = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            // a record explains its constructor with its components
            boolean ofRecord = method.getReturnType() == null && owner().getKind() == Tree.Kind.RECORD;
            if (isVisible(method.getModifiers()) && !inherits && !ofRecord) {
                check(owner().getSimpleName() + "." + method.getName());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void nothing) {
            if (isVisible(field.getModifiers())) {
                check(owner().getSimpleName() + "." + field.getName());
            }
            return null;
        }

        private boolean isVisible(ModifiersTree modifiers) {
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || (getCurrentPath().getParentPath().getLeaf() instanceof ClassTree owner
                            && owner.getKind() == Tree.Kind.INTERFACE
                            && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }

        private ClassTree owner() {
            return (ClassTree) getCurrentPath().getParentPath().getLeaf();
        }

        private void check(String name) {
            if (trees.getDocComment(getCurrentPath()) == null) {
                found.add(name);
            }
        }
    }

    /** What javac gets, and how its lines become lines of the page. */
    private static final class Unit extends SimpleJavaFileObject {
        private final String source;
        private final Path origin;
        private final int firstLine;
        private final int originLine;

        Unit(String name, String source, Path origin, int firstLine, int originLine) {
            super(URI.create("string:///" + name), Kind.SOURCE);
            this.source = source;
            this.origin = origin;
            this.firstLine = firstLine;
            this.originLine = originLine;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
