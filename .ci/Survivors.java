import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/**
 * Judges PIT's reports by the list of survivors that have a reason; `.ci/mutation` calls it.
 *
 * <p>A survivor is known by its class, method and mutator and by the text of its line, so that lines may move, and a line
 * that is rewritten asks for its reason again. In the list it is a line of this form, repeated where two of one line survive:
 *
 * <pre>- `http.HttpHeaders.hashCode` PrimitiveReturns `return texts().hashCode();`</pre>
 */
final class Survivors {
    private static final int LEAST_PERCENT = 95;
    private static final String ROOT = "io.sansocket.core.";
    private static final Pattern LISTED = Pattern.compile("- `\\w+\\.\\S+` \\w+ `.*`");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.+)\\$\\d+");

    private final Path sources;
    private final List<String> unlisted = new ArrayList<>();
    private final List<String> notSurviving = new ArrayList<>();
    private final List<String> tooFew = new ArrayList<>();
    private final List<String> empty = new ArrayList<>();

    private Survivors(Path sources) {
        this.sources = sources;
    }

    public static void main(String[] args) throws Exception {
        List<String> packages = List.of(args).subList(3, args.length);
        var judge = new Survivors(Path.of(args[1]));
        judge.expect(Path.of(args[0]), packages);
        System.out.printf("%n%-12s %7s %7s %16s %9s %7s%n", "package", "mutants", "killed", "of them by time,", "survived", "score");
        System.out.printf("%-12s %7s %7s %16s%n", "", "", "", "memory or crash");
        int[] all = new int[3];
        for (String name : packages) {
            int[] counts = judge.read(Path.of(args[2], name, "mutations.xml"));
            judge.print(name, counts);
            for (int i = 0; i < all.length; i++) {
                all[i] += counts[i];
            }
        }
        judge.print("altogether", all);
        if (packages.size() == countPackages(Path.of(args[1], ROOT.split("\\.")))) {
            judge.require(all);
        }
        System.exit(judge.complain() ? 1 : 0);
    }

    private static long countPackages(Path folder) throws IOException {
        try (var inside = Files.list(folder)) {
            return inside.filter(Files::isDirectory).count();
        }
    }

    /** Reads the listed survivors of these packages. */
    private void expect(Path list, List<String> packages) throws IOException {
        for (String line : Files.readAllLines(list)) {
            if (LISTED.matcher(line).matches() && packages.contains(line.substring(3, line.indexOf('.')))) {
                notSurviving.add(line);
            }
        }
    }

    /** Reads a package's report; returns how many mutants there are, how many were detected, and how many not by a test. */
    private int[] read(Path report) throws Exception {
        var mutations = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getElementsByTagName("mutation");
        int[] counts = {mutations.getLength(), 0, 0};
        for (int i = 0; i < mutations.getLength(); i++) {
            var mutation = (Element) mutations.item(i);
            if (mutation.getAttribute("detected").equals("true")) {
                counts[1]++;
                counts[2] += mutation.getAttribute("status").equals("KILLED") ? 0 : 1;
            } else {
                String survivor = describe(mutation);
                if (!notSurviving.remove(survivor)) {
                    unlisted.add(survivor + "  (line " + text(mutation, "lineNumber") + ": "
                            + text(mutation, "description") + ")");
                }
            }
        }
        return counts;
    }

    private String describe(Element mutation) throws IOException {
        String type = text(mutation, "mutatedClass");
        Path source = sources.resolve(type.substring(0, type.lastIndexOf('.')).replace('.', '/'))
                .resolve(text(mutation, "sourceFile"));
        String line = Files.readAllLines(source)
                .get(Integer.parseInt(text(mutation, "lineNumber")) - 1)
                .strip();
        String method = LAMBDA.matcher(text(mutation, "mutatedMethod")).replaceFirst("$1");
        String mutator = text(mutation, "mutator").replaceFirst(".*\\.", "").replace("Mutator", "");
        return "- `" + type.substring(ROOT.length()) + "." + method + "` " + mutator + " `" + line + "`";
    }

    private static String text(Element mutation, String name) {
        return mutation.getElementsByTagName(name).item(0).getTextContent();
    }

    private void print(String name, int[] counts) {
        System.out.printf(
                "%-12s %7d %7d %16d %9d %6.1f%%%n",
                name, counts[0], counts[1], counts[2], counts[0] - counts[1], 100.0 * counts[1] / counts[0]);
        if (counts[0] == 0) {
            empty.add(name);
        }
    }

    private void require(int[] all) {
        if (100 * all[1] < LEAST_PERCENT * all[0]) {
            tooFew.add(all[1] + " of " + all[0]);
        }
    }

    private boolean complain() {
        complain("less than " + LEAST_PERCENT + " % killed:", tooFew);
        complain("no mutants at all, so nothing was tested:", empty);
        complain("survivors without a reason in the list:", unlisted);
        complain("listed, and survive no more (or their line was rewritten):", notSurviving);
        return !tooFew.isEmpty() || !empty.isEmpty() || !unlisted.isEmpty() || !notSurviving.isEmpty();
    }

    private static void complain(String what, List<String> about) {
        if (!about.isEmpty()) {
            System.out.println("\n" + what);
            about.forEach(System.out::println);
        }
    }
}
