"""Articles that a page keeps as data: where they are found, and that every editor's blocks become the same text."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.embedded import find, read_embedded
from scraper.extract import extract
from scraper.extract.sources.editor_blocks import MAX_DEPTH, to_markup
from scraper.extract.sources.layouts import LayoutReading, read_layout
from scraper.extract.structure.blocks import read_blocks
from scraper.html import parse, prepare
from scraper.sites import Embedded, Layout
from scraper.sites.definition import parse_sites
from scraper.sites.registry import use_sites

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST = "Perahu sayur merapat di dermaga sejak subuh."
SECOND = "Pembeli menawar dari tepi sungai, sebagian dengan keranjang bertali."
HEADING = "Buka Setiap Ahad"
ITEMS = ["Kangkung dan bayam", "Cabai rawit"]
QUOTE = "Dulu kami berteriak, sekarang pembeli menelepon."


def layout(**changes: Any) -> Layout:
    facts: dict[str, Any] = {
        "name": "muara/2025",
        "embedded": Embedded(selector="script#data", root="artikel"),
        "headline": ("data:judul",),
        "body": ("data:isi",),
    }
    return Layout(**facts | changes)


def read(markup: str, using: Layout) -> LayoutReading | None:
    tree = parse(markup)
    found = read_embedded(tree, [using.embedded])
    prepare(tree)
    reading = read_layout(tree, using, found.get(using.embedded) if using.embedded else None)
    return reading if isinstance(reading, LayoutReading) else None


def blocks(markup: str, using: Layout) -> list[tuple[str, str]]:
    reading = read(markup, using)
    assert reading is not None
    return [(block.kind, block.text) for box in reading.containers for block in read_blocks(box)]


def script(data: Any) -> str:
    return (
        f'<html><body><h1>Pasar</h1><script id="data" type="application/json">{json.dumps(data)}</script></body></html>'
    )


WHOLE = [
    ("paragraph", FIRST),
    ("subheading", HEADING),
    ("list_item", ITEMS[0]),
    ("list_item", ITEMS[1]),
    ("quote", QUOTE),
    ("paragraph", SECOND),
]
MARKUP = f"<p>{FIRST}</p><figure><img src=a.jpg><figcaption>Perahu</figcaption></figure><h2>{HEADING}</h2><ul><li>{ITEMS[0]}</li><li>{ITEMS[1]}</li></ul><blockquote>{QUOTE}</blockquote><p>{SECOND}</p>"
EDITORS: dict[str, Any] = {
    "markup": MARKUP,
    "escaped markup": html.escape(MARKUP),
    "list of markup": [f"<p>{FIRST}</p>", f"<h2>{HEADING}</h2>", f"<ul><li>{ITEMS[0]}</li><li>{ITEMS[1]}</li></ul>", f"<blockquote>{QUOTE}</blockquote>", f"<p>{SECOND}</p>"],
    "Editor.js": {
        "time": 1,
        "blocks": [
            {"id": "a", "type": "paragraph", "data": {"text": FIRST}},
            {"id": "i", "type": "image", "data": {"file": {"url": "a.jpg"}, "caption": "Perahu"}},
            {"id": "b", "type": "header", "data": {"text": HEADING, "level": 2}},
            {"id": "c", "type": "list", "data": {"style": "unordered", "items": ITEMS}},
            {"id": "d", "type": "quote", "data": {"text": QUOTE, "caption": ""}},
            {"id": "e", "type": "paragraph", "data": {"text": SECOND}},
        ],
    },
    "ProseMirror": {
        "type": "doc",
        "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": FIRST}]},
            {"type": "image", "attrs": {"src": "a.jpg"}},
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": HEADING}]},
            {"type": "bulletList", "content": [{"type": "listItem", "content": [{"type": "paragraph", "content": [{"type": "text", "text": item}]}]} for item in ITEMS]},
            {"type": "blockquote", "content": [{"type": "paragraph", "content": [{"type": "text", "text": QUOTE}]}]},
            {"type": "paragraph", "content": [{"type": "text", "text": SECOND[:8], "marks": [{"type": "bold"}]}, {"type": "text", "text": SECOND[8:]}]},
        ],
    },
    "Slate": {
        "document": {
            "nodes": [
                {"object": "block", "type": "paragraph", "nodes": [{"object": "text", "leaves": [{"object": "leaf", "text": FIRST, "marks": []}]}]},
                {"object": "block", "type": "heading-two", "nodes": [{"object": "text", "leaves": [{"object": "leaf", "text": HEADING}]}]},
                {"object": "block", "type": "bulleted-list", "nodes": [{"object": "block", "type": "list-item", "nodes": [{"object": "text", "leaves": [{"text": item}]}]} for item in ITEMS]},
                {"object": "block", "type": "block-quote", "nodes": [{"object": "text", "leaves": [{"text": QUOTE}]}]},
                {"object": "block", "type": "figure", "nodes": [{"object": "text", "leaves": [{"text": "Perahu"}]}]},
                {"object": "block", "type": "paragraph", "nodes": [{"object": "text", "leaves": [{"text": SECOND}]}]},
            ]
        }
    },
    "Draft.js": {
        "entityMap": {},
        "blocks": [
            {"key": "a", "type": "unstyled", "text": FIRST, "depth": 0},
            {"key": "b", "type": "header-two", "text": HEADING},
            *({"key": "c", "type": "unordered-list-item", "text": item} for item in ITEMS),
            {"key": "d", "type": "blockquote", "text": QUOTE},
            {"key": "e", "type": "unstyled", "text": SECOND},
        ],
    },
    "Gutenberg": [
        {"blockName": "core/paragraph", "attrs": {}, "innerHTML": f"\n<p>{FIRST}</p>\n"},
        {"blockName": "core/image", "innerHTML": "<figure><img src=a.jpg></figure>"},
        {"blockName": "core/heading", "innerHTML": f"<h2>{HEADING}</h2>"},
        {"blockName": "core/list", "innerHTML": f"<ul><li>{ITEMS[0]}</li><li>{ITEMS[1]}</li></ul>"},
        {"blockName": "core/quote", "innerHTML": f"<blockquote><p>{QUOTE}</p></blockquote>"},
        {"blockName": "core/paragraph", "innerHTML": f"<p>{SECOND}</p>"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("editor", EDITORS)
def test_every_editor_gives_the_same_blocks(editor: str) -> None:
    assert blocks(script({"artikel": {"judul": "Pasar", "isi": EDITORS[editor]}}), layout()) == WHOLE


def test_plain_text_is_cut_at_its_empty_lines() -> None:
    page = script({"artikel": {"judul": "Pasar", "isi": f"{FIRST}\n\n  \n{SECOND} &quot;Ramai&quot; <3\n"}})
    assert blocks(page, layout()) == [("paragraph", FIRST), ("paragraph", f'{SECOND} "Ramai" <3')]


def test_data_in_an_attribute_a_variable_and_a_data_layer() -> None:
    data = {"props": {"artikel": {"judul": "Pasar &amp; Sungai", "isi": f"<p>{FIRST}</p>"}}}
    inertia = f'<div id="app" data-page="{html.escape(json.dumps(data))}"></div>'
    reading = read(inertia, layout(embedded=Embedded(selector="div#app@data-page", root="props.artikel")))
    assert reading is not None
    assert reading.headline.text == "Pasar & Sungai"
    assert reading.headline.source == "layout:data:judul"

    kly = "<script>var a = 1;</script><script>window.kly = {article: {judul: 'Pasar', isi: \"<p>%s</p>\",}, env: document.title};</script>"
    place = Embedded(selector="script", after=re.compile(r"window\.kly\s*=\s*"), root="article")
    assert blocks(kly % FIRST, layout(embedded=place)) == [("paragraph", FIRST)]

    safety = f'<h1>Pasar</h1><script>var keywordBrandSafety = "{FIRST} &quot;Ramai.&quot;";</script>'
    place = Embedded(selector="script", after=re.compile(r"keywordBrandSafety\s*=\s*"))
    using = layout(embedded=place, headline=("h1",), body=("data:",))
    assert blocks(safety, using) == [("paragraph", f'{FIRST} "Ramai."')]

    pushed = f'<script>dataLayer.push({{"artikel": {{"judul": "Pasar", "isi": "{FIRST}"}}}});</script>'
    place = Embedded(selector="script", after=re.compile(r"dataLayer\.push\("), root="artikel")
    assert blocks(pushed, layout(embedded=place)) == [("paragraph", FIRST)]


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Pasar</h1>",
        '<script id="data">{"artikel": </script>',
        '<script id="data">{"artikel": null}</script>',
        '<script id="data">{"artikel": {"judul": "Pasar"}}</script>',
        '<script id="data">{"artikel": {"judul": "Pasar", "isi": ""}}</script>',
        '<script id="data">{"artikel": {"judul": "Pasar", "isi": [{"type": "image", "data": {}}]}}</script>',
        f'<script id="data">{"[" * 5000}</script>',
        '<script id="data">{"artikel": {"judul": 9' + "9" * 6000 + ', "isi": {}}}</script>',
    ],
)
def test_where_the_data_is_not_the_layout_does_not_match(page: str) -> None:
    assert read(page, layout()) is None


def test_fields_drops_and_related_links_work_on_the_markup_of_the_data() -> None:
    body = f'<figure><figcaption>Perahu di dermaga</figcaption></figure><p>{FIRST}</p><div class="iklan"><p>Iklan</p></div><p class="baca"><a href="/x">Kanal dikeruk</a></p>'
    using = layout(drop=(".iklan", "figure"), related=("p.baca",), caption=("figcaption",), byline=("data:penulis.*.nama",), tags=("data:topik",))  # fmt: skip
    page = script(
        {
            "artikel": {
                "judul": "Pasar",
                "isi": body,
                "penulis": [{"nama": "Adi"}, {"nama": "Ida"}],
                "topik": ["pasar", "sungai"],
            }
        }
    )
    reading = read(page, using)
    assert reading is not None
    assert reading.caption is not None
    assert reading.caption.text == "Perahu di dermaga"
    assert [found.text for found in reading.bylines] == ["Adi", "Ida"]
    assert [found.text for found in reading.tags] == ["pasar", "sungai"]
    found = [block for box in reading.containers for block in read_blocks(box, related=reading.related)]
    assert [(block.text, block.is_related) for block in found] == [(FIRST, False), ("Kanal dikeruk", True)]


def test_data_may_only_complete_what_the_page_prints() -> None:
    """merdeka.com, 2026: the text is markup, reporters and editors are in `window.kly`."""
    place = Embedded(selector="script", after=re.compile(r"window\.kly\s*=\s*"), root="article")
    using = layout(
        embedded=place, headline=("h1",), body=("div.isi",), editors=("data:editors",), caption=("figcaption",)
    )
    page = f"<h1>Pasar</h1><div class=isi><p>{FIRST}</p></div>"
    kly = '<script>window.kly = {"article": {"editors": "Ida Wardani"}};</script>'
    for markup, editors in ((page + kly, ["Ida Wardani"]), (page, [])):
        reading = read(markup, using)
        assert reading is not None
        assert [found.text for found in reading.editors] == editors
    assert blocks(page + kly, using) == [("paragraph", FIRST)]


def test_an_offset_that_is_wrong_is_cut_off() -> None:
    using = layout(embedded=None, headline=("h1",), body=("div",), published=("time@datetime",), wrong_offset=True)
    reading = read(
        f'<h1>Pasar</h1><time datetime="2020-10-12T09:44:42+00:00">12 Oktober</time><div>{FIRST}</div>', using
    )
    assert reading is not None
    assert reading.published is not None
    assert reading.published.text == "2020-10-12T09:44:42"


@pytest.fixture
def _own_site() -> Iterator[None]:
    use_sites(
        parse_sites(
            """
            slug = "muara"
            brand = "Muara"
            hosts = ["muara.example"]
            article_path = '^/berita/'
            [[layouts]]
            name = "muara/2020"
            headline = ["h1"]
            body = ["div.isi"]
            drop = [".iklan"]
            [[layouts]]
            name = "muara/foto"
            kind = "gallery"
            headline = ["h1"]
            body = ["div.galeri"]
            drop = ["figure"]
            caption = ["figcaption"]
            """
        )
    )
    yield
    use_sites(())


@pytest.mark.usefixtures("_own_site")
def test_a_body_of_lines_without_paragraphs_is_read() -> None:
    """Text in a <div>, cut by <br><br>: Antara to 2017, Sindonews to 2026."""
    page = f"""<html><title>Pasar Terapung</title><h1>Pasar Terapung</h1><div class="isi"><strong>MAKASSAR</strong> - {FIRST}<br><br>
        {SECOND}<br/><br/><b>Baca Juga:</b> <a href="https://muara.example/berita/2">Kanal Dikeruk Dua Pekan<br></a> <br><br>
        <div class="iklan">Iklan</div>{QUOTE}<br>Baris kedua dari paragraf yang sama.<br><br>(ida)</div></html>"""
    article = extract(page, url="https://muara.example/berita/1")
    assert article.layout == "muara/2020"
    assert [block.text for block in article.body] == [FIRST, SECOND, f"{QUOTE} Baris kedua dari paragraf yang sama."]
    assert article.dateline is not None
    assert article.dateline.text == "MAKASSAR"
    assert [link.text for link in article.related_links] == ["Kanal Dikeruk Dua Pekan"]
    assert article.sign_off == "(ida)"


@pytest.mark.usefixtures("_own_site")
def test_a_gallery_needs_no_text_where_its_layout_says_what_it_is() -> None:
    page = "<html><title>Pasar</title><h1>Pasar Terapung</h1><div class=galeri><figure><img src=a.jpg><figcaption>Perahu merapat.</figcaption></figure></div></html>"
    article = extract(page, url="https://muara.example/berita/2")
    assert (article.kind, article.layout, article.body) == ("gallery", "muara/foto", ())
    assert article.provenance["kind"] == "layout"
    assert article.image is not None
    assert article.image.caption == "Perahu merapat."


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", [{"a": [{"b": 1}, {"b": 2}], "c": {"x": 3, "y": 4}}]),
        ("a.0.b", [1]),
        ("a.*.b", [1, 2]),
        ("c.*", [3, 4]),
        ("a.9.b", []),
        ("a.b", []),
        ("c.x.z", []),
        ("nothing", []),
    ],
)
def test_paths(path: str, found: list[Any]) -> None:
    assert list(find({"a": [{"b": 1}, {"b": 2}], "c": {"x": 3, "y": 4}}, path)) == found


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["type", "text", "content", "data", "blocks", "html", "x"]) | st.text(max_size=3), inner, max_size=4),
    max_leaves=25,
)  # fmt: skip


@given(_JSON, st.text(alphabet="abx.*0", max_size=8))
def test_any_data_and_path_are_read_without_a_fault(data: Any, path: str) -> None:
    for value in find(data, path):
        tree = parse(f"<body>{to_markup(value)}")
        prepare(tree)
        assert tree.body is not None
        read_blocks(tree.body)


@given(st.lists(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), min_size=1), min_size=1, max_size=5))
def test_the_text_of_a_block_comes_through(words: list[str]) -> None:
    """Whatever is not markup and no entity is text, character for character."""
    text = " ".join(word.replace("<", "(").replace("&", "+") for word in words)
    tree = parse(f"<body>{to_markup([{'type': 'paragraph', 'text': text}])}")
    prepare(tree)
    assert tree.body is not None
    assert [block.text for block in read_blocks(tree.body)] == [text]


def test_blocks_nested_too_deep_are_no_text() -> None:
    value: Any = "terlalu dalam"
    for _ in range(MAX_DEPTH + 5):
        value = {"type": "doc", "content": [{"type": "paragraph", "content": value}]}
    assert to_markup(value) == ""
