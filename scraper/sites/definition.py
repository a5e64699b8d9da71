"""Site definitions written as TOML: the same fields as the dataclasses, every fault named by its place."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from scraper.errors import SiteError
from scraper.sites import Discovery, Embedded, Layout, Portal, Site
from scraper.sites.check import CONFIDENCES, check_site
from scraper.sites.registry import SITES
from scraper.sites.wordpress import wordpress
from scraper.urls import Desktop, UrlRules

if TYPE_CHECKING:
    from collections.abc import Iterable

Table = dict[str, Any]

PROFILES = ("wordpress",)
_PORTAL_KEYS = tuple(each.name for each in fields(Portal))
_TABLES = ("profile", "portals", "discovery", "layouts", "urls")  # read by functions of their own
_SIGNS = ("credit_names", "dateline_names", "sign_offs", "lines")
_SITE_KEYS = ("name", "title", "article_path", "other_path", "other_hosts", "note", *_SIGNS, *_TABLES)
_DATES = frozenset({"since", "until", "checked"})
_TEXTS = frozenset(
    {
        "name",
        "title",
        "slug",
        "brand",
        "zone",
        "path",
        "province",
        "note",
        "source",
        "by_date",
        "link",
        "confidence",
        "kind",
        "root",
        "selector",
        "host",
        "to",
    }
)
_PATTERNS = frozenset({"article_path", "other_path", "after", "page_path"})
_NUMBERS = frozenset({"first_page", "page_step"})
_SWITCHES = frozenset({"wrong_offset"})


def parse_sites(text: str) -> list[Site]:
    """The definitions of a file: one, or a list under [[sites]].

    Raises SiteError "key: why" for the first thing that is wrong; what the
    catalogue has taken (slugs, hosts, layouts' names) is the registry's to say.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"no TOML: {error}") from error
    if "sites" not in table:
        return [_site(table, "")]
    _known(table, ("sites",), "")
    return [_site(each, f"sites[{number}].") for number, each in enumerate(_tables(table["sites"], "sites"))]


def _site(table: Table, at: str) -> Site:
    """One definition. The keys of a portal may stand at its top when it has only one."""
    if "extends" in table:
        return _extended(table, at)
    _known(table, (*_SITE_KEYS, *_PORTAL_KEYS), at)
    values = {key: _value(key, value, at) for key, value in table.items() if key not in _TABLES}
    portals = _portals(table, values, at)
    layouts = tuple(
        _layout(each, f"{at}layouts[{number}].")
        for number, each in enumerate(_tables(table.get("layouts", []), f"{at}layouts"))
    )
    profile = table.get("profile")
    if profile is not None and profile not in PROFILES:
        raise SiteError(f"{at}profile: {profile!r} is none of {', '.join(PROFILES)}")
    site = _with_profile(portals, layouts) if profile else _without_profile(values, portals, layouts, at)
    site = replace(
        site,
        name=values.get("name", portals[0].slug),
        title=values.get("title", portals[0].brand),
        discovery=_discovery(table.get("discovery", {}), site.discovery, f"{at}discovery."),
        urls=_urls(table.get("urls", {}), f"{at}urls."),
        **{key: values[key] for key in ("article_path", "other_path", "other_hosts", "note", *_SIGNS) if key in values},
    )
    if problems := check_site(site):
        raise SiteError(f"{at}{problems[0]}")
    return site


def _extended(table: Table, at: str) -> Site:
    """A site of the catalogue with layouts of one's own, which are tried before its own."""
    _known(table, ("extends", "layouts"), at)
    base = next((site for site in SITES if site.name == table["extends"]), None)
    if base is None:
        raise SiteError(
            f"{at}extends: {table['extends']!r} is no site of the catalogue (the network's name, not a portal's)"
        )
    places = enumerate(_tables(table.get("layouts", []), f"{at}layouts"))
    layouts = tuple(_layout(each, f"{at}layouts[{number}].") for number, each in places)
    site = replace(base, layouts=(*layouts, *base.layouts))
    if problems := check_site(site):
        raise SiteError(f"{at}{problems[0]}")
    return site


def _with_profile(portals: tuple[Portal, ...], layouts: tuple[Layout, ...]) -> Site:
    base = wordpress(portals[0].slug, portals[0].brand, *portals[0].hosts, layouts=layouts)
    hosts = base.portals[0].hosts  # with and without "www."
    return replace(base, portals=(replace(portals[0], hosts=hosts), *portals[1:]))


def _without_profile(values: Table, portals: tuple[Portal, ...], layouts: tuple[Layout, ...], at: str) -> Site:
    if not layouts:
        raise SiteError(f'{at}layouts: there is none (and no profile = "wordpress")')
    if "article_path" not in values:
        raise SiteError(f"{at}article_path: it is missing: a pattern that only the paths of articles match")
    return Site(name="", title="", portals=portals, article_path=values["article_path"], layouts=layouts)


def _portals(table: Table, values: Table, at: str) -> tuple[Portal, ...]:
    here = {key: values[key] for key in _PORTAL_KEYS if key in values}
    if "portals" not in table:
        return (_portal(here, at, missing_hint=" (or [[portals]])"),)
    if here:
        raise SiteError(f"{at}{next(iter(here))}: it belongs into [[portals]], which there is")
    found = []
    for number, each in enumerate(_tables(table["portals"], f"{at}portals")):
        place = f"{at}portals[{number}]."
        _known(each, _PORTAL_KEYS, place)
        found.append(_portal({key: _value(key, value, place) for key, value in each.items()}, place))
    if not found:
        raise SiteError(f"{at}portals: there is none")
    return tuple(found)


def _portal(values: Table, at: str, *, missing_hint: str = "") -> Portal:
    for key in ("slug", "brand", "hosts"):
        if key not in values:
            raise SiteError(f"{at}{key}: it is missing{missing_hint}")
    return Portal(**values)


def _layout(table: Table, at: str) -> Layout:
    names = tuple(each.name for each in fields(Layout))
    _known(table, names, at)
    for key in ("name", "body"):
        if key not in table:
            raise SiteError(f"{at}{key}: it is missing")
    values = {key: _value(key, value, at) for key, value in table.items() if key != "embedded"}
    if values.get("confidence", "seen") not in CONFIDENCES:
        raise SiteError(f"{at}confidence: {values['confidence']!r} is none of {', '.join(CONFIDENCES)}")
    if "embedded" in table:
        values["embedded"] = _embedded(table["embedded"], f"{at}embedded")
    return Layout(**values)


def _embedded(table: Any, at: str) -> Embedded:
    if not isinstance(table, dict):
        raise SiteError(f"{at}: it must be a table: {{ selector = …, root = … }}")
    _known(table, tuple(each.name for each in fields(Embedded)), f"{at}.")
    if "selector" not in table:
        raise SiteError(f"{at}.selector: it is missing")
    values = {key: _value(key, value, f"{at}.") for key, value in table.items()}
    return Embedded(**values)


def _discovery(table: Any, base: Discovery, at: str) -> Discovery:
    if not isinstance(table, dict):
        raise SiteError(f"{at.rstrip('.')}: it must be a table")
    _known(table, tuple(each.name for each in fields(Discovery)), at)
    values = {key: _value(key, value, at) for key, value in table.items() if key != "embedded"}
    if "embedded" in table:
        values["embedded"] = _embedded(table["embedded"], f"{at}embedded")
    return replace(base, **values)


def _urls(table: Any, at: str) -> UrlRules:
    if not isinstance(table, dict):
        raise SiteError(f"{at.rstrip('.')}: it must be a table")
    _known(table, tuple(each.name for each in fields(UrlRules)), at)
    values = {key: _value(key, value, at) for key, value in table.items() if key != "desktop"}
    desktop = []
    for number, each in enumerate(_tables(table.get("desktop", []), f"{at}desktop")):
        place = f"{at}desktop[{number}]."
        _known(each, tuple(each.name for each in fields(Desktop)), place)
        for key in ("host", "path"):
            if key not in each:
                raise SiteError(f"{place}{key}: it is missing")
        path = _pattern(each["path"], f"{place}path")
        desktop.append(
            Desktop(path=path, **{key: _value(key, each[key], place) for key in ("host", "to") if key in each})
        )
    return UrlRules(desktop=tuple(desktop), **values)


def _tables(value: Any, at: str) -> list[Table]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise SiteError(f"{at}: it must be a list of tables: [[{at.rpartition('.')[2]}]]")
    return value


def _known(table: Table, names: Iterable[str], at: str) -> None:
    names = tuple(names)
    for key in table:
        if key not in names:
            raise SiteError(f"{at}{key}: there is no such key (known: {', '.join(sorted(set(names)))})")


def _value(key: str, value: Any, at: str) -> Any:
    """A value in the type of its field. Every key that is nothing else is a list of texts."""
    if key in _DATES:
        if not isinstance(value, date) or isinstance(value, datetime):
            raise SiteError(f"{at}{key}: {value!r} is no day: write 2024-05-02, without quotes")
        return value
    if key in _SWITCHES:
        if not isinstance(value, bool):
            raise SiteError(f"{at}{key}: it must be true or false")
        return value
    if key in _NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool):
            raise SiteError(f"{at}{key}: it must be a number")
        return value
    if key in _PATTERNS:
        return _pattern(value, f"{at}{key}")
    if key in _TEXTS:
        if not isinstance(value, str):
            raise SiteError(f"{at}{key}: it must be a text in quotes")
        return value
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SiteError(f'{at}{key}: it must be a list of texts: ["…"]')
    return tuple(value)


def _pattern(value: Any, at: str) -> re.Pattern[str]:
    if not isinstance(value, str):
        raise SiteError(f"{at}: it must be a text in quotes")
    try:
        return re.compile(value)
    except re.error as error:
        raise SiteError(f"{at}: {value!r} is no regular expression: {error}") from error
