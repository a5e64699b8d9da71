"""How likely a field is to be right: counts, source by source, how often it was, and tests the table on unseen
publishers.

    python -m benchmarks.confidence DATA_DIR… [--write]

The pages are divided into five folds by publisher. A table counted on four is tested on the fifth: for each range of
confidence, the curve shows the predicted and the actual share. `--write` counts all pages into scraper/confidence.toml.
A field is right as a whole: the headline except for typography, every author and no other, the day, a text with F1 0.9.
A source with few pages is drawn towards its kind ("meta", "generic"), and a kind towards the field.
"""

from __future__ import annotations

import argparse
import statistics
import zlib
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import scraper
from benchmarks.accuracy import score_page
from benchmarks.common import Page, pages_of
from scraper.confidence import WEAK, sources_of
from scraper.urls import host_of, registrable_domain

FOLDS = 5
ENOUGH_PAGES, ENOUGH_SITES = 5, 3  # with fewer, a source has no row of its own
DRAWN = 10  # pages by which a row is drawn towards the level above it
GOOD_BODY = 0.9
_TRUTHS = {"headline": "title", "authors": "authors", "published_at": "date", "body": "body"}
_RANGES = (0.0, 0.5, WEAK, 0.85, 0.9, 0.95, 1.01)
Table = dict[str, dict[str, tuple[int, int, float]]]  # field → source → (right, of, confidence)


@dataclass(frozen=True, slots=True)
class Trial:
    """One field of one page: its source's names in the table, closest first, and whether it was right."""

    field: str
    publisher: str
    names: tuple[str, ...]
    is_right: bool


def trials_of(page: Page) -> list[Trial]:
    """What a page's truth says about each of its fields that the record has."""
    try:
        article = scraper.extract(page.html, url=page.url or None)
    except scraper.KlipingError:
        return []
    truth = page.truth
    truth = truth | {
        "title": truth.get("title") or truth.get("headline"),
        "date": truth.get("date") or truth.get("published_at"),
    }
    reading = {
        "title": article.headline,
        "authors": [author.name for author in article.authors],
        "date": article.published_at.isoformat() if article.published_at else None,
        "body": "\n".join(block.text for block in article.body),
    }
    scores = score_page(Page(page.id, page.url, page.html, truth), reading)
    publisher = registrable_domain(host_of(page.url) or "") or page.id
    found = []
    for field, key in _TRUTHS.items():
        source = article.provenance.get(field)
        if key not in scores or source is None:
            continue
        score = scores[key]
        if field == "body":
            precision, recall, _ = score
            is_right = 2 * precision * recall >= GOOD_BODY * (precision + recall) > 0
        else:
            is_right = score == 1.0
        found.append(Trial(field, publisher, sources_of(field, source, article.warnings), is_right))
    return found


def counted(trials: list[Trial]) -> Table:
    """The table of some trials."""
    tallies: dict[str, dict[str, list[Trial]]] = defaultdict(lambda: defaultdict(list))
    for trial in trials:
        for name in trial.names:
            tallies[trial.field][name].append(trial)
    table: Table = {}
    for field, by_name in tallies.items():
        rows = table[field] = {}
        for name, theirs in sorted(by_name.items(), key=lambda each: -len(each[1])):
            right, of = sum(trial.is_right for trial in theirs), len(theirs)
            if name != "any" and (of < ENOUGH_PAGES or len({trial.publisher for trial in theirs}) < ENOUGH_SITES):
                continue
            above = next((rows[up][2] for up in _above(theirs[0].names, name) if up in rows), right / of)
            rows[name] = (right, of, round((right + DRAWN * above) / (of + DRAWN), 3))
    return table


def _above(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return names[names.index(name) + 1 :] if name in names else ()


def said(table: Table, trial: Trial) -> float:
    """The confidence that a table predicts for a trial."""
    rows = table[trial.field]
    return next(rows[name][2] for name in trial.names if name in rows)


def curve(trials: list[Trial]) -> list[tuple[str, str, int, float, float]]:
    """(field, range, pages, said, right) over folds of publishers, and of all fields together."""
    folds: list[list[Trial]] = [[] for _ in range(FOLDS)]
    for trial in trials:
        folds[zlib.crc32(trial.publisher.encode()) % FOLDS].append(trial)
    outcomes = []
    for number, held in enumerate(folds):
        table = counted([trial for other, fold in enumerate(folds) if other != number for trial in fold])
        outcomes += [(trial.field, said(table, trial), trial.is_right) for trial in held]
    rows = []
    for field in (*_TRUTHS, "all"):
        mine = [(value, is_right) for name, value, is_right in outcomes if field in (name, "all")]
        for low, high in pairwise(_RANGES):
            here = [each for each in mine if low <= each[0] < high]
            if here:
                said_here, right = statistics.mean(v for v, _ in here), statistics.mean(r for _, r in here)
                rows.append((field, f"{low:.2f}-{min(high, 1):.2f}", len(here), said_here, right))
    return rows


def written(table: Table) -> str:
    """The table as TOML, one line per source."""
    lines = [
        "# How often what each source says was right, on pages with truth. Written by `python -m benchmarks.confidence`."
    ]
    for field, rows in table.items():
        lines += ["", f"[{field}]"]
        for name, (right, of, value) in rows.items():
            quoted = f'"{name}"' if '"' not in name else f"'{name}'"
            lines.append(f"{quoted} = {{ confidence = {value}, right = {right}, of = {of} }}")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--write", action="store_true", help="count all pages into scraper/confidence.toml")
    chosen = options.parse_args()
    trials = [trial for directory in chosen.data for page in pages_of(directory) for trial in trials_of(page)]
    for field, span, pages, value, right in curve(trials):
        print(f"{field:13} {span}  {pages:5} pages  said {value:.3f}  right {right:.3f}")
    if chosen.write:
        target = Path(scraper.__file__).parent / "confidence.toml"
        target.write_text(written(counted(trials)), "utf-8")


if __name__ == "__main__":
    main()
