"""Everything that an attempt on a link yielded, and what of it was new: the two sides of a saved page."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING

from scraper.reasons import Reason
from scraper.records import Rights
from scraper.typed import Struct

if TYPE_CHECKING:
    from scraper.archive.file.articles import SiteRow
    from scraper.archive.write.doubts import Doubt
    from scraper.archive.write.followed import Followed
    from scraper.archive.write.identity import Identity, Move
    from scraper.archive.write.progress import CoverageRow
    from scraper.records import Article, Capture, CharsetEvidence, Link, LinkKind, Outcome


class PageResult(Struct, frozen=True, kw_only=True):
    """Everything that one attempt on a link yielded.

    `capture` is None if nothing was kept; `article` if there is none to read. `before` is today's reading of the
    captures of the stored version (None if it was not needed). `charset` says how the bytes became text. `parts` are
    (page, capture id) of the other pages from which a joined article was read; `page` is the page of this capture.

    `links` are the links found; `sections` pages to start from, like the page itself, `backlog` links that can wait;
    `again` known URLs that are due now, whatever their time was. `robots_id` is the version of robots.txt that decided.
    `next_due` None removes the link from the queue; the next decision on it needs `failures`, `unchanged` and
    `interval_s`; `leaves_queue` leaves its place in the queue unchanged. `rhythm` is what was learned about a `source`,
    `coverage` the state of the walk through a day after this page; `days` are walks (site, host, day) that begin with
    one of the links. `named` are the articles that a listing names (None: it was not read); `was_failing` says that the
    attempt before did not end well, `conclusion` why the link is given up. `left_out` counts new links that a limit of
    the run leaves for the next one, and links outside the days that the run was asked for;
    `fresh_s` is how long a listing stays valid according to its publisher, in seconds.

    `followed` are hosts that belong to the crawl from now on, `outside` is the host that all links of a listing lead to
    and that does not; `cut` says which part of the page was not accepted.

    `text_key`, `title_key`, `landed` and `ending` are columns of the capture; `doubt` is a version kept aside,
    `is_confirmed` says that the waiting one is now the article's, `is_withdrawn` that the page is a notice of
    withdrawal. `is_ours` says that only our reading differs from what is stored, `is_same_article` that the stored
    version was seen again although `article` is None. `takes_back` are articles (id, why) that have turned out to be
    walls. `identity` says that the article is stored under another address, `moved` that the host has moved.
    """

    url_id: int
    run_id: int
    outcome: Outcome
    capture: Capture | None = None
    article: Article | None = None
    before: Article | None = None
    charset: CharsetEvidence | None = None
    site: SiteRow | None = None
    page: int = 1
    parts: tuple[tuple[int, int], ...] = ()
    links: tuple[Link, ...] = ()
    sections: tuple[Link, ...] = ()
    backlog: tuple[Link, ...] = ()
    again: tuple[str, ...] = ()
    link_priority: int | Mapping[LinkKind, int] = 0
    backlog_priority: int | Mapping[LinkKind, int] = 0
    depth: int = 0
    robots_id: int | None = None
    rights: Rights = Rights()
    next_due: datetime | None = None
    failures: int = 0
    unchanged: int = 0
    interval_s: int | None = None
    leaves_queue: bool = False
    source: str | None = None
    rhythm: Mapping[int, tuple[float, float]] = {}
    coverage: CoverageRow | None = None
    days: tuple[tuple[str, str, date], ...] = ()
    followed: tuple[Followed, ...] = ()
    outside: str | None = None
    cut: str | None = None
    named: tuple[str, ...] | None = None
    was_failing: bool = False
    conclusion: str | None = None
    left_out: int = 0
    fresh_s: int | None = None
    text_key: int | None = None
    title_key: int | None = None
    landed: str | None = None
    ending: str | None = None
    doubt: Doubt | None = None
    is_confirmed: bool = False
    is_ours: bool = False
    is_same_article: bool = False
    takes_back: tuple[tuple[int, str], ...] = ()
    identity: Identity | None = None
    moved: Move | None = None

    @property
    def is_asked(self) -> bool:
        """Whether the link's host was contacted: robots.txt may forbid it, and a host that is left alone is not
        contacted.
        """
        return self.outcome.reason is not Reason.ROBOTS and (
            self.outcome.reason is not Reason.RATE_LIMITED or self.outcome.status is not None
        )


class Saved(Struct, frozen=True, kw_only=True):
    """What a page changed in the archive; `reason` is the recorded one, `unchanged` for bytes that were already there."""

    reason: Reason
    capture_id: int | None
    is_new_capture: bool
    article_id: int | None = None
    is_new_article: bool = False
    is_changed: bool = False
    new_links: int = 0
