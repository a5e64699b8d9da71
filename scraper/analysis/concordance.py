"""Keyword in context: every place where a query's words occur, with the text to the left and right of it."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from scraper.analysis.tokens import words
from scraper.archive.ask import passages
from scraper.archive.ask.filters import ALL
from scraper.text import collapse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.archive.ask.filters import Filter
    from scraper.archive.ask.passages import Passage
    from scraper.archive.ask.search import Understood
    from scraper.archive.file.library import Archive

Sort = Literal["date", "site", "left", "right", "match"]
SORTS: tuple[Sort, ...] = get_args(Sort)
_COMPARED = 8  # words on each side that decide the order


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One occurrence. `start` and `end` count characters (code points) of the article's `field`: headline, lede or
    body.

    `left` and `right` are the text beside it in the same paragraph, at most `width` characters, on one line; `match` is
    as printed.
    """

    article_id: int
    url: str
    site: str | None
    published_at: str | None
    headline: str
    field: str
    start: int
    end: int
    left: str
    match: str
    right: str


def concordance(
    db: Archive,
    asked: Understood,
    wanted: Filter = ALL,
    *,
    width: int = 40,
    sort: Sort = "date",
    limit: int | None = None,
    numbers: list[int] | None = None,
    on_progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Iterator[Line]:
    """The places where a query occurs: exactly those for which the index found the article.

    By date (oldest first, then those without a date) or site, places come as they are found, and `limit` of them cost
    little. By the text to the left (nearest word first, then the next), to the right, or by the match itself, all are
    examined first. `numbers` are the articles to examine, in the order of the lines, if known (a part of them); None:
    all that the query finds. `on_progress` is called with what is being processed, how many are done, and of how many.
    """
    if numbers is None:
        numbers = passages.chosen_articles(db, asked, wanted, by="site" if sort == "site" else "date")
    found = _lines(db, asked, numbers, width, on_progress)
    if sort in ("date", "site"):
        for number, line in enumerate(found):
            if number == limit:
                return
            yield line
        return
    key = {"left": _leftward, "right": _rightward, "match": _matched}[sort]
    if limit is None:
        yield from sorted(found, key=key)
    else:
        yield from heapq.nsmallest(limit, found, key=key)


def _lines(
    db: Archive, asked: Understood, numbers: list[int], width: int, on_progress: Callable[[str, int, int], None]
) -> Iterator[Line]:
    last, done = 0, 0
    for passage in passages.passages(db, asked, numbers):
        if passage.article_id != last:
            last, done = passage.article_id, done + 1
            on_progress("articles read", done, len(numbers))
        for start, end in passage.spans:
            yield _line(passage, start, end, width)


def _line(passage: Passage, start: int, end: int, width: int) -> Line:
    before, after = passage.text.rfind("\n\n", 0, start), passage.text.find("\n\n", end)
    # A little more than is shown, since blanks collapse.
    left = passage.text[max(before + 2 if before >= 0 else 0, start - 4 * width) : start]
    right = passage.text[end : min(after if after >= 0 else len(passage.text), end + 4 * width)]
    return Line(
        article_id=passage.article_id,
        url=passage.url,
        site=passage.site,
        published_at=passage.published_at,
        headline=passage.headline,
        field=passage.field,
        start=start,
        end=end,
        left=_last(left, width),
        match=passage.text[start:end],
        right=_first(right, width),
    )


def _first(text: str, width: int) -> str:
    """The first characters on one line, with the blank before a word."""
    blank = " " if text[:1].isspace() else ""
    return (blank + collapse(text))[:width].rstrip()


def _last(text: str, width: int) -> str:
    """The last characters on one line, with the blank after a word."""
    blank = " " if text[-1:].isspace() else ""
    whole = collapse(text) + blank
    return whole[-width:].lstrip() if width else ""


def _leftward(line: Line) -> tuple[list[str], list[str], int, int]:
    return words(line.left)[::-1][:_COMPARED], words(line.match), line.article_id, line.start


def _rightward(line: Line) -> tuple[list[str], list[str], int, int]:
    return words(line.right)[:_COMPARED], words(line.match), line.article_id, line.start


def _matched(line: Line) -> tuple[list[str], list[str], int, int]:
    return words(line.match), words(line.right)[:_COMPARED], line.article_id, line.start
