"""The weight of each sign of a headline: fitted on pages with known truth, and tested on publishers for which it was
not fitted.

    python -m benchmarks.headline DATA_DIR… [--write]

The reader collects every text on a page that may be its headline, each with the signs for or against it
(scraper/extract/fields/headline.py). The weights are those under which the right texts are most likely to be chosen
among the page's (a conditional logit, drawn towards 0), by steps of gradient ascent. Pages are divided into five folds
by publisher: the first lines say how many are right in each set when weighted by the other four. `--write` fits all of
them into headline.toml. A sign on fewer than MIN_SITES sites has no weight.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import scraper
from benchmarks.accuracy import fold
from benchmarks.common import pages_of
from benchmarks.folds import FOLDS, fold_of
from benchmarks.rules import site_of
from scraper.charsets import decode
from scraper.errors import KlipingError
from scraper.extract.fields.headline import candidates
from scraper.extract.fields.title_rules import by_rule
from scraper.extract.sources.metadata import read_metadata
from scraper.html import parse, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.common import Page

STEPS, RATE = 120, 0.5
DRAWN = 1.0  # towards 0: as much as one page
MIN_SITES = 10
NOTHING = 0.05  # a weight that changes no choice


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a page: (its signs, whether it is the headline) each."""

    data: str
    site: str
    texts: tuple[tuple[tuple[str, ...], bool], ...]


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
    found = candidates(tree, metadata, page.url or None, by_rule(tree, metadata))
    return Choice(
        data,
        site_of(page),
        tuple((tuple(sorted(each.signs)), fold(each.text) == fold(wanted)) for each in found),
    )


def score(weights: dict[str, float], signs: Sequence[str]) -> float:
    return sum(weights.get(sign, 0.0) for sign in signs)


def fit(choices: Sequence[Choice]) -> dict[str, float]:
    """The weights under which the right texts of these pages are most likely."""
    usable = [choice for choice in choices if any(is_right for _, is_right in choice.texts)]
    weights: defaultdict[str, float] = defaultdict(float)
    squares: defaultdict[str, float] = defaultdict(lambda: 1e-8)
    for _ in range(STEPS):
        slope: defaultdict[str, float] = defaultdict(float)
        for choice in usable:
            scores = [score(weights, signs) for signs, _ in choice.texts]
            highest = max(scores)
            chances = [math.exp(each - highest) for each in scores]
            whole = sum(chances)
            right = sum(chance for chance, (_, is_right) in zip(chances, choice.texts, strict=True) if is_right)
            for chance, (signs, is_right) in zip(chances, choice.texts, strict=True):
                pull = (chance / right if is_right else 0.0) - chance / whole
                for sign in signs:
                    slope[sign] += pull
        for sign, pulled in slope.items():
            pull = pulled - DRAWN * weights[sign]
            squares[sign] += pull * pull
            weights[sign] += RATE * pull / math.sqrt(squares[sign])
    return dict(weights)


def is_right(weights: dict[str, float], choice: Choice) -> bool:
    """Whether the text with the highest sum is the headline."""
    return bool(choice.texts) and max(choice.texts, key=lambda text: score(weights, text[0]))[1]


def held_out(choices: Sequence[Choice]) -> dict[str, list[bool]]:
    """For each set, whether the headline of each page is right with the weights of other publishers."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for number in range(FOLDS):
        weights = fit([choice for choice in choices if fold_of(choice.site) != number])
        for choice in choices:
            if fold_of(choice.site) == number:
                found[choice.data].append(is_right(weights, choice))
    return found


def without_rare(choices: list[Choice]) -> tuple[list[Choice], Counter[str]]:
    """The choices without signs of few sites, and on how many sites each of the others is."""
    sites: defaultdict[str, set[str]] = defaultdict(set)
    for choice in choices:
        for signs, _ in choice.texts:
            for sign in signs:
                sites[sign].add(choice.site)
    counts = Counter({sign: len(where) for sign, where in sites.items() if len(where) >= MIN_SITES})
    kept = [
        Choice(each.data, each.site, tuple((tuple(s for s in signs if s in counts), ok) for signs, ok in each.texts))
        for each in choices
    ]
    return kept, counts


def write(weights: dict[str, float], sites: Counter[str], pages: int) -> None:
    """The table that the reader chooses by."""
    path = Path(scraper.__file__).parent / "extract" / "fields" / "headline.toml"
    lines = [
        "# What each sign says for (or, below 0, against) a text being the headline, and on how many sites it was seen. Of the texts of a",
        f"# page the one is taken whose signs come to most. Fitted on {pages:,} pages with truth by `python -m benchmarks.headline --write`.",
        "",
    ]
    for sign, weight in sorted(weights.items(), key=lambda pair: -pair[1]):
        if abs(weight) >= NOTHING:
            lines.append(f'"{sign}" = {{ weight = {weight:.2f}, sites = {sites[sign]} }}')
    path.write_text("\n".join(lines) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--write", action="store_true", help="fit all pages into headline.toml")
    options.add_argument(
        "--unchecked", action="store_true", help="write without holding folds against each other first"
    )
    chosen = options.parse_args(arguments)
    told = (choice_of(page, directory.name) for directory in chosen.data for page in pages_of(directory))
    choices, sites = without_rare([choice for choice in told if choice is not None])
    if not chosen.unchecked:
        print("| set | pages | a right one is there | right, weighed by other publishers |\n|---|---|---|---|")
        outcomes = held_out(choices)
        for data, right in outcomes.items():
            there = sum(any(ok for _, ok in each.texts) for each in choices if each.data == data)
            print(f"| {data} | {len(right)} | {there / len(right):.3f} | {sum(right) / len(right):.3f} |", flush=True)
    if chosen.write:
        write(fit(choices), sites, len(choices))


if __name__ == "__main__":
    main()
