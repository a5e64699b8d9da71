"""Pages made to cost: refused by name before they are parsed, or read with work that grows as the page does."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from scraper import extract
from scraper.errors import ExtractError, Reason
from scraper.extract.sources import stored_text
from scraper.html import parse

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
        "".join(f"<font c={number}><p>x" for number in range(1500)),
        "".join(f"<FoNt c={number}><p>x</p></x>" for number in range(1500)),
        "<b><i><u><s><em><strong><small><code><big><tt>" * 3 + "<p>x" * 60_000,
        "<div>" * 9_000,
        "<div " + " ".join(f"a{number}=1" for number in range(20_000)) + ">",
        "<div " + " ".join(f"a{number}" for number in range(20_000)) + ">",
        "<br>" * 300_000,
    ],
    ids=["formatting", "formatting in any case", "plain formatting", "blocks", "attributes", "bare attributes", "elements"],
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
        "<div>" * 1_000 + "teks" + "</div>" * 1_000,
        "<script>if (a<b " + "&& c (d) " * 20_000 + ") {}</script>",
    ],
    ids=["fonts", "bold", "cells", "deep", "script"],
)  # fmt: skip
def test_clumsy_pages_are_no_bombs(body: str) -> None:
    assert extract(_page(body), url=_URL).headline == "Panen kopi lebih awal"


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
