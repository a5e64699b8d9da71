"""Pages made to be expensive: refused by name before they are parsed, or read with work that grows with the page."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from scraper import extract, openings
from scraper.errors import ExtractError, Reason
from scraper.extract.sources import stored_text
from scraper.html import parse, path

if TYPE_CHECKING:
    from collections.abc import Callable

_PARAGRAPH = "<p>Warga desa memanen kopi lebih awal tahun ini karena hujan datang tepat waktu, kata kepala desa.</p>"
_URL = "https://kabar.example/2024/05/06/panen-kopi"


def _page(body: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Panen kopi lebih awal</title>{head}</head>"
        f"<body><h1>Panen kopi lebih awal</h1>{_PARAGRAPH}{body}{_PARAGRAPH}</body></html>"
    )


@pytest.mark.parametrize(
    "body",
    [
        "".join(f"<font c={number}><p>x" for number in range(1100)),
        "".join(f"<FoNt c={number}><P>x<!--</font>-->" for number in range(1100)),
        "<div>" * 30_000,
        *(f"<{tag}>" * 60_000 for tag in ("center", "header", "fieldset", "details", "rt", "dialog")),
        "</div>" * 60_000 + "<div>" * 60_000,
        "<div><!--</div>-->" * 40_000,
        "<div title='</div>'>" * 40_000,
        "<div><script></div></script>" * 40_000,
        "<form><div></form>" * 40_000,
        "<x-y>" * 50_000 + "</z>" * 50_000,
        "<b>" * 50_000 + "<p>" * 50_000,
        "<svg>" + "<td>" * 50_000 + "</x>" * 50_000,
        "<div " + " ".join(f"a{number}=1" for number in range(20_000)) + ">",
        "<div " + " ".join(f"a{number}" for number in range(20_000)) + ">",
        "<br>" * 300_000,
    ],
    ids=[
        "formatting", "formatting in any case", "blocks", "center", "header", "fieldset", "details", "rt", "dialog", "ends before",
        "ends in comments", "ends in attributes", "ends in scripts", "forms", "ends of nothing", "plain formatting", "svg",
        "attributes", "bare attributes", "elements",
    ],
)  # fmt: skip
def test_bombs_are_refused_by_name(body: str) -> None:
    with pytest.raises(ExtractError) as caught:
        extract(_page(body), url=_URL)
    assert caught.value.reason is Reason.UNPARSABLE


@pytest.mark.parametrize(
    "body",
    [
        "<p><font size=2>teks</font></p>" * 3_000,  # an old page, sound
        "<b>" * 400 + "<p>teks</p>" * 3_000,  # alike: three of them are opened again
        "<table>" + "<tr><td><font size=2>teks" * 2_000 + "</table>",  # a cell ends what is open in it, by the browser's rules
        "<div>" * 9_000,
        "<b><i><u><s><em><strong>" * 3 + "<p>x" * 20_000,
        "<div><p>satu<span>dua</p><li><b>tiga</div>" * 4_000,
        "<table>" + "<tr><td><div><b class=a>teks" * 4_000 + "</table>",
        "<script>if (a<b " + "&& c (d) " * 20_000 + ") {}</script>",
    ],
    ids=["fonts", "bold", "cells", "deep", "plain formatting", "ends that fit badly", "open cells", "script"],
)  # fmt: skip
def test_clumsy_pages_are_no_bombs(body: str) -> None:
    assert extract(_page(body), url=_URL).headline == "Panen kopi lebih awal"


def _depth(html: str) -> int:
    """How deep in the tree what comes next would stand."""
    probe = parse(f"<body>{html}<probe-x>").css_first("probe-x")
    return 0 if probe is None else sum(1 for each in path(probe) if each.tag not in ("html", "body"))


def test_what_is_open_is_never_taken_for_less() -> None:
    """Any tags in any order, again and again: the walk through what is open behind them is as long as it is in the tree."""
    rng = random.Random(9)
    kinds = (
        "div p span b a i font nobr button object table tr td th caption ul li dl dt dd form h2 h3 ruby rt svg math mi x-y section"
        " option br img svg foreignobject details center address marquee em"
    ).split()
    tags = [*(f"<{kind}>" for kind in kinds), *(f"</{kind}>" for kind in kinds)]
    wrong = []
    for _ in range(300):
        piece = "".join(rng.choices(tags, k=rng.randint(1, 5)))
        depth = _depth(piece * 200)
        stack = openings._read((piece * 200).encode(), 10**9)
        found = len(stack.names) - stack.gone
        if depth > 2 * found + 20:
            wrong.append((piece, depth, found))
    assert not wrong


def _work(html: str) -> int:
    """Calls of functions, of ours and of the libraries, that reading a page takes."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        extract(html, url=_URL)
    except ExtractError:
        pass
    finally:
        sys.setprofile(None)
    return calls


_GROWING: dict[str, Callable[[int], str]] = {
    "siblings": lambda size: _page("<p>x</p>" * size),
    "breaks": lambda size: _page("teks " + "<br>" * size),
    "nested": lambda size: _page("<span>" * size + "teks"),
    "lists": lambda size: _page("<ul>" + "<li>satu dua tiga</li>" * size + "</ul>"),
    "rows": lambda size: _page("<table>" + "<tr><td>satu</td><td>dua</td></tr>" * size + "</table>"),
    "links": lambda size: _page("<a href=/author/x?page=2>nama</a>" * size),
    "bylines": lambda size: _page("<span class=author>Nama Orang</span>" * size),
    "dates": lambda size: _page("<div class=date>12 Mei 2024</div>" * size),
    "pictures": lambda size: _page("<figure><img src=/a.jpg><figcaption>Kopi</figcaption></figure>" * size),
    "articles": lambda size: _page(f"<article class=story>{_PARAGRAPH}</article>" * (size // 4)),
    "pieces": lambda size: _page(f"<div class=article-body>{_PARAGRAPH}</div>" * (size // 4)),
    "boxes": lambda size: _page(("<div>" * 40 + "<img src=a>" + "</div>" * 40) * (size // 40)),
    "classes": lambda size: _page("".join(f"<div class='c{each}-x'>{_PARAGRAPH}</div>" for each in range(size // 4))),
    "places": lambda size: _page("".join(f"<div class='k k-{each}'>{_PARAGRAPH}</div>" for each in range(size // 4))),
    "headings": lambda size: _page("<h1>Panen kopi lebih awal</h1>" * size),
    "lines above": lambda size: (
        f"<title>Panen kopi lebih awal</title><main><h1>Panen kopi lebih awal</h1>{'<p>satu dua tiga empat lima enam</p>' * size}"
        f"<div class=isi>{_PARAGRAPH * size}</div></main>"
    ),
    "comments": lambda size: _page(f"<div class=comments><div class=comment>{_PARAGRAPH}</div></div>" * (size // 4)),
    "meta": lambda size: _page("", "<meta name=author content=x>" * size),
    "scripts": lambda size: _page("", "<script>dataLayer = [ x</script>" * size),
    "json-ld": lambda size: _page(
        "",
        '<script type="application/ld+json">{"@type":"NewsArticle","author":['
        + ",".join(f'{{"name":"Nama {each} Orang"}}' for each in range(size))
        + "]}</script>",
    ),
    "json-ld in parts": lambda size: _page("", '<script type="application/ld+json">{"a":[</script>' * (size // 8)),
}


@pytest.mark.parametrize("kind", _GROWING)
def test_work_grows_no_faster_than_the_page(kind: str) -> None:
    make = _GROWING[kind]
    extract(_page(""), url=_URL)  # what is compiled once is not counted
    once, twice = _work(make(400)), _work(make(800))
    assert twice <= 2.4 * once + 2_000


def test_a_string_in_a_script_that_is_not_closed_is_looked_through_once() -> None:
    """At each quote in it the search would begin again, to the end of the page."""
    assert len(list(stored_text._STRING.finditer('"' + '\\"' * 1_000))) == 1
    assert len(list(stored_text._STRING.finditer('"' + '\\"' * 1_000 + "\\"))) <= 2
    assert [match["end"] for match in stored_text._STRING.finditer('{"a": "b", "c')] == ['"', '"', ""]


def test_parsing_lets_other_threads_run_and_reads_the_same_there() -> None:
    pages = [_page(f"<p>Kopi dari kebun nomor {number} dijual ke kota.</p>") for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        apart = list(pool.map(lambda html: extract(html, url=_URL), pages * 4))
    assert apart == [extract(html, url=_URL) for html in pages] * 4


def test_parsing_does_not_hold_the_interpreter() -> None:
    """While one thread parses a large page, another goes on: with the lock held it could not count at all."""
    html = _page(_PARAGRAPH * 30_000)
    seen = [0]
    with ThreadPoolExecutor(1) as pool:
        parsing = pool.submit(parse, html)
        while not parsing.done():
            seen[0] += 1
    assert parsing.result().tagged("h1")
    assert seen[0] > 100


def test_a_text_longer_than_a_record_holds_is_cut_with_a_warning_and_no_other() -> None:
    sentence = "Warga desa itu memanen kopi lebih awal tahun ini, kata kepala desa kepada wartawan. "
    end = "Bupati menutup acara itu dengan doa bersama warga yang datang dari tujuh dusun."
    said = extract(_page(f"<p>{sentence * 1_500}</p><p>{end}</p>"), url=_URL)
    longest = max(said.body, key=lambda block: len(block.text)).text
    assert "text_cut" in said.warnings
    assert 90_000 < len(longest) <= 100_000
    assert (sentence * 1_500).startswith(longest)
    assert set(longest.split()) == set(sentence.split()), "no word is cut"
    assert end in [block.text for block in said.body], "what stands behind it is kept"
    many = extract(_page("".join(f"<p>{number}. {sentence * 30}</p>" for number in range(600))), url=_URL)
    assert "text_cut" in many.warnings
    assert 900_000 < sum(len(block.text) for block in many.body) <= 1_000_000
    assert "text_cut" not in extract(_page(f"<p>{sentence * 1_100}</p>"), url=_URL).warnings
