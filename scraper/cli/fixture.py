"""`kliping fixture`: turns a page that was read wrongly into a regression test."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.alone import read_alone
from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.write import alarms
from scraper.cli.extract import UnreadableFile, page_bytes
from scraper.cli.fixture_files import case_name, cases, load_capture, load_expected, save_expected, save_fixture
from scraper.cli.options import MOMENT, NUMBER, json_option, net_options, sites_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say
from scraper.errors import FetchError
from scraper.fetch import Fetcher
from scraper.fixtures import Difference, accepted, differences, directory_name, fixture_name, is_article, read_record
from scraper.records import Capture
from scraper.text import shorten, terminal_safe
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scraper.fetch import FetchSettings
    from scraper.fixtures import Record
    from scraper.records import RobotsFile

SHOWN = 300  # characters of a value in a report

fixtures_option = click.option(
    "--fixtures",
    "root",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("fixtures"),
    show_default=True,
    envvar="KLIPING_FIXTURES",
    help="Directory of the fixtures.",
)


@click.group("fixture")
def fixture_command() -> None:
    """Keep pages with the records they must yield, and compare.

    A fixture is HOST/DATE-SLUG/ with page.html, capture.json and article.json (or error.json).
    Correct its record by hand: it must state what the page says, not what the reader made of
    it.

    \b
    Example:
      kliping fixture add page.html --url https://…
      kliping fixture check
      kliping fixture accept pontianak.tribunnews.com/2019-10-07-air-sungai-naik --field tags
    """


@fixture_command.command("add")
@click.argument("source", metavar="FILE|URL|CAPTURE", required=False)
@click.option("--from-alarm", type=NUMBER, metavar="ID", help="Use the page named by this alarm of `kliping health`.")
@click.option("--url", help="URL of a FILE (default: the address that the page states).")
@click.option("--fetched-at", type=MOMENT, help="When a FILE was fetched (default: the file's last change).")
@click.option("--slug", help="Name of the directory after its date (default: the end of the URL).")
@click.option(
    "--archive",
    "archive_path",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="KLIPING_ARCHIVE",
    help="The archive with CAPTURE; if you give this option, a URL is looked up there instead of being fetched.",
)
@net_options
@sites_option
@fixtures_option
@click.pass_context
def add_fixture_command(
    context: click.Context,
    source: str | None,
    from_alarm: int | None,
    url: str | None,
    fetched_at: datetime | None,
    slug: str | None,
    archive_path: Path | None,
    settings: FetchSettings,
    root: Path,
) -> None:
    """Make a fixture from a saved page, a page on the web, or a capture in the archive.

    CAPTURE is a capture's id, or a URL with --archive. A URL is fetched once, politely, after
    robots.txt. article.json gets what is read today; correct it where that is wrong.

    \b
    Example:
      kliping fixture add page.html --url https://pontianak.tribunnews.com/2019/10/07/…
      kliping fixture add 1742 --archive study.db
      kliping fixture add --from-alarm 12
    """
    if (source is None) == (from_alarm is None):
        raise click.UsageError("name one page: FILE, URL, CAPTURE, or --from-alarm ID")
    if source is None:
        add_fixture(root, _from_alarm(archive_path or Path("kliping.db"), from_alarm or 0), slug)
        return
    is_named = context.get_parameter_source("archive_path") is click.core.ParameterSource.COMMANDLINE
    if source.isdecimal() and not Path(source).exists():
        capture = _from_archive(archive_path or Path("kliping.db"), int(source))
    elif "://" in source and is_named and archive_path:
        capture = _from_archive(archive_path, source)
    elif "://" in source:
        capture = _from_web(source, settings)
    else:
        capture = _from_file(source, url, fetched_at)
    add_fixture(root, capture, slug)


def add_fixture(root: Path, capture: Capture, slug: str | None = None) -> None:
    """Write a fixture with today's reading of it, and say where. Raises ClickException."""
    record = read_record(capture, read_alone)
    if slug is not None and not directory_name(slug):
        raise click.BadParameter("it contains no letter or digit", param_hint="--slug")
    case = root / fixture_name(capture, record, slug=slug)
    try:
        save_fixture(case, capture, record)
    except FileExistsError as error:
        raise click.ClickException(f"{case} exists already (--slug gives another name)") from error
    except OSError as error:
        raise click.ClickException(f"{case}: {error.strerror}") from error
    put(terminal_safe(str(case)))
    if is_article(record):
        say(
            f"{record['headline']} [{record['layout']}]: correct {case / 'article.json'} where it is wrong, then `kliping fixture check`"
        )
    else:
        say(f"not an article: {record['reason']}")


def _from_file(source: str, url: str | None, fetched_at: datetime | None) -> Capture:
    try:
        body = page_bytes(source)
        changed = datetime.now(UTC) if source == "-" else datetime.fromtimestamp(Path(source).stat().st_mtime, UTC)
    except UnreadableFile as error:
        raise click.ClickException(f"{source}: {error}") from error
    at = fetched_at or changed.replace(microsecond=0)
    if url is None:
        url = read_record(Capture(url="", final_url="", status=200, fetched_at=at, body=body), read_alone).get("url")
    target = canonical_url(url) if url else None
    if target is None:
        raise click.UsageError(
            f"{url!r} is not an http or https URL" if url else f"{source} does not say its address: give --url"
        )
    return Capture(url=target, final_url=target, status=200, fetched_at=at.astimezone(UTC), body=body)


def _from_archive(path: Path, key: int | str) -> Capture:
    with open_archive(path) as db:
        capture_id = key if isinstance(key, int) else lookup.find_capture(db, key)
        try:
            if capture_id is not None:
                return lookup.capture(db, capture_id)
        except (KeyError, OverflowError):
            pass
    raise click.ClickException(f"{key}: no such capture in {path}")


def _from_alarm(path: Path, alarm_id: int) -> Capture:
    """The page of an alarm: its capture, or else the newest one of its URL."""
    with open_archive(path) as db:
        alarm = alarms.alarm(db, alarm_id)
    if alarm is None:
        raise click.ClickException(f"{alarm_id}: no such alarm in {path}")
    key = alarm.capture_id if alarm.capture_id is not None else alarm.url
    if key is None:
        raise click.ClickException(f"alarm {alarm_id} names no page: {alarm.detail}")
    return _from_archive(path, key)


@dataclass(slots=True)
class _NoMemory:
    """A robots.txt store that remembers nothing, since only one page is fetched."""

    seen: list[RobotsFile] = field(default_factory=list)

    def load(self, origin: str) -> RobotsFile | None:
        return next((robots for robots in self.seen if robots.origin == origin), None)

    def save(self, robots: RobotsFile) -> RobotsFile:
        self.seen.append(robots)
        return robots


def _from_web(source: str, settings: FetchSettings) -> Capture:
    url = canonical_url(source)
    if url is None:
        raise click.UsageError(f"{source!r} is not an http or https URL")

    async def fetch() -> Capture:
        async with Fetcher(settings, robots=_NoMemory()) as fetcher:
            return await fetcher.fetch(url)

    try:
        return asyncio.run(fetch())
    except FetchError as error:
        say(f"kliping: {error}")
        sys.exit(EXIT_PARTLY)


@fixture_command.command("check")
@click.argument("host", required=False)
@json_option
@sites_option
@fixtures_option
def check_fixtures_command(host: str | None, root: Path, *, as_json_lines: bool) -> None:
    """Read all fixtures, or those of one HOST, and show every field that differs from the record.

    Exit status 0 if none differs, 3 if one does.

    \b
    Example:
      kliping fixture check pontianak.tribunnews.com
    """
    found = cases(root, host)
    if not found:
        raise click.ClickException(f"there is no fixture{f' of {host}' if host else ''} in {root}")
    failed = 0
    for case in found:
        different = replay_case(case)
        failed += bool(different)
        for each in different:
            _show(case_name(case), each, as_json_lines=as_json_lines)
    say(f"{len(found)} fixtures, {failed} read differently from their records")
    sys.exit(EXIT_PARTLY if failed else 0)


def replay_case(case: Path) -> list[Difference]:
    """The fields of a fixture that are not read as recorded."""
    return differences(load_expected(case), read_record(load_capture(case), read_alone))


def _show(name: str, each: Difference, *, as_json_lines: bool) -> None:
    if as_json_lines:
        put_json({"fixture": name, "field": each.field, "expected": each.expected, "actual": each.actual})
        return
    put(terminal_safe(f"{name}  {each.field}"))
    expected, actual = each.expected, each.actual
    if isinstance(expected, list) and isinstance(actual, list):
        for position in range(max(len(expected), len(actual))):
            pair = [values[position] if position < len(values) else None for values in (expected, actual)]
            if pair[0] != pair[1]:
                _show_pair(*pair, at=f"[{position}]")
    elif isinstance(expected, dict) and isinstance(actual, dict):
        for key in dict.fromkeys((*expected, *actual)):
            if expected.get(key) != actual.get(key):
                _show_pair(expected.get(key), actual.get(key), at=f".{key}")
    else:
        _show_pair(expected, actual)


def _show_pair(expected: Any, actual: Any, *, at: str = "") -> None:
    for mark, value in (("-", expected), ("+", actual)):
        put(terminal_safe(shorten(f"  {mark} {at}{' ' if at else ''}{json.dumps(value, ensure_ascii=False)}", SHOWN)))


@fixture_command.command("accept")
@click.argument("name", metavar="HOST/DATE-SLUG")
@click.option(
    "--field", "fields", multiple=True, required=True, help="A field to accept as it is read now; may be repeated."
)
@sites_option
@fixtures_option
def accept_command(name: str, fields: tuple[str, ...], root: Path) -> None:
    """Accept today's reading of the named fields of a fixture, and nothing else.

    `--field reason` accepts that a page is now an article, or no longer one.

    \b
    Example:
      kliping fixture accept pontianak.tribunnews.com/2019-10-07-air-sungai-naik --field tags --field section
    """
    case = next((case for case in cases(root) if name in (case_name(case), str(case))), None)
    if case is None:
        raise click.ClickException(f"{name}: no such fixture in {root}")
    expected: Record = load_expected(case)
    try:
        record = accepted(expected, read_record(load_capture(case), read_alone), fields)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if record == expected:
        say("nothing to accept: these fields read as recorded")
        return
    for each in differences(expected, record):
        _show(case_name(case), each, as_json_lines=False)
    save_expected(case, record)
