"""RSS 0.9–2.0, RDF, Atom and JSON Feed → Links."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from scraper.dates import parse_date
from scraper.discover.found import Found
from scraper.discover.xml import child_text, elements, local
from scraper.errors import DiscoverError, Reason
from scraper.records import Link
from scraper.text import collapse, shorten, storable
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from datetime import datetime
    from xml.etree.ElementTree import Element

MAX_ITEMS = 1_000  # CONTRACT L14
_UTC = ZoneInfo("UTC")


def parse_feed(body: bytes, url: str) -> Found:
    """The items of a feed. Raises DiscoverError if it is none; a feed that breaks midway gives what came before."""
    if body.lstrip()[:1] == b"{":
        return _json_feed(body, url)
    links: dict[str, Link] = {}
    skipped = 0
    is_cut = False
    try:
        for item in elements(body, url, names=frozenset({"item", "entry"})):
            link = _item(item, url)
            if link is None:
                skipped += 1
            else:
                links.setdefault(link.url, link)
            if len(links) >= MAX_ITEMS:
                is_cut = True
                break
    except DiscoverError:
        if not links:
            raise
        is_cut = True
    return Found(links=tuple(links.values()), skipped=skipped, is_cut=is_cut)


def _item(item: Element, base: str) -> Link | None:
    raw = _address(item)
    return _link(raw, base, child_text(item, "title"), child_text(item, "pubdate", "published", "date", "updated"))


def _address(item: Element) -> str | None:
    """The item's link; its guid where the link is empty (seen on antaranews.com, 2026) or leads to the front page."""
    atom = [
        child.get("href")
        for child in item
        if local(child.tag) == "link" and child.get("href") and child.get("rel", "alternate") == "alternate"
    ]
    guid = child_text(item, "guid", "id")
    for raw in (child_text(item, "link"), *atom, guid if guid and guid.startswith("http") else None):
        if raw and urlsplit(raw.strip()).path not in ("", "/"):
            return raw.strip()
    return None


def _link(raw: str | None, base: str, title: str | None, date: str | None) -> Link | None:
    url = canonical_url(raw, base) if raw else None
    if url is None or raw is None or urlsplit(url).path in ("", "/"):
        return None
    return Link(url=url, raw_url=raw, found_on=base, title=_title(title), published_at=date_of(date))


def _title(text: str | None) -> str | None:
    return shorten(storable(collapse(text)), 1000) or None if text else None


def date_of(text: str | None) -> datetime | None:
    """A feed's or sitemap's date; one without a zone is no hint worth keeping."""
    moment = parse_date(text, zone=_UTC) if text else None
    return moment.value if moment and (moment.zone_source != "assumed" or not moment.has_time) else None


def _json_feed(body: bytes, url: str) -> Found:
    try:
        feed: Any = json.loads(body)
        items = feed["items"]
        if not isinstance(items, list):
            raise TypeError("items is no list")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DiscoverError(url, Reason.UNPARSABLE, "neither XML nor a JSON Feed") from error
    links: dict[str, Link] = {}
    skipped = 0
    for item in items[:MAX_ITEMS]:
        raw = (
            next((item[key] for key in ("url", "external_url", "id") if isinstance(item.get(key), str)), None)
            if isinstance(item, dict)
            else None
        )
        link = _link(raw, url, _string(item.get("title")), _string(item.get("date_published"))) if raw else None
        if link is None:
            skipped += 1
        else:
            links.setdefault(link.url, link)
    return Found(links=tuple(links.values()), skipped=skipped, is_cut=len(items) > MAX_ITEMS)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
