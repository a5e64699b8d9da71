"""What is an alarm and what is not, on both sides of each limit; and who counts as notified."""

from __future__ import annotations

import socket
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.archive.ask.health_sources import HealthAttempts, HealthFound, HealthLooks
from scraper.archive.file.connection import open_archive
from scraper.archive.file.times import to_text
from scraper.archive.write import frontier
from scraper.extract import extract_capture
from scraper.health.baseline import expected_count, is_back, judge_count, judge_rate
from scraper.health.chance import as_few, at_least, spread_of_counts
from scraper.health.check import Facts, Known, check
from scraper.health.field_agreement import field_agreement
from scraper.health.meters import Rates, date_is_off, of_attempts, of_readings
from scraper.health.press import shares_left
from scraper.health.run import check_archive
from scraper.health.suggest import TemplatePage, suggest
from scraper.health.telling import tell_alarms
from scraper.health.template_names import moved
from scraper.plan.timetable import Notify
from scraper.records import Capture
from tests.faultserver import PAGE
from tests.health.makers import ALARM, KNOWN, NOW, found_by, reading

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.write.alarms import Alarm

ALPHA = 1e-6


def rate(now: tuple[int, int], past: tuple[int, int], *, days: int = 28) -> str | None:
    """The level of a share that is bad when it is high: (count, cases) of the last day, and of each day before."""
    found = judge_rate([now, *[past] * days], alpha=ALPHA, is_high_bad=True)
    return found.level if found else None


def test_a_share_is_judged_on_thirty_cases_of_the_past_and_on_no_three() -> None:
    assert rate((60, 60), (0, 2)) == "alarm"
    assert rate((60, 60), (0, 1)) is None
    assert rate((60, 60), (0, 0)) is None
    assert rate((0, 0), (0, 9)) is None


def test_a_shift_of_a_fifth_is_a_warning_one_of_a_half_an_alarm_and_less_is_no_news() -> None:
    shares = [rate((round(share * 4_000), 4_000), (100, 1_000)) for share in (0.25, 0.35, 0.55, 0.65)]
    assert shares == [None, "warn", "warn", "alarm"]


def counts(now: list[int], usual: int | list[int], days: int = 60) -> str | None:
    past = [usual] * days if isinstance(usual, int) else usual
    found = judge_count([*now, *past], alpha=ALPHA)
    return found.level if found else None


def test_a_count_is_far_below_half_of_what_is_usual_and_nothing_at_all_is_an_alarm() -> None:
    assert [counts([number] * 3, 100) for number in (0, 20, 60, 100)] == ["alarm", "warn", None, None]
    assert counts([0] * 14, [1] + [0] * 29 + [1] * 5) is None, "too few events to know anything"
    assert counts([0] * 3, 100, days=9) is None, "too few days"
    known = [expected_count([0] * 3 + [1] * events + [0] * 60, 3) is not None for events in (13, 14)]
    assert known == [False, True]
    walk = [100] * 10 + [9_000] * 3 + [100] * 40
    assert counts([60] * 7, walk) is None, "a walk through an archive is not the rhythm"


def test_one_case_ends_no_alarm() -> None:
    assert not is_back([(0, 1)], expected=0.0, observed=1.0)
    assert is_back([(0, 5)], expected=0.0, observed=1.0)
    assert not is_back([(5, 5)], expected=0.0, observed=1.0)


def test_days_that_scatter_and_short_pasts_make_chances_larger() -> None:
    assert at_least(20, 20, (10, 100), spread=5.0) > 100 * at_least(20, 20, (10, 100))
    assert at_least(20, 20, (0, 0), spread=5.0) > 2 * at_least(20, 20, (0, 0)), "the day itself counts for less"
    assert spread_of_counts([(3, 3.0)] * 5) == 1.5
    assert spread_of_counts([(3, 3.0)] * 20) == 1.0
    assert as_few(0, 10.0, 100.0) > 100 * as_few(0, 10.0, 10.0)


def test_one_sites_breakdown_does_not_hide_anothers() -> None:
    """Both lose their tags on the same day: both are told, by name."""
    readings = [
        reading(site, day, tags=0 if day < 2 else 2, layout=f"{site}/1")
        for site in ("kecil-0", "kecil-1")
        for day in range(40, -1, -1)
        for _ in range(6)
    ]
    known = replace(KNOWN, network_of=lambda _: None)
    told = {key[1] for key in found_by(Facts(readings=readings), known) if key[0] == "site" and key[3] == "tags"}
    assert told == {"kecil-0", "kecil-1"}


def test_a_false_alarm_comes_once_in_twenty_years_however_many_sites_there_are() -> None:
    chances = [Known(sites=sites).alpha * 365 * 150 * sites for sites in (1, 1_000)]
    assert chances == pytest.approx([0.05, 0.05])


def listings(*, sources: dict[str, list[int]], changed: int = 0) -> Facts:
    """What each feed of a site brought, day by day, the newest first."""
    return Facts(
        looks=[
            HealthLooks(site="kecil-0", day=day, source=source, looks=24, changed=changed)
            for source, days in sources.items()
            for day in range(len(days))
        ],
        found=[
            HealthFound(site="kecil-0", day=day, source=source, count=count)
            for source, days in sources.items()
            for day, count in enumerate(days)
        ],
    )


def stale(facts: Facts) -> set[str]:
    return {key[3] for key in found_by(facts) if key[2] == "stale"}


def test_a_feed_is_stale_when_it_brings_nothing_at_all_after_it_brought_twenty() -> None:
    busy = {"b": [9] * 80}
    assert stale(listings(sources={"a": [0] * 20 + [9] * 60, **busy})) == {"a"}
    assert stale(listings(sources={"a": [0] * 6 + [1] + [0] * 13 + [9] * 60, **busy})) == set(), "it brought one"
    assert stale(listings(sources={"a": [0] * 60 + [1] * 18, **busy})) == set(), "eighteen are not a rhythm"
    assert stale(listings(sources={"a": [0] * 20 + [9] * 60, **busy}, changed=1)) == set(), "it changes"


def opened(alarm: Alarm, **changes: object) -> Alarm:
    return replace(alarm, alarm_id=9, scope="site", name="kecil-0", kind="filled", field="tags", **changes)  # type: ignore[arg-type]


def test_an_alarm_stays_one_and_that_of_a_site_that_was_not_asked_stays_open() -> None:
    readings = [reading("kecil-0", day, tags=day % 10 and 2) for day in range(40, -1, -1) for _ in range(6)]
    mild = [replace(each, tags=0 if each.day < 3 and number % 3 else 2) for number, each in enumerate(readings)]
    before = opened(ALARM, level="alarm", expected=1.0, observed=0.0)
    known = replace(KNOWN, network_of=lambda _: None, open=(before,))
    [again] = [each for each in check(Facts(readings=mild), known, NOW).alarms if each.field == "tags"]
    assert (again.alarm_id, again.level) == (9, "alarm")
    half = [replace(each, tags=0 if each.day < 9 and number % 2 else 2) for number, each in enumerate(readings)]
    levels = [
        [
            each.level
            for each in check(Facts(readings=half), replace(known, open=open_), NOW).alarms
            if each.field == "tags"
        ]
        for open_ in ((), (before,))
    ]
    assert levels == [["warn"], ["alarm"]], "it becomes no warning by itself"
    other = check(Facts(readings=[replace(each, site="lain", layout="lain/1") for each in readings]), known, NOW)
    assert (9 in other.recovered, [each.alarm_id for each in other.alarms if each.alarm_id]) == (False, [])


def test_what_a_person_accepted_is_the_new_normal() -> None:
    readings = [reading("kecil-0", day, tags=0 if day < 5 else 2) for day in range(40, -1, -1) for _ in range(6)]
    known = replace(KNOWN, network_of=lambda _: None)
    key = ("site", "kecil-0", "filled", "tags")
    assert key in found_by(Facts(readings=readings), known)
    assert key not in found_by(Facts(readings=readings), replace(known, accepted={key: NOW - timedelta(days=1)}))


def test_a_paper_by_itself_is_no_network() -> None:
    readings = [reading("kecil-0", day) for day in range(3)]
    assert {each.scope for each in check(Facts(readings=readings), KNOWN, NOW).checks} == {"site", "layout"}


def attempt(reason: str, kind: str = "article", missed: int = 0) -> HealthAttempts:
    return HealthAttempts(
        site="x", day=0, kind=kind, reason=reason, count=4, missed=missed, url="https://x.example/", capture_id=None
    )


def test_what_counts_as_refused_as_lost_and_as_repeated() -> None:
    rates = Rates(84)
    of_attempts(rates, [attempt("wall"), attempt("ok"), attempt("ok", "feed", missed=3), attempt("unchanged", "feed")])
    assert rates.all["blocked", ""].days[0] == (4, 16)
    assert rates.all["missed", ""].days[0] == (3, 4)
    again = [reading("x", day=30 - number // 2, headline=f"{number % 25}") for number in range(60)]
    far, near = Rates(84), Rates(84)
    of_readings(far, again, has_rules=lambda _: True)
    of_readings(
        near, [replace(each, headline=str(number % 15)) for number, each in enumerate(again)], has_rules=lambda _: True
    )
    assert sum(count for count, _ in far.all["repeated", "headline"].days) == 0, "twenty articles lie between"
    assert sum(count for count, _ in near.all["repeated", "headline"].days) == 45


def test_a_date_is_off_by_days_and_not_by_hours() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    off = [date_is_off(reading("x", 0, published_utc=at, hint=at - timedelta(days=days))) for days in (0.5, 2.5, 9)]
    assert off == [False, False, True]


def test_a_break_does_not_move_the_length_by_which_a_body_is_short() -> None:
    readings = [
        reading("x", day, words=5 if day < 7 else 200 + number) for day in range(20, -1, -1) for number in range(5)
    ]
    rates = Rates(84)
    of_readings(rates, readings, has_rules=lambda _: True)
    short = rates.all["short", "body"].days
    assert [short[day][0] for day in range(7)] == [5] * 7


def test_an_alarm_command_that_fails_has_told_nobody() -> None:
    fails = (sys.executable, "-c", "raise SystemExit(3)")
    [untold] = tell_alarms(Notify(command=fails), [ALARM])
    assert (untold.way, "3" in untold.why) == ("command", True)
    [untold] = tell_alarms(Notify(command=("/nowhere/at/all",)), [ALARM])
    assert untold.way == "command"


def test_a_name_of_two_lines_breaks_no_mail() -> None:
    """Nobody listens there: what fails is the connection, and not the message."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    alarm = replace(ALARM, name=f"koran\r\nBcc: lain@contoh.id {'a' * 2_000}")
    [untold] = tell_alarms(Notify(email=("redaksi@contoh.id",), smtp=f"127.0.0.1:{port}"), [alarm])
    assert untold.why.startswith("ConnectionRefusedError")


def test_two_other_papers_are_not_the_press_and_silence_is_no_holiday() -> None:
    def share(others: int, now: int) -> dict[int, float]:
        papers = {f"p{number}": [now] * 3 + [100] * 90 for number in range(others)}
        return shares_left({"own": [30] * 3 + [100] * 90, **papers}, "own", lambda name: name)

    assert 3 not in share(2, 40)
    assert share(3, 40)[3] == pytest.approx(0.4, abs=0.02)
    assert 3 not in share(3, 2)
    papers = {name: [40] * 14 + [100] * 90 for name in ("own", "a", "b", "c")}
    assert set(shares_left(papers, "own", lambda name: name)) >= {3, 7, 14}
    assert set(shares_left(papers, "own", lambda _: "one")) - {1} == {3, 7}, (
        "a network's own fall explains a week at most"
    )


def test_a_fall_that_chance_brings_explains_nothing() -> None:
    papers = {f"p{number}": [5] + [7, 9, 8, 7, 9, 8, 8] * 12 for number in range(3)}
    assert shares_left({"own": [0] + [8] * 90, **papers}, "own", lambda name: name) == {}


def test_a_body_agrees_by_nine_tenths_of_its_words() -> None:
    capture = Capture(url="https://x.example/a", final_url="https://x.example/a", status=200, fetched_at=NOW, body=PAGE)
    truth = extract_capture(capture)
    halves = [
        field_agreement(
            [TemplatePage(capture=capture, truth=replace(truth, body=truth.body[:count]), is_paired=False)]
        )["body"]
        for count in (6, 3)
    ]
    assert halves == [(1, 1), (0, 1)]


def suggested(classes: list[str]) -> tuple[str, ...]:
    """The selectors suggested for tags that stand in elements of these classes, page by page; "" is a page without."""
    pages = []
    for number, name in enumerate(classes):
        topic = f"Topik {chr(97 + number) * 4}"
        body = PAGE.replace(b"<article>", b"<article class='isi'>").replace(b"<h1>", b"<h1 class='judul'>")
        body = body.replace(b"</body>", f"<p class='{name}'>{topic}</p></body>".encode() if name else b"</body>")
        url = f"https://x.example/{number}"
        capture = Capture(url=url, final_url=url, status=200, fetched_at=NOW, body=body)
        pages.append(
            TemplatePage(capture=capture, truth=replace(extract_capture(capture), tags=(topic,)), is_paired=True)
        )
    found = suggest(pages, [], set(), name="x/1", zone="UTC")
    assert found is not None
    return found.tags


def test_a_selector_is_suggested_that_gives_half_of_the_pages_and_three_at_most() -> None:
    assert (suggested(["a"] * 5 + [""] * 7), suggested(["a"] * 6 + [""] * 6)) == ((), ("p.a",))
    assert len(suggested(list("abcd") * 3)) == 3


def test_a_name_has_gone_when_more_than_half_of_the_pages_lost_it() -> None:
    before = [{"h1.judul", "div.isi", "p.iklan"}] * 10
    after = [{"div.isi", "p.iklan"}] * 4 + [{"div.isi", "h2.baru"}] * 6
    found = {each.name for each in moved(before, after)}
    assert found == {"h1.judul", "p.iklan", "h2.baru"}
    assert {each.name for each in moved(before, [{"h1.judul", "div.isi"}] * 5 + [{"div.isi"}] * 5)} == {"p.iklan"}


@pytest.mark.parametrize(("others", "kinds"), [(0.3, set()), (1.0, {"discovered"})])
def test_a_check_of_one_site_asks_what_the_others_print(tmp_path: Path, others: float, kinds: set[str]) -> None:
    """A schedule checks those that it has crawled: on a holiday the paper is quiet because all are."""
    papers = [f"kecil-{number}.example" for number in range(5)]
    with open_archive(tmp_path / "a.db", mode="write") as db:
        run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW - timedelta(days=40))
        for number, host in enumerate(papers):
            feed = f"https://{host}/feed"
            sql = "INSERT INTO urls (url, host, kind, found_at) VALUES (?, ?, ?, ?) RETURNING id"
            [(feed_id,)] = db.execute(sql, [feed, host, "feed", to_text(NOW - timedelta(days=40))]).fetchall()
            for day in range(40):
                at = to_text(NOW - timedelta(days=day, hours=1))
                share = (0.3 if number == 0 else others) if day < 3 else 1.0
                for each in range(round((40 + day % 5) * share)):
                    db.execute(sql, [f"https://{host}/{day}/{each}", host, "article", at]).fetchall()
                looked = "INSERT INTO fetches (url_id, run_id, at, reason, attempts) VALUES (?, ?, ?, 'ok', 1)"
                for _ in range(4):
                    db.execute(looked, [feed_id, run, at])
        assert {alarm.kind for alarm in check_archive(db, NOW, papers[:1]).alarms} == kinds
