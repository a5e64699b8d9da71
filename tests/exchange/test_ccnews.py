"""Common Crawl's news, served on loopback: months, hosts, a broken record in the middle of a file, and which paper each
article belongs to.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier
from scraper.cli import cli
from scraper.crawl.readers import Readers
from scraper.errors import ExchangeError
from scraper.fetch import FetchSettings, RemoteFile, open_parts
from tests.exchange.conftest import keep, plain_capture
from tests.faultserver import FaultServer, Request, response

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from tests.faultserver import Answer

pytest.importorskip("fastwarc")
from scraper.exchange.ccnews import months_of

NAME = "crawl-data/CC-NEWS/2026/03/CC-NEWS-20260301000000-00001.warc.gz"
LISTING = "/crawl-data/CC-NEWS/2026/03/warc.paths.gz"


def ranged(data: bytes, *, fails_from: int | None = None) -> Answer:
    """A server of parts; from a byte on it fails."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", request.headers["range"])
        assert asked is not None
        first, last = int(asked[1]), min(int(asked[2]), len(data) - 1)
        if fails_from is not None and first >= fails_from:
            writer.write(response(b"", status="404 Gone"))
            return
        place = {"Content-Range": f"bytes {first}-{last}/{len(data)}", "Content-Type": "application/octet-stream"}
        writer.write(response(data[first : last + 1], status="206 Partial Content", headers=place))

    return answer


@pytest.fixture(scope="module")
def warc(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    home = tmp_path_factory.mktemp("cc")
    asked = ["export", "warc", "--to", str(home / "w"), "--archive", str(filled)]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    return next((home / "w" / "archive").glob("*.warc.gz")).read_bytes()


def ask(server: FaultServer, path: Path, *options: str) -> tuple[int, str, str]:
    line = [
        "import", "ccnews", "--hosts", "koran-contoh.id", "--months", "2026-03", "--delay", "0", "--base-url", server.origin,
        "--allow-net", f"127.0.0.1:{server.port}", "--archive", str(path), *options,
    ]  # fmt: skip
    done = CliRunner().invoke(cli, line)
    return done.exit_code, done.stdout, done.stderr or str(done.exception)


def test_what_both_have_and_what_only_one_has_is_told(warc: bytes, tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as db:
        run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=plain_capture(0).fetched_at)
        keep_pages(db, run, 1, 90)
    with FaultServer({"/" + NAME: ranged(warc), LISTING: ranged(gzip.compress(NAME.encode() + b"\n"))}) as server:
        code, out, err = ask(server, tmp_path / "a.db", "--json")
        assert code == 0, err
        assert "2026-03: 1 files" in err
        (line,) = [json.loads(each) for each in out.splitlines()]
        assert line["host"] == "koran-contoh.id"
        assert line["both"] == 1
        assert len(line["only_theirs"]) > 3
        assert line["only_ours"] == ["https://koran-contoh.id/2026/03/01/jembatan-90"]
        asked = len(server.requests)
        code, out, err = ask(server, tmp_path / "a.db")
        assert "was imported before" in err
        assert "only Common Crawl" in out
        assert len(server.requests) == asked + 2, "robots.txt and the list; nothing of the file"
    with open_archive(tmp_path / "a.db") as db:
        assert db.execute("SELECT DISTINCT host FROM urls").fetchall() == [("koran-contoh.id",)]


def keep_pages(db: Archive, run: int, *numbers: int) -> None:
    async def all_pages() -> None:
        async with Readers(1) as readers:
            for number in numbers:
                await keep(db, readers, run, plain_capture(number))

    asyncio.run(all_pages())


def test_an_import_that_lost_its_line_goes_on_where_it_was(
    warc: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RemoteFile.__init__, "__kwdefaults__", {"piece": len(warc) // 20})
    listing = ranged(gzip.compress(NAME.encode()))
    with FaultServer({"/" + NAME: ranged(warc, fails_from=len(warc) * 9 // 10), LISTING: listing}) as server:
        code, _, err = ask(server, tmp_path / "a.db")
        assert code == 3, err
        assert "the same command continues from there" in err
        server.routes["/" + NAME] = ranged(warc)
        server.requests.clear()
        code, _, err = ask(server, tmp_path / "a.db")
        assert code == 0, err
        first = next(request for request in server.requests if request.path == "/" + NAME)
        assert not first.headers["range"].startswith("bytes=0-")
    with FaultServer({"/" + NAME: ranged(warc), LISTING: listing}) as server:
        code, _, err = ask(server, tmp_path / "b.db")
        assert code == 0, err
    found = []
    for name in ("a.db", "b.db"):
        with open_archive(tmp_path / name) as db:
            found.append(db.execute("SELECT url, content_hash, revision FROM articles ORDER BY url").fetchall())
    assert found[0] == found[1]
    assert len(found[0]) > 4


def test_a_host_that_refuses_or_lists_nonsense_is_named(tmp_path: Path) -> None:
    robots = response(b"User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"})
    with FaultServer({"/robots.txt": robots}) as server:
        code, _, err = ask(server, tmp_path / "a.db")
        assert (code, "robots" in err) == (3, True)
    for body in (b"not gzip", gzip.compress(b"../../etc/passwd\n"), gzip.compress(NAME.encode())[:20]):
        with FaultServer({LISTING: ranged(body)}) as server:
            code, _, err = ask(server, tmp_path / "a.db")
            assert code not in (0, 3)
            assert "not a list of files" in err or "not a CC-NEWS file" in err


def test_a_remote_file_reads_like_a_local_one() -> None:
    data = bytes(range(256)) * 40
    with FaultServer({"/x": ranged(data)}) as server:
        settings = FetchSettings(user_agent="kliping-test/0", delay_s=0.0, allow_net=server.allowed)
        with open_parts(settings) as source:
            file = RemoteFile(source, f"{server.origin}/x", piece=1000)
            assert [len(part) for part in iter(lambda: file.read(300), b"")] == [300] * 34 + [40], "also across pieces"
            file.seek(0)
            assert b"".join(iter(lambda: file.read(300), b"")) == data
            assert file.seek(-5, 2) == len(data) - 5
            assert file.read() == data[-5:]
            assert file.read() == b""
            file.seek(2500)
            assert file.read(10) == data[2500:2510]
            assert file.failure is None


def test_months() -> None:
    assert months_of("2019-11..2020-02") == ("2019-11", "2019-12", "2020-01", "2020-02")
    assert months_of("2019-10") == ("2019-10",)
    for text in ("2019", "2019-13", "2020-02..2019-01", "x"):
        with pytest.raises(ExchangeError):
            months_of(text)
