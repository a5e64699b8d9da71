"""The crawler's state on the command line, after a real crawl on loopback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.cli import cli
from tests.archive.made import opened
from tests.crawl.makers import query, run, settings
from tests.faultserver import FaultServer, redirect, response

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def crawled(tmp_path: Path) -> tuple[Path, str]:
    """An archive with a page that is gone, one that fails, one that moved, and its origin."""
    links = "".join(
        f"<a href='/berita/10000{n}/kabar-dari-desa-{n}'>Kabar dari desa nomor {n}</a>" for n in range(1, 5)
    )
    routes: dict[str, Any] = {
        "/sitemap.xml": response(b"<urlset></urlset>"),  # asked for where nothing else is announced
        "/": response(f"<title>Koran</title>{links}".encode()),
        "/robots.txt": response(b"User-agent: *\nDisallow: /berita/100004/"),
        "/berita/100001/kabar-dari-desa-1": response(b"", status="410 Gone"),
        "/berita/100002/kabar-dari-desa-2": response(b"", status="500 Oops"),
        "/berita/100003/kabar-dari-desa-3": redirect("/berita/100001/kabar-dari-desa-1"),
    }
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        run(path, settings(server.port), f"{server.origin}/")
    return path, server.origin


def kliping(*arguments: str, code: int = 0) -> list[dict[str, Any]]:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == code, result.output
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def test_failures_lists_what_did_not_end_well_and_when_it_is_tried_again(crawled: tuple[Path, str]) -> None:
    rows = kliping("failures", "--json", "--archive", str(crawled[0]))
    assert {row["url"][-1]: row["reason"] for row in rows} == {
        "1": "gone",
        "2": "server_error",
        "3": "gone",
        "4": "robots",
    }
    assert all(row["due_at"] for row in rows), "one bad moment gives nothing up"
    assert len(kliping("failures", "--reason", "gone", "--json", "--archive", str(crawled[0]))) == 2
    with opened(crawled[0], mode="write") as db:
        db.execute("DELETE FROM frontier WHERE url_id IN (SELECT url_id FROM fetches WHERE reason = 'gone')")
        db.execute(
            "UPDATE urls SET given_up_at = '2026-01-02T03:04:05Z', given_up_why = 'gone' WHERE url LIKE '%desa-1'"
        )
        db.execute("UPDATE fetches SET reason = 'gone' WHERE url_id = (SELECT id FROM urls WHERE kind = 'index')")
        db.execute("DELETE FROM frontier WHERE url_id = (SELECT id FROM urls WHERE kind = 'index')")
    text = CliRunner().invoke(cli, ["failures", "--archive", str(crawled[0])]).stdout
    assert text.count("given up") == text.count("not queued") == 1
    assert " index " not in text, "a page of an index that is not there is no failure"


def test_a_url_can_be_asked_for_again_and_dropped(crawled: tuple[Path, str]) -> None:
    path = str(crawled[0])
    gone = f"{crawled[1]}/berita/100001/kabar-dari-desa-1"
    kliping("queue", "drop", gone, "--archive", path)
    kliping("queue", "retry", gone, "--archive", path)
    first = kliping("queue", "list", "--json", "--archive", path)[0]
    assert (first["url"], first["failures"], first["last_reason"]) == (gone, 0, "gone")
    kliping("queue", "drop", gone, "--archive", path)
    assert gone not in [row["url"] for row in kliping("queue", "list", "--json", "--archive", path)]
    kliping("queue", "drop", gone, "--archive", path, code=3)
    assert query(crawled[0], "SELECT count(*) FROM urls WHERE kind = 'article'") == [(4,)], (
        "what is dropped stays known"
    )


def test_a_run_says_what_it_leaves_queued_and_why_and_that_no_contact_is_sent(tmp_path: Path) -> None:
    items = "".join(
        f"<item><link>/berita/{100_000 + number}/kabar-dari-desa-{number}</link></item>" for number in range(9)
    )
    with FaultServer({"/feed.xml": response(f"<rss><channel>{items}</channel></rss>".encode())}) as server:
        allowed = ("--allow-net", f"127.0.0.1:{server.port}", "--delay", "0", "--archive", str(tmp_path / "a.db"))
        bound = ("crawl", f"{server.origin}/feed.xml", "--max-host-requests", "4", *allowed)
        said = CliRunner().invoke(cli, bound).stderr
        assert said.count("no contact is sent") == 1
        assert "6 due links left for the next run:\n  127.0.0.1: 6 (it has used its share of requests)" in said
        (row,) = kliping("runs", "--json", "--archive", str(tmp_path / "a.db"))
        assert row["note"] == "6 due links not requested (hosts: 1)"
        said = CliRunner().invoke(cli, (*bound, "--contact", "redaksi@contoh.id")).stderr
        assert "no contact" not in said


def test_everything_is_not_retried_by_accident(crawled: tuple[Path, str]) -> None:
    result = CliRunner().invoke(cli, ["queue", "drop", "--archive", str(crawled[0])])
    assert result.exit_code != 0
    assert "say which" in result.output


def test_why_tells_the_whole_story(crawled: tuple[Path, str]) -> None:
    path, origin = crawled
    found = kliping("why", f"{origin}/berita/100003/kabar-dari-desa-3?utm_source=x", "--json", "--archive", str(path))[
        0
    ]
    assert found["found_on"] == f"{origin}/"
    (attempt,) = found["attempts"]
    assert (attempt["reason"], attempt["status"], attempt["robots"]["verdict"]) == ("gone", 410, "rules")
    assert [hop["location"] for hop in attempt["redirects"]] == [f"{origin}/berita/100001/kabar-dari-desa-1"]
    text = CliRunner().invoke(cli, ["why", found["url"], "--archive", str(path)]).stdout
    assert "302 →" in text
    assert "Requested once" in text
    assert "given up when looks on 3 days" in " ".join(text.split())
    with opened(path, mode="write") as db:
        db.execute("DELETE FROM frontier WHERE url_id = (SELECT id FROM urls WHERE url LIKE '%desa-3')")
        db.execute(
            "UPDATE urls SET given_up_at = '2026-12-04T03:04:05Z', given_up_why = 'gone (410) at 4 looks' WHERE url LIKE '%desa-3'"
        )
    text = " ".join(CliRunner().invoke(cli, ["why", found["url"], "--archive", str(path)]).stdout.split())
    assert "given up on 2026-12-04, on this evidence: gone (410) at 4 looks." in text
    assert "when a listing names it" in text
    kliping("why", f"{origin}/tidak-ada", "--archive", str(path), code=3)


def test_a_run_is_a_row_with_its_outcomes(crawled: tuple[Path, str]) -> None:
    (row,) = kliping("runs", "--json", "--archive", str(crawled[0]))
    assert row["exit_code"] == 3
    assert row["outcomes"] == {"gone": 2, "ok": 2, "robots": 1, "server_error": 1}
