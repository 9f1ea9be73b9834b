package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Whatever a text says, it is text. */
class HtmlTest {
    private static final String HOSTILE =
            "</p><script>alert('1')</script> & \"x\" ]]> \0\u0085\uD800\uFFFF é 漢 \uD83D\uDE80";

    @Test
    void textsAndAttributesReadBackAsTheyWere() {
        String page = new Html().element("p", HOSTILE, "title", HOSTILE).toString();

        Pages document = Pages.read(page);
        String expected = "</p><script>alert('1')</script> & \"x\" ]]> \uFFFD\uFFFD\uFFFD\uFFFD é 漢 \uD83D\uDE80";
        assertThat(document.text("/p")).isEqualTo(expected);
        assertThat(document.text("/p/@title")).isEqualTo(expected);
        assertThat(document.count("//script")).isZero();
    }

    @Test
    void elementsNest() {
        assertThat(new Html().open("a", "b", "c").text("d").empty("e").close().toString())
                .isEqualTo("<!DOCTYPE html>\n<a b=\"c\">d<e/></a>\n");
    }

    @Test
    void whatIsNotClosedIsNoPage() {
        Html html = new Html().open("a").open("b").close();

        assertThatThrownBy(html::toString)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Not closed: [a]");
    }

    @Test
    void scriptsThatXmlWouldReadOtherwiseAreRefused() {
        assertThat(new Html().verbatim("script", "a > b").toString()).contains("<script>a > b</script>");
        assertThatThrownBy(() -> new Html().verbatim("script", "a < b")).hasMessage("A script with < or & is no XML");
        assertThatThrownBy(() -> new Html().verbatim("style", "a & b")).hasMessage("A style with < or & is no XML");
    }
}
