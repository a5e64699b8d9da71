"""Checks of invented facts: what is reported for a site, what only for its network or layout, what is not an alarm, and
who is notified.
"""

from __future__ import annotations

import json
import smtplib
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from scraper.archive.ask.health_sources import HealthAttempts, HealthEvent, HealthFound, HealthLooks
from scraper.archive.file.connection import open_archive
from scraper.archive.write import alarms
from scraper.cli.health import health_hook
from scraper.errors import PlanError
from scraper.health.check import Facts, check
from scraper.health.telling import as_line, tell_alarms
from scraper.plan.timetable import Crawl, Notify, Turn, parse_timetable
from scraper.sites import Confidence, Layout
from tests.health.makers import ALARM, KNOWN, NOW, SITES, found_by, reading
from tests.health.papers import PAPERS, Series, redesigned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.schedule import Happening


def test_what_no_small_paper_shows_by_itself_is_told_of_them_all() -> None:
    """One article a day each: three without tags are chance at any of them, and none at all six."""
    readings = [
        reading(site, day, tags=0 if day < 3 else 2, layout=f"kecil/{number}")
        for day in range(41, -1, -1)
        for number, site in enumerate(SITES)
    ]
    found = found_by(Facts(readings=readings))
    assert {key[:2] for key in found} == {("network", "kecil")}
    [alarm] = found.values()
    assert (alarm.kind, alarm.field, alarm.level, alarm.cases) == ("filled", "tags", "alarm", 18)
    assert alarm.url is not None
    assert alarm.layout in {f"kecil/{number}" for number in range(6)}


def test_pages_whose_paging_is_not_understood_any_more_are_told() -> None:
    readings = [
        reading("kecil-0", day, warnings=frozenset({"paging_unread"} if day < 3 else ()))
        for day in range(41, -1, -1)
        for _ in range(4)
    ]
    [alarm] = found_by(Facts(readings=readings), replace(KNOWN, network_of=lambda _: None)).values()
    assert (alarm.kind, alarm.field, alarm.level, alarm.cases) == ("warning", "paging_unread", "alarm", 12)


def test_a_layout_that_lost_a_field_is_told_by_its_name() -> None:
    readings = [
        reading(site, day, lede=None if day < 2 and number < 4 else "x", layout="kecil/a" if number < 4 else "kecil/b")
        for day in range(41, -1, -1)
        for number, site in enumerate(SITES)
    ]
    found = found_by(Facts(readings=readings), replace(KNOWN, network_of=lambda _: None))
    assert ("layout", "kecil/a", "filled", "lede") in found
    assert not [key for key in found if key[1] == "kecil/b"]


REPORTED = Layout(name="kecil/2020", body=("main",), lede=(".teras",), byline=(".nama",), confidence="reported")


@pytest.mark.parametrize(
    ("confidence", "sources", "told"),
    [
        ("reported", ("json-ld:author",), {"authors"}),
        ("inferred", ("generic:[rel~=author]",), {"authors"}),
        ("corroborated", ("json-ld:author",), {"authors"}),
        ("reported", ("layout:.nama", "json-ld:author", "json-ld:author"), set()),  # it does give it at times
        ("seen", ("json-ld:author",), set()),  # how it has been read all along: no departure
    ],
)
def test_a_selector_that_never_fitted_is_told_of_a_layout_that_nobody_saw(
    confidence: Confidence, sources: tuple[str, ...], told: set[str]
) -> None:
    readings = [
        reading(
            site,
            day,
            provenance={
                "authors": sources[(day + number) % len(sources)],
                "lede": "meta:description",
                "tags": "json-ld:keywords",
            },
        )
        for day in range(41, -1, -1)
        for number, site in enumerate(SITES)
    ]
    layout = msgspec.structs.replace(REPORTED, confidence=confidence)
    known = replace(KNOWN, unseen=lambda name: layout if name == layout.name and confidence != "seen" else None)
    found = found_by(Facts(readings=readings), known)
    assert {key for key in found if key[2] == "unfit"} == {("layout", "kecil/2020", "unfit", field) for field in told}
    if told:
        [alarm] = found.values()
        assert (alarm.level, alarm.cases, alarm.observed) == ("warn", 14 * len(SITES), 0.0)
        accepted = replace(known, accepted={("layout", "kecil/2020", "unfit", "authors"): NOW - timedelta(days=3)})
        assert found_by(Facts(readings=readings), accepted) == {}
        again = [replace(each, provenance={"authors": "layout:.nama"}) if each.day < 2 else each for each in readings]
        over = check(Facts(readings=again), replace(known, open=[replace(alarm, alarm_id=7)]), NOW)
        assert over.recovered == (7,)


def test_an_alarm_says_that_the_layout_was_never_seen() -> None:
    readings = [reading(site, day, lede=None if day < 3 else "x") for day in range(41, -1, -1) for site in SITES]
    known = replace(KNOWN, unseen=lambda _: REPORTED)
    found = [each for each in found_by(Facts(readings=readings), known).values() if each.kind == "filled"]
    assert found
    assert all("kecil/2020 is reported, never compared with a page" in each.detail for each in found)


def looks(days: range, *, changed: int, source: str = "https://kecil-0.example/feed") -> list[HealthLooks]:
    return [HealthLooks(site="kecil-0", day=day, source=source, looks=4, changed=changed) for day in days]


def test_a_feed_that_froze_while_another_goes_on_is_stale() -> None:
    other = "https://kecil-0.example/sitemap.xml"
    facts = Facts(
        looks=[
            *looks(range(10), changed=0),
            *looks(range(10, 60), changed=3),
            *looks(range(60), changed=3, source=other),
        ],
        found=[
            HealthFound(site="kecil-0", day=day, source=other if day < 10 else "https://kecil-0.example/feed", count=8)
            for day in range(60)
        ],
    )
    found = found_by(facts)
    assert {key[2] for key in found} == {"stale"}
    [alarm] = found.values()
    assert (alarm.level, alarm.url) == ("warn", "https://kecil-0.example/feed")


def test_listings_that_overflow_and_templates_that_change_are_told() -> None:
    def attempts(day: int, missed: int) -> HealthAttempts:
        return HealthAttempts(
            site="kecil-0",
            day=day,
            kind="feed",
            reason="ok",
            count=6,
            missed=missed,
            url="https://kecil-0.example/feed",
            capture_id=None,
        )

    event = HealthEvent(
        site="kecil-0",
        day=1,
        kind="template",
        url="https://kecil-0.example/",
        detail="pages of 'kecil/2020 article' of x",
        layout="kecil/2020",
    )
    facts = Facts(attempts=[attempts(day, 6 if day < 3 else 0) for day in range(40)], events=[event])
    found = found_by(facts)
    assert {key[2:] for key in found} == {("missed", ""), ("template", "kecil/2020 article")}
    older = found_by(replace(facts, events=[replace(event, day=20)]))
    assert {key[2] for key in older} == {"missed"}


def test_a_paper_that_prints_less_on_a_holiday_is_held_against_those_that_are_not_checked() -> None:
    """A schedule checks the sites of a run only; the others are asked when one has gone quiet."""

    def facts(names: tuple[str, ...], share: float) -> Facts:
        return Facts(
            found=[
                HealthFound(site=name, day=day, source="", count=round(60 * (share if day < 3 else 1)) + day % 5)
                for name in names
                for day in range(60)
            ],
            looks=[replace(each, site=name) for name in names for each in looks(range(60), changed=3)],
        )

    mine = facts(SITES[:1], 0.3)
    known = replace(KNOWN, network_of=lambda _: None)
    assert {key[2] for key in found_by(mine, known)} == {"discovered"}
    assert {key[2] for key in found_by(mine, replace(known, others=lambda: facts(SITES, 1.0)))} == {"discovered"}
    assert found_by(mine, replace(known, others=lambda: facts(SITES, 0.35))) == {}


def test_a_new_site_is_learned_first() -> None:
    outcome = check(Facts(readings=[reading("kecil-0", day, tags=0) for day in (3, 2, 1, 0)]), KNOWN, NOW)
    assert outcome.alarms == ()
    assert {each.level for each in outcome.checks} == {"learning"}


@pytest.fixture
def hook() -> Iterator[tuple[str, list[Any]]]:
    """A web address that keeps what it is given; /broken answers 500."""
    given: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if self.path == "/broken" else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", given
    server.shutdown()
    thread.join()
    server.server_close()


def test_somebody_is_told_by_command_and_web_address(tmp_path: Path, hook: tuple[str, list[Any]]) -> None:
    address, given = hook
    heard = tmp_path / "heard"
    listen = (sys.executable, "-c", f"import sys; open({str(heard)!r}, 'w').write(sys.stdin.read())")
    assert tell_alarms(Notify(command=listen, webhook=address), [ALARM]) == []
    assert json.loads(heard.read_text("utf-8"))["alarm"] == 7
    assert (
        given[0]["text"]
        == as_line(ALARM)
        == "alarm 7: kecil [generic/1]: 100% articles …, e.g. https://kecil.example/7"
    )
    key = "T0/B7/kunci-hook"
    for webhook in (f"{address}/broken", f"{address}:0/{key}", f"http://127.0.0.1:1/{key}"):
        command = (sys.executable, "-c", f"raise SystemExit('{key}')", key)
        failed = tell_alarms(Notify(command=command, webhook=webhook), [ALARM])
        assert [each.way for each in failed] == ["command", "webhook"]
        assert "exit status 1" in failed[0].why
        assert not any(key in each.why for each in failed), "where an alarm goes is a key to it"
        assert ("500" in failed[1].why) == (webhook == f"{address}/broken")


def test_somebody_is_told_by_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message that is handed to the mail server; that a server takes it is the library's own affair."""
    sent: list[Any] = []
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda _self, host, port: (220, f"{host}:{port}".encode()))
    monkeypatch.setattr(smtplib.SMTP, "send_message", lambda _self, message: sent.append(message))
    monkeypatch.setattr(smtplib.SMTP, "docmd", lambda _self, *_: (221, b""))
    assert tell_alarms(Notify(email=("desk@example.org",), smtp="mail.example.org:587"), [ALARM]) == []
    assert (sent[0]["Subject"], sent[0]["To"]) == ("kliping: kecil", "desk@example.org")
    assert as_line(ALARM) in sent[0].get_content()


def test_a_schedule_checks_after_a_run_and_tells_once(tmp_path: Path, hook: tuple[str, list[Any]]) -> None:
    address, given = hook
    seen: list[Happening] = []
    plan = parse_timetable(
        f"contact = 'a@example.org'\n[notify]\nwebhook = '{address}/broken'\n[[crawls]]\ntargets = ['tribun-pontianak']\n"
    )
    plans = [plan]
    with open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as db:
        db.execute("PRAGMA synchronous = OFF")
        series = Series(db, PAPERS[0], first=datetime.now(UTC) - timedelta(days=31))
        for day in range(30):
            series.day(day)
        series.day(30, change=redesigned)
        after_crawl = health_hook(lambda: plans[0], [seen.append])
        turns = [Turn(target=series.site, crawl=Crawl(name="x", targets=(series.site,)), zone="UTC")]
        after_crawl(db, turns, None)  # type: ignore[arg-type]
        assert [each.name for each in seen] == ["alarm", "trouble"]
        plans[0] = replace(plan, notify=Notify(webhook=address))
        after_crawl(db, turns, None)  # type: ignore[arg-type]
        after_crawl(db, turns, None)  # type: ignore[arg-type]
        assert len(seen) == 2, "within the hour it is not checked again"
        assert len(given) == 2, "once in vain, once told, and no more"
        assert alarms.untold_alarms(db) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("level = 'loud'", "notify.level"),
        ("webhook = 'ftp://x'", "notify.webhook"),
        ("command = []", "notify.command"),
        ("fax = '1'", "notify.fax: there is no such key"),
    ],
)
def test_a_plan_that_tells_wrongly(line: str, why: str) -> None:
    with pytest.raises(PlanError, match=why):
        parse_timetable(f"contact = 'a@example.org'\n[notify]\n{line}\n[[crawls]]\ntargets = ['tribun-pontianak']\n")
