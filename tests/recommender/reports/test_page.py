"""Pages: self-contained, escaped, and the same content in HTML and Markdown."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.reports import plots
from recommender.reports.page import Bar, Bars, Listing, Page, Plot, Section, Table, Text, about_text, plain_markdown

HOSTILE = '<script>alert("x")</script>'


class Outline(HTMLParser):
    """Every tag with its attributes, and the text outside style and SVG."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = ""
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_data(self, data):
        if self._inside != "style":
            self.text += data


def page_with(text: str) -> Page:
    table = Table(text, (text, "b"), ((text, "2"),), "lr", text, ((0.5, 0.0),))
    blocks = (Text((text,)), Listing((text,)), table, Bars(text, text, (Bar(text, text, 0.5),)))
    return Page(text, text, ((text, text),), (Section(text, blocks),))


def test_every_text_is_escaped_in_html():
    document = page_with(HOSTILE).html()
    assert "script" not in {tag for tag, _ in Outline(document).tags}
    assert Outline(document).text.count(HOSTILE) == 16


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_no_text_changes_the_tags_of_the_page(text):
    plain = [tag for tag, _ in Outline(page_with("plain").html()).tags]
    assert [tag for tag, _ in Outline(page_with(text).html()).tags] == plain


@pytest.mark.parametrize("text", ["a | b", "two\nlines", HOSTILE, "[x](javascript:y)", "a_b_c", "# no heading"])
def test_markdown_tables_keep_their_shape(text):
    lines = page_with(text).markdown().splitlines()
    cells = [re.split(r"(?<!\\)\|", line) for line in lines if line.startswith("|")]
    assert {len(row) for row in cells} == {4}
    assert not any(line.startswith("# ") for line in lines[1:])
    assert "<" not in re.sub(r"\\<", "", "".join(lines))


def test_markdown_escapes_on_one_line():
    assert plain_markdown("a\n*b* & <c>") == r"a \*b\* &amp; \<c\>"


def test_a_page_loads_nothing():
    plot = Plot("p", "says", plots.columns(["a", "b"], [1, 2], x="x", y="y"))
    document = Page("t", "l", (), (Section("s", (plot,)),)).html()
    assert "://" not in document
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in Outline(document).tags}


def test_sections_can_be_linked():
    sections = tuple(Section(title, (Text(("x",)),)) for title in ("Customers' histories", "Over time", "Ratings"))
    tags = Outline(Page("t", "l", (), sections).html()).tags
    links = {attributes["href"] for tag, attributes in tags if tag == "a"}
    assert links == {f"#{attributes['id']}" for tag, attributes in tags if tag == "section"}


def test_writing_leaves_one_whole_file(tmp_path):
    page = page_with("ü")
    page.write(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page.html()
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "page.md"}


def test_on_a_narrow_screen_each_value_stands_beside_its_heading():
    table = Table("t", ("what", "before", "now"), (("model.decay", "0.6", "a_very_long_value" * 9),), "lrr")
    html = Page("t", "l", (), (Section("s", (table,)),)).html()
    cells = re.findall(r'<td class="[lr]" data-head="([^"]*)"', html)
    assert cells == ["what", "before", "now"]
    assert '<table class="wide-rows">' in html
    narrow = html[html.index("@media (max-width: 640px)") :]
    assert ".wide-rows td::before { content: attr(data-head)" in narrow
    assert "overflow-wrap: anywhere" in narrow


def test_a_table_of_two_columns_breaks_its_values_instead_of_leaving_the_screen():
    table = Table("t", ("parameter", "value"), (("model.decay", "x" * 99),), "lr")
    html = Page("t", "l", (), (Section("s", (table,)),)).html()
    assert '<table class="pairs">' in html
    assert ".pairs td, .pairs th { overflow-wrap: anywhere; white-space: normal; }" in html


def test_data_set_and_date_stand_above_the_title_and_in_markdown():
    page = Page("t", "l", (), (), about_text("my <shop>", "2026-01-02 03:04 UTC"))
    html = page.html()
    assert html.index("data set “my &lt;shop&gt;”, made 2026-01-02 03:04 UTC") < html.index("<h1>")
    assert "data set “my \\<shop\\>”, made 2026-01-02 03:04 UTC" in page.markdown()
    assert about_text("", "") == ""
    assert 'class="about"' not in Page("t", "l", (), ()).html()
