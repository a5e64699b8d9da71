"""A page's way through the reader: parsed, assembled, with warnings about its bytes."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.charsets import read_text
from scraper.errors import ExtractError
from scraper.extract.assemble import Reading, assemble
from scraper.extract.explain import Explanation, explanation_of
from scraper.extract.fields.chains import check_moment
from scraper.html import parse
from scraper.text import cut_at_blank

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scraper.html import Tree
    from scraper.records import Article, Block, Capture, Warning_

MAX_BLOCK = 100_000  # characters: fifty pages of a book in one paragraph
MAX_BODY = 1_000_000


def extract(
    html: bytes | str,
    *,
    url: str | None = None,
    fetched_at: datetime | None = None,
    charset: str | None = None,
    embeds: bool = False,
) -> Article:
    """Read one news page.

    `html` is the page as received, or already decoded; `charset` is the label in its Content-Type header, if any. `url`
    is where it was fetched (it selects the site and resolves links), `fetched_at` when (it orders the layouts and
    exposes dates in the future). With `embeds`, embedded posts of social networks are part of the body, as quotes;
    otherwise they are left out. Raises ExtractError, with a reason, if the page is not an article or cannot be read,
    and ValueError for a `fetched_at` without a time zone or in a year before the web.
    """
    with _parsed(html, url, fetched_at, charset) as (tree, markup, is_guessed):
        found = Reading()
        assemble(found, tree, markup, url=url, fetched_at=fetched_at, embeds=embeds)
        assert found.article is not None  # noqa: S101  (else it is refused)
        return _with_doubts(found.article, is_guessed=is_guessed)


def explain(
    html: bytes | str,
    *,
    url: str | None = None,
    fetched_at: datetime | None = None,
    charset: str | None = None,
    embeds: bool = False,
) -> Explanation:
    """Read a page as extract() does, and explain it, even if it is refused.

    Raises ExtractError for markup that cannot be parsed, and ValueError like extract().
    """
    with _parsed(html, url, fetched_at, charset) as (tree, markup, is_guessed):
        found, refusal = Reading(), None
        try:
            assemble(found, tree, markup, url=url, fetched_at=fetched_at, embeds=embeds)
        except ExtractError as error:
            refusal = error.with_traceback(None)  # its frames would keep the page in memory
        if found.article is not None:
            found.article = _with_doubts(found.article, is_guessed=is_guessed)
        return explanation_of(found, refusal)


def _cut(body: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks up to the limit of a record; the same tuple object if nothing is cut."""
    if sum([len(block.text) for block in body]) <= MAX_BLOCK:
        return body
    kept: list[Block] = []
    room = MAX_BODY
    for block in body:
        text = cut_at_blank(block.text, min(MAX_BLOCK, room))
        room -= len(text)
        if text:
            kept.append(block if text == block.text else replace(block, text=text))
    return body if kept == list(body) else tuple(kept)


def _with_doubts(article: Article, *, is_guessed: bool) -> Article:
    """With a warning if the text may not be what the publisher wrote: its charset was guessed, letters are lost, or it
    is cut.
    """
    doubts: list[Warning_] = []
    body = _cut(article.body)
    if body is not article.body:
        doubts.append("text_cut")
        links = (replace(link, after_block=min(link.after_block, len(body))) for link in article.related_links)
        article = replace(article, body=body, related_links=tuple(links))
    if is_guessed:
        doubts.append("charset_guessed")
    texts = [article.headline, article.lede or "", article.byline or "", *[block.text for block in article.body]]
    if any("\ufffd" in text for text in texts):
        doubts.append("replacement_characters")
    return replace(article, warnings=(*article.warnings, *doubts)) if doubts else article


@contextmanager
def _parsed(
    html: bytes | str, url: str | None, fetched_at: datetime | None, charset: str | None
) -> Iterator[tuple[Tree, bytes | str, bool]]:
    """The page as a tree, its markup, and whether its charset was guessed."""
    check_moment(fetched_at)
    # A page's elements are thousands of objects that die together: collecting garbage among them frees nothing and
    # costs a twentieth of the time. Threads that read at the same time may turn it on again early, which is harmless.
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        markup, is_guessed = (html, False) if isinstance(html, str) else read_text(html, charset)
        tree = parse(markup, url=url)
        try:
            yield tree, markup, is_guessed
        finally:
            tree.changed()  # its index points back at it: without this, only the garbage collector would free the page
    finally:
        if is_collecting:
            gc.enable()


def extract_capture(capture: Capture) -> Article:
    """Read a capture; raises ExtractError."""
    return extract(capture.body, url=capture.final_url or None, fetched_at=capture.fetched_at, charset=capture.charset)
