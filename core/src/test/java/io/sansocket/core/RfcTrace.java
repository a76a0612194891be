package io.sansocket.core;

import io.sansocket.core.rule.Rule;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * A page of docs/rfc, which traces each requirement of an RFC to what holds it; says what is wrong with the page.
 *
 * <p>docs/rfc/README.md describes the form of a page to those who write one.
 */
final class RfcTrace {
    private static final String HELD = "held";
    private static final String DEVIATES = "deviates";

    private static final List<String> STATUSES =
            List.of(HELD, "not applicable", "of the engine", "of the application", DEVIATES);

    private static final List<String> BOUND =
            List.of("client", "server", "both", "intermediary", "authors of extensions", "nobody");

    private static final Set<Class<? extends Annotation>> TESTS =
            Set.of(Test.class, ParameterizedTest.class, RepeatedTest.class, TestFactory.class);

    private static final String DISABLED = "is disabled, perhaps not everywhere";

    private static final Pattern HEADS = Pattern.compile("\n(?=#)");
    private static final Pattern SECTION = Pattern.compile("## (\\S+) .+");
    private static final Pattern ENTRY = Pattern.compile("### (\\S+): ([^,]+), (.+)");
    private static final Pattern WORD = Pattern.compile(
            "\\b(?:MUST NOT|MUST|REQUIRED|SHALL NOT|SHALL|SHOULD NOT|SHOULD|NOT RECOMMENDED|RECOMMENDED)\\b");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    /** Packages below io.sansocket.core, then classes, then perhaps a method. */
    private static final Pattern NAME =
            Pattern.compile("((?:[a-z]\\w*\\.)*)([A-Z]\\w*(?:\\.[A-Z]\\w*)*)(?:\\.([a-z]\\w*))?");

    /** One requirement: its id, who is bound, its status, the RFC's words, and all that follows them. */
    private record Entry(String id, String bound, String status, String quote, String text) {}

    private final String rfc;
    private final Map<String, List<Entry>> sections = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();

    private RfcTrace(String rfc) {
        this.rfc = rfc;
    }

    /**
     * Returns what is wrong with a page; nothing, if all is well.
     *
     * @param rfc its number
     * @param words a line for each section with requirement words: {@code 6455 5.4: MUST NOT, MUST}
     */
    static List<String> faults(String rfc, String page, List<String> words) {
        var trace = new RfcTrace(rfc);
        trace.read(page);
        trace.sections.forEach(trace::checkIds);
        trace.entries().forEach(trace::checkEntry);
        trace.checkWords(words);
        trace.checkSummary(page);
        return trace.faults;
    }

    private Stream<Entry> entries() {
        return sections.values().stream().flatMap(List::stream);
    }

    // ---- reading ----

    private void read(String page) {
        List<Entry> section = null;
        for (String part : HEADS.splitAsStream(page).toList()) {
            String[] headAndBody = part.split("\n", 2);
            Matcher sectionHead = SECTION.matcher(headAndBody[0]);
            Matcher entryHead = ENTRY.matcher(headAndBody[0]);
            if (sectionHead.matches()) {
                section = new ArrayList<>();
                if (sections.put(sectionHead.group(1), section) != null) {
                    faults.add("section " + sectionHead.group(1) + " comes twice");
                }
            } else if (entryHead.matches() && section != null) {
                section.add(entry(entryHead, headAndBody[headAndBody.length - 1]));
            } else if (!headAndBody[0].startsWith("# ")) {
                faults.add("not a section, nor an entry in one: " + headAndBody[0]);
            }
        }
    }

    private static Entry entry(Matcher head, String body) {
        Map<Boolean, String> quoteAndText =
                body.lines().collect(Collectors.partitioningBy(line -> line.startsWith("> "), Collectors.joining(" ")));
        return new Entry(
                head.group(1),
                head.group(2),
                head.group(3),
                quoteAndText.get(true).replace("> ", "").strip(),
                quoteAndText.get(false).strip());
    }

    // ---- judging ----

    private void checkIds(String section, List<Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            String expected = rfc + "-" + section + "-" + (i + 1);
            if (!entries.get(i).id().equals(expected)) {
                faults.add(entries.get(i).id() + ": the id must be " + expected);
            }
        }
    }

    private void checkEntry(Entry entry) {
        fault(entry, !BOUND.contains(entry.bound()), "binds \"" + entry.bound() + "\", known are " + BOUND);
        fault(
                entry,
                !STATUSES.contains(entry.status()),
                "has status \"" + entry.status() + "\", known are " + STATUSES);
        fault(entry, entry.quote().isEmpty(), "does not quote the RFC");
        fault(entry, entry.text().isEmpty(), "says neither what holds it nor why nothing has to");
        var sources = new HashSet<String>();
        var tests = new HashSet<String>();
        names(entry).forEach(code -> {
            Matcher name = NAME.matcher(code);
            if (!name.matches()) {
                faults.add(entry.id() + ": " + code + " is no name of a class or test");
                return;
            }
            String broken = name.group(3) == null ? checkSource(name) : checkTest(name);
            fault(entry, broken != null, code + " " + broken);
            (name.group(3) == null ? sources : tests).add(code);
        });
        if (entry.status().equals(HELD) || entry.status().equals(DEVIATES)) {
            fault(entry, sources.isEmpty(), "names no class that obeys it");
            fault(entry, tests.isEmpty(), "names no test that holds it");
        }
    }

    /** All code with a point in it is a name, but paths are not. */
    private static Stream<String> names(Entry entry) {
        return CODE.matcher(entry.text())
                .results()
                .map(code -> code.group(1))
                .filter(code -> code.contains(".") && !code.contains("/"));
    }

    private void fault(Entry entry, boolean broken, String what) {
        if (broken) {
            faults.add(entry.id() + ": " + what);
        }
    }

    private static Class<?> find(Matcher name) {
        try {
            return Class.forName(
                    "io.sansocket.core." + name.group(1) + name.group(2).replace('.', '$'));
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private static String checkSource(Matcher name) {
        Class<?> source = find(name);
        if (source == null) {
            return "does not exist";
        }
        boolean main = source.getProtectionDomain().equals(Rule.class.getProtectionDomain());
        return main ? null : "is no class of the core, but of its tests";
    }

    private static String checkTest(Matcher name) {
        Class<?> tests = find(name);
        if (tests == null) {
            return "does not exist";
        }
        var methods = Arrays.stream(tests.getDeclaredMethods())
                .filter(method -> method.getName().equals(name.group(3)))
                .toList();
        if (methods.isEmpty()) {
            return "does not exist";
        }
        if (methods.stream().noneMatch(method -> TESTS.stream().anyMatch(method::isAnnotationPresent))) {
            return "is not a test";
        }
        if (methods.stream().anyMatch(RfcTrace::isConditional)) {
            return DISABLED;
        }
        return whyNotRun(tests);
    }

    /** Says why the tests of a class are not run, or null when they are. */
    private static String whyNotRun(Class<?> tests) {
        if (isConditional(tests)) {
            return DISABLED;
        }
        Class<?> outer = tests.getEnclosingClass();
        if (outer == null) {
            return tests.getSimpleName().endsWith("Test")
                    ? null
                    : "is not run: " + tests.getSimpleName() + " is not named …Test";
        }
        String why = whyNotRun(outer);
        return why != null || tests.isAnnotationPresent(Nested.class)
                ? why
                : "is not run: " + tests.getSimpleName() + " is not @Nested";
    }

    private static boolean isConditional(AnnotatedElement tests) {
        return Arrays.stream(tests.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type ->
                        type == Disabled.class || type.getPackageName().equals("org.junit.jupiter.api.condition"));
    }

    /** The words of the entries are those of the RFC, in its order: so no requirement was left out or doubled. */
    private void checkWords(List<String> words) {
        Map<String, String> expected = new HashMap<>();
        for (String line : words) {
            String[] sectionAndWords = line.split(": ", 2);
            if (sectionAndWords[0].startsWith(rfc + " ")) {
                expected.put(sectionAndWords[0].substring(rfc.length() + 1), sectionAndWords[1]);
            }
        }
        var all = new TreeSet<>(expected.keySet());
        all.addAll(sections.keySet());
        for (String section : all) {
            String found = sections.getOrDefault(section, List.of()).stream()
                    .flatMap(entry -> WORD.matcher(entry.quote()).results())
                    .map(MatchResult::group)
                    .collect(Collectors.joining(", "));
            if (!found.equals(expected.getOrDefault(section, ""))) {
                faults.add("section " + section + " has the words " + found + "; in the RFC they are "
                        + expected.getOrDefault(section, "none"));
            }
        }
    }

    private void checkSummary(String page) {
        var parts = new ArrayList<String>();
        for (String status : STATUSES) {
            long count =
                    entries().filter(entry -> entry.status().equals(status)).count();
            if (count > 0) {
                parts.add(count + " " + status);
            }
        }
        String summary = entries().count() + " entries: " + String.join(", ", parts) + ".";
        if (page.lines().noneMatch(summary::equals)) {
            faults.add("the page does not say: " + summary);
        }
    }
}
