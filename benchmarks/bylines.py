"""What each sign of a printed byline weighs: fitted on pages with truth, and held against publishers that it was not fitted on.

    python -m benchmarks.bylines DATA_DIR… [--write]

The reader collects every byline that a page shows, each with the signs that speak for or against its being the article's
(scraper/extract/fields/byline_choice.py). Every page is read three times: whole, without what it tells machines (its scripts and
its <meta>), and also without the names of its elements, as if its publisher used others. "before" is the first byline of the
page in the order in which the reader collects them. `--write` fits all pages into bylines.toml (benchmarks/ranking.py says how).
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.accuracy import set_f1
from benchmarks.common import pages_of
from benchmarks.ranking import Choice, report, without_rare, write
from benchmarks.rules import site_of
from scraper.charsets import decode
from scraper.errors import KlipingError
from scraper.extract.assemble import vocabulary_of
from scraper.extract.fields.byline_choice import add_signs, bylines
from scraper.extract.fields.chains import Context, chosen_headline
from scraper.extract.sources.metadata import read_metadata
from scraper.extract.sources.paper import read_paper
from scraper.extract.structure.headline_lines import place_headline
from scraper.html import parse, prepare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.common import Page

_FOR_MACHINES = re.compile(
    rb"<script\b[^>]*>.*?</script\s*>|<meta\b(?![^>]*(?:charset|http-equiv))[^>]*>", re.IGNORECASE | re.DOTALL
)
_NAMES = re.compile(rb"""\s(?:class|id|itemprop|rel)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)""")
ABOUT = """The weight of each sign for (or, below 0, against) a byline on a page being the article's, and the number of sites where it was seen.
The byline with the largest sum of weights is chosen. Fitted to {pages:,} readings of pages with known truth by
`python -m benchmarks.bylines --write`."""


def readings_of(page: Page) -> Iterator[tuple[str, bytes]]:
    """(what is left, markup) of the three readings."""
    yield "whole", page.html
    bare = _FOR_MACHINES.sub(b"", page.html)
    yield "no data", bare
    yield "no names", _NAMES.sub(b"", bare)


def choice_of(page: Page, data: str, html: bytes) -> Choice | None:
    """What there is to choose from; None for a page without authors in its truth."""
    names = page.truth.get("authors")
    if not names:
        return None
    url = page.url or None
    try:
        tree = parse(decode(html).text, url=url)
    except KlipingError:
        return None
    metadata = read_metadata(tree, url)
    prepare(tree)
    vocabulary = vocabulary_of(tree, metadata, url)
    context = Context(url=url, fetched_at=None, zone=None, vocabulary=vocabulary)
    headline, _ = chosen_headline(tree, metadata, context)
    place_headline(tree, headline[0] if headline else "")
    found = bylines(tree, read_paper(metadata, url), vocabulary)
    add_signs(found, tree, vocabulary)
    want = [name["name"] if isinstance(name, dict) else name for name in names]
    candidates = tuple(
        (tuple(sorted(each.signs)), set_f1(want, [author.name for author in each.people.authors])) for each in found
    )
    return Choice(data, site_of(page), candidates, before=candidates[0][1] if candidates else 0.0)


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--write", action="store_true", help="fit all pages into bylines.toml")
    chosen = options.parse_args(arguments)
    told = (
        choice_of(page, f"{directory.name}, {what}", html)
        for directory in chosen.data
        for page in pages_of(directory)
        for what, html in readings_of(page)
    )
    choices, sites = without_rare(choice for choice in told if choice is not None)
    report(choices)
    if chosen.write:
        write("bylines.toml", ABOUT.format(pages=len(choices)), choices, sites)


if __name__ == "__main__":
    main()
