"""Every fault has its outcome, harms nothing else, and is described in docs/reliability.md."""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, crawl, nursery
from scraper.fetch import FetchSettings
from scraper.fetch.guard import system_addresses
from tests.crawl.makers import children, sockets
from tests.faults import AFTER, BEFORE, FAULTS, paper
from tests.faultserver import FaultServer

if TYPE_CHECKING:
    from tests.faults import Fault

ROOT = Path(__file__).parent.parent.parent
ADDRESSES = {fault.name: f"127.1.{number // 200}.{number % 200 + 1}" for number, fault in enumerate(FAULTS)}
NAMES = {
    "tutup.example": ("127.0.0.1",),
    "dalam.example": ("127.0.0.2",),
    "separuh.example": ("93.184.216.34", "10.0.0.1"),
}  # what the resolver says


def whole(url: str, fault: Fault, server: FaultServer | None = None) -> str:
    """A URL of a fault's paper, with the server's port if it is given."""
    address = ADDRESSES[fault.name] + (f":{server.port}" if server else "")
    return url.replace("//ORIGIN", f"//{address}").replace("ORIGIN", f"http://{address}")


async def resolve(host: str, port: int) -> tuple[str, ...]:
    if host == "tidak-ada.example":
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return NAMES[host] if host in NAMES else await system_addresses(host, port)


@dataclass(frozen=True, slots=True)
class Crawled:
    """All the faulty papers, crawled at once: outcomes by URL without its port, and what was left behind."""

    path: Path
    outcomes: dict[str, str]
    sockets: set[str]
    children: int


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    path = tmp_path_factory.mktemp("faults") / "a.db"
    nursery.running()  # where reading processes come from stays until this process ends
    before, started = sockets(), children()
    server = FaultServer(sites={address: {} for address in ADDRESSES.values()})
    with server:
        for fault in FAULTS:
            address = ADDRESSES[fault.name]
            server.sites[address] = paper(address, server.port) | fault.routes
        nobody = frozenset({("127.0.0.1", 8080)})
        setup = FetchSettings(
            user_agent="kliping-test/0",
            delay_s=0.0,
            allow_net=server.allowed | nobody,
            attempts=1,
            deadline_s=60.0,  # three hundred papers at once, and a machine that does other things
            read_s=60.0,
            resolve=resolve,
        )
        slow, fast = ([fault for fault in FAULTS if fault.waits == waits] for waits in (True, False))
        with open_archive(path, mode="crawl", min_free_bytes=0) as db:
            for faults, settings in ((fast, setup), (slow, replace(setup, deadline_s=4.0, read_s=3.0))):
                starts = [f"http://{ADDRESSES[fault.name]}:{server.port}/feed.xml" for fault in faults]
                starts += [whole(url, fault, server) for fault in faults for url in fault.also]
                summary = crawl(
                    db,
                    settings,
                    CrawlOptions(targets=starts, version="0", max_host_requests=40),
                    on_event=lambda _: None,
                )
                assert summary.exit_code == 3
            rows = db.execute(
                "SELECT u.url, f.reason, f.detail FROM fetches AS f JOIN urls AS u ON u.id = f.url_id"
            ).fetchall()
    return Crawled(
        path=path,
        outcomes={url.replace(f":{server.port}", ""): f"{reason} {detail or ''}" for url, reason, detail in rows},
        sockets=sockets() - before,
        children=children() - started,
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_has_its_outcome_and_harms_no_neighbour(crawled: Crawled, fault: Fault) -> None:
    origin = f"http://{ADDRESSES[fault.name]}"
    url = whole(fault.url, fault) if "://" in fault.url else origin + fault.url
    outcome, _, detail = crawled.outcomes.get(url, "").partition(" ")
    assert (outcome or None) == fault.outcome, detail
    if not fault.spreads:
        assert {path: crawled.outcomes.get(origin + path) for path in (BEFORE, AFTER)} == {BEFORE: "ok ", AFTER: "ok "}


def test_no_page_speaks_for_its_neighbour(crawled: Crawled) -> None:
    """Whatever a page calls its canonical: each neighbour's own text is what is kept for it."""
    with open_archive(crawled.path) as db:
        rows = db.execute(
            "SELECT url, headline FROM articles WHERE url LIKE ? OR url LIKE ?", [f"%{BEFORE}", f"%{AFTER}"]
        ).fetchall()
    assert len(rows) > 2 * sum(not fault.spreads for fault in FAULTS) - 5
    assert not [(url, headline) for url, headline in rows if headline.split()[-1] not in url]


def test_the_page_of_a_wall_is_kept_as_evidence_and_never_as_an_article(crawled: Crawled) -> None:
    with open_archive(crawled.path) as db:
        rows = db.execute(
            "SELECT f.capture_id IS NOT NULL, (SELECT count(*) FROM article_captures WHERE capture_id = f.capture_id)"
            " FROM fetches AS f WHERE f.reason = 'blocked'"
        ).fetchall()
    assert rows == [(1, 0)] * sum(fault.outcome == "blocked" for fault in FAULTS)


def test_nothing_is_left_open(crawled: Crawled) -> None:
    assert (crawled.sockets, crawled.children) == (set(), 0)


# Rows of the table that other tests try, each with its test.
ELSEWHERE = {
    "a resolver that does not answer": "fetch/test_client.py::test_a_resolver_that_does_not_answer_is_dns",
    "TLS certificate that has expired, is self-signed or names another host": "crawl/test_tls.py::test_a_certificate_that_is_no_good_is_tls",
    "page that is sold, with a teaser": "crawl/test_listing.py::test_a_shell_for_scripts_and_a_teaser_are_named",
    "page that the reader hangs on, dies of, or needs 1 GiB for": "crawl/test_readers.py::test_a_process_that_hangs_is_ended_by_its_cpu_time",
    "reading process that is stopped or killed from outside, or starves on a slow machine": "crawl/test_readers.py::test_a_page_is_not_judged_by_what_is_done_to_its_readers",
    "reading process that cannot be started": "crawl/test_readers.py::test_readers_that_cannot_start_end_the_run_by_name_and_the_next_one_goes_on",
    "error of ours in the reader": "crawl/test_readers.py::test_memory_that_runs_out_and_bugs_are_named",
    "network of this machine fails: a resolver that answers nothing, 0.0.0.0, 127.0.0.1 or one address for every name, a cable that is out": (
        "crawl/test_reach.py::test_an_hour_of_a_wrong_resolver_changes_nobodys_schedule_and_then_all_is_crawled"
    ),
    "publisher whose requests fail 5 times in a row for good": "fetch/test_politeness.py::test_the_circuit_opens_longer_each_time_also_in_later_runs",
    "name that changes its address": "fetch/test_guard.py::test_a_name_is_resolved_again_after_some_minutes",
    "flapping page": "fetch/test_client.py::test_a_flapping_page_comes_at_the_second_attempt",
    "calendar or path without end": "crawl/test_endurance.py::test_a_calendar_without_end_ends",
    "kill -9 at any moment": "crawl/test_kill.py::test_kills_change_nothing_of_what_is_kept",
    "page cut short (only the closing of the connection ended it and `</html>` is missing, or it breaks off inside a tag, script or comment)": "crawl/test_endings.py::test_a_page_that_is_cut_is_asked_for_again_and_replaces_no_whole_one",
    'another page in the place of an article: login, consent, maintenance, "too many requests", CAPTCHA, start page, with status 200': "crawl/test_walls.py::test_a_wall_never_replaces_what_was_read_however_often_it_is_seen",
    "an older version of an article again (a cache)": "crawl/test_walls.py::test_an_old_copy_of_a_cache_is_believed_only_when_it_stays_for_another_day",
    "another text in the place of most of an article": "crawl/test_walls.py::test_an_article_that_becomes_another_is_taken_over_only_when_it_stays",
    "page in a new design": "crawl/test_redesign.py::test_a_redesign_of_24_articles_is_no_change_of_the_publisher_s",
    "the disk becomes full, or the archive is read-only": "crawl/test_endurance.py::test_a_full_disk_ends_the_crawl_and_the_next_one_goes_on",
    "a captive portal in this machine's network that answers for every host with its own page and status 200, or redirects every robots.txt to it": "crawl/test_reach.py::test_a_gate_that_answers_for_everybody_with_status_200_is_our_network",
    "`--proxy` that is unreachable, or rejects our password (407)": "crawl/test_reach.py::test_a_proxy_that_is_not_there_or_does_not_know_us_costs_nobody_anything",
    "a text longer than a record holds (a paragraph of 100,000 characters, a body of a million)": "extract/test_hostile.py::test_a_text_longer_than_a_record_holds_is_cut_with_a_warning_and_no_other",
    "feed of over 1,000 entries, or one that breaks off": "crawl/test_listing.py::test_a_feed_of_which_only_a_part_was_read_is_named_at_the_end",
    "kliping is upgraded under a running crawl": "crawl/test_upgrade.py::test_a_crawl_that_needs_what_is_gone_ends_and_no_page_is_judged",
    "the clock jumps": "crawl/test_endurance.py::test_a_clock_that_jumps_loses_and_repeats_nothing",
    "Ctrl-C, SIGTERM": "crawl/test_crawl.py::test_a_signal_ends_the_run_cleanly",
    "`--proxy` that refuses one host (it answers CONNECT with 4xx)": "fetch/test_proxy.py::test_a_host_that_the_proxy_refuses_is_not_blamed_for_it",
    "second crawl on the same archive": "cli/test_cli.py::test_two_crawls_on_one_archive",
    "a schedule meets an archive that another crawl holds, or a full disk": "schedule/test_schedule.py::test_an_archive_that_another_crawl_holds_is_waited_for",
    "a faulty edit of a plan file, or the file is gone": "schedule/test_schedule.py::test_an_edit_of_the_plan_is_taken_over_and_a_wrong_one_is_said_once",
    "SIGTERM, Ctrl-C to a schedule": "schedule/test_schedule.py::test_a_signal_ends_it_cleanly_in_a_run_and_between_two",
    "the stored version of an article is damaged": "crawl/test_redesign.py::test_a_damaged_version_is_the_archive_s_fault_and_no_bug",
    "several processes create the same archive": "archive/test_faults.py::test_many_processes_may_create_an_archive_at_once",
    "index page after the last that repeats it, with or without a random link": "crawl/test_endurance.py::test_a_random_link_on_every_page_does_not_keep_a_walk_going",
}


def test_the_table_of_faults_is_what_is_tried() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    rows = {
        cells[0]: cells[1]
        for line in text.partition("\n## ")[0].splitlines()
        if line.startswith("| ")
        for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
    }
    del rows["fault"]
    tried = {fault.row for fault in FAULTS}
    assert tried | set(ELSEWHERE) == set(rows)
    for fault in FAULTS:
        assert fault.outcome is None or f"`{fault.outcome}`" in rows[fault.row], fault.name
    for test in ELSEWHERE.values():
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / "tests" / path).read_text("utf-8"), test
