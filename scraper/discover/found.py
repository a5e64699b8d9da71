"""What was found on a feed, sitemap or index page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta  # noqa: TC003
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.records import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingResult:
    """The result of reading a listing.

    `links` are in the order of the page, each URL once; `next_page` is that of a paged index; `feeds` are those that a
    page announces, `posts` is the address of its WordPress REST interface (…/wp-json/), `sections` are the targets of
    its menus.

    `elsewhere` are the apparent articles of other domains to which an index page leads: whether a crawl takes them
    depends on its scope.

    `skipped` counts entries without a usable URL (a link to the front page, a foreign scheme); `is_cut` says that a
    limit or an error ended the reading early. `stays` is how long a feed says that it stays valid (None: it does not
    say).
    """

    links: tuple[Link, ...] = ()
    feeds: tuple[Link, ...] = ()
    posts: str | None = None
    sections: tuple[Link, ...] = ()
    next_page: str | None = None
    elsewhere: tuple[Link, ...] = ()
    skipped: int = 0
    is_cut: bool = False
    stays: timedelta | None = None
