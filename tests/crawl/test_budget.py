"""How much of a run one host may take: what exceeds a limit is named, and the next run finds it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.archive.ask.history import runs
from scraper.archive.file.connection import open_archive
from scraper.archive.write import origin_files
from scraper.crawl import budget
from scraper.records import RobotsFile
from tests.crawl.makers import query, run, setup
from tests.faultserver import PAGE, FaultServer, Request, response

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    import pytest

    from tests.faultserver import Answer

NONE = response(b"", status="404 No")


def limits(path: Path) -> list[dict[str, list[str]]]:
    """Of all runs, the newest first."""
    with open_archive(path) as db:
        return [row["limits"] for row in runs(db, limit=9)]


def berita(*numbers: int) -> str:
    return "".join(
        f"<li><a href='/berita/{100_000 + n}/kabar-dari-desa-{n}'>Kabar dari desa nomor {n}</a>" for n in numbers
    )


async def conditional(request: Request, writer: asyncio.StreamWriter) -> None:
    """A sitemap of 25 articles that never changes, and says so to whoever asks."""
    known = request.headers.get("if-none-match") == '"satu"'
    locations = "".join(
        f"<url><loc>http://{request.headers['host']}/berita/{100_000 + n}/x</loc></url>" for n in range(25)
    )
    whole = response(f"<urlset>{locations}</urlset>".encode(), headers={"ETag": '"satu"'})
    writer.write(response(b"", status="304 Not Modified") if known else whole)


def test_new_urls_over_the_limit_are_found_by_the_next_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_NEW_URLS", 10)
    path = tmp_path / "a.db"
    with FaultServer({"*": response(PAGE), "/robots.txt": NONE, "/sitemap.xml": conditional}) as server:
        start = f"{server.origin}/sitemap.xml"
        first = run(path, setup(server), start)
        assert first.kinds == {"sitemap": 1, "article": 10}
        assert first.limits == {"127.0.0.1": ("new_urls",)}
        assert [run(path, setup(server), start).kinds for _ in range(3)] == [
            {"sitemap": 1, "article": 10},
            {"sitemap": 1, "article": 5},
            {},
        ]
        assert server.asked.total() == 2 + 3 + 25, "no article is asked for twice"
        run(path, setup(server), start, again=True)
    assert query(path, "SELECT reason, detail, left_out, status FROM fetches WHERE url_id = 1 ORDER BY id") == [
        ("ok", "15 links wait for the next run; 25 links, 25 new", 15, 200),
        ("unchanged", "5 links wait for the next run; 25 links, 15 new", 5, 200),
        ("unchanged", "25 links, 5 new", None, 200),
        ("unchanged", None, None, 304),
    ]
    assert limits(path) == [{}, {}, {}, {"127.0.0.1": ["new_urls"]}, {"127.0.0.1": ["new_urls"]}]
    assert query(path, "SELECT sum(items) FROM rhythm") == [(0,)], "what waited was not published since"


def test_a_walk_through_a_day_goes_on_where_the_limit_cut_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_NEW_URLS", 3)
    path = tmp_path / "a.db"
    day = "/indeks?date=2019-10-07&page="
    pages: dict[str, Answer] = {
        f"{day}{n}": response(
            f"<ul>{berita(3 * n, 3 * n + 1, 3 * n + 2)}</ul><a rel=next href='{day}{n + 1}'>next</a>".encode()
        )
        for n in (1, 2)
    }
    pages |= {f"{day}3": response(b"<p>Tidak ada berita</p>"), "*": response(PAGE), "/robots.txt": NONE}
    with FaultServer(pages) as server:
        start = f"{server.origin}{day}1"
        states = []
        for _ in range(3):
            run(path, setup(server), start)
            states += query(path, "SELECT state, reason FROM coverage")
        assert states == [("walking", "new_urls"), ("walking", "new_urls"), ("done", None)]
        assert sum(count for name, count in server.asked.items() if name.startswith("/berita/")) == 6
        assert query(path, "SELECT pages, links, new_links FROM coverage") == [(3, 6, 6)]


def test_a_run_reads_so_many_sitemaps_of_a_host_and_the_next_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MAX_SITEMAPS", 5)
    path = tmp_path / "a.db"
    with FaultServer({"*": response(PAGE), "/robots.txt": NONE}) as server:
        names = [f"/sitemap-{number}.xml" for number in range(8)]
        entries = "".join(f"<sitemap><loc>{server.origin}{name}</loc></sitemap>" for name in names)
        server.routes["/sitemap.xml"] = response(f"<sitemapindex>{entries}</sitemapindex>".encode())
        for number, name in enumerate(names):
            article = f"{server.origin}/berita/{100_000 + number}/kabar"
            server.routes[name] = response(f"<urlset><url><loc>{article}</loc></url></urlset>".encode())
        first = run(path, setup(server), f"{server.origin}/sitemap.xml")
        assert (first.kinds, first.limits) == ({"sitemap": 5, "article": 4}, {"127.0.0.1": ("sitemaps",)})
        second = run(path, setup(server), f"{server.origin}/sitemap.xml")
        assert (second.kinds, second.limits) == ({"sitemap": 4, "article": 4}, {})
    assert query(path, "SELECT limits FROM runs ORDER BY id") == [
        (json.dumps({"127.0.0.1": ["sitemaps"]}, separators=(",", ":")),),
        (None,),
    ]


def test_a_crawl_delay_over_a_minute_gives_a_host_half_an_hour_of_a_run() -> None:
    found = budget.Budget(host_requests=None)
    assert found.reached("koran.example", (2.0, 2.0)) == []
    assert found.reached("koran.example", (120.0, 120.0)) == []
    assert found.reached("koran.example", (3600.0, 0.0)) == [], "its turn may have come"
    assert found.reached("koran.example", (3600.0, 3599.0)) == ["crawl_delay"]
    assert budget.Budget(host_minutes=90.0).reached("koran.example", (3600.0, 3599.0)) == []


def test_a_crawl_delay_holds_from_run_to_run(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    rules = b"User-agent: *\nCrawl-delay: 7200\n"
    with FaultServer({"*": response(PAGE), "/robots.txt": response(rules)}) as server:
        urls = [f"{server.origin}/berita/{100_000 + number}/x" for number in range(3)]
        with open_archive(path, mode="crawl", min_free_bytes=0) as db:
            an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
            known = RobotsFile(origin=server.origin, fetched_at=an_hour_ago, status=200, verdict="rules", body=rules)
            origin_files.save_robots(db, known)
        first = run(path, setup(server), *urls)
        assert (first.reasons.total(), first.limits) == (1, {"127.0.0.1": ("crawl_delay",)})
        again = run(path, setup(server), *urls)
        assert again.reasons.total() == 1, "found out when robots.txt is looked at"
        assert again.reasons == {"rate_limited": 1}
        assert server.asked.total() == 1
    (due,) = query(path, "SELECT due_at FROM frontier WHERE failures = 1")[0]
    assert datetime.fromisoformat(due) - datetime.now(UTC) > timedelta(minutes=110)
