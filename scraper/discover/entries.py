"""The entries of an XML document → Links: bounded, each URL once, and what came before a break is kept."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.dates import parse_date
from scraper.discover.decode import markup
from scraper.discover.found import ListingResult
from scraper.discover.xml import Lenient, entries
from scraper.errors import DiscoverError, Reason
from scraper.text import collapse, shorten, storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from scraper.discover.decode import Plain
    from scraper.discover.xml import ListingEntry
    from scraper.records import Link

MAX_TITLE = 1000  # docs/contract.md promises it
_UTC = ZoneInfo("UTC")
_ENTITY = re.compile(r"&[A-Za-z][\w.-]{0,40};")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def links_of(
    body: Plain, url: str, *, names: frozenset[str], link_of: Callable[[ListingEntry], Link | None], limit: int
) -> ListingResult:
    """The links of all elements with one of these names, at most `limit`. The body is in UTF-8.

    Broken XML is read once more, leniently, and the reading that got further counts. Raises DiscoverError if neither
    gives a link: `truncated` if the body was cut on its way, else `unparsable`.
    """
    data = markup(body.data)
    found, error = _collect(entries(data, url, names=names), link_of, limit)
    if error is None:
        return found
    lenient = Lenient(data, url, names=names)
    again, still = _collect(lenient, link_of, limit)
    if still is None and not again.is_cut and not lenient.is_whole:
        again = replace(again, is_cut=True)
    if len(again.links) >= len(found.links):
        found = again
    if not found.links:
        raise DiscoverError(url, Reason.TRUNCATED, "the gzip stream is cut") if body.is_cut else error
    return found


def _collect(
    found: Iterable[ListingEntry], link_of: Callable[[ListingEntry], Link | None], limit: int
) -> tuple[ListingResult, DiscoverError | None]:
    links: dict[str, Link] = {}
    skipped = 0
    is_cut = False
    broken = None
    try:
        for entry in found:
            if len(links) >= limit:
                is_cut = True
                break
            link = link_of(entry)
            if link is None:
                skipped += 1
            else:
                links.setdefault(link.url, link)
    except DiscoverError as error:
        broken = error
    return ListingResult(links=tuple(links.values()), skipped=skipped, is_cut=is_cut or broken is not None), broken


def is_unresolved(address: str) -> bool:
    """Whether an address contains a DTD entity, which is never expanded, so that nobody knows where it leads."""
    return bool(_ENTITY.search(address))


def title_of(text: str | None) -> str | None:
    """A title as plain text on one line: feeds put markup and doubly escaped entities into it."""
    if not text:
        return None
    return shorten(storable(collapse(_TAG.sub(" ", html.unescape(text)))), MAX_TITLE) or None


def date_of(text: str | None) -> datetime | None:
    """A feed's or sitemap's date; None for a time without a zone, which is not a hint worth keeping."""
    moment = parse_date(text, zone=_UTC) if text else None
    return moment.value if moment and (moment.zone_source != "assumed" or not moment.has_time) else None
