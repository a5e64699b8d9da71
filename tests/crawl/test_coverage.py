"""Backfill: archives walked by date, resumed, and accounted for day by day with what stopped them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier, progress
from scraper.cli import cli
from scraper.crawl import listing
from scraper.crawl.run import CrawlOptions, has_work
from scraper.demo import newspaper
from tests.crawl.makers import paper_run, query, run, settings
from tests.faultserver import FaultServer, Request, response

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from scraper.crawl import Summary
    from tests.faultserver import Answer

HOST = "https://pontianak.tribunnews.com"


def index_news(day: date, page: int, *numbers: int) -> tuple[str, bytes]:
    path = f"/index-news?date={day.year}-{day.month}-{day.day}&page={page}"
    links = "".join(
        f"<li><h3><a href='{HOST}/{day:%Y/%m/%d}/kabar-dari-desa-{n}'>Kabar dari desa nomor {n}</a></h3>"
        for n in numbers
    )
    return path, response(f"<title>Indeks</title><ul class=lsi>{links}</ul>".encode())


def story(number: int, day: date) -> bytes:
    body = "".join(
        f"<p>{n}. Kalimat ini cukup panjang untuk dibaca sebagai berita desa {number}.</p>" for n in range(6)
    )
    head = f"<h1 id=arttitle>Kabar dari desa nomor {number}</h1><time>{day:%d/%m/%Y} 10:00</time>"
    return response(
        f"<title>Kabar</title><div id=article>{head}<div class='side-article txt-article'>{body}</div></div>".encode()
    )


def walk(path: Path, server: FaultServer, since: date, until: date, **options: Any) -> Summary:
    setup = settings(server.port, ("pontianak.tribunnews.com",))
    return run(path, setup, "tribun-pontianak", since=since, until=until, **options)


def test_every_day_is_accounted_with_what_ended_it(tmp_path: Path) -> None:
    day = date(2019, 10, 1)
    days = [day + timedelta(days=n) for n in range(6)]
    routes: dict[str, Any] = dict(
        [
            index_news(days[0], 1, 1, 2, 3), index_news(days[0], 2, 4), index_news(days[0], 3),  # ends by itself
            index_news(days[1], 1),  # nothing was published
            index_news(days[2], 1, 1, 2), index_news(days[2], 2, 3, 4), index_news(days[2], 3, 3, 4),  # no more is shown
            index_news(days[5], 1, 1, 2), index_news(days[5], 2, 1, 2),  # one page, which answers for all
        ]
    )  # fmt: skip
    routes[index_news(days[3], 1)[0]] = response(b"", status="403 Forbidden")
    routes[index_news(days[4], 1)[0]] = response(b"", status="500 Oops")
    for each in days:
        routes |= {f"/{each:%Y/%m/%d}/kabar-dari-desa-{n}": story(n, each) for n in range(1, 5)}
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        walk(path, server, days[0], days[-1])
    found = query(path, "SELECT day, state, reason, pages, links FROM coverage ORDER BY day")
    assert found == [
        ("2019-10-01", "done", None, 3, 4),
        ("2019-10-02", "empty", None, 1, 0),
        ("2019-10-03", "limit", None, 3, 4),
        ("2019-10-04", "blocked", "denied", 1, 0),
        ("2019-10-05", "failed", "server_error", 1, 0),
        ("2019-10-06", "done", None, 2, 2),
    ]
    with open_archive(path) as db:
        (month,) = progress.coverage(db, "tribun-pontianak")
    assert {key: month[key] for key in ("days", "reached", "empty", "limited", "blocked", "failed", "unfinished")} == {
        "days": 6, "reached": 4, "empty": 1, "limited": 1, "blocked": 1, "failed": 1, "unfinished": 0,
    }  # fmt: skip
    assert (month["first_day"], month["last_day"], month["articles"]) == ("2019-10-01", "2019-10-06", 10)


def test_a_walk_that_was_interrupted_goes_on_and_asks_for_no_day_twice(tmp_path: Path) -> None:
    day = date(2019, 10, 1)
    days = [day + timedelta(days=n) for n in range(4)]
    routes: dict[str, Any] = dict(
        index_news(each, page, *([page] if page < 3 else [])) for each in days for page in (1, 2, 3)
    )
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        busy = index_news(days[1], 2)[0]
        good = server.routes[busy]
        server.routes[busy] = response(b"", status="503 Busy", headers={"Retry-After": "7200"})
        walk(path, server, days[0], days[-1])
        assert query(path, "SELECT count(*) FROM coverage WHERE state IN ('waiting', 'blocked')") != [(0,)]
        server.routes[busy] = good
        with open_archive(path, mode="write", min_free_bytes=0) as db:
            db.execute("UPDATE frontier SET due_at = '2019-01-01T00:00:00Z'")
            db.execute("DELETE FROM publishers")  # as if the two hours had passed
        walk(path, server, days[0], days[-1])
        asked = [request.path for request in server.requests if request.path.startswith("/index-news")]
    assert query(path, "SELECT DISTINCT state FROM coverage") == [("done",)]
    assert sorted(asked) == sorted([*(target for target in routes), busy])


def test_the_newest_day_is_accounted_as_a_crawl_for_what_is_new_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with newspaper() as paper:
        paper_run(path, paper, "tribun-pontianak")
    assert query(path, "SELECT site, state, links > 0 FROM coverage") == [("tribun-pontianak", "done", 1)]


def wordpress(day: date, count: int, *, per_page: int = 100) -> dict[str, Any]:
    """The posts of a day, page by page, as WordPress answers: 400 behind the last."""
    eve, morrow = day - timedelta(days=1), day + timedelta(days=1)
    target = f"/wp-json/wp/v2/posts?after={eve}T23:59:59&before={morrow}T00:00:00&per_page=100&page=%d&_fields=link,date_gmt,title"
    posts = [
        {
            "link": f"/kabar-desa-yang-ke-{n}-pada-{day}/",
            "date_gmt": f"{day}T03:00:00",
            "title": {"rendered": f"Kabar &#8211; {n}"},
        }
        for n in range(count)
    ]
    pages = [posts[at : at + per_page] for at in range(0, len(posts), per_page)] or [[]]
    kind = {"Content-Type": "application/json; charset=UTF-8"}
    return {target % (n + 1): response(json.dumps(page).encode(), headers=kind) for n, page in enumerate(pages)}


def test_any_site_on_wordpress_is_walked_by_its_list_of_posts(tmp_path: Path) -> None:
    days = [date(2019, 10, 5), date(2019, 10, 6), date(2019, 10, 7)]
    start = "<link rel='https://api.w.org/' href='/wp-json/'><title>Koran</title><p>Selamat datang"
    routes: dict[str, Any] = {"/": response(start.encode())}
    for each, count in zip(days, (2, 0, 100), strict=True):
        routes |= wordpress(each, count)
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        run(path, settings(server.port), f"{server.origin}/", since=days[0], until=days[-1], max_pages=1)
        pages = [path for path in (request.path for request in server.requests) if "wp-json" in path]
    assert len(pages) == 4, "the full page has a next one, which is not there"
    assert query(path, "SELECT site, day, state, links FROM coverage ORDER BY day") == [
        ("127.0.0.1", "2019-10-05", "done", 2),
        ("127.0.0.1", "2019-10-06", "empty", 0),
        ("127.0.0.1", "2019-10-07", "done", 100),
    ]
    assert query(path, "SELECT count(*), count(published_hint), min(title_hint) FROM urls WHERE kind = 'article'") == [
        (102, 102, "Kabar – 0")
    ]


def test_the_command_says_how_far_it_reached(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    day = date(2019, 10, 7)
    with newspaper() as paper:
        paper_run(path, paper, "tribun-pontianak", since=day, until=day)
    shown = CliRunner().invoke(cli, ["coverage", "--archive", str(path)])
    assert shown.exit_code == 0
    assert re.search(r"tribun-pontianak +2019-10 +1/1 +2019-10-07 +2019-10-07 +\d+ +\d+ +1 limited", shown.stdout), (
        "its two pages are full, and the third repeats the second"
    )
    (line,) = (
        CliRunner().invoke(cli, ["coverage", "tribun-pontianak", "--json", "--archive", str(path)]).stdout.splitlines()
    )
    record = json.loads(line)
    assert (record["month"], record["reached"], record["stops"][0]["state"]) == ("2019-10", 1, "limit")
    assert CliRunner().invoke(cli, ["coverage", "tribun-solo", "--archive", str(path)]).exit_code == 3


def test_a_day_that_one_form_of_the_index_has_nothing_for_is_asked_of_the_next(tmp_path: Path) -> None:
    days = [date(2019, 10, 1) + timedelta(days=n) for n in range(4)]

    def form(number: int, day: date) -> str:
        return (f"/index?categoryId=0&type=indeks&date={day}&page=1", f"/index?c=0&d={day}&per_page=1")[number]

    def index(listed: date, count: int = 4) -> bytes:
        links = (f"<li><a href='/read/{listed:%Y%m%d}/7/{n}/kabar-dari-desa-{n}'>Kabar desa</a>" for n in range(count))
        return response(f"<title>Indeks</title><ul>{''.join(links)}</ul>".encode())

    newest = date(2026, 7, 1)
    routes: dict[str, Any] = {
        form(0, days[0]): index(days[0]),
        form(1, days[1]): index(days[1]),  # the first form is gone
        form(0, days[2]): index(newest), form(1, days[2]): index(days[2]),  # it forgets the day
        form(0, days[3]): index(newest), form(1, days[3]): index(newest),  # both do
    }  # fmt: skip
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        run(path, settings(server.port, ("www.bisnis.com",)), "bisnis-com", since=days[0], until=days[-1])
        indexes = [request.path for request in server.requests if request.path.startswith("/index?")]
    assert form(1, days[0]) not in indexes, "what works is not asked twice"
    assert query(path, "SELECT day, state, reason, links FROM coverage ORDER BY day") == [
        (str(days[0]), "done", None, 4),
        (str(days[1]), "done", None, 4),
        (str(days[2]), "done", None, 4),
        (str(days[3]), "done", "other_days", 4),
    ]


@pytest.mark.parametrize("order", [1, -1], ids=["oldest first", "newest first"])
def test_the_index_of_a_year_is_walked_as_far_as_the_range_and_no_further(
    tmp_path: Path, order: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if order == -1:  # it goes back towards the range, and may take more pages for that than a list without an end may
        monkeypatch.setattr(listing, "MAX_INDEX_PAGES", 3)
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(20)]

    def index(listed: date) -> bytes:
        links = (f"<li><a href='/news/{listed:%Y/%m/%d}/07085{n}/kabar-desa-{n}'>Kabar desa {n}</a>" for n in range(4))
        return response(f"<title>Indeks</title><ul>{''.join(links)}</ul>".encode())

    def form(page: int) -> str:
        return f"/indeks/terkini/all/2023?page={page}"

    routes: dict[str, Any] = {form(page): index(day) for page, day in enumerate(days[::order], 1)}
    path = tmp_path / "a.db"
    wanted: set[int] = set()
    # An earlier range finds all newer pages as it knows them; a wider one has days in its midst that were walked before.
    for first, last in ((10, 12), (4, 5), (2, 15)):
        with FaultServer(routes) as server:
            setup = settings(server.port, ("www.suara.com",))
            run(path, setup, "suara-com", since=days[first], until=days[last], max_pages=1)
            run(path, setup, "suara-com", since=days[first], until=days[last], max_pages=1)
            asked = [request.path for request in server.requests if request.path.startswith("/indeks/")]
        assert len(asked) == len(set(asked)), "the same range asks for no page twice"
        if order == -1:
            assert asked == [form(page) for page in range(1, 23 - first)], "two days before the range, it is past"
        wanted |= {*range(first - 1, last + 2)}  # a day of grace
        found = query(path, "SELECT substr(url, 28, 10) AS day, count(*) FROM urls WHERE kind = 'article' GROUP BY day")
        assert found == [(f"{days[n]:%Y/%m/%d}", 4) for n in sorted(wanted)]


@pytest.mark.parametrize("given", ["/sitemap.xml", "/"])
def test_a_sitemap_that_was_read_for_some_days_is_read_again_for_others(tmp_path: Path, given: str) -> None:
    path = tmp_path / "a.db"
    days = [date(2023, 1, n) for n in range(1, 10)]
    with FaultServer({}) as server:
        stories = [f"/{day:%Y/%m/%d}/kabar-{day.day}-dari-desa-di-hulu" for day in days]
        server.routes = {
            "/": response(b"<title>Koran</title><p>Selamat datang"),
            "/sitemap.xml": sitemap(server.origin, "sitemap", "/sitemap-1.xml", "/sitemap-2.xml"),
            "/sitemap-1.xml": sitemap(server.origin, "url", *stories[:5]),
            "/sitemap-2.xml": sitemap(server.origin, "url", *stories[5:]),
        }
        start, setup = server.origin + given, settings(server.port)

        def known_after(since: date | None, until: date | None) -> int:
            run(path, setup, start, since=since, until=until)  # nothing is at the articles' addresses
            return int(query(path, "SELECT count(*) FROM urls WHERE kind = 'article'")[0][0])

        assert known_after(days[6], days[6]) == 3, "with a day of grace on either side"
        assert known_after(days[2], days[2]) == 6, "though every sitemap was read a moment ago, and is unchanged"
        with open_archive(path) as db:
            options = CrawlOptions(targets=[start], version="0", since=days[0], until=days[0])
            assert has_work(db, options), "of these days nothing was looked for yet"
        asked = len(server.requests)
        assert known_after(days[2], days[2]) == 6
        assert [request.path for request in server.requests[asked:] if "sitemap" in request.path] == []
        with open_archive(path, mode="write") as db:
            frontier.make_due(db, [f"{server.origin}/sitemap-{n}.xml" for n in (1, 2)], at=datetime.now(UTC))
        assert known_after(None, None) == 9, "in its time, a crawl of all that is new takes what the ranges left out"
        asked = len(server.requests)
        assert known_after(days[4], days[4]) == 9
        assert {request.path for request in server.requests[asked:]} >= {given}, "it may lead on to others"
        assert "/sitemap-1.xml" not in {request.path for request in server.requests[asked:]}, (
            "nothing of it is left out"
        )


def sitemap(origin: str, kind: str, *paths: str) -> Answer:
    """A sitemap of articles ("url") or of sitemaps, which does not change and says so to whoever asks."""
    places = "".join(f"<{kind}><loc>{origin}{path}</loc></{kind}>" for path in paths)
    root = {"url": "urlset", "sitemap": "sitemapindex"}[kind]
    whole = response(f"<{root}>{places}</{root}>".encode(), headers={"ETag": '"satu"'})

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        known = request.headers.get("if-none-match") == '"satu"'
        writer.write(response(b"", status="304 Not Modified") if known else whole)

    return answer
