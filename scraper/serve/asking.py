"""The pages of the analysts' questions, and the same rows as CSV: words in context, words, names, and how stories
spread.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.analysis.concordance import SORTS
from scraper.records import as_json
from scraper.serve import analysed
from scraper.serve.counting import StillCounting
from scraper.serve.listed import csv_of
from scraper.serve.request import Here
from scraper.serve.source import ask_counted
from scraper.serve.views import asked_of, render

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from datasette.utils.asgi import Request, Response

    from scraper.serve.analysed import AnswerTable
    from scraper.serve.app import Served
    from scraper.serve.request import SearchRequest

SHOWN, IN_CSV = 100, 2_000
_READ = ("part", "all")  # how much is read if there are very many articles
WIDTH = 60  # characters on each side of a word


class Cell(NamedTuple):
    """A table cell: the text or number, and where it links to."""

    value: str | float | None
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPage:
    """A page: its options with their values (the first is the default), what it asks, and how a row is shown."""

    name: str
    options: dict[str, tuple[str, ...]]
    ask: Callable[..., Any]
    columns: Callable[[Here], tuple[str, ...]]
    cells: Callable[[Here, Any], list[Cell]]
    given: Callable[[Here], dict[str, Any]] = lambda _here: {}
    needs_word: Callable[[Here], bool] = lambda _here: False
    ends_early: Callable[[Here], bool] = lambda _here: False  # whether fewer rows take less time


def _most(here: Here) -> int:
    return analysed.MAX_ALL if here.option("read") == "all" else analysed.MAX_READ


def _beside(asked: SearchRequest, word: str) -> str:
    """The articles of a search that also contain a word."""
    return asked.address(query=f"({asked.query}) AND {word}" if asked.query else word)


_WORDS = {
    "key": ("word", "count", "articles", "rest", "g2", "log_ratio"),
    "top": ("word", "count", "articles", "per_million"),
    "pairs": ("words", "count", "articles", "g2", "log_dice"),
    "near": ("word", "count", "left", "articles", "total", "g2", "log_dice"),
}
_NAMES = ("name", "kind", "title", "articles", "mentions", "quotes")
_STORIES = ("headline", "first_paper", "papers", "articles", "half_hours", "span_hours")


def _word_columns(here: Here) -> tuple[str, ...]:
    return _WORDS[here.option("how")]


def _word_cells(here: Here, row: Any) -> list[Cell]:
    word, *others = _word_columns(here)
    text = getattr(row, word)
    return [Cell(text, _beside(here.asked, f'"{text}"')), *(Cell(getattr(row, name)) for name in others)]


def _name_cells(here: Here, row: Any) -> list[Cell]:
    quoted = row.name.replace('"', " ")
    name = Cell(row.name, _beside(here.asked, f'"{quoted}"'))
    return [name, Cell(row.kind), Cell(row.title), Cell(row.articles), Cell(row.mentions), Cell(row.quotes or None)]


def _story_cells(_here: Here, row: Any) -> list[Cell]:
    first = row.steps[0]
    papers = ", ".join(row.first_sites) if row.first_sites else None
    story = Cell(row.headline, f"/articles/{first.article_id}")
    return [story, Cell(papers), Cell(row.papers), Cell(row.articles), Cell(row.half_hours), Cell(row.span_hours)]


def _line_cells(_here: Here, row: Any) -> list[Cell]:
    return [
        Cell(row.published_at, f"/articles/{row.article_id}"),
        Cell(row.site),
        Cell(row.left),
        Cell(row.match),
        Cell(row.right),
    ]


QUESTIONS = {
    "concordance": AnalysisPage(
        name="concordance",
        options={"sort": SORTS, "read": _READ},
        ask=analysed.concordance_table,
        given=lambda here: {"sort": here.option("sort"), "width": WIDTH, "most": _most(here)},
        needs_word=lambda _here: True,
        ends_early=lambda here: here.option("sort") in ("date", "site"),
        columns=lambda _here: ("day", "site", "left", "match", "right"),
        cells=_line_cells,
    ),
    "words": AnalysisPage(
        name="words",
        options={"how": tuple(_WORDS), "read": _READ},
        ask=analysed.words_table,
        given=lambda here: {"how": here.option("how"), "most": _most(here)},
        needs_word=lambda here: here.option("how") == "near",
        ends_early=lambda here: here.option("how") == "key",
        columns=_word_columns,
        cells=_word_cells,
    ),
    "names": AnalysisPage(
        name="names",
        options={"who": ("all", "person", "place", "quoted"), "read": _READ},
        ask=analysed.names_table,
        given=lambda here: {
            "kind": here.option("who") if here.option("who") in ("person", "place") else None,
            "is_quoted": here.option("who") == "quoted",
            "most": _most(here),
        },
        columns=lambda _here: _NAMES,
        cells=_name_cells,
    ),
    "spread": AnalysisPage(
        name="spread", options={}, ask=analysed.spread_table, columns=lambda _here: _STORIES, cells=_story_cells
    ),
}


async def concordance_view(datasette: Served, request: Request) -> Response:
    return await _page(datasette, request, QUESTIONS["concordance"])


async def words_view(datasette: Served, request: Request) -> Response:
    return await _page(datasette, request, QUESTIONS["words"])


async def names_view(datasette: Served, request: Request) -> Response:
    return await _page(datasette, request, QUESTIONS["names"])


async def spread_view(datasette: Served, request: Request) -> Response:
    return await _page(datasette, request, QUESTIONS["spread"])


async def _page(datasette: Served, request: Request, question: AnalysisPage) -> Response:
    """The page of a question; with .csv the first IN_CSV rows with all their fields."""
    path = f"/{question.name}"
    try:
        here = Here(path=path, asked=await asked_of(datasette, request), options=_options(request, question))
    except ValueError as error:
        here = Here(path=path, options=tuple((name, values[0]) for name, values in question.options.items()))
        return await render(
            datasette, request, "question", status=400, question=question, here=here, problem=str(error), answer=None
        )
    is_csv = request.path.endswith(".csv")
    answer = waiting = None
    if here.asked.query or not question.needs_word(here):
        limit = SHOWN if question.ends_early(here) and not is_csv else IN_CSV
        find = functools.partial(question.ask, limit=limit, **question.given(here))
        try:
            answer = await ask_counted(datasette, find, here.asked, also=(here.options, limit), to_the_end=is_csv)
        except StillCounting as still:
            waiting = still
    if is_csv:
        rows = [as_json(row) for row in answer.rows] if answer else []
        return csv_of(tuple(rows[0]) if rows else ("nothing",), rows, name=f"kliping-{question.name}.csv")
    return await render(
        datasette,
        request,
        "question",
        question=question,
        here=here,
        problem=None,
        answer=answer,
        waiting=waiting,
        columns=question.columns(here),
        rows=[question.cells(here, row) for row in answer.rows[:SHOWN]] if answer else [],
        leaders=_leaders(answer) if answer else [],
        shown=SHOWN,
        in_csv=IN_CSV,
        error=_error(answer) if answer else 0.0,
        of_all=here.with_option("read", "all").address() if here.option("read") == "part" else None,
        most=analysed.MAX_ALL,
    )


def _leaders(answer: AnswerTable) -> Sequence[Any]:
    """Each paper's rank in the stories."""
    found: Sequence[Any] = answer.facts.get("papers", ())
    return found[:30]


def _error(answer: AnswerTable) -> float:
    """The worst-case error, in percentage points (95 %), of a share among the articles read, taken as the share among
    all found.
    """
    n, found = answer.read, answer.found
    return 100 * 1.96 * sqrt(0.25 / n * (found - n) / (found - 1)) if 0 < n < found else 0.0


def _options(request: Request, question: AnalysisPage) -> tuple[tuple[str, str], ...]:
    """Raise ValueError for a value that does not exist."""
    found = []
    for name, values in question.options.items():
        value = request.args.get(name) or values[0]
        if value not in values:
            raise ValueError(value[:40])
        found.append((name, value))
    return tuple(found)
