"""A site's captures in a web archive are imported with their times, once, even after the connection broke; served from
our own WARC export.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.cli import cli
from scraper.exchange import wayback
from tests.exchange.made import made
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("fastwarc")
from tests.exchange.cdxserver import CdxServer

HOST = "koran-contoh.id"


@pytest.fixture(scope="module")
def home(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wayback") / "w"
    made(filled, "warc", target)
    return target


@pytest.fixture
def past(home: Path) -> Iterator[tuple[CdxServer, FaultServer]]:
    cdx = CdxServer(home)
    with FaultServer({"*": cdx.answer}) as server:
        yield cdx, server


def ask(server: FaultServer, path: Path, what: str, *options: str, home: str = "") -> tuple[int, str, str]:
    where = ["--server", server.origin + home] if home else ["--replay", f"https://web.archive.org={server.origin}"]
    line = ["import", "wayback", what, "--delay", "0", *where, "--allow-net", f"127.0.0.1:{server.port}", "--archive", str(path), *options]  # fmt: skip
    done = CliRunner().invoke(cli, line)
    return done.exit_code, done.stdout, done.stderr or str(done.exception)


def visits(path: Path, host: str = HOST) -> set[tuple[str, str, bytes]]:
    """(URL, time, bytes) of pages, each bytes of a URL once, as an index collapses them."""
    with open_archive(path) as db:
        return {
            (each.capture.final_url, each.capture.fetched_at.isoformat(), each.capture.body)
            for each in lookup.captures(db)
            if host in each.capture.final_url and "html" in (each.capture.content_type or "html")
        }


@pytest.mark.parametrize("home_path", ["", "/koran"], ids=["Internet Archive", "pywb"])
def test_the_past_comes_with_its_times(
    past: tuple[CdxServer, FaultServer], filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home_path: str
) -> None:
    monkeypatch.setattr(wayback, "PAGE", 3)
    cdx, server = past
    path = tmp_path / "a.db"
    code, out, err = ask(server, path, HOST, "--json", home=home_path)
    assert code == 0, err
    assert visits(path) == visits(filled)
    months = [json.loads(line) for line in out.splitlines()]
    assert [each["month"] for each in months] == ["2026-03"]
    assert months[0]["kept"] == months[0]["listed"] == len(visits(filled))
    assert months[0]["articles"] > 5
    assert home_path or cdx.pages > 2, "the index comes in pages"
    asked = Counter(cdx.served)
    code, _, err = ask(server, path, HOST, home=home_path)
    assert (code, Counter(cdx.served)) == (0, asked), "what is here is not asked for again"
    assert "known" in err


def test_days_pages_beginnings_and_domains_are_told_apart(
    past: tuple[CdxServer, FaultServer], filled: Path, tmp_path: Path
) -> None:
    _, server = past
    whole = visits(filled)
    code, _, err = ask(server, tmp_path / "a.db", HOST, "--since", "2026-03-05", "--until", "2026-03-05")
    assert code == 0, err
    assert visits(tmp_path / "a.db") == {each for each in whole if each[1][:10] == "2026-03-05"}
    ask(server, tmp_path / "b.db", f"https://{HOST}/2026/03/01/jembatan-1")
    assert {url for url, *_ in visits(tmp_path / "b.db")} == {f"https://{HOST}/2026/03/01/jembatan-1"}
    ask(server, tmp_path / "c.db", f"https://{HOST}/amp/*")
    assert {url for url, *_ in visits(tmp_path / "c.db")} == {f"https://{HOST}/amp/4"}
    ask(server, tmp_path / "d.db", "*.antaranews.com")
    assert visits(tmp_path / "d.db", "kalbar.antaranews.com") == visits(filled, "kalbar.antaranews.com")
    ask(server, tmp_path / "e.db", "tribun-pontianak")
    assert visits(tmp_path / "e.db", "pontianak.tribunnews.com") == visits(filled, "pontianak.tribunnews.com")


def test_an_import_goes_on_where_the_archive_asked_to_be_left_alone(
    past: tuple[CdxServer, FaultServer], filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wayback, "PAGE", 4)
    cdx, server = past
    path = tmp_path / "a.db"
    stamps = sorted({row["timestamp"] for row in cdx.rows if HOST in row["url"] and row["mime"] == "text/html"})
    cdx.fails[stamps[4]] = response(b"later", status="503 Busy", headers={"Retry-After": "7200"})
    cdx.fails[stamps[2]] = response(b"gone", status="404 Not Found")
    code, _, err = ask(server, path, HOST)
    assert code == 3
    assert "the same command continues from there" in err
    assert 0 < len(visits(path)) < len(visits(filled))
    before = Counter(cdx.served)
    cdx.fails.pop(stamps[4])
    code, out, err = ask(server, path, HOST, "--json")
    again = Counter(cdx.served) - before
    assert max(again.values()) == 1
    if stamps[2] in again:
        assert code == 3
        assert "not_fetched" in out
    assert {each[1] for each in visits(filled) - visits(path)} == {each[1] for each in visits(filled) if each[1].startswith(f"{stamps[2][:4]}-{stamps[2][4:6]}-{stamps[2][6:8]}T{stamps[2][8:10]}:{stamps[2][10:12]}:{stamps[2][12:14]}")}  # fmt: skip
    cdx.fails.clear()
    code, _, err = ask(server, path, HOST)
    assert code == 0, err
    assert visits(path) == visits(filled), "what was not given is asked for again"


def test_an_index_that_is_none_is_told(past: tuple[CdxServer, FaultServer], tmp_path: Path) -> None:
    _, server = past
    server.routes["*"] = response(b"no", status="403 Forbidden")
    code, _, err = ask(server, tmp_path / "a.db", HOST)
    assert code == 3
    assert "403" in err
    server.routes["*"] = response(
        b'[["timestamp","original"],["2026","x"],[1,2,3]]', headers={"Content-Type": "application/json"}
    )
    code, _, err = ask(server, tmp_path / "b.db", HOST)
    assert code == 3
    assert "bad_record" in err
    assert CliRunner().invoke(cli, ["import", "wayback", "no-such-paper"]).exit_code == 2


@given(st.text(max_size=200) | st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["timestamp", "url", "x"]), inner)).map(json.dumps))  # fmt: skip
def test_no_index_is_an_error(text: str) -> None:
    wayback.rows_of(text)
    wayback.rows_of("[[" + text)
