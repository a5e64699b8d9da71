"""Whether every rule earns its place: how often each acted, on how many sites, and how often it was right.

    python -m benchmarks.rules DATA_DIR… [--least N] [--errors N] [--rule NAME] [--json OUT]

All pages with known truth are read once, with explain(). A piece of text that a rule removed counts as wrong if the
truth has it and the record does not, as right if the truth does not have it; if a truth has nothing else, phrases that
must (not) be in the text decide. "kept in doubt" are lines against which only one sign speaks: there, right means that
the truth has them. Fields are counted by their source. A rule is good enough if it is right on at least three sites and
wrong at most once in twenty; the last column names those that are not. `--errors` lists the pages that lose most
instead, with their missing and extra blocks and the rules behind them; `--rule` every case of one rule.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from benchmarks.accuracy import body_score, f1, fold, same_day, set_f1
from benchmarks.common import Page, pages_of
from scraper.errors import ExtractError
from scraper.extract import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.explain import Explanation

SIZE = 4  # tokens in a shingle, as in the score of the body
MIN_SITES, MAX_WRONG = 3, 0.05
_UNSPACED = re.compile("([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff])")  # one token each
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Case:
    """One action of a rule: on which site and page, the text, and whether it was right (None: the truth does not tell)."""

    rule: str
    site: str
    page: str
    text: str
    is_right: bool | None


@dataclass(slots=True)
class Tally:
    """What a rule did over all pages."""

    fired: int = 0
    right: int = 0
    wrong: int = 0
    sites: set[str] = field(default_factory=set)
    sites_right: set[str] = field(default_factory=set)

    def add(self, case: Case) -> None:
        self.fired += 1
        self.sites.add(case.site)
        if case.is_right:
            self.right += 1
            self.sites_right.add(case.site)
        self.wrong += case.is_right is False

    @property
    def share_wrong(self) -> float:
        return self.wrong / max(1, self.right + self.wrong)

    @property
    def fault(self) -> str:
        """Why the rule should not stand as it is; "" if it should."""
        if self.share_wrong > MAX_WRONG:
            return "wrong too often"
        return "" if len(self.sites_right) >= MIN_SITES else "too few sites"


class Truth:
    """What a page's text has, as tokens and as lines, and what of it the record lacks."""

    def __init__(self, truth: dict[str, Any], kept: list[str]) -> None:
        bodies = [truth[key] for key in ("body", "body_nosummary") if truth.get(key)]
        self.body = max(bodies, key=lambda body: f1(*body_score(body, "\n".join(kept))[:2]), default=None)
        if truth.get("paragraphs"):
            self.body = "\n".join(map(str, truth["paragraphs"]))
        self.lines = Counter(map(fold, (self.body or "").splitlines()))
        self.lines.subtract(Counter(map(fold, kept)))
        self.missing = shingles(self.body or "") - shingles("\n".join(kept))
        self.wanted = [fold(each) for each in truth.get("with") or ()]
        self.unwanted = [fold(each) for each in truth.get("without") or ()]

    def judge(self, text: str) -> bool | None:
        """Whether it was right to leave a text out; None if the truth does not tell."""
        folded = fold(text)
        if self.body is None:
            if any(each in folded for each in self.wanted):
                return False
            return True if any(each in folded for each in self.unwanted) else None
        own = shingles(text)
        if len(tokens(text)) < SIZE:
            return self.lines[folded] <= 0
        return sum((own & self.missing).values()) < 0.5 * sum(own.values())


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(_UNSPACED.sub(r" \1 ", text))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = tokens(text)
    return Counter(tuple(words[at : at + SIZE]) for at in range(max(1, len(words) - SIZE + 1)) if words)


def site_of(page: Page) -> str:
    """The site that a page counts for; pages of invented addresses are one each."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    return page.id if not host or host.endswith((".invalid", ".example")) else host


def cases_of(page: Page, found: Explanation) -> Iterator[Case]:
    """Every act of every rule on one page."""
    article, site = found.article, site_of(page)
    kept = [block.text for block in article.body] if article else []
    truth = Truth(page.truth, kept)
    for removal in found.removals:
        rule = removal.rule.partition(": ")[0] if ": " in removal.rule else removal.rule.partition(" ")[0]
        rule = rule if removal.block is None else removal.rule
        yield Case(rule, site, page.id, removal.text, truth.judge(removal.text))
    kept_truth = Truth(page.truth, [])
    for doubt in found.doubts:
        is_out = kept_truth.judge(doubt.text)
        yield Case(f"kept in doubt: {doubt.rule}", site, page.id, doubt.text, None if is_out is None else not is_out)
    if article is None:
        is_text = bool(truth.body) or None
        yield Case("refused", site, page.id, str(found.refusal), None if is_text is None else not is_text)
        return
    source = article.provenance
    if truth.body:
        score = f1(*body_score(truth.body, "\n".join(kept))[:2])
        yield Case(f"body from {_kind(source.get('body', 'nowhere'))}", site, page.id, f"{score:.3f}", score >= 0.9)
    if title := page.truth.get("title") or page.truth.get("headline"):
        yield Case(
            f"headline from {source['headline']}",
            site,
            page.id,
            article.headline,
            fold(title) == fold(article.headline),
        )
    if names := page.truth.get("authors"):
        want = [name["name"] if isinstance(name, dict) else name for name in names]
        got = [author.name for author in article.authors]
        yield Case(
            f"authors from {_kind(source.get('authors', 'nowhere'))}",
            site,
            page.id,
            "; ".join(got),
            set_f1(want, got) == 1,
        )
    if date := page.truth.get("date") or page.truth.get("published_at"):
        day = article.published_at.isoformat() if article.published_at else None
        yield Case(
            f"date from {_kind(source.get('published_at', 'nowhere'))}",
            site,
            page.id,
            str(day),
            same_day(str(date), day),
        )


def _kind(source: str) -> str:
    return "layout" if source.startswith("layout:") else source


def errors_of(page: Page, found: Explanation) -> tuple[float, list[str]]:
    """(how much F1 a page loses, what is missing and what is too much, with the rules behind it)."""
    kept = [block.text for block in found.article.body] if found.article else []
    truth = Truth(page.truth, kept)
    if not truth.body:
        return 0.0, []
    want = shingles(truth.body)
    lost = [removal for removal in found.removals if truth.judge(removal.text) is False]
    lines = [f"  - [{removal.rule}] {removal.text[:160]}" for removal in lost]
    gone = shingles("\n".join(removal.text for removal in found.removals))
    for line in truth.body.splitlines():
        own = shingles(line)
        if len(tokens(line)) >= SIZE and sum((own & (truth.missing - gone)).values()) > 0.5 * sum(own.values()):
            lines.append(f"  - [not read] {line[:160]}")
    places = {doubt.text: doubt.rule for doubt in found.doubts}
    for number, text in enumerate(kept):
        own = shingles(text)
        is_short = len(tokens(text)) < SIZE
        if (fold(text) not in fold(truth.body)) if is_short else sum((own & want).values()) <= 0.5 * sum(own.values()):
            lines.append(
                f"  + {number}/{len(kept)} {f'[in doubt: {places[text]}] ' if text in places else ''}{text[:160]}"
            )
    return 1 - f1(*body_score(truth.body, "\n".join(kept))[:2]), lines


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--least", type=int, default=1, help="leave out rules that acted less often")
    options.add_argument("--errors", type=int, default=0, help="list so many pages of each set that lose most")
    options.add_argument("--rule", help="list the cases of one rule")
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    tallies: dict[str, Tally] = {}
    for directory in chosen.data:
        losses: list[tuple[float, str, str, list[str]]] = []
        for page in pages_of(directory):
            try:
                found = explain(page.html, url=page.url or None)
            except ExtractError:
                continue
            for case in cases_of(page, found):
                tallies.setdefault(case.rule, Tally()).add(case)
                if case.rule == chosen.rule:
                    verdict = {True: "right", False: "WRONG", None: "?"}[case.is_right]
                    print(f"{verdict:<6}{directory.name} {case.page[:40]} {case.text[:200]!r}")
            if chosen.errors:
                loss, lines = errors_of(page, found)
                losses.append((loss, page.id, ", ".join(found.containers), lines))
        losses.sort(key=lambda each: -each[0])
        for loss, name, boxes, lines in losses[: chosen.errors]:
            print(f"{directory.name} {name} loses {loss:.3f}; read: {boxes}", *lines, sep="\n")
    if chosen.json:
        rows = {
            name: {"fired": t.fired, "sites": len(t.sites), "right": t.right, "wrong": t.wrong}
            for name, t in tallies.items()
        }
        chosen.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    if not chosen.errors and not chosen.rule:
        print("| rule | acted | on sites | right | wrong | wrong, share | |\n|---|---|---|---|---|---|---|")
        for name, tally in sorted(tallies.items(), key=lambda item: (-item[1].wrong, -item[1].fired)):
            if tally.fired >= chosen.least and tally.right + tally.wrong:
                print(
                    f"| {name} | {tally.fired} | {len(tally.sites)} | {tally.right} | {tally.wrong} | {tally.share_wrong:.0%} | {tally.fault} |"
                )


if __name__ == "__main__":
    main()
