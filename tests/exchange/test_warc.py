"""WARC files for other programs: valid according to warcio's checker, every record where the index says, and every page
included.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import captures
from scraper.exchange.surt import surt
from scraper.exchange.warcfile import sort_lines
from tests.exchange.conftest import PLAIN
from tests.exchange.made import made

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("warcio")
pytest.importorskip("fastwarc")


def warcs(directory: Path) -> list[Path]:
    return sorted((directory / "archive").glob("*.warc.gz"))


def cdxj(path: Path) -> list[tuple[str, str, dict[str, Any]]]:
    found = []
    for line in path.read_text("utf-8").splitlines():
        key, stamp, fields = line.split(" ", 2)
        found.append((key, stamp, json.loads(fields)))
    return found


def test_warcio_finds_nothing_wrong_and_the_index_leads_to_every_page(stored: Path, tmp_path: Path) -> None:
    from fastwarc.warc import ArchiveIterator  # noqa: PLC0415
    from warcio.checker import Checker  # noqa: PLC0415

    made(stored, "warc", tmp_path / "w")
    checker = Checker(argparse.Namespace(inputs=[str(path) for path in warcs(tmp_path / "w")], verbose=False))
    checker.process_all()
    assert checker.exit_value == 0
    with open_archive(stored) as db:
        bodies = {
            (each.capture.final_url, each.capture.fetched_at.strftime("%Y%m%d%H%M%S")): each.capture.body
            for each in captures(db)
        }
    index = cdxj(tmp_path / "w" / "indexes" / "index.cdxj")
    assert [line[:2] for line in index] == sorted(line[:2] for line in index)
    for key, stamp, fields in index:
        assert key == surt(fields["url"])
        with (tmp_path / "w" / "archive" / fields["filename"]).open("rb") as file:
            file.seek(int(fields["offset"]))
            record = next(iter(ArchiveIterator(file, parse_http=True)))
            assert record.headers["WARC-Target-URI"] == fields["url"]
            if fields["mime"] != "warc/revisit" and fields["status"] != "301" and "robots.txt" not in fields["url"]:
                assert record.reader.read() == bodies.pop((fields["url"], stamp))
    assert set(bodies) == {("https://koran-contoh.id/amp/4", "20260307000000")}, "the same bytes are a revisit"
    kinds = [fields["mime"] for _, _, fields in index if fields["url"] == PLAIN.format(number=3)]
    assert sorted(kinds) == ["text/html", "warc/revisit"], "an answer 304 is in the history"


def test_wacz_holds_the_same_with_right_digests(stored: Path, tmp_path: Path) -> None:
    made(stored, "warc", tmp_path / "w.wacz")
    with zipfile.ZipFile(tmp_path / "w.wacz") as packed:
        assert all(info.compress_type == zipfile.ZIP_STORED for info in packed.infolist())
        assert packed.testzip() is None
        package = packed.read("datapackage.json")
        assert (
            json.loads(packed.read("datapackage-digest.json"))["hash"]
            == f"sha256:{hashlib.sha256(package).hexdigest()}"
        )
        for each in json.loads(package)["resources"]:
            data = packed.read(each["path"])
            assert each["bytes"] == len(data)
            assert each["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()]
    assert pages[0]["format"] == "json-pages-1.0"
    assert {page["title"] for page in pages[1:] if "jembatan-5" in page["url"]} == {"Jembatan 5 Dibuka"}
    assert [each.name for each in tmp_path.iterdir() if "w.wacz" in each.name] == ["w.wacz"]


def test_files_are_rotated(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scraper.exchange.forms.warc.FILE_BYTES", 10_000)
    done = made(stored, "warc", tmp_path / "w")
    assert len(warcs(tmp_path / "w")) > 2
    index = cdxj(tmp_path / "w" / "indexes" / "index.cdxj")
    assert {fields["filename"] for _, _, fields in index} == {path.name for path in warcs(tmp_path / "w")}
    assert done.counts["captures"] + done.counts["revisits"] <= len(index)


# As pywb 2.9 writes them.
@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.Contoh.ID/", "id,contoh)/"),
        ("https://contoh.id:8080/Berita/a/?b=2&a=1", "id,contoh:8080)/berita/a?a=1&b=2"),
        ("http://www2.contoh.co.id/a//b///", "id,co,contoh)/a/b"),
        ("https://contoh.id/%7Euser/%20x", "id,contoh)/~user/%20x"),
        ("https://contoh.id/caf%C3%A9?q=A+b&q=A%20b", "id,contoh)/caf%c3%a9?q=a%20b&q=a+b"),
        ("https://contoh.id/a%25b%23c?", "id,contoh)/a%25b%23c"),
        ("http://127.0.0.1/x", "1,0,0,127)/x"),
    ],
)
def test_keys_are_those_of_pywb(url: str, key: str) -> None:
    assert surt(url) == key


@given(st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\n", b"") + b"\n")), st.integers(1, 4))
def test_lines_are_sorted_whatever_fits_into_memory(lines: list[bytes], at_once: int) -> None:
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as directory, pytest.MonkeyPatch.context() as patch:
        patch.setattr("scraper.exchange.warcfile._SORTED_AT_ONCE", at_once)
        source = Path(directory, "lines")
        source.write_bytes(b"".join(lines))
        sort_lines(source, Path(directory, "sorted"))
        assert Path(directory, "sorted").read_bytes() == b"".join(sorted(lines))
        assert [each.name for each in Path(directory).iterdir()] == ["sorted"]
