"""What can be wrong with a site definition, named by its place: selectors, patterns, zones, hosts, dates."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scraper.html import css, parse, split_selector
from scraper.records import PageKind
from scraper.sites import CONFIDENCES
from scraper.template import fault, filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.sites import Discovery, Embedded, Layout, Portal, Site

DATA = "data:"  # a selector of this form reads from a layout's `embedded`
SELECTOR_FIELDS = (
    "body", "headline", "signature", "kicker", "lede", "dateline", "published", "modified", "byline", "editors", "source_credit", "image", "caption",
    "credit", "tags", "section", "related", "pages", "next_page", "parts", "drop",
)  # fmt: skip
# Elements that the reader removes before it applies a layout's selectors.
_UNREAD = re.compile(r"(?:^|[\s>+~,(])(?:script|style|noscript|template|iframe)\b")
# Measured: 64,000 siblings on a hostile page cost such a selector 11 s.
_SLOW = re.compile(r":nth-|~(?!=)")
_ONLY_MARKUP = frozenset({"related", "drop"})  # looked for inside the body, which is markup by then
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LAYOUT_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*")
_HOST = re.compile(r"(?=.{4,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_PORTAL_PATH = re.compile(r"(?:/[a-z0-9-]+)+")
_PATH = re.compile(r"[^.\s]+(?:\.[^.\s]+)*")
_RESERVED = frozenset({"check", "count", "diff", "show", "suggest", "try"})  # `kliping sites check`
_SHORTEST_SIGN = 2  # characters
MIN_SCRAPERS = 2  # that agree: one alone may have copied its author's mistake
KINDS = get_args(PageKind)


def check_site(site: Site) -> list[str]:
    """Everything that is wrong with a definition, each as "place: what"; [] if it can be used."""
    return list(_problems(site))


def _problems(site: Site) -> Iterator[str]:
    if not _SLUG.fullmatch(site.name) or site.name in _RESERVED:
        yield f"name: {site.name!r} is not a slug (small letters, digits, single hyphens)"
    if not site.portals:
        yield "portals: there is none"
    for number, portal in enumerate(site.portals):
        for problem in _portal_problems(portal):
            yield f"portals[{number}].{problem}"
    for host in site.other_hosts:
        if not _HOST.fullmatch(host):
            yield f"other_hosts: {host!r} is not a host name"
    yield from _discovery_problems(site.discovery)
    yield from _sign_problems(site)
    for number, layout in enumerate(site.layouts):
        for problem in check_layout(layout):
            yield f"layouts[{number}].{problem}"


def _sign_problems(site: Site) -> Iterator[str]:
    """What would take ordinary words for a paper's name, or addresses for one."""
    for field in ("credit_names", "dateline_names", "sign_offs"):
        for text in getattr(site, field):
            if len(text.strip(" *")) < _SHORTEST_SIGN:
                yield f"{field}: {text!r} is too short to be known by"
    for line in site.lines:
        try:
            is_empty = re.compile(line).fullmatch("") is not None
        except re.error as error:
            yield f"lines: {line!r} is not a regular expression: {error}"
        else:
            if is_empty:
                yield f"lines: {line!r} matches an empty line"
    for rule in site.urls.desktop:
        if "path" not in rule.path.groupindex:
            yield f"urls.desktop: {rule.path.pattern!r} must have a group (?P<path>…)"
        for host in (rule.host, *([rule.to] if rule.to else ())):
            if not _HOST.fullmatch(host.removeprefix("*.")):
                yield f"urls.desktop: {host!r} is not a host name"


def _portal_problems(portal: Portal) -> Iterator[str]:
    if not _SLUG.fullmatch(portal.slug) or portal.slug in _RESERVED:
        yield f"slug: {portal.slug!r} is not a slug (small letters, digits, single hyphens)"
    if not portal.brand.strip():
        yield "brand: it is empty"
    if not portal.hosts:
        yield "hosts: there is none"
    if portal.path and not _PORTAL_PATH.fullmatch(portal.path):
        yield f"path: {portal.path!r} is not like /jatim"
    for host in portal.hosts:
        if not _HOST.fullmatch(host.removeprefix("*.")):
            yield f"hosts: {host!r} is not a host name (small letters, no https://, no path)"
    if not is_zone(portal.zone):
        yield f"zone: {portal.zone!r} is not an IANA time zone (Asia/Jakarta, Asia/Makassar, Asia/Jayapura …)"


def is_zone(name: str) -> bool:
    """Whether the IANA database has a zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a directory of zones
        return False
    return True


def _discovery_problems(discovery: Discovery) -> Iterator[str]:
    patterns = [
        (name, each) for name in ("feeds", "news_sitemaps", "sitemaps", "sections") for each in getattr(discovery, name)
    ]
    patterns += [(f"by_date[{number}].url", each.url) for number, each in enumerate(discovery.by_date)]
    for name, pattern in patterns:
        known: dict[str, object] = {"host": "example.id"}
        if is_dated := name.startswith("by_date"):
            known |= {
                "year": 2024,
                "month": 5,
                "month_name": "May",
                "day": 2,
                "page": 1,
                "eve": "2024-05-01",
                "morrow": "2024-05-03",
            }
        if (wrong := fault(pattern, known)) is not None:
            yield f"discovery.{name}: {pattern!r} {wrong}"
            continue
        url = filled(pattern, known)
        if not url.startswith(("http://", "https://")):
            yield f"discovery.{name}: {pattern!r} is not an http or https URL"
        elif is_dated and not ("{year" in pattern and ("{month" in pattern or "{day" not in pattern)):
            yield f"discovery.{name}: {pattern!r} lacks {{year}}, or names a {{day}} without its {{month}}"
    if (discovery.embedded is None) != (discovery.link is None):
        yield "discovery.link: it goes with embedded, and embedded with it"
    elif discovery.link is not None and not discovery.link.startswith(("http://", "https://")):
        yield f"discovery.link: {discovery.link!r} is not an http or https URL"
    if discovery.embedded is not None:
        yield from (f"discovery.{problem}" for problem in _embedded_problems(discovery.embedded))
    for number, each in enumerate(discovery.by_date):
        if each.page_step < 1 or each.first_page < 0:
            yield f"discovery.by_date[{number}].page_step: pages are counted from 0 or more, in steps of 1 or more"
        if each.since and each.until and each.since > each.until:
            yield f"discovery.by_date[{number}].since: it is after until"


def check_layout(layout: Layout) -> list[str]:
    """Everything that is wrong with a layout, each as "field: what"; [] if it can be used."""
    problems = []
    if not _LAYOUT_NAME.fullmatch(layout.name):
        problems.append(f"name: {layout.name!r} is not like site/2024")
    problems += [f"{field}: there is no selector" for field in ("body", "headline") if not getattr(layout, field)]
    if layout.confidence not in CONFIDENCES:
        problems.append(f"confidence: {layout.confidence!r} is none of {', '.join(CONFIDENCES)}")
    if layout.confidence == "corroborated" and (layout.scrapers < MIN_SCRAPERS or layout.years is None):
        problems.append("confidence: corroborated by how many `scrapers` (two or more), of which `years`?")
    if layout.years is not None and layout.years[0] > layout.years[1]:
        problems.append("years: the first is after the last")
    if layout.kind is not None and layout.kind not in KINDS:
        problems.append(f"kind: {layout.kind!r} is none of {', '.join(KINDS)}")
    if layout.since and layout.until and layout.since > layout.until:
        problems.append("since: it is after until")
    if layout.page_path is not None and layout.page_path.groups != 1:
        problems.append(f"page_path: {layout.page_path.pattern!r} must have one group, the number")
    for field in SELECTOR_FIELDS:
        for selector in getattr(layout, field):
            if problem := _selector_problem(layout, field, selector):
                problems.append(f"{field}: {problem}")
    if layout.embedded is not None:
        problems += _embedded_problems(layout.embedded)
    return problems


def _embedded_problems(place: Embedded) -> Iterator[str]:
    if not _compiles(split_selector(place.selector)[0]):
        yield f"embedded.selector: {place.selector!r} is not a CSS selector"
    if place.root and not _PATH.fullmatch(place.root):
        yield f"embedded.root: {place.root!r} is not a path of names joined by dots"


def _selector_problem(layout: Layout, field: str, selector: str) -> str | None:
    if not selector.startswith(DATA):
        if not _compiles(split_selector(selector)[0]):
            return f"{selector!r} is not a CSS selector"
        if _SLOW.search(selector):
            return f"{selector!r}: :nth-… and ~ take too long on a page of many elements"
        is_gone = field not in _ONLY_MARKUP and _UNREAD.search(selector)
        return f"{selector!r}: scripts and frames are not read; `embedded` reads data" if is_gone else None
    if layout.embedded is None:
        return f"{selector!r} reads data, but the layout has no `embedded`"
    if field in _ONLY_MARKUP:
        return f"{selector!r}: only CSS selectors are looked for inside the body"
    path = selector[len(DATA) :]
    return None if not path or _PATH.fullmatch(path) else f"{selector!r} is not a path of names joined by dots"


@lru_cache(maxsize=8_192)  # papers on one system share their layouts
def _compiles(selector: str) -> bool:
    try:
        css(parse("<p></p>"), selector)
    except ValueError:
        return False
    return bool(selector.strip())
