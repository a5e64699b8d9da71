"""What a feed, sitemap or index page reveals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta  # noqa: TC003
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.records import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`links` in the order of the page, each URL once; `next_page` of a paged index; `feeds` that a page announces,
    `posts` the address of its WordPress REST interface (…/wp-json/), `sections` what its menus lead to.

    `outside` are the hosts of other domains that headlines of an index page lead to, with their number.

    `skipped` counts entries that gave no usable URL (a link to the front page,
    a foreign scheme); `is_cut` says that a limit or an error ended the reading
    early. `stays` is how long a feed says that it stays as it is (None: it does
    not say).
    """

    links: tuple[Link, ...] = ()
    feeds: tuple[Link, ...] = ()
    posts: str | None = None
    sections: tuple[Link, ...] = ()
    next_page: str | None = None
    outside: tuple[tuple[str, int], ...] = ()
    skipped: int = 0
    is_cut: bool = False
    stays: timedelta | None = None
