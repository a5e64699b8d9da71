"""Options that several commands share; what an option needs is loaded only when it is used."""

from __future__ import annotations

import functools
import math
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper import __version__
from scraper.archive.ask.filters import Filter
from scraper.cli.output import say
from scraper.errors import ClusterError, PlanError

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = click.DateTime(["%Y-%m-%d"])
NUMBER = click.IntRange(1, (1 << 63) - 1)  # of a row


class _Amount(click.FloatRange):
    """A number that can be compared: NaN would be within every range, and a pause of NaN seconds would be no pause."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


class _Moment(click.DateTime):
    """The time at which a page was fetched; a day without a zone is in UTC."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from scraper.records import WEB_YEARS  # noqa: PLC0415

        found: datetime = super().convert(value, param, ctx)
        if found.year not in WEB_YEARS:
            self.fail(f"there was no web in the year {found.year}.", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


MOMENT = _Moment(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"])
DELAY = _Amount(0, 300)
MINUTES = _Amount(0, min_open=True)

archive_option = click.option(
    "--archive",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("kliping.db"),
    show_default=True,
    envvar="KLIPING_ARCHIVE",
    help="The archive file.",
)
json_option = click.option("--json", "as_json_lines", is_flag=True, help="Print JSON, one value per line.")
site_option = click.option("--site", help="Only this portal, by its slug.")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Maximum number of results."
)

allow_net_option = click.option(
    "--allow-net",
    multiple=True,
    metavar="ADDRESS:PORT",
    help="Allow requests to this address although it is not public.",
)
replay_option = click.option(
    "--replay",
    multiple=True,
    metavar="ORIGIN=SERVER",
    help="Ask this server (http://127.0.0.1:8000) instead of ORIGIN (https://paper.example); store its answers as ORIGIN's.",
)
_NET_OPTIONS = (
    click.option(
        "--contact",
        envvar="KLIPING_CONTACT",
        help="A URL or mail address where papers can reach you; sent with every request.",
    ),
    click.option(
        "--proxy",
        metavar="URL",
        help="Send requests through this HTTP proxy, http://[USER:PASSWORD@]HOST:PORT; the environment's proxy is never used.",
    ),
    allow_net_option,
    replay_option,
)


def net_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that fetches; the command gets them as `settings`, a FetchSettings."""

    @functools.wraps(command)
    def with_settings(
        *args: Any,
        contact: str | None,
        proxy: str | None,
        allow_net: tuple[str, ...],
        replay: tuple[str, ...],
        **options: Any,
    ) -> Any:
        from scraper.fetch import FetchSettings, parse_proxy, user_agent  # noqa: PLC0415  (loads httpx, which most commands need not wait for)

        try:
            agent = user_agent(__version__, contact)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--contact") from error
        try:
            through = parse_proxy(proxy) if proxy else None
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--proxy") from error
        settings = FetchSettings(
            proxy=through,
            user_agent=agent,
            contact=contact,
            allow_net=allowed_nets(allow_net),
            replay=replayed_origins(replay),
        )
        return command(*args, settings=settings, **options)

    for option in reversed(_NET_OPTIONS):
        with_settings = option(with_settings)
    return with_settings


_SHARD_OPTIONS = (
    click.option(
        "--shard",
        envvar="KLIPING_SHARD",
        metavar="I/N",
        help="Ask only the publishers of crawler I of N, each of which has its own archive.",
    ),
    click.option(
        "--without",
        multiple=True,
        type=click.IntRange(1),
        envvar="KLIPING_WITHOUT",
        metavar="I",
        help="With --shard: crawler I is lost and the others take over its publishers; may be repeated.",
    ),
)


def shard_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that may run as one of several crawlers; the command gets a Shard or None as `shard`."""

    @functools.wraps(command)
    def with_shard(*args: Any, shard: str | None, without: tuple[int, ...], **options: Any) -> Any:
        if without and shard is None:
            raise click.UsageError("--without names lost crawlers and needs --shard")
        from scraper.plan.host_shards import parse_shard  # noqa: PLC0415

        try:
            found = parse_shard(shard, without) if shard is not None else None
        except PlanError as error:
            raise click.BadParameter(str(error), param_hint="--shard") from error
        return command(*args, shard=found, **options)

    for option in reversed(_SHARD_OPTIONS):
        with_shard = option(with_shard)
    return with_shard


jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    help="Number of reading processes.",
)
_PLACE_OPTIONS = (
    jobs_option,
    click.option(
        "--cluster",
        is_flag=False,
        flag_value="local",
        metavar="[ADDRESS]",
        help="Read on the Dask cluster of this scheduler (tls://HOST:8786), or, without an address, on a local one of --jobs processes.",
    ),
    click.option(
        "--certificates",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        metavar="DIR",
        help="Directory with ca.pem, cert.pem and key.pem for a --cluster at tls:// (default: Dask's own configuration).",
    ),
)


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that may work elsewhere; the command gets a Place as `place`."""

    @functools.wraps(command)
    def with_place(*args: Any, jobs: int, cluster: str | None, certificates: Path | None, **options: Any) -> Any:
        from scraper.cluster import Place  # noqa: PLC0415

        try:
            place = Place(jobs=jobs, cluster=cluster, certificates=certificates)
        except ClusterError as error:
            raise click.BadParameter(str(error), param_hint="--cluster") from error
        if place.danger:
            say(f"kliping: {place.danger}")
        return command(*args, place=place, **options)

    for option in reversed(_PLACE_OPTIONS):
        with_place = option(with_place)
    return with_place


OWN_SITES = "kliping.sites"  # key in a context's `meta`: the directory of --sites


def _use_own_sites(context: click.Context, _option: click.Parameter, directory: Path | None) -> None:
    if directory is not None:
        from scraper.cli.own_sites import read_own_sites  # noqa: PLC0415  (reads the catalogue)

        read_own_sites(directory)
        context.meta[OWN_SITES] = directory


# Read before the command runs, so that no command has to take care of it.
sites_option = click.option(
    "--sites",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="KLIPING_SITES",
    expose_value=False,
    is_eager=True,
    callback=_use_own_sites,
    help="A directory with your own site definitions (*.toml), used beside the catalogue.",
)


def allowed_nets(texts: tuple[str, ...]) -> frozenset[tuple[str, int]]:
    """The --allow-net values as (address, port) pairs. Raises BadParameter."""
    from scraper.fetch import parse_allow_net  # noqa: PLC0415  (as above)

    try:
        return frozenset(parse_allow_net(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--allow-net") from error


def replayed_origins(texts: tuple[str, ...]) -> dict[str, str]:
    """The --replay values as origin → origin. Raises BadParameter."""
    found = {}
    for text in texts:
        origin, equals, other = text.partition("=")
        if not equals or "://" not in origin or "://" not in other:
            raise click.BadParameter(
                f"{text!r} is not ORIGIN=SERVER, such as https://paper.example=http://127.0.0.1:8000",
                param_hint="--replay",
            )
        found[origin.rstrip("/")] = other.rstrip("/")
    return found


def start_of(day: datetime | None) -> datetime | None:
    """The beginning of a given day, UTC."""
    return day.replace(tzinfo=UTC) if day else None


def end_of(day: datetime | None) -> datetime | None:
    """The end of a given day (exclusive), UTC."""
    if day is None:
        return None
    first = day.replace(tzinfo=UTC)
    return first + timedelta(days=1) if first.date() < date.max else datetime.max.replace(tzinfo=UTC)


_FILTER_OPTIONS = (
    click.option(
        "--site",
        "sites",
        multiple=True,
        help="Only this portal, by its slug. May be repeated, like the options below.",
    ),
    click.option(
        "--region",
        "regions",
        multiple=True,
        metavar="NAME|CODE",
        help="Only articles about this region: Kalbar, Ketapang, 61 (a province includes everything in it).",
    ),
    click.option("--since", type=DAY, help="Published on or after this day, by the date that the page shows."),
    click.option("--until", type=DAY, help="Published on or before this day."),
    click.option("--author", "authors", multiple=True, metavar="NAME", help="Only by this person (full name)."),
    click.option("--tag", "tags", multiple=True, help="Only with this tag."),
    click.option("--section", "sections", multiple=True, help="Only in this section."),
    click.option(
        "--kind",
        "kinds",
        multiple=True,
        type=click.Choice(["article", "gallery", "video", "live", "index"]),
        help="Only pages of this kind.",
    ),
)


def _region_codes(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The codes of regions given by code or name. Raises BadParameter."""
    if not texts:
        return ()
    from scraper.regions import chosen  # noqa: PLC0415

    try:
        return chosen(texts)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--region") from error


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that select articles; the command gets them as one argument, `wanted`."""

    @functools.wraps(command)
    def with_filter(*args: Any, since: datetime | None, until: datetime | None, **options: Any) -> Any:
        chosen = {name: options.pop(name) for name in ("sites", "regions", "authors", "tags", "sections", "kinds")}
        chosen["regions"] = _region_codes(chosen["regions"])
        wanted = Filter(**chosen, since=since.date() if since else None, until=until.date() if until else None)
        return command(*args, wanted=wanted, **options)

    for option in reversed(_FILTER_OPTIONS):
        with_filter = option(with_filter)
    return with_filter
