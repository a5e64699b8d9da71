"""A check of an archive: its contents judged, and the result stored in it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from scraper.archive.ask import health_sources
from scraper.archive.ask.health_sources import HealthSources
from scraper.archive.write import alarms
from scraper.health.check import Checked, Facts, Known, check
from scraper.health.meters import HISTORY_DAYS, READING_DAYS
from scraper.sites.registry import all_sites, by_slug

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.file.library import Archive
    from scraper.archive.write.alarms import Alarm
    from scraper.sites import Layout

REST = timedelta(hours=1)  # between two checks of a site in a schedule


def check_archive(db: Archive, now: datetime, sites: Iterable[str] = ()) -> Checked:
    """Check all sites of an archive, or some; nothing is stored."""
    wanted = frozenset(sites)
    sources = HealthSources(db, now, wanted)
    facts = Facts(
        attempts=tuple(sources.attempts(HISTORY_DAYS)),
        found=tuple(sources.found(HISTORY_DAYS)),
        looks=tuple(sources.looks(HISTORY_DAYS)),
        readings=tuple(sources.readings(READING_DAYS)),
        events=tuple(sources.events(READING_DAYS)),
    )
    known = Known(
        sites=health_sources.site_count(db),
        open=alarms.alarms(db),
        accepted=alarms.accepted_at(db),
        network_of=network_of,
        has_rules=has_rules,
        unseen=unseen_layouts().get,
        others=partial(_of_all, db, now) if wanted else Facts,
    )
    return check(facts, known, now)


def _of_all(db: Archive, now: datetime) -> Facts:
    """What was found on all sites in the last six weeks."""
    sources = HealthSources(db, now)
    return Facts(found=tuple(sources.found(READING_DAYS)), looks=tuple(sources.looks(READING_DAYS)))


def look_and_keep(db: Archive, now: datetime, sites: Iterable[str] = ()) -> tuple[Checked, list[Alarm]]:
    """Check, and store the history; also returns the new alarms."""
    checked = check_archive(db, now, sites)
    return checked, alarms.save_health(db, checked.checks, checked.alarms, checked.recovered, at=now)


def network_of(site: str) -> str | None:
    """The network of a portal, None for a paper on its own."""
    found = by_slug(site)
    return found[0].name if found and len(found[0].portals) > 1 else None


def has_rules(site: str) -> bool:
    """Whether a site has layouts of its own."""
    found = by_slug(site)
    return found is not None and bool(found[0].layouts)


def unseen_layouts() -> dict[str, Layout]:
    """The layouts in use that nobody has compared with a page, by name. Those shared by several sites are left out:
    they have selectors for what one paper of many prints.
    """
    layouts = [layout for site in all_sites() for layout in site.layouts]
    shared = Counter(layout.name for layout in layouts)
    return {layout.name: layout for layout in layouts if layout.confidence != "seen" and shared[layout.name] == 1}


def slugs_of(names: Iterable[str]) -> tuple[str, ...]:
    """The slugs that names stand for: a network's portals; a host or an unknown slug stays."""
    found: dict[str, None] = {}
    for name in names:
        known = by_slug(name)
        found |= dict.fromkeys(portal.slug for portal in known[1]) if known else {name: None}
    return tuple(found)
