"""The crawl, end to end over real HTTP on loopback: finding, keeping, joining, resuming, surviving."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import article
from scraper.crawl import resolve
from scraper.demo import newspaper
from scraper.errors import SiteError
from scraper.reasons import Reason
from tests.crawl.makers import paper_run, query, run, settings
from tests.faultserver import FaultServer, Request, hold, response

if TYPE_CHECKING:
    import asyncio

    from scraper.demo import Newspaper

ROOT = Path(__file__).parent.parent.parent
PONTIANAK = "https://pontianak.tribunnews.com"


def test_a_portal_is_crawled_from_its_feed_sitemap_and_index(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with newspaper() as paper:
        summary = paper_run(path, paper, "tribun-pontianak")
    assert summary.exit_code == 0
    # Of the two addresses that Tribun papers have a news sitemap at, this one has the other.
    assert summary.reasons == Counter({Reason.OK: 12, Reason.SOFT_404: 1, Reason.GONE: 1})
    assert summary.new_articles == 7
    assert query(path, "SELECT count(*) FROM articles WHERE site = 'tribun-pontianak'") == [(7,)]
    assert query(path, "SELECT verdict FROM robots") == [("rules",)]


def test_an_article_of_two_pages_is_joined_and_each_page_is_a_capture(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    url = f"{PONTIANAK}/2019/10/07/air-sungai-naik-warga-tiga-desa-mengungsi-ke-balai-pertemuan"
    with newspaper() as paper:
        summary = paper_run(path, paper, url)
    assert summary.reasons == Counter({Reason.OK: 2})
    with open_archive(path) as db:
        stored = article(db, url)
        assert stored is not None
        assert (stored.record["page"], stored.record["page_count"], stored.record["next_page"]) == (1, 2, None)
        assert stored.record["body"][-1]["text"].startswith('"Persediaan obat')
        assert len(stored.record["related_links"]) == 2
        assert len(stored.captures) == 2
        assert stored.revision == 1
        assert stored.record["sign_off"] == "(*)"


def test_a_second_run_asks_only_for_what_is_due(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with newspaper() as paper:
        paper_run(path, paper, "tribun-pontianak")
        asked = paper.asked.copy()
        again = paper_run(path, paper, "tribun-pontianak")
        assert again.reasons.total() == 0
        assert again.next_due_at is not None
        assert paper.asked == asked


def test_again_asks_at_once_and_the_same_bytes_are_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    url = f"{PONTIANAK}/2019/10/07/sekolah-di-bantaran-sungai-libur-dua-hari"
    with newspaper() as paper:
        paper_run(path, paper, url)
        again = paper_run(path, paper, url, again=True)
    assert again.reasons == Counter({Reason.UNCHANGED: 1})
    assert query(path, "SELECT count(*) FROM captures") == [(1,)]


def test_a_range_of_days_walks_the_index_by_date(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    day = date(2019, 10, 7)
    with newspaper() as paper:
        paper_run(path, paper, "tribun-pontianak", since=day, until=day)
        assert paper.asked["/index-news?date=2019-10-7&page=1"] == 1
        assert "/rss" not in paper.asked
        assert not [target for target in paper.asked if target.startswith(("/2024/", "/2017/"))], (
            "days that were not asked for"
        )
    assert {"2019-10-06", "2019-10-07"} <= {row[0] for row in query(path, "SELECT published_on FROM articles")}


def test_max_pages_bounds_article_pages_and_the_rest_stays_queued(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with newspaper() as paper:
        first = paper_run(path, paper, "tribun-pontianak", max_pages=2)
        assert first.kinds["article"] == 2
        paper_run(path, paper, "tribun-pontianak")
    assert query(path, "SELECT count(*) FROM articles") == [(7,)]


def test_a_site_nobody_knows_is_read_by_the_generic_reader(tmp_path: Path) -> None:
    text = "Kalimat ini cukup panjang dan berisi kabar yang dibaca orang setiap pagi, termasuk di desa."

    def page(title: str) -> bytes:
        head = f"<html lang='id'><title>{title}</title><article><h1>{title}</h1><time datetime='2026-01-02T03:04:00+07:00'></time>"
        return response((head + "".join(f"<p>{number}. {text}</p>" for number in range(8)) + "</article>").encode())

    index = "".join(
        f"<li><a href='/berita/10000{number}/kabar-baru-dari-desa-{number}'>Kabar baru dari desa {number}</a>"
        for number in range(3)
    )
    routes = {
        f"/berita/10000{number}/kabar-baru-dari-desa-{number}": page(f"Kabar baru dari desa {number}")
        for number in range(3)
    }
    path = tmp_path / "a.db"
    with FaultServer({"/": response(f"<html><title>Koran</title><ul>{index}</ul>".encode()), **routes}) as server:
        summary = run(path, settings(server.port), f"{server.origin}/")
    assert summary.exit_code == 0
    assert query(path, "SELECT site, layout, headline FROM articles ORDER BY url") == [
        (None, "generic/1", f"Kabar baru dari desa {number}") for number in range(3)
    ]


def test_faults_are_outcomes_and_harm_no_neighbour(tmp_path: Path) -> None:
    async def flap(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(response() if request.count > 1 else response(b"", status="500 Oops"))

    paths: dict[str, Any] = {
        "good": response(),
        "gone": response(b"", status="410 Gone"),
        "hangs": hold,
        "reset": b"",
        "flap": flap,
        "image": response(b"\x89PNG" + bytes(20)),
    }
    routes = {f"/2026/01/02/{name}-satu-dua-tiga": answer for name, answer in paths.items()}
    index = "".join(f"<a href='{path}'>Judul tautan yang cukup panjang</a>" for path in routes)
    path = tmp_path / "a.db"
    with FaultServer({"/": response(index.encode()), **routes}) as server:
        summary = run(path, settings(server.port, deadline_s=0.5), f"{server.origin}/")
        assert summary.exit_code == 3
        reasons = dict(
            query(
                path,
                "SELECT substr(u.url, instr(u.url, '/02/') + 4), f.reason FROM fetches AS f JOIN urls AS u ON u.id = f.url_id",
            )
        )
        ends = {name.partition("-")[0]: reason for name, reason in reasons.items() if "-satu" in name}
        assert ends == {
            "good": "ok",
            "gone": "gone",
            "hangs": "deadline",
            "reset": "reset",
            "flap": "server_error",
            "image": "not_html",
        }
        assert query(path, "SELECT count(*) FROM captures") == [(2,)]
    assert [outcome.reason for outcome in summary.failures] != []


def test_nobody_reachable_is_an_exit_code_of_its_own(tmp_path: Path) -> None:
    with FaultServer() as server:
        port = server.port
    summary = run(tmp_path / "a.db", settings(port), f"http://127.0.0.1:{port}/berita")
    assert summary.exit_code == 69


def test_a_url_given_by_hand_that_is_gone_is_said(tmp_path: Path) -> None:
    with FaultServer() as server:
        summary = run(tmp_path / "a.db", settings(server.port), f"{server.origin}/2026/01/02/tidak-ada-lagi")
    assert summary.exit_code == 3
    assert list(summary.unmet) == [f"{server.origin}/2026/01/02/tidak-ada-lagi"]


@pytest.mark.parametrize("target", ["tribun-tidakada", "ftp://contoh.id/x", "contoh.id"])
def test_a_wrong_target_is_named(target: str) -> None:
    with pytest.raises(SiteError, match=target):
        resolve([target], since=None, until=None, today=date(2026, 1, 1))


def command(path: Path, paper: Newspaper, *extra: str) -> list[str]:
    return [
        sys.executable, "-m", "scraper", "crawl", "tribun-pontianak", "--archive", str(path), "--delay", "0", "--json",
        "--allow-net", f"127.0.0.1:{paper.port}", "--replay", f"{PONTIANAK}=http://127.0.0.1:{paper.port}", *extra,
    ]  # fmt: skip


@pytest.mark.parametrize("after", [1, 12])  # test_group.py dies at every boundary of a commit
def test_kill_9_loses_nothing_and_fetches_nothing_twice(tmp_path: Path, after: int) -> None:
    """Killed when the nth attempt has been reported, started again: the same archive as without a kill."""
    path = tmp_path / "a.db"
    with newspaper() as paper:
        with subprocess.Popen(
            command(path, paper), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        ) as process:
            assert process.stdout is not None
            reported = [process.stdout.readline() for _ in range(after)]
            process.send_signal(signal.SIGKILL)
        landed = {url for (url,) in query(path, "SELECT u.url FROM fetches AS f JOIN urls AS u ON u.id = f.url_id")}
        before = paper.asked.copy()
        assert len(landed) >= len([line for line in reported if line])
        done = subprocess.run(command(path, paper), capture_output=True, cwd=ROOT, check=False, text=True)
        assert done.returncode == 0, done.stderr
        refetched = [
            url for url in landed if paper.asked[url.removeprefix(PONTIANAK)] > before[url.removeprefix(PONTIANAK)]
        ]
        assert not refetched
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "SELECT count(*), count(DISTINCT url) FROM articles") == [(7, 7)]
    assert query(path, "SELECT count(*) FROM captures") == [(13,)]
    assert query(path, "SELECT count(*) FROM revisions") == [(0,)]
    assert query(path, "SELECT count(*) FROM frontier WHERE leased_by IS NOT NULL") == [(0,)]


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_signal_ends_the_run_cleanly(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with newspaper() as paper:
        with subprocess.Popen(
            command(path, paper, "--delay", "2"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate()
        assert process.returncode == 143
        assert "stopped by SIGTERM" in errors
    assert query(path, "SELECT exit_code FROM runs") == [(143,)]
    assert query(path, "SELECT count(*) FROM frontier WHERE leased_by IS NOT NULL") == [(0,)]


def test_new_rules_make_no_revision_of_the_publisher_when_the_page_changes_too(tmp_path: Path) -> None:
    """The page changed beside its text, and what is kept was read by rules that took an advertisement for text."""
    path = tmp_path / "a.db"
    url = f"{PONTIANAK}/2019/10/07/sekolah-di-bantaran-sungai-libur-dua-hari"
    with newspaper() as paper:
        paper_run(path, paper, url)
        with open_archive(path, mode="write") as db:
            db.execute("UPDATE articles SET body = 'Iklan.', content_hash = x'00', record_hash = x'00'")
            (first,) = db.execute("SELECT id FROM captures").fetchall()[0]
        for key, page in paper.routes.items():
            if key[1].startswith("/2019/10/07/sekolah-di-bantaran"):
                paper.routes[key] = replace(page, body=page.body + b"<!-- 2 -->")
        assert paper_run(path, paper, url, again=True).changed_articles == 0
        assert query(path, "SELECT replaced_by, capture_id FROM revisions") == [("extractor", first)]
        for key, page in paper.routes.items():
            if key[1].startswith("/2019/10/07/sekolah-di-bantaran"):
                paper.routes[key] = replace(page, body=page.body.replace(b"delapan", b"sembilan"))
        with open_archive(path, mode="write") as db:
            db.execute("UPDATE articles SET body = 'Iklan.', content_hash = x'00', record_hash = x'00'")
        assert paper_run(path, paper, url, again=True).changed_articles == 1
    assert query(path, "SELECT replaced_by FROM revisions ORDER BY revision")[1:] == [("extractor",), ("publisher",)]
    ((kinds,),) = query(path, "SELECT kinds FROM revisions WHERE replaced_by = 'publisher'")
    assert "number" in kinds
    assert query(path, "SELECT DISTINCT charset_used, charset_source, replaced FROM captures") == [
        ("utf-8", "header", 0)
    ]
