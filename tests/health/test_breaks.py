"""Planted breaks: ten papers with real markup, each broken in every known way; which alarms are raised, and how soon."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper import extract
from scraper.archive.file.connection import open_archive
from scraper.archive.write import alarms, origin_files
from scraper.cli import cli
from scraper.health.run import look_and_keep
from scraper.reasons import Reason
from scraper.records import RobotsFile
from tests.health.papers import PAPERS, Series, half_lost, issue, original, redesigned, walled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.archive.file.library import Archive
    from scraper.archive.write.alarms import Alarm

HEALTHY = 30
# What each break does, and the meters of which at least one must raise an alarm, within how many days.
BREAKS: dict[str, tuple[dict[str, Any], set[tuple[str, str]], int]] = {
    "redesign": ({"change": redesigned}, {("generic", ""), ("complete", "")}, 1),
    "half the body lost": (
        {"change": half_lost},
        {("short", "body"), ("complete", ""), ("read", ""), ("filled", "body")},
        3,
    ),
    "paywall": ({"change": walled}, {("short", "body"), ("complete", ""), ("read", "")}, 3),
    "block page": ({"reason": Reason.BLOCKED}, {("blocked", "")}, 1),
    "frozen feed": ({"is_frozen": True}, {("discovered", "")}, 3),
    "one date for all": (
        {"date_of": datetime(2015, 3, 4, 3, tzinfo=UTC)},
        {("repeated", "published_at"), ("wrong", "published_at")},
        1,
    ),
}
# Where nothing is lost: what holds the text holds its second half, too; or the layout was never seen, so that the generic reader's
# text, twice as long, is taken instead.
NOT_LOST = (
    "www.liputan6.com/2026-07-24-rumah-tenun",
    "pontianak.tribunnews.com/2026-07-20-pengrajin-anyaman",
    "tirto.id/2026-07-11-kampung-jam",
    "kalbaronline.com/2026-03-04-sekolah-kebun",
    "www.bantennews.co.id/2025-02-11-petani-uji-padi-apung",
    "www.suarakalbar.co.id/2024-08-18-perpustakaan-perahu",
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as found:
        found.execute("PRAGMA synchronous = OFF")
        yield found


def kept(found: list[Alarm]) -> dict[tuple[str, str], Alarm]:
    return {(alarm.kind, alarm.field): alarm for alarm in found}


@pytest.mark.parametrize("name", PAPERS)
def test_every_break_of_every_paper_is_found(name: str, db: Archive) -> None:
    """Each paper after a month of health, in which there is no alarm, is broken in every way."""
    series = Series(db, name)
    for day in range(HEALTHY):
        series.day(day)
    assert look_and_keep(db, series.end_of(HEALTHY - 1))[1] == []
    missed = [each for each in BREAKS if not _is_found(db, series, each)]
    assert missed == (["half the body lost"] if name in NOT_LOST else [])


@pytest.mark.parametrize("name", NOT_LOST)
def test_what_is_not_lost_is_no_alarm(name: str) -> None:
    source = original(name)
    url, html = issue(name, source.at, 1)
    assert words(url, half_lost(html, source)) == words(url, html)


def words(url: str, html: str) -> int:
    return sum(len(block.text.split()) for block in extract(html, url=url).body)


def _is_found(db: Archive, series: Series, name: str) -> bool:
    """Whether a break raises an alarm of its kind in time; the archive is as before."""
    changes, wanted, most = BREAKS[name]
    found: dict[tuple[str, str], Alarm] = {}
    db.execute("SAVEPOINT broken")
    for day in range(HEALTHY, HEALTHY + most):
        series.day(day, **changes)
        found |= kept(look_and_keep(db, series.end_of(day))[1])
    for alarm in found.values():
        assert alarm.name == series.site
        assert alarm.url is not None or alarm.kind == "discovered"
    db.execute("ROLLBACK TO broken")
    db.execute("RELEASE broken")
    return bool(wanted & set(found))


def test_a_paper_that_sleeps_on_sundays_is_well(db: Archive) -> None:
    series = Series(db, PAPERS[0], a_day=4, quiet_days=(6,))
    for day in range(50):
        series.day(day)
        if day >= HEALTHY:
            assert look_and_keep(db, series.end_of(day))[1] == []
    [check] = alarms.health_history(db, "site", series.site, limit=1)
    assert (check.level, check.read == check.fetched == check.attempted) == ("well", True)


def test_an_alarm_stays_until_its_meter_is_back_or_a_person_accepts_it(db: Archive) -> None:
    series = Series(db, PAPERS[0])
    for day in range(HEALTHY):
        series.day(day)
    series.day(HEALTHY, change=redesigned)
    _, [alarm] = look_and_keep(db, series.end_of(HEALTHY))
    assert (alarm.kind, alarm.level, alarm.layout) == ("generic", "alarm", "generic/1")
    for day in range(HEALTHY + 1, HEALTHY + 45):  # longer than the baseline: still no better
        series.day(day, change=redesigned)
    assert look_and_keep(db, series.end_of(HEALTHY + 44))[1] == []
    assert [each.alarm_id for each in alarms.alarms(db)] == [alarm.alarm_id]
    for day in range(HEALTHY + 45, HEALTHY + 47):
        series.day(day)
    look_and_keep(db, series.end_of(HEALTHY + 46))
    assert alarms.alarms(db) == []
    assert [each.closed_by for each in alarms.alarms(db, is_open=False)] == ["recovered"]
    series.day(HEALTHY + 47, is_frozen=True)
    for day in range(HEALTHY + 48, HEALTHY + 52):
        series.day(day, is_frozen=True)
    at = series.end_of(HEALTHY + 51)
    _, new = look_and_keep(db, at)
    assert {each.kind for each in new} >= {"discovered"}
    for each in new:
        assert alarms.accept_alarm(db, each.alarm_id, at=at)
    assert look_and_keep(db, at)[1] == []


def test_a_new_robots_file_is_told_by_its_rules(db: Archive) -> None:
    series = Series(db, PAPERS[0])
    series.day(0)
    origin = series.feed.rpartition("/")[0]
    for day, rules in (
        (0, b"User-agent: *\nDisallow: /x\n"),
        (1, b"User-agent: *\n# new\nDisallow: /x\nDisallow: /\n"),
    ):
        robots = RobotsFile(origin=origin, fetched_at=series.end_of(day), status=200, verdict="rules", body=rules)
        origin_files.save_robots(db, robots)
    _, [alarm] = look_and_keep(db, series.end_of(1))
    assert (alarm.kind, alarm.level, alarm.detail, alarm.url) == (
        "robots",
        "warn",
        "+Disallow: /",
        f"{origin}/robots.txt",
    )


def test_the_command_shows_alarms_and_hands_the_page_over(tmp_path: Path) -> None:
    """From an alarm to a fixture, as a person would go; the status says whether all is well."""
    path = tmp_path / "a.db"
    now = datetime.now(UTC)
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
        db.execute("PRAGMA synchronous = OFF")
        series = Series(db, PAPERS[0], first=now - timedelta(days=HEALTHY + 1))
        for day in range(HEALTHY):
            series.day(day)
        series.day(HEALTHY, change=redesigned)
    run = CliRunner().invoke
    done = run(cli, ["health", "--archive", str(path), "--json", "--fail-on", "warn"])
    assert done.exit_code == 3
    values = [json.loads(line) for line in done.stdout.splitlines()]
    [alarm] = [each for each in values if each["type"] == "alarm"]
    assert {each["name"] for each in values if each["type"] == "check"} >= {series.site}
    assert (alarm["name"], alarm["kind"]) == (series.site, "generic")
    shown = run(cli, ["health", series.site, "--archive", str(path)])
    assert shown.exit_code == 0
    assert "kliping fixture add --from-alarm 1" in shown.stdout
    made = run(
        cli, ["fixture", "add", "--from-alarm", "1", "--archive", str(path), "--fixtures", str(tmp_path / "fixtures")]
    )
    assert made.exit_code == 0, made.output
    assert Path(made.stdout.strip(), "page.html").read_bytes().startswith(b"<!DOCTYPE html>")
    assert run(cli, ["health", "--accept", "1", "--archive", str(path)]).exit_code == 0
    assert run(cli, ["health", "--archive", str(path), "--fail-on", "warn"]).exit_code == 0
