"""The plan file of a schedule: what is crawled, how often, within which limits; and whose turn it is at a moment."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scraper.errors import PlanError
from scraper.sites.definition import line_of
from scraper.sites.registry import by_slug, find_portal
from scraper.text import is_header
from scraper.urls import canonical_url, host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scraper.plan.host_shards import Shard

EVERY = timedelta(minutes=15)
LONGEST = timedelta(minutes=30)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*[-–]\s*(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")
_MIN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the day in which nothing is requested; they may pass midnight. Both in the site's zone."""

    since: time
    until: time

    def holds(self, at: time) -> bool:
        """Whether a time of day is quiet."""
        if self.since < self.until:
            return self.since <= at < self.until
        return at >= self.since or at < self.until


_BOUNDS = ("delay", "max_pages", "max_host_requests", "max_host_minutes", "since", "until", "follow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One [[crawls]] of the plan: its targets (slugs, networks, URLs) share the interval and the limits.

    `zone` is for quiet hours of URLs that the catalogue does not know; links to the hosts of `follow` are accepted too.
    With `since` or `until` it is a walk through archives by date.
    """

    name: str
    targets: tuple[str, ...]
    every: timedelta = EVERY
    delay: float = 2.0
    max_pages: int | None = None
    max_host_requests: int = 5_000  # as `kliping crawl`
    max_host_minutes: float | None = None
    quiet: tuple[Quiet, ...] = ()
    zone: str = "UTC"
    since: date | None = None
    until: date | None = None
    follow: tuple[str, ...] = ()

    @property
    def bounds(self) -> tuple[object, ...]:
        """What two targets must have in common to be crawled together."""
        return tuple(getattr(self, name) for name in _BOUNDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """[notify] of the plan: who is notified of new alarms, and how. None: not in this way. `smtp` is HOST:PORT.

    `level` "alarm" leaves warnings out.
    """

    command: tuple[str, ...] | None = None
    email: tuple[str, ...] | None = None
    email_from: str | None = None
    smtp: str = "localhost:25"
    webhook: str | None = None
    level: str = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A plan file. Paths are as written there, relative to the file; `longest` limits one run, so that all get their
    turn.

    With `pack`, the pages of past days are packed more tightly while nothing is due.
    """

    contact: str
    crawls: tuple[Crawl, ...]
    archive: str = "kliping.db"
    user_agent: str | None = None
    sites: str | None = None
    heartbeat: str | None = None
    longest: timedelta = LONGEST
    pack: bool = False
    notify: Notify | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One target with a turn of its own, in the zone of its paper."""

    target: str
    crawl: Crawl
    zone: str

    @property
    def key(self) -> tuple[str, str]:
        """The key under which its last turn is remembered."""
        return (self.crawl.name, self.target)


_DEFAULTS = tuple(each.name for each in fields(Crawl) if each.name not in ("name", "targets"))
_PLAN_KEYS = (*(each.name for each in fields(Timetable)), *_DEFAULTS)


def parse_timetable(text: str) -> Timetable:
    """A plan file's text. Raises PlanError "line N: key: why" for the first error; targets are not looked up yet."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise PlanError(f"not TOML: {error}") from error
    try:
        return _timetable(table)
    except PlanError as error:
        raise PlanError(f"{line_of(text, str(error).partition(':')[0])}{error}") from error


def _timetable(table: dict[str, Any]) -> Timetable:
    _known(table, _PLAN_KEYS, "")
    defaults = {key: _value(key, table[key], "") for key in _DEFAULTS if key in table}
    own = {key: _value(key, value, "") for key, value in table.items() if key not in _DEFAULTS and key != "crawls"}
    if "contact" not in own:
        raise PlanError("contact is missing: give a web or mail address where the papers can reach you")
    crawls = table.get("crawls", [])
    if not isinstance(crawls, list) or not crawls:
        raise PlanError("crawls: none given: write [[crawls]] with targets = [...]")
    found = tuple(_crawl(each, defaults, f"crawls[{number}].") for number, each in enumerate(crawls))
    names = [crawl.name for crawl in found]
    for name in names:
        if names.count(name) > 1:
            raise PlanError(f"crawls: two are called {name!r}")
    return Timetable(**own, crawls=found)


def _crawl(table: Any, defaults: dict[str, Any], at: str) -> Crawl:
    if not isinstance(table, dict):
        raise PlanError(f"{at.rstrip('.')}: it must be a table: [[crawls]]")
    _known(table, ("name", "targets", *_DEFAULTS), at)
    values = defaults | {key: _value(key, value, at) for key, value in table.items()}
    if not values.get("targets"):
        raise PlanError(f"{at}targets: none given")
    values.setdefault("name", values["targets"][0])
    since, until = values.get("since"), values.get("until")
    if since and until and since > until:
        raise PlanError(f"{at}since: it is after until")
    return Crawl(**values)


def _known(table: dict[str, Any], names: Sequence[str], at: str) -> None:
    for key in table:
        if key not in names:
            raise PlanError(f"{at}{key}: there is no such key (known: {', '.join(sorted(set(names)))})")


def _value(key: str, value: Any, at: str) -> Any:
    """A value in the type of its field."""
    read: Callable[[Any, str], Any] = _READERS.get(key, _text)
    return read(value, f"{at}{key}")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise PlanError(f"{where}: it must be a text in quotes")
    return value


def _header(value: Any, where: str) -> str:
    if not is_header(text := _text(value, where)):
        raise PlanError(f"{where}: {text[:80]!r} cannot be sent in a header: it must be short, on one line, and ASCII")
    return text


def _day(value: Any, where: str) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PlanError(f"{where}: {value!r} is not a day: write 2019-01-31, without quotes")
    return value


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100_000:
        raise PlanError(f"{where}: {value!r} is not a number from 0 to 100000")
    return float(value)


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise PlanError(f"{where}: {value!r} is neither true nor false")
    return value


def _count(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise PlanError(f"{where}: {value!r} is not a count")
    return value


def _span(value: Any, where: str) -> timedelta:
    """ "90s", "15m", "2h", "1d", "1w"."""
    found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise PlanError(f'{where}: {value!r} is not a duration: write "15m", "2h" or "1d"')
    span = timedelta(seconds=float(found[1]) * _UNITS[found[2]])
    if not _MIN_EVERY <= span <= timedelta(days=366):
        raise PlanError(f"{where}: {value!r} is not between a minute and a year")
    return span


def _hours(value: Any, where: str) -> tuple[Quiet, ...]:
    return tuple(_quiet(each, where) for each in ([value] if isinstance(value, str) else _texts(value, where)))


def _quiet(value: str, where: str) -> Quiet:
    found = _HOURS.fullmatch(value.strip())
    if found is None:
        raise PlanError(f'{where}: {value!r} is not a span of hours: write "22:30-04:00"')
    since, until = time(int(found[1]), int(found[2])), time(int(found[3] or 0), int(found[4] or 0))
    if since == until:
        raise PlanError(f"{where}: {value!r} is the whole day")
    return Quiet(since=since, until=until)


def _texts(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise PlanError(f'{where}: it must be a list of texts: ["…"]')
    return tuple(value)


def _follow(value: Any, where: str) -> tuple[str, ...]:
    hosts = tuple(each.strip().lower() for each in _texts(value, where))
    for host in hosts:
        if canonical_url(f"https://{host}/") is None or host_of(f"https://{host}/") != host:
            raise PlanError(f'{where}: {host!r} is not a host: write "media.example", without https:// and path')
    return hosts


def _zone(value: Any, where: str) -> str:
    name = _text(value, where)
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise PlanError(f'{where}: {name!r} is not a time zone: write "Asia/Jakarta"') from error
    return name


def _notify(value: Any, where: str) -> Notify:
    if not isinstance(value, dict):
        raise PlanError(f"{where}: it must be a table: [notify]")
    _known(value, tuple(each.name for each in fields(Notify)), f"{where}.")
    lists = ("command", "email")
    read: dict[str, Any] = {
        key: (_texts if key in lists else _text)(each, f"{where}.{key}") for key, each in value.items()
    }
    found = Notify(**read)
    if found.level not in ("warn", "alarm"):
        raise PlanError(f'{where}.level: {found.level!r} is neither "warn" nor "alarm"')
    if found.webhook is not None and not found.webhook.startswith(("http://", "https://")):
        raise PlanError(f"{where}.webhook: it is not an http or https URL")
    for way in lists:
        if getattr(found, way) == ():
            raise PlanError(f"{where}.{way}: it is empty")
    return found


_READERS: dict[str, Callable[[Any, str], Any]] = {
    "every": _span,
    "longest": _span,
    "since": _day,
    "until": _day,
    "quiet": _hours,
    "targets": _texts,
    "follow": _follow,
    "delay": _number,
    "max_host_minutes": _number,
    "max_pages": _count,
    "max_host_requests": _count,
    "zone": _zone,
    "contact": _header,
    "user_agent": _header,
    "notify": _notify,
    "pack": _flag,
}


def turns_of(timetable: Timetable, shard: Shard | None = None) -> tuple[Turn, ...]:
    """Every target as a turn of its own, a network as its portals; for a `shard`, those of its publishers.

    Raises PlanError for an unknown target, and for a shard that has none.
    """
    found: dict[tuple[str, str], Turn] = {}
    for crawl in timetable.crawls:
        for target in crawl.targets:
            for name, zone in _portals(target, crawl):
                turn = Turn(target=name, crawl=crawl, zone=zone)
                if shard is None or any(shard.owns(host) for host in _hosts(name)):
                    found.setdefault(turn.key, turn)
    if not found:
        raise PlanError(f"no target belongs to shard {shard}: there are too many shards for this plan")
    return tuple(found.values())


def _portals(target: str, crawl: Crawl) -> list[tuple[str, str]]:
    if "://" in target:
        if canonical_url(target) is None:
            raise PlanError(f"{crawl.name}: {target!r} is not an http or https URL")
        _, portal = find_portal(canonical_url(target))
        return [(target, portal.zone if portal else crawl.zone)]
    known = by_slug(target)
    if known is None:
        raise PlanError(f"{crawl.name}: {target!r} is neither a site of `kliping sites` nor a URL")
    return [(portal.slug, portal.zone) for portal in known[1]]


def _hosts(target: str) -> tuple[str, ...]:
    known = by_slug(target)
    return known[1][0].hosts if known else (host_of(target),)


def next_turn(turn: Turn, last: Mapping[tuple[str, str], datetime], now: datetime) -> datetime:
    """When a target has its turn: `every` after its last one, never in its quiet hours, at once if it never had any."""
    before = last.get(turn.key)
    # A clock that was set back must not postpone a target until it has caught up.
    wanted = now if before is None else min(before, now) + turn.crawl.every
    return _awake(turn, max(wanted, now))


def _awake(turn: Turn, at: datetime) -> datetime:
    """The first moment from `at` on that is not in the quiet hours, which may follow one another."""
    for _ in range(2 * len(turn.crawl.quiet)):
        local = at.astimezone(ZoneInfo(turn.zone))
        quiet = next((each for each in turn.crawl.quiet if each.holds(local.time())), None)
        if quiet is None:
            return at
        at = _coming(local, quiet.until)
    return at


def _coming(local: datetime, clock: time) -> datetime:
    """The next moment after a local one at which the clock shows a time, in UTC."""
    day = local.date() if local.time() < clock else local.date() + timedelta(days=1)
    return datetime.combine(day, clock, tzinfo=local.tzinfo).astimezone(UTC)


def together(turns: Iterable[Turn], last: Mapping[tuple[str, str], datetime], now: datetime) -> tuple[Turn, ...]:
    """The due turns that are crawled in one run: those that share their limits with the one that has waited longest."""
    due = [turn for turn in turns if next_turn(turn, last, now) <= now]
    if not due:
        return ()
    first = min(due, key=lambda turn: last.get(turn.key, datetime.min.replace(tzinfo=UTC)))
    return tuple(turn for turn in due if turn.crawl.bounds == first.crawl.bounds)


def time_left(turns: Iterable[Turn], now: datetime, longest: timedelta) -> timedelta:
    """How long a run of these turns may last: `longest`, or until quiet hours begin for one of them."""
    ends = [
        _coming(now.astimezone(ZoneInfo(turn.zone)), quiet.since) - now for turn in turns for quiet in turn.crawl.quiet
    ]
    return min([longest, *ends])
