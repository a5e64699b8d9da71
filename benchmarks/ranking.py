"""How signs are weighed: the weights under which the right candidates of pages are most likely to be chosen.

A conditional logit, drawn towards 0, by steps of gradient ascent. Pages are divided into five folds by publisher (benchmarks.folds), so that
each is judged by weights that none of its publisher's pages had a say in. A sign on fewer than MIN_SITES sites has no weight.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import scraper
from benchmarks.folds import FOLDS, fold_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STEPS, RATE = 120, 0.5
DRAWN = 1.0  # towards 0: as much as one page
MIN_SITES = 10
NOTHING = 0.05  # a weight that changes no choice


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates of a page, (its signs, how right it is: 0 to 1) each; `data` says in which table it is counted, `before` how right the page is without weights."""

    data: str
    site: str
    candidates: tuple[tuple[tuple[str, ...], float], ...]
    before: float = 0.0

    @property
    def best(self) -> float:
        """How right the page can be."""
        return max((value for _, value in self.candidates), default=0.0)


def score(weights: dict[str, float], signs: Sequence[str]) -> float:
    return sum(weights.get(sign, 0.0) for sign in signs)


def fit(choices: Iterable[Choice]) -> dict[str, float]:
    """The weights under which the right candidates of these pages are most likely."""
    usable = [choice for choice in choices if choice.best and len(choice.candidates) > 1]
    weights: defaultdict[str, float] = defaultdict(float)
    squares: defaultdict[str, float] = defaultdict(lambda: 1e-8)
    for _ in range(STEPS):
        slope: defaultdict[str, float] = defaultdict(float)
        for choice in usable:
            scores = [score(weights, signs) for signs, _ in choice.candidates]
            highest = max(scores)
            chances = [math.exp(each - highest) for each in scores]
            whole = sum(chances)
            right = sum(chance * value for chance, (_, value) in zip(chances, choice.candidates, strict=True))
            for chance, (signs, value) in zip(chances, choice.candidates, strict=True):
                pull = chance * value / right - chance / whole
                for sign in signs:
                    slope[sign] += pull
        for sign, pulled in slope.items():
            pull = pulled - DRAWN * weights[sign]
            squares[sign] += pull * pull
            weights[sign] += RATE * pull / math.sqrt(squares[sign])
    return dict(weights)


def chosen(weights: dict[str, float], choice: Choice) -> float:
    """How right the candidate with the highest sum is."""
    if not choice.candidates:
        return 0.0
    return max(choice.candidates, key=lambda each: score(weights, each[0]))[1]


def held_out(choices: Sequence[Choice]) -> list[tuple[Choice, int, float]]:
    """(page, its fold, how right it is by weights of other publishers)."""
    found = []
    for number in range(FOLDS):
        weights = fit(choice for choice in choices if fold_of(choice.site) != number)
        found += [(each, number, chosen(weights, each)) for each in choices if fold_of(each.site) == number]
    return found


def without_rare(choices: Iterable[Choice]) -> tuple[list[Choice], Counter[str]]:
    """The choices without signs of few sites, and on how many sites each of the others is."""
    choices = [*choices]
    sites: defaultdict[str, set[str]] = defaultdict(set)
    for choice in choices:
        for signs, _ in choice.candidates:
            for sign in signs:
                sites[sign].add(choice.site)
    counts = Counter({sign: len(where) for sign, where in sites.items() if len(where) >= MIN_SITES})
    kept = [
        replace(
            each,
            candidates=tuple(
                (tuple(sign for sign in signs if sign in counts), value) for signs, value in each.candidates
            ),
        )
        for each in choices
    ]
    return kept, counts


def report(choices: Sequence[Choice]) -> None:
    """Print how right pages are with weights of other publishers, by set and by fold."""
    outcomes = held_out(choices)
    print("| set | pages | can be right | before | right, weighed by other publishers |\n|---|---|---|---|---|")
    for key in dict.fromkeys([each.data for each in choices]):
        rows = [(each, value) for each, _, value in outcomes if each.data == key]
        can, before, after = (
            sum(column) / len(rows) for column in zip(*((c.best, c.before, v) for c, v in rows), strict=True)
        )
        print(f"| {key} | {len(rows)} | {can:.3f} | {before:.3f} | {after:.3f} |", flush=True)
    for number in range(FOLDS):
        rows = [(each, value) for each, own, value in outcomes if own == number]
        before, after = sum(each.before for each, _ in rows) / len(rows), sum(value for _, value in rows) / len(rows)
        print(f"| fold {number} | {len(rows)} | | {before:.3f} | {after:.3f} |")


def write(name: str, about: str, choices: Sequence[Choice], sites: Counter[str]) -> None:
    """Fit all pages into the table that the reader chooses by, `name` in scraper/extract/fields."""
    path = Path(scraper.__file__).parent / "extract" / "fields" / name
    lines = [f"# {line}" for line in about.splitlines()] + [""]
    for sign, weight in sorted(fit(choices).items(), key=lambda pair: -pair[1]):
        if abs(weight) >= NOTHING:
            lines.append(f'"{sign}" = {{ weight = {weight:.2f}, sites = {sites[sign]} }}')
    path.write_text("\n".join(lines) + "\n", "utf-8")
