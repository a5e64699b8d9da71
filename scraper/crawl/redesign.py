"""A page that looks different from the one before: which part of the difference is the publisher's, and which only our
reading.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from scraper.archive.file import articles, lookup
from scraper.archive.write import doubts
from scraper.changes import added_at_edges, has_changed_between_designs, letters
from scraper.errors import ArchiveDamaged, ExtractError
from scraper.plan.walls import KEPT_SHARE, kept_share
from scraper.records import FROM_EARLIER, article_from_json
from scraper.schema import LASTING
from scraper.urls import host_of

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.crawl.readers import Readers
    from scraper.records import Article, Capture
    from scraper.sight import Sight

_ALIKE = 0.5  # of the class names of both pages: below it they are two designs
_FEW_NAMES = 8
_OTHERS = 5  # pages of a host that are searched for furniture of its new design


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """An article as it is to be stored.

    `is_ours`: the difference is only our reading. `is_poorer`: it is, and the stored version says more, so it stays.
    """

    article: Article
    is_ours: bool = False
    is_poorer: bool = False


async def weigh_reading(
    db: Archive, readers: Readers, article: Article, capture: Capture, before: Article | None, *, is_changed: bool
) -> Weighed:
    """Compare a reading with the stored version; `before` is today's reading of that, None if nobody asked for it."""
    stored = lookup.article(db, article.url)
    if stored is None:
        return Weighed(article=article)
    kept = article_from_json(stored.record)
    base = before or kept
    missing = _missing(kept, article)
    if not (is_changed or missing) or not stored.captures:
        return Weighed(article=article)
    try:
        old = [await readers.sight(lookup.capture(db, number)) for number in stored.captures]
        new = await readers.sight(capture)
    except (ExtractError, ArchiveDamaged, KeyError):
        return Weighed(article=article)
    if not _is_other_design(base, article, old[0], new):
        return Weighed(article=article)
    versions, said = (articles.version_of(base), articles.version_of(article)), " ".join(each.said for each in old)
    is_publishers = is_changed and has_changed_between_designs(*versions, said, new.said)
    added = added_at_edges(*versions, said)
    if is_publishers or (added and await _is_own(db, readers, capture, new, added)):
        return Weighed(article=with_earlier(article, kept, missing))
    is_missed = "layout_missed" in article.warnings and "layout_missed" not in kept.warnings
    share = kept_share(*(tuple(block.text for block in each.body) for each in (base, article)))
    is_lost = share is not None and share < KEPT_SHARE
    return Weighed(article=article, is_ours=True, is_poorer=bool(missing) or is_missed or is_lost)


async def _is_own(db: Archive, readers: Readers, capture: Capture, new: Sight, added: tuple[str, ...]) -> bool:
    """Whether new text at the edges of an article is its own: its host has other pages of the new design, and they lack
    it.
    """
    is_seen = False
    for number in doubts.captures_beside(db, host_of(capture.final_url), capture.url, _OTHERS):
        try:
            other = await readers.sight(lookup.capture(db, number))
        except (ExtractError, ArchiveDamaged):
            continue
        if not _is_other_markup(other, new):
            said = letters(other.said)
            is_seen = True
            added = tuple(block for block in added if letters(block) not in said)
    return is_seen and bool(added)


async def has_publisher_changed(
    readers: Readers, before: tuple[Article, Capture], after: tuple[Article, Capture]
) -> bool:
    """Whether two different readings differ because of the publisher; each with its capture. Raises ExtractError."""
    old, new = await readers.sight(before[1]), await readers.sight(after[1])
    if not _is_other_design(before[0], after[0], old, new):
        return True
    versions = articles.version_of(before[0]), articles.version_of(after[0])
    return has_changed_between_designs(*versions, old.said, new.said)


def _missing(kept: Article, article: Article) -> tuple[str, ...]:
    """The fields that are stored for an article and were not read this time."""
    return tuple(name for name in LASTING if getattr(kept, name) and not getattr(article, name))


def with_earlier(article: Article, kept: Article, missing: tuple[str, ...]) -> Article:
    """An article with those fields of the previous version that its page no longer gives, each with its source."""
    fields: dict[str, Any] = {name: getattr(kept, name) for name in missing}
    provenance = article.provenance | dict.fromkeys(missing, FROM_EARLIER)
    return replace(article, **fields, provenance=provenance)


def _is_other_design(before: Article, after: Article, old: Sight, new: Sight) -> bool:
    """Whether two pages are of different layouts, or of a reader that knows no layout and different markup."""
    if before.layout != after.layout or ("layout_missed" in after.warnings) != ("layout_missed" in before.warnings):
        return True
    return _is_other_markup(old, new)


def _is_other_markup(old: Sight, new: Sight) -> bool:
    if min(len(old.names), len(new.names)) < _FEW_NAMES:
        return False
    return len(old.names & new.names) < _ALIKE * max(len(old.names), len(new.names))
