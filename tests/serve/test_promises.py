"""Who gets an answer, what it reveals, and where each answer ends."""

from __future__ import annotations

import asyncio
import logging
import pickle
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scraper.archive.ask import facets, search, selection
from scraper.archive.file import lookup
from scraper.archive.file.library import Archive
from scraper.archive.keep import backup
from scraper.archive.write import frontier
from scraper.errors import ArchiveError, ArchiveFull
from scraper.serve import (
    analysed,
    answering,
    app,
    asking,
    pages,
    plots,
    plugin,
    queries,
    searching,
    source,
    timing,
    views,
)
from scraper.serve.answering import Answerers
from scraper.serve.request import MAX_CHOSEN, MAX_PAGE, AllowedHosts, SearchRequest, read_search, requested_page
from tests.archive.made import opened

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def test_only_our_own_names_are_answered() -> None:
    own = AllowedHosts.of("127.0.0.1")
    asked = ("localhost:8001", "127.0.0.1", "[::1]:80", "evil.example", "192.168.1.9", "localhost.evil.example", "")
    assert [own.allows(each) for each in asked] == [True, True, True, False, False, False, False]
    assert AllowedHosts.of("koran.example").allows("koran.example:80")
    assert AllowedHosts.of("127.0.0.1", ("arsip.example",)).allows("ARSIP.example.")
    assert AllowedHosts.of("0.0.0.0").allows("192.168.1.9")
    assert not AllowedHosts.of("0.0.0.0").allows("evil.example")


def refused(method: str = "GET", **headers: str) -> int | None:
    scope: dict[str, Any] = {"method": method, "headers": [(b"host", b"localhost")]}
    scope["headers"] += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    answer = plugin._refusal(SimpleNamespace(hosts=AllowedHosts()), scope)
    return answer.status if answer else None


def test_other_sites_may_link_here_and_load_nothing() -> None:
    assert [refused(method) for method in ("GET", "HEAD", "POST", "DELETE")] == [None, None, 405, 405]
    for site, status in (("same-origin", None), ("none", None), ("same-site", 403), ("cross-site", 403)):
        assert refused(sec_fetch_site=site, sec_fetch_mode="no-cors") == status
        assert refused(sec_fetch_site=site, sec_fetch_mode="navigate") is None
    assert dict(plugin._HEADERS)[b"x-frame-options"] == b"DENY"
    assert plugin._POLICY.startswith("default-src 'none'")


def route(path: str) -> Any:
    return next((view for pattern, view in plugin._ROUTES if re.match(pattern, path)), None)


def test_numbers_of_any_length_are_no_page_and_the_file_is_not_given_away() -> None:
    assert route("/articles/7") is pages.article_view
    assert route(f"/articles/{'7' * 19}") is None
    assert route("/-/plugins.json") is route("/kliping.db") is views.missing
    assert route("/-/kliping.css") is route("/-/static/app.css") is None
    numbers = [requested_page(text) for text in ("1", "500", "501", "0", "00000000001", "9" * 5_000, "٣", "")]
    assert numbers == [1, 500, None, None, None, None, None, None]
    assert MAX_PAGE == 500


def test_a_question_has_an_end() -> None:
    assert len(read_search({"q": ["a" * 9_000]}).query) == 500
    read_search({"tag": [str(number) for number in range(MAX_CHOSEN)]})
    with pytest.raises(ValueError, match="101"):
        read_search({"tag": [str(number) for number in range(101)]})
    assert SearchRequest(query="x", page=4).with_choice("tag", "y") == "/search?q=x&tag=y"


def test_the_figures_of_the_docs() -> None:
    assert (source.LIMIT_S, source.LIVE_S, searching.MAX_ROWS) == (20.0, 30.0, 5_000)
    assert (queries.MAX_TEXT, pages.MAX_BODY, plots.MAX_MARKS, analysed.MAX_READ) == (200_000, 200_000, 400, 2_000)
    assert (asking.SHOWN, asking.IN_CSV, timing.MAX_GROUPS, app.SETTINGS["truncate_cells_html"]) == (
        100,
        2_000,
        24,
        160,
    )
    assert (app.SETTINGS["sql_time_limit_ms"], app.SETTINGS["allow_download"]) == (3000, False)
    assert facets.MAX_HITS == 5_000


def test_readers_write_sql_only_where_they_may_and_within_bounds(tmp_path: Path) -> None:
    for allowed in (False, True):
        served = app.make(tmp_path / "a.db", taken_at=datetime(2026, 3, 1, tzinfo=UTC), allow_sql=allowed)
        assert served.setting("default_allow_sql") is allowed
        with closing(sqlite3.connect(":memory:")) as connection:
            usual = connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH)
            plugin.prepare_connection(connection, served)
            assert connection.getlimit(sqlite3.SQLITE_LIMIT_LENGTH) < usual
            assert connection.getlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH) == 500
            assert connection.getlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH) == 200
        served.source.close()


def test_two_questions_have_two_answers_and_a_figure_of_a_live_archive_grows_old(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[object, ...]] = []

    def ask(_self: Any, _function: Any, *values: object, **_options: object) -> int:
        asked.append(values)
        return len(asked)

    monkeypatch.setattr(Answerers, "ask", ask)
    for taken_at, later in ((None, [3, 4]), (datetime(2026, 3, 1, tzinfo=UTC), [1, 2])):
        asked.clear()
        served = app.make(tmp_path / "a.db", taken_at=taken_at)

        def answers(served: Any = served) -> list[Any]:
            return [asyncio.run(source.ask_once(served, lookup.article, number)) for number in (7, 8)]

        assert answers() == answers() == [1, 2]
        kept = served.source.kept.entries
        kept.update({key: entry._replace(at=entry.at - 31) for key, entry in kept.items()})
        assert answers() == later
        served.source.close()


def test_of_more_than_a_page_there_is_a_next_one_and_a_cut_csv_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    hits = [SimpleNamespace(article_id=number) for number in range(60)]
    understood = SimpleNamespace(match="x", forms=(), hints=())
    monkeypatch.setattr(search, "understand", lambda *_args, **_options: understood)
    monkeypatch.setattr(search, "search", lambda *_args, limit, offset=0, **_: hits[offset : offset + limit])
    numbers = {"relevance": [*range(60)], "date": [*range(99, 39, -1)]}
    monkeypatch.setattr(search, "search_ids", lambda *_args, order, limit: numbers[order][:limit])
    listed: list[int] = []

    def articles(_db: object, ids: list[int]) -> tuple[()]:
        listed[:] = ids
        return ()

    monkeypatch.setattr(selection, "articles", articles)
    for is_capped, order in ((False, "relevance"), (True, "date")):
        counted = SimpleNamespace(is_capped=is_capped, hits=1)
        monkeypatch.setattr(facets, "facets", lambda *_args, counted=counted, **_options: counted)
        monkeypatch.setattr(facets, "carried", lambda *_: [])
        monkeypatch.setattr(facets, "search_sql", lambda *_args, **_options: "")
        found = [queries.found(None, SearchRequest(query="x", page=page), {}) for page in (1, 3)]  # type: ignore[arg-type]
        assert [(each["order"], each["has_next"]) for each in found] == [(order, True), (order, False)]
        sheets = [queries.csv(None, SearchRequest(query="x"), most=most) for most in (59, 60)]  # type: ignore[arg-type]
        assert [sheet.is_cut for sheet in sheets] == [True, False]
        assert listed == numbers[order]


def test_a_server_that_ends_waits_for_no_question_and_runs_nothing_that_lies_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path / "a.db"):
        pass
    (tmp_path / "scraper.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    answerers = Answerers(tmp_path / "a.db", count=1)
    assert answerers.ask(lookup.article, 7, limit_s=60) is None
    [process] = answerers._idle
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(answerers.ask, Archive.execute, ENDLESS, limit_s=10)
        while not (answerers._busy or asked.done()):
            pass
        answerers.close(at_once=True)
        with pytest.raises(ArchiveError, match="ended with -9"):
            asked.result()
    assert process.poll() is not None


def test_a_process_that_answers_ends_with_its_server(tmp_path: Path) -> None:
    """A server that is killed cannot end it, and a question may have no end."""
    with opened(tmp_path / "a.db"):
        pass
    answerers = Answerers(tmp_path / "a.db", count=1)
    process = answerers._start()
    assert answering._read(process.stdout) == answering._READY
    assert process.stdin is not None
    assert process.stdout is not None
    answering._write(process.stdin, pickle.dumps((Archive.execute, (ENDLESS,), {}, False)))
    process.stdin.close()  # as when whoever held the other end is gone
    assert process.wait(60) == 0
    process.stdout.close()


def test_a_process_that_only_starts_as_the_server_ends_is_asked_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path / "a.db"):
        pass
    answerers = Answerers(tmp_path / "a.db", count=1)
    start = answerers._start

    def started_too_late() -> Any:
        answerers.close(at_once=True)
        return start()

    monkeypatch.setattr(answerers, "_start", started_too_late)
    with pytest.raises(ArchiveError, match="the server ends"):
        answerers.ask(Archive.execute, ENDLESS, limit_s=10)
    assert not answerers._busy


class Heard(logging.Handler):
    """What was said, and whether more than once."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.twice = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.msg)
        if len(self.said) > 1:
            self.twice.set()


def test_a_snapshot_that_cannot_be_made_leaves_the_old_one_and_is_tried_again(tmp_path: Path) -> None:
    """The archive is away for a while, as a disk that is to be mounted again."""
    path = tmp_path / "a.db"
    with opened(path):
        pass
    snapshots = app.Snapshots(path, tmp_path)

    async def job() -> list[str]:
        first, taken_at = snapshots.take()
        path.rename(tmp_path / "away.db")
        served, heard = app.make(first, taken_at=taken_at), Heard()
        app.log.addHandler(heard)
        renewing = asyncio.create_task(app.renew_for_ever(served, snapshots, timedelta(milliseconds=1)))
        twice = asyncio.create_task(heard.twice.wait())
        await asyncio.wait({renewing, twice}, return_when=asyncio.FIRST_COMPLETED)
        app.log.removeHandler(heard)
        for task in (renewing, twice):
            task.cancel()
        assert served.get_database(source.NAME).path == str(first)
        assert await source.ask(served, lookup.article, 7) is None
        served.source.close(at_once=True)
        return heard.said

    assert set(asyncio.run(job())) == {"no new snapshot: %s"}


def test_only_an_archive_that_changed_is_copied_again_and_it_is_never_removed_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, copies = tmp_path / "a.db", tmp_path / "copies"
    copies.mkdir()
    with opened(path):
        pass
    snapshots = app.Snapshots(path, copies)
    assert not snapshots.is_current()

    async def first() -> str:
        served = app.make(path, taken_at=None)  # as a large archive is shown at first
        await app.renew(served, snapshots)
        assert served.source.taken_at is not None
        served.source.close(at_once=True)
        return str(served.get_database(source.NAME).path)

    assert Path(asyncio.run(first())).parent == copies
    assert path.exists()
    assert snapshots.is_current()
    with opened(path) as db:
        frontier.start_run(db, kind="crawl", version="0", arguments="", at=datetime(2026, 3, 1, tzinfo=UTC))
    assert not snapshots.is_current()
    states = iter([True, True, False])
    monkeypatch.setattr(app.Snapshots, "is_current", lambda _self: next(states))
    old = datetime(2026, 3, 1, tzinfo=UTC)
    shown: list[datetime] = []

    async def renewed() -> None:
        served, copied = app.make(path, taken_at=old), asyncio.Event()

        async def renew(served: Any, _snapshots: app.Snapshots) -> None:
            shown.append(served.source.taken_at)
            copied.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(app, "renew", renew)
        renewing = asyncio.create_task(app.renew_for_ever(served, snapshots, timedelta(milliseconds=1)))
        await copied.wait()
        renewing.cancel()
        served.source.close(at_once=True)

    asyncio.run(renewed())
    [moment] = shown
    assert moment > old  # what did not change is as of now
    assert next(states, None) is None


def test_without_a_first_copy_nothing_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    with opened(path):
        pass
    monkeypatch.setattr(app, "COPIED_FIRST", -1)

    def full(*_values: object, **_options: object) -> None:
        raise ArchiveFull("no room")

    monkeypatch.setattr(backup, "back_up", full)
    ready: list[str] = []
    with pytest.raises(ArchiveFull, match="no room"):
        app.serve(path, app.ServeOptions(port=0, memory_mib=0), on_ready=ready.append)
