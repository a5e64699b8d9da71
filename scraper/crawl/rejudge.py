"""Who changed an article, judged again by today's rules: false revisions are removed, missed ones added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.archive.file import articles, lookup
from scraper.archive.write import rejudging
from scraper.archive.write.rejudging import Rejudged
from scraper.changes import is_same, kinds_of
from scraper.crawl.redesign import has_publisher_changed
from scraper.errors import ArchiveDamaged, ExtractError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.archive.file.library import Archive
    from scraper.archive.write.rejudging import Boundary
    from scraper.archive.write.rereads import Chosen
    from scraper.crawl.readers import Readers

_BATCH = 32  # articles between two commits


async def rejudge(db: Archive, readers: Readers, chosen: Chosen, keep: Callable[[list[Rejudged]], None]) -> None:
    """Read both sides of every change again, and pass on those whose author differs from the recorded one."""
    after = 0
    while (last := rejudging.last_revised(db, after=after, limit=_BATCH)) is not None:
        found = []
        for each in rejudging.boundaries(db, chosen, after=after, limit=_BATCH):
            now = await _judged(db, readers, each)
            if now is not None and now.by != each.by:
                found.append(now)
        keep(found)
        after = last


async def _judged(db: Archive, readers: Readers, each: Boundary) -> Rejudged | None:
    """The verdict of today's rules; None if a side can no longer be read."""
    try:
        sides = [lookup.capture(db, number) for number in (each.capture_id, each.next_capture_id)]
        before, after = [await readers.article(side) for side in sides]
    except (ExtractError, ArchiveDamaged, KeyError):
        return None
    old, new = articles.version_of(before), articles.version_of(after)
    known: dict[str, Any] = {"article_id": each.article_id, "revision": each.revision}
    if is_same(old, new) or not await has_publisher_changed(readers, (before, sides[0]), (after, sides[1])):
        return Rejudged(by="extractor", **known)
    return Rejudged(by="publisher", kinds=kinds_of(old, new), **known)
