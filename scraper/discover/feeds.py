"""RSS 0.9–2.0, RDF, Atom and JSON Feed → Links."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from scraper.discover.decode import Plain, as_utf8, decompressed
from scraper.discover.entries import date_of, is_unresolved, links_of, title_of
from scraper.discover.found import ListingResult
from scraper.discover.lenient import XML_BASE
from scraper.discover.xml import child, child_text, is_aside, local, resolved
from scraper.errors import DiscoverError, Reason
from scraper.records import Link
from scraper.urls import canonical_url, same_domain

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from scraper.discover.xml import ListingEntry

MAX_ITEMS = 1_000  # docs/contract.md promises it
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
_RELATIONS = "http://www.iana.org/assignments/relation/"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_JSON_ADDRESSES = ("url", "external_url", "id")


def parse_feed(body: bytes, url: str, *, charset: str | None = None) -> ListingResult:
    """The items of a feed; `skipped` are those that lead nowhere or to a front page.

    A feed that breaks midway gives what came before. Raises DiscoverError if it is not a feed.
    """
    unpacked = decompressed(body, url, limit=MAX_FEED_BYTES)
    data = as_utf8(unpacked.data, charset)
    if data.lstrip()[:1] == b"{":
        return _json_feed(data, url)
    text = Plain(data, unpacked.is_cut)
    found = links_of(text, url, names=_ENTRIES, link_of=lambda item: _item(item, url), limit=MAX_ITEMS)
    return replace(found, stays=_stays(data))


def _stays(data: bytes) -> timedelta | None:
    """How long a feed says that it stays valid: RSS 2.0 ttl (minutes), or the syndication module's period and
    frequency.

    Invalid periods ("always", "dayly") say nothing.
    """
    first = _FIRST_ENTRY.search(data, 0, _HEAD_BYTES)
    head = data[: first.start() if first else _HEAD_BYTES]
    said = {name.lower(): value.decode("ascii", "replace").lower() for name, value in _SAID.findall(head)}
    if (ttl := said.get(b"ttl", "")).isdecimal():
        return timedelta(minutes=int(ttl))
    period = _PERIODS.get(said.get(b"updateperiod", "daily" if b"updatefrequency" in said else ""))
    frequency = said.get(b"updatefrequency", "1")
    return period / int(frequency) if period and frequency.isdecimal() and int(frequency) else None


def _item(found: ListingEntry, feed: str) -> Link | None:
    item = found.element
    title = child_text(item, "title")
    date = child_text(item, "pubdate", "published", "date", "issued", "updated")
    places = [(raw, resolved(found.base, own) if own else found.base) for raw, own in _addresses(found, feed)]
    return _first_link(places, feed, title, date)


def _addresses(found: ListingEntry, feed: str) -> list[tuple[str, str | None]]:
    """Where an item may lead, best first, each with the xml:base of its own element.

    Its permalink takes precedence over a link that counts clicks, and replaces an empty link (seen on antaranews.com,
    2026); Atom's links by their purpose: the page itself, in HTML before other types, and if there is none the place of
    the content.
    """
    item = found.element
    links = [one for one in item if local(one.tag) == "link" and not is_aside(one)]
    alternate = sorted((one for one in links if _is_alternate(one)), key=_is_other_type)
    hrefs = [(one.get("href", ""), one.get(XML_BASE)) for one in alternate]
    texts = [(one.text or "", one.get(XML_BASE)) for one in links]
    permalink = _permalink(item)
    original = child_text(item, "origlink")  # feedburner: the link counts clicks
    content = child(item, "content")
    first = next((raw for raw, _ in (*texts, *hrefs) if raw.strip()), "")
    found_at = [(original, None), *texts, *hrefs, (permalink, None)]
    if permalink and _counts_clicks(first, permalink, found.site or feed):
        found_at.insert(0, (permalink, None))
    if content is not None:
        found_at.append((content.get("src", ""), content.get(XML_BASE)))
    found_at.append((item.get(_RDF_ABOUT, ""), None))
    return [(raw, base) for raw, base in found_at if raw]


def _is_alternate(link: Element) -> bool:
    return link.get("rel", "alternate").strip().lower().removeprefix(_RELATIONS) == "alternate"


def _is_other_type(link: Element) -> bool:
    return link.get("type", "text/html").partition(";")[0].strip().lower() not in _PAGE_TYPES


def _permalink(item: Element) -> str | None:
    """The address in a guid or an id; isPermaLink in RSS says when it is not one."""
    guid = child(item, "guid")
    is_none = guid is not None and guid.get("isPermaLink", "true").strip().lower() == "false"
    texts = (None if is_none else child_text(item, "guid"), child_text(item, "id"))
    return next((text for text in texts if text and _is_address(text)), None)


def _counts_clicks(link: str, permalink: str, site: str) -> bool:
    """Whether a link leads to the permalink through something else: another host, or an address that contains it."""
    if permalink.partition("://")[2] in unquote(link.partition("?")[2]):
        return True
    return _is_address(link) and same_domain(permalink, site) and not same_domain(link, permalink)


def _first_link(places: list[tuple[str, str]], feed: str, title: str | None, date: str | None) -> Link | None:
    """A Link to the first of these (address, base) that is more than a front page (seen on www.tribunnews.com, 2026:
    all items).
    """
    for raw, base in places:
        url = canonical_url(raw, base) if raw.strip() and not is_unresolved(raw) else None
        if url is not None and not _is_front_page(url):
            return Link(url=url, raw_url=raw.strip(), found_on=feed, title=title_of(title), published_at=date_of(date))
    return None


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path == "/" and not parts.query


def _is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def _json_feed(body: bytes, url: str) -> ListingResult:
    try:
        feed: Any = json.loads(body)
        items = feed["items"]
        if not isinstance(items, list):
            raise TypeError("items is not a list")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DiscoverError(url, Reason.UNPARSABLE, "neither XML nor a JSON Feed") from error
    found = [_json_item(item, url) for item in items[:MAX_ITEMS]]
    links: dict[str, Link] = {}
    for link in found:
        if link is not None:
            links.setdefault(link.url, link)
    return ListingResult(links=tuple(links.values()), skipped=found.count(None), is_cut=len(items) > MAX_ITEMS)


def _json_item(item: object, base: str) -> Link | None:
    if not isinstance(item, dict):
        return None
    texts = {key: value for key, value in item.items() if isinstance(value, str)}
    raws = [texts[key] for key in _JSON_ADDRESSES if key in texts and (key != "id" or _is_address(texts[key]))]
    return _first_link([(raw, base) for raw in raws], base, texts.get("title"), texts.get("date_published"))
