"""The entries of an XML document → Links: bounded, each URL once, and what came before a break is kept."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.dates import parse_date
from scraper.discover.found import Found
from scraper.discover.xml import elements, mended
from scraper.errors import DiscoverError, Reason
from scraper.text import collapse, shorten, storable

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from xml.etree.ElementTree import Element

    from scraper.discover.xml import Plain
    from scraper.records import Link

MAX_TITLE = 1000  # CONTRACT L15
_UTC = ZoneInfo("UTC")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def links_of(
    body: Plain, url: str, *, names: frozenset[str], link_of: Callable[[Element], Link | None], limit: int
) -> Found:
    """The links of all elements with one of these names, at most `limit`.

    XML that breaks is mended and read once more, and the reading that got
    further counts. Raises DiscoverError if it breaks before the first link:
    `truncated` if the body was cut on its way, else `unparsable`.
    """
    found, error = _collect(body.data, url, names, link_of, limit)
    if error is None:
        return found
    again, still = _collect(mended(body.data), url, names, link_of, limit)
    if still is None or len(again.links) > len(found.links):
        found, error = again, still
    if error is not None and not found.links:
        raise DiscoverError(url, Reason.TRUNCATED, "the gzip stream is cut") if body.is_cut else error
    return found


def _collect(
    body: bytes, url: str, names: frozenset[str], link_of: Callable[[Element], Link | None], limit: int
) -> tuple[Found, DiscoverError | None]:
    links: dict[str, Link] = {}
    skipped = 0
    is_cut = False
    broken = None
    try:
        for element in elements(body, url, names=names):
            if len(links) >= limit:
                is_cut = True
                break
            link = link_of(element)
            if link is None:
                skipped += 1
            else:
                links.setdefault(link.url, link)
    except DiscoverError as error:
        broken = error
    return Found(links=tuple(links.values()), skipped=skipped, is_cut=is_cut or broken is not None), broken


def title_of(text: str | None) -> str | None:
    """A title as plain text on one line: feeds put markup and doubly escaped entities into it."""
    if not text:
        return None
    return shorten(storable(collapse(_TAG.sub(" ", html.unescape(text)))), MAX_TITLE) or None


def date_of(text: str | None) -> datetime | None:
    """A feed's or sitemap's date; a time without a zone is no hint worth keeping."""
    moment = parse_date(text, zone=_UTC) if text else None
    return moment.value if moment and (moment.zone_source != "assumed" or not moment.has_time) else None
