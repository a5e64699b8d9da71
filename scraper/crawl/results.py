"""The result of an attempt on a link in the form that the archive takes: its outcome, and when the link is due again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper.archive.file.articles import SiteRow
from scraper.archive.write.pageresult import PageResult
from scraper.crawl.listing import coverage_of_failure, other_form_after, rhythm_after
from scraper.crawl.url_evidence import history_of
from scraper.dates import date_in_url
from scraper.plan import CEILING, after_attempt, listed_day
from scraper.records import Outcome
from scraper.urls import listing_page

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.archive.write.frontier import QueuedLink
    from scraper.errors import FetchError, Reason
    from scraper.plan import Look
    from scraper.records import Capture, LinkKind
    from scraper.sites import Portal, Site


PRIORITY: dict[LinkKind, int] = {"feed": 35, "index": 32, "sitemap": 30, "article": 10}


def result_of(
    db: Archive,
    queued: QueuedLink,
    outcome: Outcome,
    run_id: int,
    *,
    capture: Capture | None = None,
    published_at: datetime | None = None,
    is_changed: bool = False,
    look: Look | None = None,
) -> PageResult:
    is_source = queued.kind != "article"
    hint = listed_day(queued.url) if is_source else _published_hint(queued, published_at)
    # The later pages of an index are visited when the page before them is all new, not on their own.
    is_led = queued.kind == "index" and (listing_page(queued.url) > 1 or (queued.depth > 0 and hint is None))
    # The index of a sitemap says when the sitemap has changed; in case it forgets to, we look now and then.
    is_told = queued.kind == "sitemap" and queued.depth > 0 and queued.published_hint is not None
    rhythmic = rhythm_after(db, queued, look) if look and not is_led and not is_told else None
    reason, history = history_of(db, queued, outcome)
    following = after_attempt(
        queued.kind,
        reason,
        now=outcome.at,
        failures=queued.failures,
        unchanged=queued.unchanged,
        interval_s=queued.interval_s,
        published_at=hint,
        is_changed=is_changed,
        is_led=is_led,
        interval=CEILING["sitemap"] if is_told else rhythmic.interval if rhythmic else None,
        not_before=outcome.not_before,
        history=history,
    )
    return PageResult(
        url_id=queued.url_id,
        run_id=run_id,
        outcome=outcome,
        capture=capture,
        next_due=following.due_at,
        failures=following.failures,
        unchanged=following.unchanged,
        interval_s=following.interval_s,
        was_failing=queued.failures > 0,
        conclusion=following.conclusion,
        source=rhythmic.source if rhythmic else None,
        rhythm=rhythmic.rhythm.cells if rhythmic else {},
        coverage=coverage_of_failure(queued, outcome.reason),
        links=other_form_after(queued, outcome.reason),
        link_priority=PRIORITY,
        depth=queued.depth,
        fresh_s=int(look.fresh.total_seconds()) if look and look.fresh else None,
    )


def _published_hint(queued: QueuedLink, published_at: datetime | None) -> datetime | None:
    """When an article was published: by its page, or else by what revealed it, or else by its URL."""
    day = date_in_url(queued.url)
    return (
        published_at or queued.published_hint or (datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None)
    )


def outcome_of(queued: QueuedLink, capture: Capture, reason: Reason, detail: str | None = None) -> Outcome:
    return Outcome(
        url=queued.url,
        reason=reason,
        at=capture.fetched_at,
        status=capture.status,
        detail=detail or None,
        bytes_seen=capture.wire_bytes,
        elapsed_s=capture.elapsed_s,
        final_url=capture.final_url,
        redirects=capture.redirects,
    )


def outcome_of_failure(queued: QueuedLink, error: FetchError, at: datetime) -> Outcome:
    return Outcome(
        url=queued.url,
        reason=error.reason,
        at=at,
        status=error.status,
        detail=error.detail or None,
        attempt=error.attempts,
        bytes_seen=error.bytes_seen,
        redirects=error.redirects,
        not_before=error.not_before,
    )


def site_row(site: Site | None, portal: Portal | None) -> SiteRow | None:
    if site is None or portal is None:
        return None
    return SiteRow(
        slug=portal.slug,
        network=site.name,
        name=portal.brand,
        host=portal.hosts[0],
        zone=portal.zone,
        province=portal.province,
    )
