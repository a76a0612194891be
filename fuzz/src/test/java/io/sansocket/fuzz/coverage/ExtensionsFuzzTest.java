package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.DeflateOptions;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionHeader;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionParameter;
import io.sansocket.core.extension.ExtensionRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header Sec-WebSocket-Extensions against its grammar, and what the two ends agree on against what they asked for. */
class ExtensionsFuzzTest {
    private static final String BLANK = "[\\t ]*+";
    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
    private static final String QUOTED = "\"(?:\\\\?+[!#$%&'*+\\-.^_`|~0-9A-Za-z])++\"";
    private static final String PARAMETER =
            ";" + BLANK + TOKEN + BLANK + "(?:=" + BLANK + "(?:" + TOKEN + "|" + QUOTED + ")" + BLANK + ")?+";
    private static final String EXTENSION = BLANK + TOKEN + BLANK + "(?:" + PARAMETER + ")*+";
    private static final Pattern LIST =
            Pattern.compile("(?:" + EXTENSION + "|" + BLANK + ")(?:,(?:" + EXTENSION + "|" + BLANK + "))*+");
    private static final Pattern EMPTY_LIST = Pattern.compile("[\\t ,]*+");

    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final String SERVER_FORGETS = "server_no_context_takeover";
    private static final String CLIENT_FORGETS = "client_no_context_takeover";
    private static final List<String> SIZES = List.of("8", "9", "10", "11", "12", "13", "14", "15");

    @FuzzTest
    void header(byte[] bytes) {
        List<String> values = lines(bytes);
        boolean lawful = values.stream().allMatch(value -> LIST.matcher(value).matches())
                && !values.stream().allMatch(value -> EMPTY_LIST.matcher(value).matches());
        ExtensionHeader header = ExtensionHeader.parse(values);
        if (header instanceof ExtensionHeader.Malformed malformed) {
            Oracle.check(!lawful, "a grammatical header is parsed");
            Oracle.check(
                    malformed.value() >= 0 && malformed.value() < values.size(), "a fault is in one of the values");
            int length = values.get(malformed.value()).length();
            Oracle.check(malformed.position() >= 0 && malformed.position() <= length, "a fault is inside of its value");
        } else if (header instanceof ExtensionHeader.Parsed parsed) {
            Oracle.check(lawful, "a parsed header is grammatical");
            String formatted = ExtensionHeader.format(parsed.offers());
            Oracle.same(
                    parsed, ExtensionHeader.parse(List.of(formatted)), "a header, and as it was formatted and parsed");
        }
    }

    private static List<String> lines(byte[] bytes) {
        return Arrays.asList(new String(bytes, StandardCharsets.ISO_8859_1).split("\n", -1));
    }

    /** An end may be asked for anything: it declines or agrees to no more than was asked for and no more than it wants. */
    @FuzzTest
    void negotiation(byte[] bytes) throws ExtensionRefusedException {
        var input = new Input(bytes);
        DeflateOptions wanted = options(input);
        PermessageDeflate provider = PermessageDeflate.with(wanted);
        checkBothEnds(provider, PermessageDeflate.with(options(input)));
        if (ExtensionHeader.parse(lines(input.rest())) instanceof ExtensionHeader.Parsed parsed) {
            for (ExtensionOffer offer : parsed.offers()) {
                checkAnswer(offer, provider, wanted);
                checkAcceptance(offer, provider, wanted);
            }
        }
    }

    private static DeflateOptions options(Input input) {
        return DeflateOptions.DEFAULT.withServer(context(input)).withClient(context(input));
    }

    private static DeflateContext context(Input input) {
        int choice = input.choice();
        return new DeflateContext(8 + choice % 8, (choice & 8) == 0);
    }

    /** Two ends of ours always agree. */
    private static void checkBothEnds(PermessageDeflate client, PermessageDeflate server)
            throws ExtensionRefusedException {
        for (ExtensionOffer offer : client.offers()) {
            Optional<Extension> answer = server.answer(offer);
            Oracle.check(answer.isPresent(), "our server answers our client");
            Extension accepted = client.accept(answer.orElseThrow().agreed());
            Oracle.same(answer.orElseThrow().agreed(), accepted.agreed(), "what both ends agreed on");
        }
    }

    private static void checkAnswer(ExtensionOffer offer, PermessageDeflate server, DeflateOptions wanted) {
        Optional<Extension> answer = server.answer(offer);
        Oracle.same(
                isLawful(offer, true), answer.isPresent(), "whether an offer is lawful, and whether it is answered");
        if (answer.isEmpty()) {
            return;
        }
        ExtensionOffer agreed = answer.get().agreed();
        Oracle.check(isLawful(agreed, false), "an answer is lawful");
        Oracle.check(has(agreed, SERVER_FORGETS) || !has(offer, SERVER_FORGETS), "a server forgets when asked to");
        Oracle.check(!has(offer, SERVER_BITS) || has(agreed, SERVER_BITS), "a server answers about its window");
        Oracle.check(
                bits(agreed, SERVER_BITS) <= bits(offer, SERVER_BITS), "a server's window is no larger than asked");
        Oracle.check(
                bits(agreed, SERVER_BITS) <= wanted.server().maxWindowBits(),
                "a server's window is as small as wanted");
        Oracle.check(
                has(offer, CLIENT_BITS) || !has(agreed, CLIENT_BITS), "a client is asked only when it offers that");
        Oracle.check(
                bits(agreed, CLIENT_BITS) <= bits(offer, CLIENT_BITS), "a client's window is no larger than offered");
        Oracle.check(
                has(agreed, CLIENT_FORGETS) || wanted.client().takeover(), "a client is told to forget when wanted");
    }

    private static void checkAcceptance(ExtensionOffer answer, PermessageDeflate client, DeflateOptions wanted) {
        boolean lawful = isLawful(answer, false)
                && (wanted.server().takeover() || has(answer, SERVER_FORGETS))
                && bits(answer, SERVER_BITS) <= wanted.server().maxWindowBits()
                && (!has(answer, CLIENT_BITS)
                        || bits(answer, CLIENT_BITS) <= wanted.client().maxWindowBits());
        try {
            Oracle.same(answer, client.accept(answer).agreed(), "an answer, and what it agrees on");
            Oracle.check(lawful, "an accepted answer fits the offer");
        } catch (ExtensionRefusedException e) {
            Oracle.check(!lawful, "an answer that fits the offer is accepted: " + e.getMessage());
        }
    }

    /** RFC 7692 §7.1 in other words: each parameter once, sizes from 8 to 15, and only an offer may leave one out. */
    private static boolean isLawful(ExtensionOffer offer, boolean inOffer) {
        List<ExtensionParameter> parameters = offer.parameters();
        long names =
                parameters.stream().map(ExtensionParameter::name).distinct().count();
        return names == parameters.size() && parameters.stream().allMatch(p -> isLawful(p, inOffer));
    }

    private static boolean isLawful(ExtensionParameter parameter, boolean inOffer) {
        String value = parameter.value();
        return switch (parameter.name()) {
            case SERVER_FORGETS, CLIENT_FORGETS -> value == null;
            case SERVER_BITS -> value != null && SIZES.contains(value);
            case CLIENT_BITS -> value == null ? inOffer : SIZES.contains(value);
            default -> false;
        };
    }

    private static boolean has(ExtensionOffer offer, String name) {
        return offer.parameters().stream().anyMatch(p -> p.name().equals(name));
    }

    /** Returns the size a parameter names; 15 when it names none, or is not there. */
    private static int bits(ExtensionOffer offer, String name) {
        return offer.parameters().stream()
                .filter(p -> p.name().equals(name) && p.value() != null)
                .mapToInt(p -> Integer.parseInt(p.value()))
                .findFirst()
                .orElse(DeflateContext.MAX_WINDOW_BITS);
    }
}
