"""The compiled walk gives the same results as the plain one and the selector engine, on every page; records are the
same with either.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import bombs, extract, html, native
from scraper.errors import ExtractError
from scraper.extract.fields import marked_bylines
from scraper.extract.structure import blocks, marks, mass
from scraper.html import css, parse, prepare
from scraper.selectors import alternatives
from scraper.walk import PlainWalk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scraper.html import Node, Tree
    from scraper.records import Article
    from scraper.walk import Walk

pytestmark = pytest.mark.skipif(native.compiled is None, reason=f"no compiled walk: {native.why_not}")

FIXTURES = Path(__file__).parent.parent / "fixtures"
LISTS = (
    marks._MARKS, marks._DATES, marks._DATE_NAMES, marked_bylines._ANY_BYLINE, marked_bylines._ANY_ROLE, html._UNSEEN,
    "[href], svg[href]", "li, span, font, center", "a", "a[href^='http']", "[id]", "[class]", "[data-x], [DATA-X]", "[class~=b], p[class~=b]", "[class$=D i]",
    "[rel=AUTHOR], [rel~=author]", "[href='#']", "[xlink:href]", "my-tag, my-tag[i]", "[lang|=de]", ".a, #b", ".a", "p.b", ".B.b, i", ".visually-hidden", "a[href*='.'], .d", "div > p", "[title='x,y'], b",
)  # fmt: skip
# What a walk could go wrong with: foreign elements, holders in holders, templates, quirks, values without and with odd bytes.
PAGES = (
    b"", b"<", b"text", b"<p>", b"<p class>a<p class=''>b<p class='  '>c<p id>d<p id=''>e<p id=d id=f>g",
    b"<svg class=a xlink:href=b href=c><a href=d><title>e</title><foreignObject><p class=f><noscript><b class=g></noscript></svg><p class=h>",
    b"<!DOCTYPE html><noscript><svg><a href=a></a></svg><a href=b></a></noscript><object><embed><a href=c></object><a href=d><a href=e>",
    b"<template><p class=a><a href=b></a></template><math><mi class=c></math><iframe><p class=d></iframe><my-tag I=1 data-x>x</my-tag><MY-TAG>",
    b"<p class='B b\tb\x0cb\xa0b'>a<p class=D>b<p class=xd>c<a rel=Author href='#'>d</a><a rel='nofollow AUTHOR' href=' '>e</a><i title='x,y'>",
    b"<p class='\xff\xfeonly' style='DISPLAY:NONE' data-x='\xc3\x28'>a<span hidden>b<span class=visually-hidden>c<span style='display: none'>",
    b"<table><a href=a><tr><a href=b><td><form><a href=c></table><select><option><a href=d></select><p><b><a href=e><p><a href=f><div>",
)  # fmt: skip


def pages() -> Iterator[bytes]:
    yield from PAGES
    for page in sorted(FIXTURES.rglob("page.html")):
        yield page.read_bytes()


def plain(tree: Tree) -> Walk:
    return PlainWalk(tree, html._HOLDER_NUMBERS, html._FEW)


def ids(nodes: Iterable[Node]) -> list[int]:
    return [node.mem_id for node in nodes]


def engine_answers(tree: Tree, walk: Walk) -> None:
    """Assert that a walk answers lists of selectors as the engine does, of the page and of what is in its elements."""
    for selector in LISTS:
        found = walk.matching(selector)
        is_left = alternatives(selector) is None or "my-tag" in selector
        assert (found is None) == is_left or (found is None and "." in selector), selector
        if found is not None:
            assert ids(found) == ids(css(tree, selector)), selector
    for root in tree.css("body, div, p, svg, ul")[:40]:
        for selector in LISTS[:6]:
            assert ids(walk.matching(selector, root) or ()) == ids(css(root, selector)), selector
    by_id = {key: ids(found) for key, found in walk.by_id().items()}
    assert by_id == {key: ids(found) for key, found in plain(tree).by_id().items()}


def same(tree: Tree) -> None:
    """Assert that both walks through a page tell the same."""
    compiled, other = html.walk_of(tree), plain(tree)
    assert type(compiled) is not type(other)
    assert len(compiled) == len(other)
    for tag in {node.tag or "" for node in tree.tags("*")} | {"amp-img", "blink"}:
        assert ids(compiled.tagged(tag)) == ids(other.tagged(tag)), tag
    links, others = compiled.links(), other.links()
    assert [(node.mem_id, href) for node, href in links] == [(node.mem_id, href) for node, href in others]
    told, plainly = (walk.loose(("div", "p", "td", "li"), 12, 400) for walk in (compiled, other))
    assert [(node.mem_id, *rest) for node, *rest in told] == [(node.mem_id, *rest) for node, *rest in plainly]
    engine_answers(tree, compiled)
    assert ids(compiled.take("a")) == ids(other.take("a"))
    assert compiled.tagged("a") == compiled.links() == other.links() == []
    engine_answers(tree, compiled)  # whoever takes elements may leave them in the page


def test_both_walks_tell_the_same_of_every_page() -> None:
    for page in pages():
        tree = parse(page)
        same(tree)
        prepare(tree)
        engine_answers(tree, tree.walk())  # as a rule that from before, with what is not text in it
        same(tree)


def test_texts_are_the_same_with_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of an element in C is what the binding says, white space and invisible joiners of any kind in it."""
    assert native.compiled is not None
    blanks = "\t\n\x0b\x0c\x1c\x1f \x85\xa0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000"
    joined = "".join(f"a{each}{each}b\xad\u200b{each}\u2060\ufeffc\u200c" for each in blanks)
    odd = f"<p>{joined}<a href>{blanks}</a><a href='x'>{joined}<p>{joined}<svg><a href=y>z</a></svg><!--a--><my-tag>b<amp-img>{blanks}"
    for page in (odd.encode(), *pages()):
        tree = parse(page)
        prepare(tree)
        for node in tree.css("*")[:: 1 + len(page) // 20_000]:
            assert html.text_of(node) == node.text()
            assert html.prose(node) == html._prose(node)
            assert ids(html.descendants(node, "a")) == ids(html._descendants(node, "a"))
            told, plainly = html.children(node), html._children(node)
            assert [tag for tag, _ in told] == [tag for tag, _ in plainly]
            assert [getattr(each, "mem_id", each) for _, each in told] == [
                getattr(each, "mem_id", each) for _, each in plainly
            ]
            assert html.is_longer(node, 40) == html._is_longer(node, 40)
            assert html.has_text(node, b"aL") == html._has_text(node, b"aL")
            assert html.links_in(node) == html._links_in(node)
        boxes = tree.css("body, div, figure, table")
        found = tree.pieces(), [blocks._inside(box) for box in boxes], paragraphs(tree)
        with monkeypatch.context() as plain_only:
            plain_only.setattr(native, "compiled", None)
            plain_only.setattr(blocks, "_BITS", None)
            tree.changed()
            assert (tree.pieces(), [blocks._inside(box) for box in boxes], paragraphs(tree)) == found


def paragraphs(tree: Tree) -> object:
    texts: dict[int, str] = {}
    return [(node.mem_id, *rest) for node, *rest in mass._paragraphs(tree, texts)], texts


@given(st.lists(st.sampled_from((b"<", b"</", b"b", b"B", b"i", b"font", b"FONT", b"strong", b"nobr", b"tt", b"x", b" ", b"/", b"\n", b"\x0b", b"\xa0", b">", b"<b ", b"<small\t"))))  # fmt: skip
def test_both_count_the_same_formatting_tags(parts: list[bytes]) -> None:
    markup = b"".join(parts)
    assert bombs._tags(markup) == (markup.count(b"<"), len(bombs._WITH_ATTRIBUTES.findall(markup)))


def read(page: bytes) -> Article | str:
    try:
        return extract(page, url="https://contoh.id/berita/1", embeds=True)
    except ExtractError as error:
        return str(error)


def test_records_are_the_same_with_either(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = [read(page) for page in pages()]
    monkeypatch.setattr(html, "_NAMES", None)
    monkeypatch.setattr(native, "compiled", None)
    assert type(parse(b"<p>a").walk()) is PlainWalk
    assert [read(page) for page in pages()] == compiled


def test_the_command_says_which_is_used() -> None:
    command = [sys.executable, "-m", "scraper", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    other = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {native.PURE: "1"}
    ).stdout
    assert told.splitlines()[1:] == ["reading: compiled"]
    assert other.splitlines()[1:] == [f"reading: not compiled ({native.PURE} is set)"]
