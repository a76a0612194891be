package io.sansocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionRefusedException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agreement on permessage-deflate (RFC 7692 §5, §7.1), with every way to get it wrong. */
class NegotiationTest {
    private static DeflateOptions options(String server, String client) {
        return DeflateOptions.DEFAULT.withServer(context(server)).withClient(context(client));
    }

    /** Reads {@code 10} or {@code 10-}: the bits, without context takeover where a minus follows. */
    private static DeflateContext context(String text) {
        boolean takeover = !text.endsWith("-");
        return new DeflateContext(Integer.parseInt(takeover ? text : text.substring(0, text.length() - 1)), takeover);
    }

    @ParameterizedTest
    @CsvSource({
        "15, 15, client_max_window_bits",
        "15-, 15, server_no_context_takeover; client_max_window_bits",
        "15, 15-, client_no_context_takeover; client_max_window_bits",
        "9, 15, server_max_window_bits=9; client_max_window_bits",
        "15, 8, client_max_window_bits=8",
        "8-, 14-, server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; "
                + "client_max_window_bits=14"
    })
    void aClientOffersWhatItWants(String server, String client, String offer) {
        assertThat(PermessageDeflate.with(options(server, client)).offers().toString())
                .isEqualTo("[permessage-deflate; " + offer + "]");
    }

    @Test
    @DisplayName("7.3 the default window is the largest")
    void theDefaultOfferLimitsNoWindow() {
        assertThat(PermessageDeflate.create().offers().toString())
                .isEqualTo("[permessage-deflate; client_max_window_bits]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // server, client options | offer | answer
                "15|15||",
                "15|15|client_max_window_bits|",
                "15|15|client_max_window_bits=15|",
                "15|15|client_max_window_bits=10|; client_max_window_bits=10",
                "15|15|client_max_window_bits=\"10\"|; client_max_window_bits=10",
                "15|15|client_max_window_bits=\"\\1\\0\"|; client_max_window_bits=10",
                "15|9|client_max_window_bits|; client_max_window_bits=9",
                "15|9|client_max_window_bits=8|; client_max_window_bits=8",
                "15|9|client_max_window_bits=12|; client_max_window_bits=9",
                "15|9||",
                "15|15|server_max_window_bits=15|; server_max_window_bits=15",
                "15|15|server_max_window_bits=8|; server_max_window_bits=8",
                "10|15|server_max_window_bits=12|; server_max_window_bits=10",
                "10|15||; server_max_window_bits=10",
                "15|15|server_no_context_takeover|; server_no_context_takeover",
                "15|15|client_no_context_takeover|; client_no_context_takeover",
                "15-|15-||; server_no_context_takeover; client_no_context_takeover",
                "15-|15-|client_no_context_takeover; server_no_context_takeover"
                        + "|; server_no_context_takeover; client_no_context_takeover",
                "10|11|client_max_window_bits; server_max_window_bits=9; server_no_context_takeover"
                        + "|; server_no_context_takeover; server_max_window_bits=9; client_max_window_bits=11"
            })
    void aServerGrantsNoMoreThanEitherEndWants(String server, String client, String offer, String answer) {
        var agreed = PermessageDeflate.with(options(server, client))
                .answer(Ends.offer("permessage-deflate" + (offer == null ? "" : "; " + offer)))
                .orElseThrow()
                .agreed();
        assertThat(agreed.toString()).isEqualTo("permessage-deflate" + (answer == null ? "" : answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "x=1",
                "Server_no_context_takeover",
                "server_no_context_takeover=1",
                "server_no_context_takeover=true",
                "client_no_context_takeover=\"0\"",
                "server_no_context_takeover; server_no_context_takeover",
                "client_no_context_takeover; client_no_context_takeover",
                "server_max_window_bits",
                "server_max_window_bits=7",
                "server_max_window_bits=16",
                "server_max_window_bits=08",
                "server_max_window_bits=\"010\"",
                "server_max_window_bits=+9",
                "server_max_window_bits=-9",
                "server_max_window_bits=1e1",
                "server_max_window_bits=0xA",
                "server_max_window_bits=99999999999999999999",
                "server_max_window_bits=10; server_max_window_bits=10",
                "client_max_window_bits=7",
                "client_max_window_bits=16",
                "client_max_window_bits=09",
                "client_max_window_bits; client_max_window_bits",
                "client_max_window_bits; client_max_window_bits=10",
                "server_max_window_bits=10; x"
            })
    void aServerDeclinesWhatIsMalformed(String offer) {
        var server = PermessageDeflate.create();
        assertThat(server.answer(Ends.offer("permessage-deflate; " + offer))).isEmpty();
        assertThat(server.answer(Ends.offer("permessage-deflate"))).isPresent();
    }

    @Test
    void onlyEightToFifteenAreWindowBits() {
        for (int bits = -1; bits <= 999; bits++) {
            boolean legal = bits >= 8 && bits <= 15;
            for (String name : new String[] {"server_max_window_bits", "client_max_window_bits"}) {
                String text = "permessage-deflate; " + name + "=" + bits;
                assertThat(PermessageDeflate.create().answer(Ends.offer(text)))
                        .as(text)
                        .matches(it -> it.isPresent() == legal);
                assertThat(refusal(DeflateOptions.DEFAULT, text).isEmpty())
                        .as(text)
                        .isEqualTo(legal);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "15|15|x|parameter \"x\" is not known",
                "15|15|x=1; x=2|parameter \"x\" is not known",
                "15|15|server_no_context_takeover=1"
                        + "|parameter \"server_no_context_takeover\" has the value \"1\", none is allowed",
                "15|15|client_no_context_takeover=1"
                        + "|parameter \"client_no_context_takeover\" has the value \"1\", none is allowed",
                "15|15|server_no_context_takeover; server_no_context_takeover"
                        + "|parameter \"server_no_context_takeover\" comes twice",
                "15|15|server_max_window_bits"
                        + "|parameter \"server_max_window_bits\" has no value, allowed are 8 to 15 without leading zeros",
                "15|15|client_max_window_bits"
                        + "|parameter \"client_max_window_bits\" has no value, allowed are 8 to 15 without leading zeros",
                "15|15|server_max_window_bits=16"
                        + "|parameter \"server_max_window_bits\" has the value \"16\", allowed are 8 to 15",
                "15|15|client_max_window_bits=010|parameter \"client_max_window_bits\" has the value \"010\"",
                "15-|15|client_no_context_takeover"
                        + "|parameter \"server_no_context_takeover\" is missing, it was asked for",
                "10|15|client_max_window_bits=9|parameter \"server_max_window_bits\" is missing, allowed are 8 to 10",
                "10|15|server_max_window_bits=11"
                        + "|parameter \"server_max_window_bits\" has the value \"11\", allowed are 8 to 10 as offered"
            })
    @DisplayName("7.1 a client fails the handshake, and says which parameter, which value, what is allowed")
    void aClientRefusesWhatItDidNotOffer(String server, String client, String response, String reason) {
        assertThat(refusal(options(server, client), "permessage-deflate; " + response))
                .contains(reason)
                .contains("(RFC 7692 §7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "15|15|permessage-deflate",
                "15|15|permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "15|15|permessage-deflate; server_max_window_bits=8; client_max_window_bits=\"8\"",
                "15|15-|permessage-deflate",
                "15-|15|permessage-deflate; server_no_context_takeover",
                "10|15|permessage-deflate; server_max_window_bits=10",
                "10|9|permessage-deflate; server_max_window_bits=8; client_max_window_bits=9",
                "15|10|permessage-deflate",
                "15|10|permessage-deflate; client_max_window_bits=11",
                "15|8-|permessage-deflate; client_max_window_bits=15"
            })
    void aClientTakesWhatIsWithinItsOffer(String server, String client, String response) throws Exception {
        Extension end = PermessageDeflate.with(options(server, client)).accept(Ends.offer(response));
        assertThat(end.agreed()).isEqualTo(Ends.offer(response));
        assertThat(end.reservedBits()).isEqualTo(Extension.RSV1);
    }

    private static String refusal(DeflateOptions options, String response) {
        try {
            PermessageDeflate.with(options).accept(Ends.offer(response));
            return "";
        } catch (ExtensionRefusedException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void everyTwoEndsAgree() {
        for (int bits = 0; bits < 1 << 6; bits++) {
            DeflateContext one = new DeflateContext(8 + bits % 8, bits % 2 == 0);
            DeflateContext other = new DeflateContext(8 + bits / 8, bits / 8 % 2 == 0);
            Ends ends = Ends.agree(Ends.both(one), Ends.both(other).withServer(one));
            assertThat(ends.client().agreed()).isEqualTo(ends.server().agreed());
        }
    }

    @Test
    void optionsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DeflateContext(7, true))
                .withMessage("max window bits is 7, it must be 8 to 15 (RFC 7692 §7.1.2)");
        assertThatIllegalArgumentException().isThrownBy(() -> new DeflateContext(16, true));
        for (int level : new int[] {-2, 10}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> DeflateOptions.DEFAULT.withLevel(level))
                    .withMessage("compression level is " + level + ", it must be -1 to 9");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeflateOptions.DEFAULT.withMinLength(-1))
                .withMessage("minLength is -1, it must be at least 0");
        assertThatThrownBy(() -> DeflateOptions.DEFAULT.withLevel(9).withFilter(null))
                .isInstanceOf(NullPointerException.class);
        assertThat(PermessageDeflate.create().options()).isEqualTo(DeflateOptions.DEFAULT);
        assertThat(PermessageDeflate.create().name()).isEqualTo("permessage-deflate");
    }

    @Test
    void aMessageIsCompressedWhenItIsLongEnoughAndChosen() {
        Extension end = Ends.agree(DeflateOptions.DEFAULT.withMinLength(10).withFilter((text, length) -> text))
                .client();
        assertThat(end.encodes(true, 10)).isTrue();
        assertThat(end.encodes(true, 9)).isFalse();
        assertThat(end.encodes(true, -1)).isTrue();
        assertThat(end.encodes(false, 10)).isFalse();
        assertThat(Ends.agree(DeflateOptions.DEFAULT.withMinLength(0)).client().encodes(true, 0))
                .isTrue();
    }
}
