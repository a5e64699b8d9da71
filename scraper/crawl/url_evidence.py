"""The history of a URL in the form that the decisions of `plan` need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.archive.write import url_history
from scraper.errors import Reason
from scraper.plan import CLAIMS, UrlHistory, is_in_trouble
from scraper.records import Sighting

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.archive.write.frontier import QueuedLink
    from scraper.records import Outcome, Standing


def history_of(db: Archive, queued: QueuedLink, outcome: Outcome) -> tuple[Reason, UrlHistory | None]:
    """What an attempt says about a URL, and what else is known about it; None for the latter if it answered well.

    A page that has not changed since it was not an article is still not one.
    """
    reason = outcome.reason
    is_doubtful = (
        reason is Reason.UNCHANGED and queued.kind == "article" and not url_history.was_read(db, queued.url_id)
    )
    if CLAIMS[reason] == "well" and not is_doubtful:
        return reason, None
    seen = url_history.seen(db, queued.url_id, queued.host, queued.kind)
    if is_doubtful:
        if not seen.looks:
            return reason, None
        reason = seen.looks[-1][0].reason
    own = Sighting(at=outcome.at, reason=reason, status=outcome.status)
    looks = (*seen.looks, (own, url_history.standing(db, queued.host, outcome.at)))
    return reason, UrlHistory(
        looks=tuple(replace(look, is_trusted=seen.is_only or _is_trusted(standing)) for look, standing in looks),
        was_read=seen.was_read,
        named_at=seen.named_at,
    )


def _is_trusted(standing: Standing | None) -> bool:
    """Whether a host's answers on a day say anything about a single URL; if nothing is known about the day, they do
    not.
    """
    return standing is not None and not is_in_trouble(standing)
