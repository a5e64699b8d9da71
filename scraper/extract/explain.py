"""Why a page was read as it was: the run of extract() itself, recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extract.structure.classes import furniture_word
from scraper.extract.structure.left_out import selector_of
from scraper.extract.trace import Decision, Removal
from scraper.html import prose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.errors import ExtractError
    from scraper.extract.assemble import Reading
    from scraper.extract.fields.body import ArticleBody
    from scraper.extract.structure.blocks import RawBlock
    from scraper.records import Article

MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How a page was read.

    `layouts` has (name, what it did not find; None for the chosen one) in the order in which they were tried.
    `candidates` are the generic reader's, as (selector, score, characters of text in it); () if a layout was chosen.
    `containers` are the elements that were read, () if the text is from data. `removals` are everything in them that is
    not in the body, in reading order, elements first. `doubts` are the blocks of the body against which a rule speaks,
    but on one sign only; `blocks` are all that were judged without a layout. `article` is the record that extract()
    returns, None for a page that it refuses; `refusal` says why.
    """

    headline: tuple[str, str] | None
    site: str | None
    layouts: tuple[tuple[str, str | None], ...]
    candidates: tuple[tuple[str, float, float], ...]
    containers: tuple[str, ...]
    removals: tuple[Removal, ...]
    doubts: tuple[Removal, ...]
    blocks: tuple[RawBlock, ...]
    decisions: tuple[Decision, ...]
    article: Article | None
    refusal: ExtractError | None = None

    @property
    def dropped(self) -> tuple[tuple[str, str], ...]:
        """(rule, text) of the removals."""
        return tuple((removal.rule, removal.text) for removal in self.removals)


def explanation_of(found: Reading, refusal: ExtractError | None) -> Explanation:
    """A reading, converted while its page is still parsed; `refusal` is why the page is not an article, if it is not."""
    body = found.body
    return Explanation(
        headline=found.headline,
        site=found.site,
        layouts=found.layouts,
        candidates=_candidates(body) if body else (),
        containers=tuple(selector_of(box) for box in body.boxes) if body else (),
        removals=(*_elements(body), *body.removed) if body else (),
        doubts=body.clean.doubts if body else (),
        # Without the addresses of their elements, which are valid in this process only.
        blocks=tuple(block._replace(box=0) for block in body.judged) if body else (),
        decisions=tuple(_decisions(found, refusal)),
        article=found.article,
        refusal=refusal,
    )


def _candidates(body: ArticleBody) -> tuple[tuple[str, float, float], ...]:
    """The elements with the most text, as (selector, characters weighted by nearness, all characters)."""
    masses = body.place.masses if body.place else ()
    ranked = sorted(masses, key=lambda mass: -mass.direct)[:MOST_CANDIDATES]
    return tuple((selector_of(mass.node), mass.direct, mass.whole) for mass in ranked)


def _elements(body: ArticleBody) -> Iterator[Removal]:
    """The elements that were not read, if they have text."""
    for why, node in body.left_out:
        if text := prose(node):
            names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
            word = furniture_word(names) if why == "class" else None
            yield Removal(
                f"{why} {word}: {selector_of(node)}" if word else f"{why} {selector_of(node)}", text, None, ("markup",)
            )


def _decisions(found: Reading, refusal: ExtractError | None) -> Iterator[Decision]:
    for name, missing in found.layouts:
        yield Decision("layout", name, f"no {missing}" if missing else "taken")
    if found.headline:
        yield Decision("headline", *found.headline)
    for title in found.titles:
        yield Decision("title", title.candidate.text, f"{title.chance:.0%}: {title.reasons()}")
    for ranked in found.bylines:
        names = ", ".join(author.name for author in ranked.byline.people.authors)
        yield Decision("byline", names, f"{ranked.chance:.0%}: {ranked.reasons() or ranked.byline.people.source}")
    if found.body:
        yield Decision("body", found.body.source, found.body.reason)
    if refusal:
        yield Decision("verdict", refusal.reason, refusal.detail or "")
