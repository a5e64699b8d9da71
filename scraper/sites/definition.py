"""A site definition written as TOML: one form for the catalogue's files and for a user's own. Pure.

A file holds one site, or several under [[sites]]. What many sites share is written once: `profiles` names systems that
many papers run on (profiles/*.toml), `use` and `like` refer to another layout, as it is or with changes, and "@name" to
a list in the table `lists`.
"""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from scraper.errors import SiteError
from scraper.sites import Layout, Portal, Site
from scraper.sites.provinces import ZONES
from scraper.typed import Misfit, convert, field_names, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Table = dict[str, Any]

_PORTAL_KEYS = field_names(Portal)
# What a layout that is `like` another one does not inherit: its own name, its own time, and how its own facts are
# known.
_OWN = frozenset(
    {"name", "like", "since", "until", "signature", "confidence", "scrapers", "years", "source", "checked"}
)
_BY_PROFILE = ("article_path", "other_path")
_OUTLINE = ("name", "title", "urls", "credit_names", "dateline_names", "sign_offs")


class Shelf:
    """The tables to which definitions may refer: the catalogue's sites by name, its profiles, its layouts by name."""

    def __init__(self, sites: Mapping[str, Table], profiles: Mapping[str, Table]) -> None:
        self.sites, self.profiles = sites, profiles
        self._shared: dict[str, tuple[Layout, ...]] = {}
        self.layouts: dict[str, tuple[Table, Table]] = {}  # with the file's `lists`
        for table in (*profiles.values(), *sites.values()):
            self.take(table, self.lists_of(table))

    def lists_of(self, table: Table) -> Table:
        """The lists to which "@name" refers in a definition: its own, and those of its profiles."""
        found: Table = {}
        for name in _profiles(table):
            found |= self.profiles.get(name, {}).get("lists", {})
        own: Table = table.get("lists", {})
        return found | own

    def profile_layouts(self, name: str) -> tuple[Layout, ...]:
        """The layouts of a profile, created once for all the papers that run on it."""
        if name not in self._shared:
            self._shared[name] = convert(_layouts(self.profiles[name], self), tuple[Layout, ...])
        return self._shared[name]

    def take(self, table: Table, lists: Table) -> None:
        """Register the layouts of a definition by name. Those already registered stay."""
        for layout in table.get("layouts", ()):
            if isinstance(layout, dict) and isinstance(layout.get("name"), str):
                self.layouts.setdefault(layout["name"], (layout, lists))


def parse_sites(text: str, own: Iterable[Site] = ()) -> list[Site]:
    """The definitions in a file: one, or a list under [[sites]]. `own` are sites that it may extend besides the
    catalogue's.

    Raises SiteError "line N: key: why" for the first error; clashes with the catalogue (slugs, hosts, layouts' names)
    are reported by the registry.
    """
    from scraper.sites.catalogue import shelf as catalogue_shelf  # noqa: PLC0415  (whose files this module reads)

    shelf = catalogue_shelf()
    built = {site.name: site for site in own}
    table = toml(text)
    if "sites" not in table:
        return [_located(text, table, "", shelf, built)]
    if unknown := next((key for key in table if key != "sites"), None):
        raise SiteError(f"{line_of(text, unknown)}{unknown}: no other keys may stand beside [[sites]]")
    if not isinstance(table["sites"], list) or not all(isinstance(each, dict) for each in table["sites"]):
        raise SiteError("sites: it must be a list of tables: [[sites]]")
    return [_located(text, each, f"sites[{number}].", shelf, built) for number, each in enumerate(table["sites"])]


def toml(text: str) -> Table:
    """A file's table. Raises SiteError."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SiteError(f"not TOML: {error}") from error


def _located(text: str, table: Table, at: str, shelf: Shelf, own: Mapping[str, Site]) -> Site:
    try:
        return _checked(_extended(table, shelf, own) if "extends" in table else site_of(table, shelf))
    except Misfit as error:
        place = at + error.place
        raise SiteError(f"{line_of(text, place)}{place}: {error.why}" if place else error.why) from error


def site_of(table: Table, shelf: Shelf) -> Site:
    """The site of one definition; errors of meaning are reported by check_site. Raises Misfit."""
    _check_keys(table)
    profiles = [_profile(name, shelf) for name in _profiles(table)]
    base: Table = {}
    for profile in reversed(profiles):  # the first one supplies what the paper does not say itself
        base |= {key: profile[key] for key in _BY_PROFILE if key in profile}
        base["discovery"] = base.get("discovery", {}) | profile.get("discovery", {})
    site: Table = {
        key: value for key, value in table.items() if key not in (*_PORTAL_KEYS, "profile", "lists", "layouts")
    }
    site = base | site
    site["discovery"] = base.get("discovery", {}) | _table(table.get("discovery", {}), "discovery")
    site["portals"] = _portals(table, has_twins=bool(profiles))
    first = site["portals"][0]
    site.setdefault("name", first.get("slug"))
    site.setdefault("title", first.get("brand"))
    site["layouts"] = _layouts(table, shelf)
    own = convert(site, Site)
    shared = tuple(layout for name in _profiles(table) for layout in shelf.profile_layouts(name))
    return replace(own, layouts=(*own.layouts, *shared)) if shared else own


def outline_of(table: Table) -> Site:
    """A site with what identifies it, how it signs and what its addresses mean, without the parts that take time to
    create.
    """
    said = {key: table[key] for key in _OUTLINE if key in table}
    portals = _portals(table, has_twins=bool(_profiles(table)))
    names = {"name": portals[0].get("slug"), "title": portals[0].get("brand"), "article_path": ""}
    return convert(names | said | {"portals": portals}, Site)


def _extended(table: Table, shelf: Shelf, own: Mapping[str, Site]) -> Site:
    """An existing site with the user's own layouts, which are tried before its own."""
    if unknown := next((key for key in table if key not in ("extends", "layouts", "lists")), None):
        raise Misfit(unknown, "with `extends` there are layouts, and no other keys")
    _check_shape(table)
    name = table["extends"]
    if not isinstance(name, str) or name not in {*own, *shelf.sites}:
        near = get_close_matches(str(name), {*own, *shelf.sites}, n=1)
        raise Misfit(
            "extends",
            f"{name!r} is not a site (write the network's name, not a portal's)"
            + (f"; did you mean {near[0]}?" if near else ""),
        )
    base = own[name] if name in own else site_of(shelf.sites[name], shelf)
    shell = convert(
        {"name": name, "title": name, "portals": [], "article_path": "", "layouts": _layouts(table, shelf)}, Site
    )
    return replace(base, layouts=(*shell.layouts, *base.layouts))


def _checked(site: Site) -> Site:
    from scraper.sites.validation import check_site  # noqa: PLC0415  (it tries selectors on a parsed page)

    for problem in check_site(site):
        place, _, why = problem.partition(": ")
        raise Misfit(place, why)
    return site


def _check_keys(table: Table) -> None:
    known = {*field_names(Site), *_PORTAL_KEYS, "profile", "lists"}
    if unknown := next((key for key in table if key not in known), None):
        near = get_close_matches(unknown, known, n=1)
        raise Misfit(unknown, "there is no such key" + (f" (did you mean {near[0]}?)" if near else ""))
    _check_shape(table)
    if not table.get("layouts") and not _profiles(table) and not table.get("note"):
        raise Misfit(
            "layouts",
            'there is none, and no profile = "wordpress"; a paper that the generic reader reads says so in its `note`',
        )


def _check_shape(table: Table) -> None:
    """Check that what is examined before the types are checked consists of tables."""
    _table(table.get("lists", {}), "lists")
    for key in ("portals", "layouts"):
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise Misfit(key, f"it must be a list of tables: [[{key}]]")


def _profiles(table: Table) -> list[str]:
    """The names of the systems on which a paper runs: one, or a list whose first supplies what the paper does not say
    itself.
    """
    names = table.get("profile", [])
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
        raise Misfit("profile", 'it must be a text in quotes, or a list of them: "wordpress"')
    return names


def _profile(name: str, shelf: Shelf) -> Table:
    if name not in shelf.profiles:
        raise Misfit("profile", f"{name!r} is none of {', '.join(sorted(shelf.profiles))}")
    return shelf.profiles[name]


def _portals(table: Table, *, has_twins: bool) -> list[Table]:
    """The portals' tables; the keys of a portal may stand at the top of a site that has only one."""
    here = {key: table[key] for key in _PORTAL_KEYS if key in table}
    if "portals" not in table:
        for key in ("slug", "brand", "hosts"):
            if key not in here:
                raise Misfit(key, "it is missing (or [[portals]])")
        convert(here, Portal)  # so that an error is named where it is
        return [_portal(here, "", has_twins=has_twins)]
    if here:
        raise Misfit(next(iter(here)), "it belongs in [[portals]], which there is")
    if not table["portals"]:
        raise Misfit("portals", "there is none")
    return [_portal(each, f"portals[{number}].", has_twins=has_twins) for number, each in enumerate(table["portals"])]


def _portal(table: Table, at: str, *, has_twins: bool) -> Table:
    """A portal with the zone of its province, and, on a profile's system, its hosts both with and without "www."."""
    found = dict(table)
    province = table.get("province")
    if isinstance(province, str) and province not in ZONES:
        near = get_close_matches(province, ZONES, n=1, cutoff=0.5)
        raise Misfit(
            f"{at}province", f"{province!r} is not a province" + (f"; did you mean {near[0]}?" if near else "")
        )
    if isinstance(province, str):
        found.setdefault("zone", ZONES[province])
    hosts = table.get("hosts")
    if has_twins and isinstance(hosts, list) and all(isinstance(each, str) for each in hosts):
        found["hosts"] = with_www(hosts)
    return found


def with_www(hosts: list[str]) -> list[str]:
    """The hosts, followed by the same with or without "www."; the first stays first."""
    others = [
        host.removeprefix("www.") if host.startswith("www.") else f"www.{host}" for host in hosts if _may_have_www(host)
    ]
    return list(dict.fromkeys((*hosts, *others)))


def _may_have_www(host: str) -> bool:
    """Whether a host looks like a registered name: a sub-domain has no www of its own."""
    labels = host.removeprefix("www.").split(".")
    return "*" not in host and (len(labels) == 2 or (len(labels) == 3 and len(labels[1]) <= 3 and len(labels[2]) == 2))


def _layouts(table: Table, shelf: Shelf) -> list[Table]:
    here = Shelf(sites={}, profiles={})
    here.layouts = dict(shelf.layouts)
    lists = shelf.lists_of(table)
    for layout in table.get("layouts", ()):  # a definition's own come before the catalogue's of the same name
        if isinstance(layout.get("name"), str):
            here.layouts[layout["name"]] = (layout, lists)
    return [
        _layout(each, lists, here, f"layouts[{number}].", (each.get("name"),))
        for number, each in enumerate(table.get("layouts", ()))
    ]


def _layout(table: Table, lists: Table, shelf: Shelf, at: str, seen: tuple[Any, ...]) -> Table:
    """A layout's table with what it inherits from another one and with its lists written out."""
    if "use" in table:
        if len(table) > 1:
            raise Misfit(
                f"{at}use", "a layout that is used as it is has no other keys (`like` takes one and changes it)"
            )
        return _named(table["use"], shelf, f"{at}use", seen)
    own = {key: _spread(value, lists, at + key) for key, value in table.items() if key != "like"}
    if "like" not in table:
        return own
    taken = _named(table["like"], shelf, f"{at}like", seen)
    return {key: value for key, value in taken.items() if key not in _OWN} | own


def _named(name: Any, shelf: Shelf, place: str, seen: tuple[Any, ...]) -> Table:
    """The table of another layout, by its name."""
    if not isinstance(name, str) or name not in shelf.layouts or name in seen:
        raise Misfit(place, f"{name!r} is not the name of another layout")
    table, lists = shelf.layouts[name]
    return _layout(table, lists, shelf, f"{place} {name!r}: ", (*seen, name))


def _spread(value: Any, lists: Table, place: str) -> Any:
    """A list in which "@name" is replaced by what it refers to."""
    if not isinstance(value, list):
        return value
    found: list[Any] = []
    for each in value:
        if not isinstance(each, str) or not each.startswith("@"):
            found.append(each)
        elif isinstance(named := lists.get(each[1:]), list):
            found += named
        else:
            raise Misfit(place, f"{each!r}: there is no such list in `lists`")
    return found


def _table(value: Any, place: str) -> Table:
    if not isinstance(value, dict):
        raise Misfit(place, "it must be a table")
    return value


def line_of(text: str, place: str) -> str:
    """ "line N: " for the key at a place, as far as it is in the file; otherwise ""."""
    found = 0
    for number, path in _keys(text):
        if place == path or place.startswith((f"{path}.", f"{path}[")):
            found = number
    return f"line {found}: " if found else ""


def _keys(text: str) -> Iterator[tuple[int, str]]:
    """(line, place) of each table and key of a file, in the form of a Misfit's place."""
    counts: dict[str, int] = {}
    at = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            parts: list[str] = []
            names = header[2].split(".")
            for depth, name in enumerate(names):
                path = ".".join([*parts, name])
                if depth == len(names) - 1 and header[1] == "[[":
                    counts[path] = counts.get(path, -1) + 1
                parts.append(f"{name}[{counts[path]}]" if path in counts else name)
            at = ".".join(parts)
            yield number, at
        elif key := re.match(r"\s*([\w-]+)\s*=", line):
            yield number, f"{at}.{key[1]}" if at else key[1]
