"""A schedule on a virtual clock: turns, quiet hours, edits of its plan, a clean end; and what it reports."""

from __future__ import annotations

import json
import os
import plistlib
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier
from scraper.cli import cli
from scraper.errors import ArchiveLocked, PlanError
from scraper.schedule import (
    Happening,
    Metrics,
    Schedule,
    ScheduleClock,
    ScheduleOptions,
    heartbeat,
    json_lines,
    service,
    text_lines,
)
from scraper.schedule.run import MACHINE_PATIENCE
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.archive.file.library import Archive
    from scraper.crawl import Summary
    from scraper.plan.timetable import Turn

ROOT = Path(__file__).parent.parent.parent
START = datetime(2026, 3, 2, 3, tzinfo=UTC)  # a Monday, ten in the morning in Jakarta
FEED = b"<rss><channel><item><link>/berita/200001/kabar-dari-desa-kita</link></item></channel></rss>"


class VirtualClock(ScheduleClock):
    """Waiting passes at once; every hour something may happen, and at the end a signal comes."""

    __slots__ = ("at", "end", "then")

    def __init__(self, hours: float, then: Callable[[datetime], None] = lambda _at: None) -> None:
        super().__init__()
        self.at, self.end, self.then = START, START + timedelta(hours=hours), then

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        assert seconds > 0, "a loop that does not wait"
        hour = self.at.hour
        self.at += timedelta(seconds=seconds)
        if self.at.hour != hour:
            self.then(self.at)
        if self.at >= self.end:
            self.stop = signal.SIGTERM


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer({"/feed.xml": response(FEED), "/berita/200001/kabar-dari-desa-kita": response()}) as found:
        yield found


def plan(path: Path, server: FaultServer, text: str = "") -> Path:
    file = path / "plan.toml"
    head = "contact = 'redaksi@contoh.id'\narchive = 'a.db'\ndelay = 0\n"
    file.write_text(
        f"{head}[[crawls]]\nname = 'desa'\ntargets = ['{server.origin}/feed.xml']\nzone = 'Asia/Jakarta'\n{text}\n"
    )
    return file


def schedule(file: Path, server: FaultServer, clock: ScheduleClock, told: list[Happening], **more: Any) -> Schedule:
    options = ScheduleOptions(
        path=file,
        version="0",
        net={"allow_net": frozenset({("127.0.0.1", server.port)}), "attempts": 1},
        min_free_bytes=0,
    )
    return Schedule(options, watchers=[told.append], clock=clock, **more)


def make_due(file: Path) -> None:
    """There is work at every turn, whatever rhythm was learned."""
    with closing(sqlite3.connect(file.with_name("a.db"), isolation_level=None)) as db:
        db.execute("UPDATE frontier SET due_at = '2019-01-01T00:00:00Z'")


def begun(told: Sequence[Happening]) -> list[datetime]:
    return [happening.at for happening in told if happening.name == "crawl_begun"]


def test_turns_come_round_but_not_in_quiet_hours(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server, "every = '4h'\nquiet = '17:00-05:00'")
    told: list[Happening] = []
    clock = VirtualClock(24, lambda _at: make_due(file))
    assert schedule(file, server, clock, told).run() == 143
    hours = [round((at - START).total_seconds() / 3600, 1) for at in begun(told)]
    assert hours == [0.0, 4.0, 19.0, 23.0], "every four hours, and again when it is five in the morning in Jakarta"
    assert [told[0].name, told[-1].name] == ["started", "stopped"]
    with open_archive(file.with_name("a.db")) as db:
        assert db.execute("SELECT crawl, target, run_id FROM turns").fetchall() == [
            ("desa", f"{server.origin}/feed.xml", 4)
        ]


def test_the_pages_of_past_days_are_packed_once_while_nothing_is_due(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server)
    file.write_text("pack = true\n" + file.read_text("utf-8"))
    told: list[Happening] = []
    schedule(file, server, VirtualClock(26, lambda _at: make_due(file)), told).run()
    packed = [(each.at, each.fields) for each in told if each.name == "packed"]
    with open_archive(tmp_path / "a.db") as db:
        first_day = "SELECT count(*) FROM bodies AS b WHERE EXISTS (SELECT 1 FROM captures WHERE body_id = b.id AND captured_at < ?)"
        midnight = (START + timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z")
        ((count,),) = db.execute(first_day, [midnight]).fetchall()
        assert db.execute("SELECT count(*) FROM bodies WHERE packed_at IS NOT NULL").fetchall() == [(count,)]
    assert [(at.date(), fields["bodies"]) for at, fields in packed] == [(START.date() + timedelta(days=1), count)]
    assert len(begun(told)) >= 24, "packing kept nobody waiting"


def test_a_turn_with_nothing_due_is_no_run(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server, "every = '1h'")
    told: list[Happening] = []
    schedule(file, server, VirtualClock(12), told).run()
    runs = len(begun(told))
    assert 1 < runs < 12, "the feed brings nothing new and is asked less and less often"
    with open_archive(file.with_name("a.db")) as db:
        assert db.execute("SELECT count(*) FROM runs").fetchall() == [(runs,)]
        assert db.execute("SELECT begun_at FROM turns").fetchall() == [("2026-03-02T14:00:00Z",)]


def test_a_schedule_that_starts_again_remembers_its_turns(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server, "every = '6h'")
    told: list[Happening] = []
    schedule(file, server, VirtualClock(1), told).run()
    clock = VirtualClock(8)
    clock.at += timedelta(hours=1)
    schedule(file, server, clock, told).run()
    assert begun(told) == [START, START + timedelta(hours=6)]


def test_an_edit_of_the_plan_is_taken_over_and_a_wrong_one_is_said_once(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server)
    told: list[Happening] = []
    good = file.read_text("utf-8")
    edits: dict[int, Callable[[], object]] = {
        1: lambda: file.write_text("contact = ", encoding="utf-8"),
        2: file.unlink,
        3: lambda: file.write_text(
            f"{good}\n[[crawls]]\ntargets = ['{server.origin}/indeks/terkini']\n", encoding="utf-8"
        ),
    }

    def edit(at: datetime) -> None:
        if (hour := int((at - START).total_seconds() // 3600)) in edits:
            edits.pop(hour)()

    found = schedule(file, server, VirtualClock(5, edit), told)
    found.run()
    names = [happening.name for happening in told if happening.name.startswith("plan_")]
    assert names == ["plan_rejected", "plan_rejected", "plan_loaded"]
    assert len(found.turns) == 2
    targets = [happening.fields["targets"] for happening in told if happening.name == "crawl_begun"]
    assert (targets[0], targets[-1]) == (1, 2)


def test_a_run_whose_time_is_over_goes_on_at_once(tmp_path: Path, server: FaultServer) -> None:
    day, links = (
        "/indeks?date=2019-10-07&page=1",
        "".join(f"<a href='/berita/30000{n}/kabar-dari-desa-{n}'>x</a>" for n in range(4)),
    )
    server.routes[day] = response(f"<title>Indeks</title>{links}".encode())
    server.routes |= {f"/berita/30000{n}/kabar-dari-desa-{n}": response() for n in range(4)}
    file = plan(tmp_path, server, "every = '1d'")
    file.write_text(
        f"longest = '1m'\n{file.read_text('utf-8')}".replace("/feed.xml", day).replace("delay = 0", "delay = 1")
    )
    told: list[Happening] = []
    clock = VirtualClock(1)
    found = schedule(file, server, clock, told)
    found.timetable = replace(found.timetable, longest=timedelta(seconds=1.5))
    found.run()
    stopped = [happening.fields["stopped"] for happening in told if happening.name == "crawl_ended"]
    assert stopped[0] is not None, "the last run may end with its last page just as its time is over"
    assert set(begun(told)) == {START}, "the clock stood still between them: nobody else was waiting"
    with open_archive(file.with_name("a.db")) as db:
        assert db.execute("SELECT count(*) FROM captures").fetchall() == [(5,)]


def test_once_gives_what_is_due_its_turn_and_ends(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server, f"[[crawls]]\ntargets = ['{server.origin}/tidak-ada.xml']\ndelay = 0.001")
    told: list[Happening] = []
    assert schedule(file, server, VirtualClock(1), told).run(once=True) == 3, "one feed is not there"
    assert len(begun(told)) == 2


def test_an_archive_that_another_crawl_holds_is_waited_for(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server)
    told: list[Happening] = []
    with open_archive(file.with_name("a.db"), mode="crawl", min_free_bytes=0):
        schedule(file, server, VirtualClock(0.1), told).run()
        assert {happening.name for happening in told} == {"started", "trouble", "alive", "stopped"}
        with pytest.raises(ArchiveLocked):
            schedule(file, server, VirtualClock(0.1), told).run(once=True)


def test_an_hour_without_a_network_is_sat_out_and_costs_no_turn(tmp_path: Path, server: FaultServer) -> None:
    papers = [f"http://{name}.example:{server.port}/feed.xml" for name in ("satu", "dua")]
    file = tmp_path / "plan.toml"
    file.write_text(
        f"contact = 'redaksi@contoh.id'\narchive = 'a.db'\ndelay = 0\nevery = '6h'\n[[crawls]]\ntargets = {papers}\n"
    )
    wrong, told = [True], list[Happening]()

    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return ("0.0.0.0",) if wrong else ("127.0.0.1",)

    clock = VirtualClock(1.5, then=lambda _at: wrong.clear())
    net = {"allow_net": frozenset({("127.0.0.1", server.port)}), "attempts": 1, "resolve": resolve}
    options = ScheduleOptions(path=file, version="0", net=net, min_free_bytes=0)
    assert Schedule(options, watchers=[told.append], clock=clock).run() == 128 + signal.SIGTERM
    codes = [happening.fields["exit_code"] for happening in told if happening.name == "crawl_ended"]
    assert (set(codes[:-1]), codes[-1]) == ({69}, 0), "six hours are not waited for"
    assert len(codes) <= 61 / (MACHINE_PATIENCE / timedelta(minutes=1)) + 1
    assert "network" in next(happening.fields["why"] for happening in told if happening.name == "trouble")
    wrong.append(True)
    file.with_name("a.db").unlink()
    assert Schedule(options, clock=VirtualClock(1)).run(once=True) == 69


def test_the_hooks_run_after_each_crawl_with_its_figures(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server)
    seen: list[tuple[int, list[str], int]] = []

    def after(db: Archive, turns: Sequence[Turn], summary: Summary) -> None:
        articles = db.execute("SELECT count(*) FROM articles").fetchall()[0][0]
        seen.append((articles, [turn.target for turn in turns], summary.exit_code))

    schedule(file, server, VirtualClock(1), [], after_crawl=[after]).run()
    assert seen == [(1, [f"{server.origin}/feed.xml"], 0)]


def test_a_wrong_plan_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="no plan file here"):
        Schedule(ScheduleOptions(path=tmp_path / "none.toml", version="0"))
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(PlanError, match=r"bad\.toml"):
        Schedule(ScheduleOptions(path=tmp_path / "bad.toml", version="0"))


def attempt(reason: str = "ok", **fields: Any) -> Happening:
    record = {
        "host": "contoh.id", "kind": "article", "reason": reason, "is_good": reason == "ok", "status": 200, "url": "https://contoh.id/a\x1b[2J",
        "detail": None, "headline": "Judul", "new_links": 2, "bytes_seen": 100,
    }  # fmt: skip
    return Happening(at=START, name="attempt", fields=record | fields)


def test_the_log_is_a_json_line_an_event_or_a_line_for_a_person() -> None:
    lines: list[str] = []
    for watch in (json_lines(lines.append), text_lines(lines.append)):
        for happening in (attempt(), attempt("dns", detail="no such name"), Happening(at=START, name="alive")):
            watch(happening)
    assert [json.loads(line)["reason"] for line in lines[:2]] == ["ok", "dns"]
    assert lines[2:] == ['2026-03-02T03:00:00Z attempt reason=dns url=https://contoh.id/a[2J detail="no such name"']


def test_the_heartbeat_is_fresh_while_the_schedule_lives(tmp_path: Path) -> None:
    beat = heartbeat(tmp_path / "beat")
    for seconds in (0, 3, 12):
        beat(Happening(at=START + timedelta(seconds=seconds), name="alive", fields={"n": seconds}))
        assert json.loads((tmp_path / "beat").read_text("utf-8"))["n"] == {0: 0, 3: 0, 12: 12}[seconds]
    assert [path.name for path in tmp_path.iterdir()] == ["beat"]


def test_the_metrics_are_prometheus_text() -> None:
    pytest.importorskip("prometheus_client")
    ended = {
        "crawls": ["desa"], "exit_code": 0, "seconds": 2.5, "new_articles": 3, "changed_articles": 1, "queued": 9, "due": 4,
    }  # fmt: skip
    with Metrics(0) as metrics:
        for happening in (
            attempt(),
            attempt("dns", bytes_seen=None),
            Happening(at=START, name="crawl_ended", fields=ended),
        ):
            metrics(happening)
        metrics(Happening(at=START, name="plan_rejected"))
        text = urllib.request.urlopen(f"http://127.0.0.1:{metrics.port}/metrics", timeout=10).read().decode()
    for line in (
        'kliping_attempts_total{host="contoh.id",kind="article",reason="dns"} 1.0',
        'kliping_received_bytes_total{host="contoh.id"} 100.0',
        'kliping_articles_total{change="new",crawl="desa"} 3.0',
        "kliping_due_urls 4.0",
        "kliping_plan_rejected 1.0",
    ):
        assert line in text


def test_the_systems_own_schedules_are_printed_with_everything_quoted() -> None:
    file = Path("/srv/hasil riset/rencana 100%.toml")
    unit = service("systemd", ["/opt/kliping"], file)
    assert 'ExecStart=/opt/kliping schedule "/srv/hasil riset/rencana 100%%.toml" --log-format json\n' in unit
    cron = service("cron", ["/opt/kliping"], file)
    assert "cd '/srv/hasil riset' && /opt/kliping schedule '/srv/hasil riset/rencana 100\\%.toml' --once" in cron
    agent = plistlib.loads(service("launchd", ["/opt/kliping"], file).encode())
    assert agent["ProgramArguments"] == ["/opt/kliping", "schedule", str(file), "--log-format", "json"]


def test_the_command_checks_a_plan_and_refuses_a_wrong_one(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server, "every = '90m'\nquiet = '22:00-05:00'")
    shown = CliRunner().invoke(cli, ["schedule", str(file), "--check"])
    assert shown.exit_code == 0
    assert "90m" in shown.stdout
    assert "22:00-05:00" in shown.stdout
    assert "[Service]" in CliRunner().invoke(cli, ["schedule", str(file), "--print", "systemd"]).stdout
    assert not file.with_name("a.db").exists()
    file.write_text("contact = 1", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "scraper", "schedule", str(file), "--check"], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (64, b"")
    assert b"contact: it must be a text" in done.stderr


def test_the_status_says_what_runs_what_comes_next_and_how_long_it_took(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server)

    def status() -> tuple[dict[str, Any], dict[str, Any], str, str]:
        told = CliRunner().invoke(cli, ["schedule", str(file), "--status", "--json"])
        shown = CliRunner().invoke(cli, ["schedule", str(file), "--status"])
        running, turn = map(json.loads, told.stdout.splitlines())
        return running, turn, shown.stdout.splitlines()[-1], shown.stderr

    running, turn, shown, said = status()
    assert (running["run_id"], turn["state"], turn["last_at"]) == (None, "due", None)
    assert "never" in shown
    assert said == "nothing is running\n"
    assert not file.with_name("a.db").exists()
    assert schedule(file, server, ScheduleClock(), []).run(once=True) == 0
    running, turn, shown, said = status()
    assert (turn["state"], turn["run_id"], turn["exit_code"], turn["targets"]) == ("waiting", 1, 0, 1)
    assert turn["seconds"] >= 0
    assert "exit 0" in shown
    assert " in " in shown
    with open_archive(file.with_name("a.db"), mode="crawl", min_free_bytes=0) as db:
        db.execute("DELETE FROM turns")
        frontier.start_run(db, kind="crawl", version="0", arguments="schedule plan.toml: desa", at=datetime.now(UTC))
        running, turn, shown, said = status()
    assert (running["run_id"], running["process"], turn["state"]) == (2, os.getpid(), "running")
    assert said.startswith("run 2 (process ")
    assert status()[1]["state"] == "due", "the run was killed"


def test_a_signal_ends_it_cleanly_in_a_run_and_between_two(tmp_path: Path, server: FaultServer) -> None:
    file = plan(tmp_path, server)
    process = subprocess.Popen(
        [sys.executable, "-m", "scraper", "schedule", str(file), "--log-format", "json", "--allow-net", f"127.0.0.1:{server.port}"],
        cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    events = []
    for line in process.stderr:
        events.append(json.loads(line)["event"])
        if events[-1] == "crawl_ended":
            process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 143
    process.stderr.close()
    assert events == ["started", "crawl_begun", "attempt", "attempt", "crawl_ended", "stopped"]
    with open_archive(file.with_name("a.db")) as db:
        assert db.execute("SELECT exit_code FROM runs").fetchall() == [(0,)]
        assert frontier.leased_count(db) == 0
