"""Thresholds by cross-validation: which value of a constant is best on publishers for which it was not chosen.

    python -m benchmarks.folds DATA_DIR… --constant MODULE:NAME --values V… [--constant … --values …]

Pages are divided into five folds by their site, so that no site is in two. For each value all pages with a body truth
are read once; for each fold the value that is best on the other four is chosen and scored on it. A value earns its
place if the folds agree on it, and if its gain where it was not chosen is not noise: the last line gives the mean F1 of
a page (and the share of exact ones) with the value in the code, with the chosen ones, and with the best one in
hindsight.

    python -m benchmarks.folds ../data/a ../data/b --constant scraper.extract.structure.links:MIN_HEADINGS --values 2 3
    4 5 8
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.accuracy import score_page
from benchmarks.common import kliping, pages_of
from benchmarks.rules import site_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.common import Page

FOLDS = 5
EXACT = 0.1  # weight of an exact page beside its F1: weighed together, no value buys one with the other


def fold_of(site: str) -> int:
    """The fold of a site, the same in every run."""
    return zlib.crc32(site.encode()) % FOLDS


def scores(pages: Iterable[Page]) -> dict[tuple[str, int], tuple[float, bool]]:
    """(F1, exact) of every page with a body truth, by its name and its fold."""
    read = kliping()
    found: dict[tuple[str, int], tuple[float, bool]] = {}
    for page in pages:
        if page.truth.get("body"):
            precision, recall, is_exact = score_page(page, read(page.html, page.url))["body"]
            f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            found[page.id, fold_of(site_of(page))] = (f1, is_exact)
    return found


def mean(rows: Iterable[tuple[float, bool]]) -> float:
    """The score by which a value is chosen."""
    return statistics.mean(f1 + EXACT * is_exact for f1, is_exact in rows)


def choose(table: dict[Any, dict[tuple[str, int], tuple[float, bool]]]) -> dict[int, Any]:
    """For each fold the value that is best on the others."""
    return {
        fold: max(table, key=lambda value: mean(row for (_, own), row in table[value].items() if own != fold))
        for fold in range(FOLDS)
    }


def number(text: str) -> int | float:
    """A value as it stands in the code."""
    return int(text) if text.lstrip("-").isdigit() else float(text)


def report(name: str, table: dict[Any, dict[tuple[str, int], tuple[float, bool]]], today: Any) -> None:
    """Print a table of values and the result of cross-validation."""
    print(f"\n{name} (today {today})\n| value | F1 | exact |{' fold |' * FOLDS}\n|---|---|---|{'---|' * FOLDS}")
    for value, rows in table.items():
        folds = [statistics.mean(row[0] for (_, own), row in rows.items() if own == fold) for fold in range(FOLDS)]
        f1, exact = (statistics.mean(row[part] for row in rows.values()) for part in (0, 1))
        print(f"| {value} | {f1:.4f} | {exact:.4f} | {' | '.join(f'{each:.4f}' for each in folds)} |")
    chosen = choose(table)
    held_out = [row for fold, value in chosen.items() for (_, own), row in table[value].items() if own == fold]
    best = max(table, key=lambda value: mean(table[value].values()))
    outcomes = {
        "today": [*table[today].values()],
        f"chosen {[*chosen.values()]}": held_out,
        f"best {best}": [*table[best].values()],
    }
    for label, found in outcomes.items():
        f1, exact = statistics.mean(row[0] for row in found), statistics.mean(row[1] for row in found)
        print(f"{label}: F1 {f1:.4f}, exact {exact:.4f}")


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--constant", action="append", required=True, metavar="MODULE:NAME")
    options.add_argument("--values", action="append", nargs="+", type=number, required=True)
    chosen = options.parse_args(arguments)
    pages = [page for directory in chosen.data for page in pages_of(directory)]
    for constant, values in zip(chosen.constant, chosen.values, strict=True):
        module_name, _, name = constant.partition(":")
        module = importlib.import_module(module_name)
        today = getattr(module, name)
        table = {}
        for value in dict.fromkeys((today, *values)):
            setattr(module, name, value)
            table[value] = scores(pages)
        setattr(module, name, today)
        report(constant, table, today)


if __name__ == "__main__":
    main()
