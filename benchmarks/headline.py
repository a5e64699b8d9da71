"""The weight of each sign of a headline: fitted on pages with known truth, and tested on publishers for which it was
not fitted.

    python -m benchmarks.headline DATA_DIR… [--write]

The reader collects every text on a page that may be its headline, each with the signs for or against it
(scraper/extract/fields/headline.py). "before" is the headline that the reader takes today: it asks its rules first, and
the weights if no two places of the page agree. `--write` fits all pages into headline.toml (benchmarks/ranking.py says how).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.accuracy import fold
from benchmarks.common import pages_of
from benchmarks.ranking import Choice, report, without_rare, write
from benchmarks.rules import site_of
from scraper.charsets import decode
from scraper.errors import KlipingError
from scraper.extract.fields.headline import headline_candidates, rank_headlines
from scraper.extract.fields.title_rules import by_rule
from scraper.extract.sources.metadata import read_metadata
from scraper.html import parse, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.common import Page

ABOUT = """The weight of each sign for (or, below 0, against) a text being the headline, and the number of sites where it was seen. The text
with the largest sum of weights is chosen. Fitted to {pages:,} pages with known truth by `python -m benchmarks.headline --write`."""


def choice_of(page: Page, data: str) -> Choice | None:
    """What there is to choose from; None for a page without a title in its truth."""
    wanted = page.truth.get("title") or page.truth.get("headline")
    if not wanted:
        return None
    try:
        tree = parse(decode(page.html).text, url=page.url or None)
    except KlipingError:
        return None
    metadata = read_metadata(tree, page.url or None)
    prepare(tree)
    found = headline_candidates(tree, metadata, page.url or None, by_rule(tree, metadata))
    today = rank_headlines(tree, metadata, page.url or None)
    return Choice(
        data,
        site_of(page),
        tuple((tuple(sorted(each.signs)), float(fold(each.text) == fold(wanted))) for each in found),
        before=float(bool(today) and fold(today[0].candidate.text) == fold(wanted)),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--write", action="store_true", help="fit all pages into headline.toml")
    options.add_argument(
        "--unchecked", action="store_true", help="write without holding folds against each other first"
    )
    chosen = options.parse_args(arguments)
    told = (choice_of(page, directory.name) for directory in chosen.data for page in pages_of(directory))
    choices, sites = without_rare(choice for choice in told if choice is not None)
    if not chosen.unchecked:
        report(choices)
    if chosen.write:
        write("headline.toml", ABOUT.format(pages=len(choices)), choices, sites)


if __name__ == "__main__":
    main()
