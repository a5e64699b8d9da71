"""Words of a page without parsing it: the same ones that a reader sees, in time that grows with the page."""

from __future__ import annotations

import sys

import pytest

from scraper.crawl.page_verdict import is_js_shell
from scraper.markup import few_words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", 0), (b"satu dua", 2), (b"<p>satu</p><p>dua</p>", 2), (b"<p class='a b'>satu", 1), (b"a < b dan c", 4), (b"<<<", 0),
        (b"<script>a b c</script>satu", 1), (b"<SCRIPT>a b</sCript >satu", 1), (b"<script>a b c", 0), (b"<style>a b", 0), (b"<scripted>a b", 2),
        (b"satu<!-- a b -->dua", 2), (b"satu<!-->dua", 2), (b"satu<!-- a b", 1), (b"<noscript>a</noscript>b", 1), (b"<noscript>a b", 2),
        (b"<template>a</template>satu <b>dua</b> tiga", 3), (b"satu <b", 2), (b"</p>satu<", 1),
    ],
)  # fmt: skip
def test_words_outside_the_markup(body: bytes, words: int) -> None:
    assert few_words(body, 100) == words
    assert few_words(body, 2) == min(words, 2)


_OPEN = [b"<!--", b"<script>", b"<style ", b"<noscript>", b"<template", b"<", b"<a ", b"<!-", b"<div id=root ", b"<div id=root>", b"</", b"<p>a", b"<div>" + b" "]  # fmt: skip


def _steps(body: bytes) -> int:
    """Calls of functions that looking at a body takes; each looks at what the ones before did not."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        few_words(body, 1 << 40)
        is_js_shell(body)
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("piece", _OPEN, ids=lambda piece: piece.decode())
def test_work_grows_no_faster_than_the_page(piece: bytes) -> None:
    once, twice = _steps(piece * 500), _steps(piece * 1_000)
    assert twice <= 2.2 * once + 50


class _Counted(bytes):
    """Bytes that count how far they were searched."""

    searched = 0

    def find(self, sub: bytes, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        found = super().find(sub, start, len(self) if end is None else end)
        _Counted.searched += (found if found >= 0 else len(self) if end is None else end) - start
        return found

    def lower(self) -> _Counted:
        return _Counted(super().lower())


@pytest.mark.parametrize("piece", _OPEN, ids=lambda piece: piece.decode())
def test_nothing_is_looked_for_twice_in_the_same_place(piece: bytes) -> None:
    body = _Counted(piece * 1_000)
    _Counted.searched = 0
    few_words(body, 1 << 40)
    assert _Counted.searched <= 6 * len(body)


def test_an_empty_frame_is_one() -> None:
    script = b"<script src=/a.js></script>"
    for root in (
        b"<div id='root'></div>",
        b"<div class=a ID=__next data-x> </div>",
        b"<main id=app></main>",
        b"<app-root></app-root>",
    ):
        assert is_js_shell(b"<html><head><title>Aplikasi berita kami</title></head><body>" + root + script)
    for page in (
        b"<div id=rootless></div>",
        b"<div id=root>" + b"kabar " * 50 + b"</div>",
        b"<div id=root></div>" + b"kabar " * 50,
    ):
        assert not is_js_shell(page)
