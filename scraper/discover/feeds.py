"""RSS 0.9–2.0, RDF, Atom and JSON Feed → Links."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.discover.entries import date_of, links_of, title_of
from scraper.discover.found import Found
from scraper.discover.xml import child_text, local, plain
from scraper.errors import DiscoverError, Reason
from scraper.records import Link
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_ITEMS = 1_000  # CONTRACT L14
MAX_FEED_BYTES = 10 << 20
_ENTRIES = frozenset({"item", "entry"})
_HEAD_BYTES = 64 * 1024
_FIRST_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_SAID = re.compile(rb"<(?:[\w.-]+:)?(ttl|updatePeriod|updateFrequency)>\s*(\w{1,9})\s*</", re.IGNORECASE)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_JSON_ADDRESSES = ("url", "external_url", "id")


def parse_feed(body: bytes, url: str) -> Found:
    """The items of a feed; `skipped` are those that lead nowhere or to a front page.

    A feed that breaks midway gives what came before. Raises DiscoverError if
    it is no feed.
    """
    unpacked = plain(body, url, limit=MAX_FEED_BYTES)
    if unpacked.data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(unpacked.data, url)
    found = links_of(unpacked, url, names=_ENTRIES, link_of=lambda item: _item(item, url), limit=MAX_ITEMS)
    return replace(found, stays=_stays(unpacked.data))


def _stays(data: bytes) -> timedelta | None:
    """How long a feed says that it stays as it is: RSS 2.0 ttl (minutes), or the syndication module's period and frequency.

    Periods that are none ("always", "dayly") say nothing.
    """
    first = _FIRST_ENTRY.search(data, 0, _HEAD_BYTES)
    head = data[: first.start() if first else _HEAD_BYTES]
    said = {name.lower(): value.decode("ascii", "replace").lower() for name, value in _SAID.findall(head)}
    if (ttl := said.get(b"ttl", "")).isdecimal():
        return timedelta(minutes=int(ttl))
    period = _PERIODS.get(said.get(b"updateperiod", "daily" if b"updatefrequency" in said else ""))
    frequency = said.get(b"updatefrequency", "1")
    return period / int(frequency) if period and frequency.isdecimal() and int(frequency) else None


def _item(item: Element, base: str) -> Link | None:
    title = child_text(item, "title")
    date = child_text(item, "pubdate", "published", "date", "issued", "updated")
    return _first_link(_addresses(item), base, title, date)


def _addresses(item: Element) -> list[str]:
    """Where an item may lead to, best first: its guid counts where the link is empty (seen on antaranews.com, 2026)."""
    links = [one for one in item if local(one.tag) == "link"]
    hrefs = [one.get("href", "") for one in links if one.get("rel", "alternate") == "alternate"]
    texts = [one.text or "" for one in links]
    guids = [text for text in (child_text(item, "guid"), child_text(item, "id")) if text]
    original = child_text(item, "origlink")  # feedburner: the link counts clicks
    return [*([original] if original else []), *texts, *hrefs, *(guid for guid in guids if _is_address(guid))]


def _first_link(raws: list[str], base: str, title: str | None, date: str | None) -> Link | None:
    """A Link to the first of these that is more than a front page (seen on www.tribunnews.com, 2026: all items)."""
    for raw in raws:
        url = canonical_url(raw, base) if raw.strip() else None
        if url is not None and not _is_front_page(url):
            return Link(url=url, raw_url=raw.strip(), found_on=base, title=title_of(title), published_at=date_of(date))
    return None


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _json_feed(body: bytes, url: str) -> Found:
    try:
        feed: Any = json.loads(body)
        items = feed["items"]
        if not isinstance(items, list):
            raise TypeError("items is no list")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DiscoverError(url, Reason.UNPARSABLE, "neither XML nor a JSON Feed") from error
    found = [_json_item(item, url) for item in items[:MAX_ITEMS]]
    links: dict[str, Link] = {}
    for link in found:
        if link is not None:
            links.setdefault(link.url, link)
    return Found(links=tuple(links.values()), skipped=found.count(None), is_cut=len(items) > MAX_ITEMS)


def _json_item(item: object, base: str) -> Link | None:
    if not isinstance(item, dict):
        return None
    texts = {key: value for key, value in item.items() if isinstance(value, str)}
    raws = [texts[key] for key in _JSON_ADDRESSES if key in texts and (key != "id" or _is_address(texts[key]))]
    return _first_link(raws, base, texts.get("title"), texts.get("date_published"))
