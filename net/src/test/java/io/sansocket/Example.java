package io.sansocket;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * An example in Java that a page or a comment shows, as a source file.
 *
 * <p>One that begins with {@code package} is such a file already. Any other becomes the body of a {@code main} that may throw
 * anything, in a class {@code Example} of no package, with {@link #IMPORTS}: so it declares all that it uses.
 *
 * @param file where it stands
 * @param line the number of its first line there
 * @param text its lines
 */
record Example(Path file, int line, String text) {
    private static final String IMPORTS = List.of(
                    "io.sansocket",
                    "io.sansocket.core.frame",
                    "io.sansocket.core.protocol",
                    "java.io",
                    "java.net",
                    "java.nio",
                    "java.nio.channels",
                    "java.nio.file",
                    "java.util")
            .stream()
            .map("import %s.*; "::formatted)
            .collect(Collectors.joining());

    /** Ends without a line end, so lines keep their numbers. */
    private static final String HEAD =
            IMPORTS + "public final class Example { public static void main(String[] args) throws Exception { ";

    private static final String FOOT = "}}";

    private static final Pattern FIRST = Pattern.compile("```java| *\\* <pre>\\{@code");
    private static final Pattern LAST = Pattern.compile("```| *\\* }</pre>");
    private static final Pattern MARGIN = Pattern.compile("(?m)^ *\\* ?");

    /** Returns the examples of a page, or those in the comments of a source. */
    static List<Example> of(Path file) throws IOException {
        boolean comments = file.toString().endsWith(".java");
        List<Example> examples = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (FIRST.matcher(lines.get(i)).matches()) {
                int first = i + 1;
                while (!LAST.matcher(lines.get(i)).matches()) {
                    i++;
                }
                String text = String.join("\n", lines.subList(first, i)) + "\n";
                examples.add(new Example(file, first + 1, comments ? withoutMargin(text) : text));
            }
        }
        return examples;
    }

    private static String withoutMargin(String text) {
        return MARGIN.matcher(text).replaceAll("");
    }

    /** Returns a copy with another text in place of one that it must have. */
    Example replacing(String old, String other) {
        if (!text.contains(old)) {
            throw new IllegalArgumentException(this + " has no " + old);
        }
        return new Example(file, line, text.replace(old, other));
    }

    /** Compiles it for Java 17, into a folder, and returns what the compiler has against it. */
    List<String> compile(String classPath, Path classes) {
        var complaints = new DiagnosticCollector<JavaFileObject>();
        var options = List.of("--release", "17", "-proc:none", "-cp", classPath, "-d", classes.toString());
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, complaints, options, null, List.of(new Source(source())))
                .call();
        return complaints.getDiagnostics().stream()
                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                .map(each -> "%s:%d: %s"
                        .formatted(file.getFileName(), line + each.getLineNumber() - 1, each.getMessage(Locale.ROOT)))
                .toList();
    }

    private String source() {
        return text.startsWith("package ") ? text : HEAD + text + FOOT;
    }

    /** A source in memory, which may have classes of any name. */
    private static final class Source extends SimpleJavaFileObject {
        private final String content;

        Source(String content) {
            super(URI.create("memory:///Example.java"), Kind.SOURCE);
            this.content = content;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return content;
        }
    }

    @Override
    public String toString() {
        return file.getFileName() + ":" + line;
    }
}
