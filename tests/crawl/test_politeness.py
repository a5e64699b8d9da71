"""What a publisher asks for holds from run to run, and what it said and what we decided are recorded with every
attempt.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

from scraper.reasons import Reason
from tests.crawl.makers import query, run, setup
from tests.faults import AFTER, BEFORE, FAULTY, page, paper
from tests.faultserver import FaultServer, Request, response

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from tests.faultserver import Answer

RULES = b"User-agent: *\nDisallow: /rahasia\n"


def served(server: FaultServer) -> str:
    """A healthy paper; its feed."""
    server.routes |= paper("127.0.0.1", server.port) | {"/robots.txt": response(RULES)}
    return f"{server.origin}/feed.xml"


def test_every_attempt_names_the_robots_txt_that_decided_and_what_the_page_says_of_its_use(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with FaultServer() as server:
        feed = served(server)
        tags = {"X-Robots-Tag": "noarchive", "TDM-Reservation": "1", "TDM-Policy": "https://koran.example/tdm.json"}
        server.routes[FAULTY] = response(page(head="<meta name='robots' content='nosnippet'>"), headers=tags)
        server.routes[AFTER] = response(b"", status="302 Found", headers={"Location": "/rahasia/x"})
        run(path, setup(server), feed)
    rows = query(
        path,
        "SELECT f.reason, r.verdict, f.robots_tags, f.tdm_reservation, f.tdm_policy FROM fetches AS f"
        " JOIN robots AS r ON r.id = f.robots_id ORDER BY f.id",
    )
    assert rows == [
        ("ok", "rules", None, None, None),
        ("ok", "rules", None, None, None),
        ("ok", "rules", "noarchive, nosnippet", 1, "https://koran.example/tdm.json"),
        ("robots", "rules", None, None, None),
    ]


def test_what_a_site_reserves_is_recorded_with_its_pages_unless_they_say_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with FaultServer() as server:
        feed = served(server)
        server.routes["/.well-known/tdmrep.json"] = response(b'[{"location": "/berita/", "tdm-reservation": 1}]')
        server.routes[FAULTY] = response(page(), headers={"TDM-Reservation": "0"})
        for _ in range(2):
            assert run(path, setup(server), feed, again=True).exit_code == 0
        assert server.asked["/.well-known/tdmrep.json"] == 1
    assert query(path, "SELECT tdm_reservation FROM fetches ORDER BY id") == [(None,), (1,), (0,), (1,), (None,)]
    assert query(path, "SELECT status, body IS NULL, last_seen_at = fetched_at FROM tdmrep") == [(200, 0, 1)]


def test_robots_txt_is_asked_for_once_a_day_not_once_a_run(tmp_path: Path) -> None:
    with FaultServer() as server:
        feed = served(server)
        for _ in range(3):
            run(tmp_path / "a.db", setup(server), feed, again=True)
        assert (server.asked["/robots.txt"], server.asked["/feed.xml"]) == (1, 3)


def test_a_publisher_that_asked_for_an_hour_is_left_alone_by_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with FaultServer() as server:
        feed = served(server)
        server.routes[FAULTY] = response(b"", status="429 Slow", headers={"Retry-After": "3600"})
        run(path, setup(server), feed)
        asked = len(server.requests)
        later = run(path, setup(server), f"{server.origin}{AFTER}", again=True)
        assert set(later.reasons) == {Reason.RATE_LIMITED}
        assert len(server.requests) == asked, "nothing was sent"
    assert query(path, "SELECT publisher, not_before > seen_at FROM publishers") == [("127.0.0.1", 1)]


def test_a_304_moves_the_last_sighting_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.db"

    async def conditional(request: Request, writer: asyncio.StreamWriter) -> None:
        known = request.headers.get("if-none-match") == '"satu"'
        writer.write(response(b"", status="304 Not Modified") if known else response(headers={"ETag": '"satu"'}))

    tables = ("captures", "bodies", "articles", "revisions")
    with FaultServer({BEFORE: conditional, "/robots.txt": response(RULES)}) as server:
        url = f"{server.origin}{BEFORE}"
        run(path, setup(server), url)
        counts = [query(path, f"SELECT count(*) FROM {table}") for table in tables]
        first = query(path, "SELECT record_hash, revision, first_seen_at FROM articles")
        summary = run(path, setup(server), url, again=True)
    assert summary.reasons == {Reason.UNCHANGED: 1}
    assert [query(path, f"SELECT count(*) FROM {table}") for table in tables] == counts
    assert query(path, "SELECT record_hash, revision, first_seen_at FROM articles") == first
    assert query(path, "SELECT reason, status, capture_id FROM fetches ORDER BY id DESC LIMIT 1") == [
        ("unchanged", 304, None)
    ]


def test_how_long_a_listing_stays_as_it_is_puts_off_its_next_look(tmp_path: Path) -> None:
    """Two papers with the same busy feed, of which one says that it stays as it is for 40 minutes."""
    path = tmp_path / "a.db"
    other = "127.9.0.2"

    async def feed(request: Request, writer: asyncio.StreamWriter) -> None:
        dates = (format_datetime(datetime.now(UTC) - timedelta(minutes=5 * number)) for number in range(1, 40))
        items = "".join(
            f"<item><link>http://{request.headers['host']}/berita/{100_000 + number}/x</link><pubDate>{date}</pubDate></item>"
            for number, date in enumerate(dates)
        )
        says = "<ttl>40</ttl>" if request.address == other else ""
        if request.headers.get("if-none-match"):
            headers = {"Cache-Control": "max-age=2700"} if request.address == other else {}
            writer.write(response(b"", status="304 Not Modified", headers=headers))
        else:
            body = f"<rss version='2.0'><channel>{says}{items}</channel></rss>".encode()
            writer.write(response(body, headers={"ETag": '"a"'}))

    routes: dict[str, Answer] = {"/feed.xml": feed, "*": response()}
    with FaultServer(routes, sites={other: routes}) as server:
        feeds = [f"{origin}:{server.port}/feed.xml" for origin in ("http://127.0.0.1", f"http://{other}")]
        looks = []
        for _ in range(2):
            run(path, setup(server), *feeds, again=True, max_pages=1)
            looks.append(
                query(
                    path,
                    "SELECT u.host, f.status, f.fresh_s, q.interval_s FROM urls AS u JOIN frontier AS q ON q.url_id = u.id"
                    " JOIN fetches AS f ON f.id = (SELECT max(id) FROM fetches WHERE url_id = u.id) WHERE u.kind = 'feed' ORDER BY 1",
                )
            )
    (plain, busy), (plain_again, busy_again) = looks
    assert plain[1:3] == (200, None)
    assert busy[1:] == (200, 2400, 2400)
    assert plain_again[1:3] == (304, None)
    assert busy_again[1:] == (304, 2700, 2700)
    assert plain[3] < 2000  # a quarter of an hour of waiting, at about twelve an hour
    assert plain_again[3] < 2000
