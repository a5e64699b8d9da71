"""One check: facts in, meters and alarms out. Pure; `now` is the moment to which the facts belong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence  # noqa: TC003
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.archive.write.alarms import Alarm, HealthCheck
from scraper.health.baseline import Departure, expected_count, is_back, judge_count, judge_rate
from scraper.health.meters import GENERIC, HISTORY_DAYS, READING_DAYS, Case, Rate, Rates, of_attempts, of_readings
from scraper.health.phrases import said
from scraper.health.press import shares_left
from scraper.health.unfit import caveat, is_still_unfit, unfit

if TYPE_CHECKING:
    from scraper.archive.ask.health_sources import HealthAttempts, HealthEvent, HealthFound, HealthLooks, HealthReading
    from scraper.archive.write.alarms import HealthScope
    from scraper.sites import Layout

_Fact = TypeVar("_Fact", "HealthReading", "HealthAttempts", "HealthFound", "HealthLooks")

FALSE_ALARMS_A_YEAR = 0.05  # by chance, in all of an archive that is checked every day
TESTS_A_SITE = 150  # meters times windows
WEEK = 7
EVENT_DAYS = 7  # for which a change of robots.txt or of a template is reported
SOURCE_EVENTS = 20  # new articles of a feed in the past, before its silence means anything

Key = tuple[str, str, str, str]  # scope, name, kind, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a check examines; see archive.sources for each."""

    attempts: Sequence[HealthAttempts] = ()
    found: Sequence[HealthFound] = ()
    looks: Sequence[HealthLooks] = ()
    readings: Sequence[HealthReading] = ()
    events: Sequence[HealthEvent] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known before a check: how many sites the archive has, open alarms, what a person accepted, when.

    `unseen` returns the layout of a name if it was never compared with a page. `others` returns what was found and
    requested on sites that are not checked; it is called only if a paper has gone quiet.
    """

    sites: int
    open: Sequence[Alarm] = ()
    accepted: Mapping[Key, datetime] = field(default_factory=dict)
    network_of: Callable[[str], str | None] = lambda _site: None
    has_rules: Callable[[str], bool] = lambda _site: False
    unseen: Callable[[str], Layout | None] = lambda _layout: None
    others: Callable[[], Facts] = Facts

    def is_open(self, key: Key) -> bool:
        """Whether there is an open alarm of this scope, name, kind and field."""
        return any((each.scope, each.name, each.kind, each.field) == key for each in self.open)

    @property
    def alpha(self) -> float:
        """The chance at which one test raises an alarm: divided among all tests of a year (Bonferroni)."""
        return FALSE_ALARMS_A_YEAR / (365 * TESTS_A_SITE * max(self.sites, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A check's outcome: the meters of each scope, alarms that hold (new ones have number 0), numbers of those that are
    over.
    """

    checks: tuple[HealthCheck, ...]
    alarms: tuple[Alarm, ...]
    recovered: tuple[int, ...]


@dataclass(slots=True)
class _Scope:
    scope: HealthScope
    name: str
    members: set[str] = field(default_factory=set)
    rates: Rates = field(default_factory=lambda: Rates(HISTORY_DAYS))
    counts: dict[str, list[int | None]] = field(default_factory=dict)  # "" is the site, any other key a source
    changed: dict[str, int] = field(default_factory=dict)  # of each source, in the last week
    readings: list[HealthReading] = field(default_factory=list)


def check(facts: Facts, known: Known, now: datetime) -> Checked:
    """Judge every scope to which the facts belong."""
    scopes = _scopes(facts, known)
    press = cache(partial(_press, facts, known))
    found: dict[Key, Alarm] = {}
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for scope in scopes:  # sites come first, then layouts, so that each trouble is reported once, where it is
        for alarm in (*_departures(scope, known, now, press), *_events(scope, facts.events, known, now)):
            members = told[alarm.kind, alarm.field]
            if not members & scope.members or scope.scope == "site":
                found[alarm.scope, alarm.name, alarm.kind, alarm.field] = alarm
                members |= scope.members
    standing, recovered = _with_open(found, scopes, known, now)
    levels: dict[tuple[str, str], set[str]] = defaultdict(set)
    for alarm in standing:
        levels[alarm.scope, alarm.name].add(alarm.level)
    checks = tuple(_meters(scope, levels[scope.scope, scope.name], now) for scope in scopes)
    return Checked(checks=checks, alarms=tuple(standing), recovered=tuple(recovered))


def _scopes(facts: Facts, known: Known) -> list[_Scope]:
    """Sites, then layouts, then networks of several sites, each with its days counted."""
    sites = {each.site for part in (facts.attempts, facts.found, facts.looks, facts.readings) for each in part}
    scopes = [_Scope("site", name, {name}) for name in sorted(sites)]
    layouts: dict[str, list[HealthReading]] = defaultdict(list)
    for each in facts.readings:
        layouts[each.layout].append(each)
    scopes += [
        _Scope("layout", name, {each.site for each in readings}, readings=readings)
        for name, readings in sorted(layouts.items())
        if not name.startswith(GENERIC)
    ]
    networks: dict[str, set[str]] = defaultdict(set)
    for name in sites:
        if network := known.network_of(name):
            networks[network].add(name)
    scopes += [_Scope("network", name, members) for name, members in sorted(networks.items()) if len(members) > 1]
    readings_of, attempts_of = _by_site(facts.readings), _by_site(facts.attempts)
    found_of, looks_of = _by_site(facts.found), _by_site(facts.looks)
    order = {id(each): number for number, each in enumerate(facts.readings)}
    for scope in scopes:
        if scope.scope == "layout":
            continue
        mine = [each for member in scope.members for each in readings_of[member]]
        scope.readings = sorted(mine, key=lambda each: order[id(each)])
        of_attempts(scope.rates, [each for member in scope.members for each in attempts_of[member]])
        if scope.scope == "site":
            scope.counts = _counts(found_of[scope.name], looks_of[scope.name])
            for look in looks_of[scope.name]:
                scope.changed[look.source] = scope.changed.get(look.source, 0) + look.changed * (look.day < WEEK)
    for scope in scopes:
        of_readings(scope.rates, scope.readings, has_rules=known.has_rules)
    return scopes


def _by_site(facts: Iterable[_Fact]) -> dict[str, list[_Fact]]:
    found: dict[str, list[_Fact]] = defaultdict(list)
    for each in facts:
        found[each.site].append(each)
    return found


def _counts(found: Iterable[HealthFound], answered: Iterable[HealthLooks]) -> dict[str, list[int | None]]:
    """New articles per day, of a site ("") and of each source; a day without a successful look was not watched (None)."""
    looks: dict[str, set[int]] = defaultdict(set)
    for look in answered:
        looks[look.source].add(look.day)
        looks[""].add(look.day)
    counts: dict[str, list[int | None]] = {
        source: [0 if day in days else None for day in range(HISTORY_DAYS)] for source, days in looks.items()
    }
    for each in found:
        if each.day >= HISTORY_DAYS:
            continue
        for source in {"", each.source}:
            if source in counts and (before := counts[source][each.day]) is not None:
                counts[source][each.day] = before + each.count
    return counts


def _press(facts: Facts, known: Known) -> dict[str, list[int | None]]:
    """New articles per day of every paper, including those that are not checked."""
    found: dict[str, list[int | None]] = {}
    for part in (known.others(), facts):
        found_of, looks_of = _by_site(part.found), _by_site(part.looks)
        found |= {site: _counts(found_of[site], looks)[""] for site, looks in looks_of.items()}
    return found


def _departures(
    scope: _Scope, known: Known, now: datetime, press: Callable[[], dict[str, list[int | None]]]
) -> Iterable[Alarm]:
    for rate in scope.rates.all.values():
        since = known.accepted.get((scope.scope, scope.name, rate.kind, rate.field))
        days = rate.days[: _days_since(since, now)] if since else rate.days
        if departure := judge_rate(days, alpha=known.alpha, is_high_bad=rate.is_high_bad):
            alarm = _alarm(scope, rate.kind, rate.field, departure, rate.newest, now)
            yield replace(alarm, detail=alarm.detail + caveat(alarm.layout, known.unseen))
    if scope.scope == "layout":
        yield from unfit(
            scope.name,
            scope.rates.all,
            layout_of=known.unseen,
            since=lambda field: _accepted(known, scope, "unfit", field, now),
            now=now,
        )
    for source, counts in scope.counts.items():
        kind = "stale" if source else "discovered"
        since = known.accepted.get((scope.scope, scope.name, kind, source))
        counts = counts[: _days_since(since, now)] if since else counts  # noqa: PLW2901
        # Another source may reveal the same articles sooner; a feed that still changes is not stale.
        if source and (scope.changed.get(source) or sum(each or 0 for each in counts) < SOURCE_EVENTS):
            continue
        departure = judge_count(counts, alpha=known.alpha)
        if departure and not source and not known.is_open((scope.scope, scope.name, kind, source)):
            shares = shares_left(press(), scope.name, known.network_of)
            departure = judge_count(counts, alpha=known.alpha, shares=shares)
        if departure is None or (source and departure.observed):
            continue
        level = "warn" if source else departure.level
        yield _alarm(scope, kind, source, replace(departure, level=level), Case(source or None), now)


def _accepted(known: Known, scope: _Scope, kind: str, field: str, now: datetime) -> int | None:
    """How many days ago a person accepted an alarm; None if nobody did."""
    since = known.accepted.get((scope.scope, scope.name, kind, field))
    return None if since is None else _days_since(since, now)


def _days_since(moment: datetime, now: datetime) -> int:
    return max((now - moment) // timedelta(days=1), 0)


def _alarm(scope: _Scope, kind: str, name: str, departure: Departure, case: Case, now: datetime) -> Alarm:
    return Alarm(
        scope=scope.scope,
        name=scope.name,
        kind=kind,
        field=name,
        level=departure.level,
        opened_at=now,
        last_seen_at=now,
        days=departure.days,
        cases=departure.cases,
        expected=round(departure.expected, 4),
        observed=round(departure.observed, 4),
        chance=departure.chance,
        detail=said(kind, name, departure),
        layout=case.layout or (scope.name if scope.scope == "layout" else None),
        url=case.url,
        capture_id=case.capture_id,
    )


def _events(scope: _Scope, events: Iterable[HealthEvent], known: Known, now: datetime) -> Iterable[Alarm]:
    if scope.scope != "site":
        return
    for event in events:
        since = known.accepted.get(("site", scope.name, event.kind, event.url))
        is_accepted = since is not None and event.day >= _days_since(since, now)
        if event.site != scope.name or event.day >= EVENT_DAYS or is_accepted:
            continue
        yield Alarm(
            scope="site",
            name=scope.name,
            kind=event.kind,
            field=event.url if event.kind == "robots" else event.detail.partition("'")[2].partition("'")[0],
            level="warn",
            opened_at=now,
            last_seen_at=now,
            days=event.day + 1,
            cases=1,
            expected=round(event.share[0], 4),
            observed=round(event.share[1], 4),
            chance=0.0,
            detail=event.detail,
            layout=event.layout,
            url=event.url,
        )


def _with_open(
    found: dict[Key, Alarm], scopes: Iterable[_Scope], known: Known, now: datetime
) -> tuple[list[Alarm], list[int]]:
    """Alarms that hold, new or open, and the numbers of those that are over.

    An alarm outlives its own baseline: what was unusual is usual after four weeks, but no better. It is over when its
    meter is nearer to what was usual before than to what raised it, or when a person accepts it.
    """
    by_key = {(each.scope, each.name): each for each in scopes}
    recovered = []
    for alarm in known.open:
        key = (alarm.scope, alarm.name, alarm.kind, alarm.field)
        scope = by_key.get((alarm.scope, alarm.name))
        if fresh := found.get(key):
            found[key] = replace(
                fresh, alarm_id=alarm.alarm_id, opened_at=alarm.opened_at, expected=alarm.expected,
                level="alarm" if "alarm" in (alarm.level, fresh.level) else "warn",
            )  # fmt: skip
        elif scope is None:
            continue  # nothing was requested from it
        elif _is_over(alarm, scope):
            recovered.append(alarm.alarm_id)
        else:
            found[key] = replace(alarm, last_seen_at=now)
    return list(found.values()), recovered


def _is_over(alarm: Alarm, scope: _Scope) -> bool:
    if alarm.kind in ("robots", "template"):
        return True
    if alarm.kind == "unfit":
        return not is_still_unfit(alarm.field, scope.rates.all)
    if alarm.kind in ("discovered", "stale"):
        counts = scope.counts.get(alarm.field, [])
        recent = [each for each in counts[:WEEK] if each is not None]
        usual = alarm.expected / max(alarm.cases, 1)
        return any(
            sum(recent[:days]) > usual * days * 0.6 and sum(recent[:days]) >= 3
            for days in (1, 3, WEEK)
            if len(recent) >= days
        )
    rate: Rate | None = scope.rates.all.get((alarm.kind, alarm.field))
    return rate is not None and is_back(rate.days, expected=alarm.expected, observed=alarm.observed)


def _meters(scope: _Scope, levels: set[str], now: datetime) -> HealthCheck:
    """The last week of a scope as numbers."""

    def week(kind: str, name: str = "") -> tuple[int, int]:
        rate = scope.rates.all.get((kind, name))
        days = rate.days[:WEEK] if rate else []
        return sum(each[0] for each in days), sum(each[1] for each in days)

    fields: dict[str, Any] = defaultdict(dict)
    for kind, name in scope.rates.all:
        count, cases = week(kind, name)
        if cases and kind not in ("fetched", "read", "complete", "blocked", "listing", "missed", "generic"):
            fields[name][kind] = round(count / cases, 4)
        elif cases and kind in ("blocked", "missed", "generic"):
            fields[""][kind] = round(count / cases, 4)
    (fetched, attempted), (read, _), (complete, articles) = week("fetched"), week("read"), week("complete")
    counts = scope.counts.get("")
    expectation = expected_count(counts, WEEK) if counts else None
    is_new = sum(each.day >= WEEK for each in scope.readings) < 30
    level = "alarm" if "alarm" in levels else "warn" if levels else "learning" if is_new else "well"
    has_asked = scope.scope != "layout"
    return HealthCheck(
        at=now,
        scope=scope.scope,
        name=scope.name,
        level=level,  # type: ignore[arg-type]
        discovered=sum(each or 0 for each in counts[:WEEK]) if counts else None,
        expected=round(expectation[0], 1) if expectation else None,
        attempted=attempted if has_asked else None,
        fetched=fetched if has_asked else None,
        read=read if has_asked else None,
        articles=articles,
        complete=complete,
        fields=dict(fields),
    )


__all__ = ["READING_DAYS", "Checked", "Facts", "Known", "check"]
