"""The commands as a person runs them: output, exit codes, help."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from scraper.cli import COMMANDS
from scraper.cli.fixture_files import load_expected
from scraper.demo import newspaper
from scraper.sites.registry import SITES
from tests.command import kliping

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "fixtures" / "pontianak.tribunnews.com" / "2019-10-07-pelatihan-arsip-digital"
INDEX = ROOT / "fixtures" / "pontianak.tribunnews.com" / "2019-10-07-indeks"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "kliping.db"
    with newspaper() as paper:
        origin = "https://pontianak.tribunnews.com"
        done = kliping(
            "crawl", "tribun-pontianak", "--archive", str(path), "--delay", "0",
            "--allow-net", f"127.0.0.1:{paper.port}", "--replay", f"{origin}=http://127.0.0.1:{paper.port}",
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"7 new articles" in done.stderr
    assert done.stdout == b""
    return path


def expected() -> dict[str, object]:
    return load_expected(PAGE)


def test_extract_prints_one_record_on_one_line() -> None:
    done = kliping("extract", str(PAGE / "page.html"), "--url", str(expected()["url"]))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b"\n") == 1
    assert json.loads(done.stdout) | {"confidence": {}} == expected()


def test_extract_reads_standard_input_gzip_and_zstd(tmp_path: Path) -> None:
    body = (PAGE / "page.html").read_bytes()
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(body))
    (tmp_path / "a.html.zst").write_bytes(zstandard.compress(body))
    for done in (
        kliping("extract", "-", stdin=body),
        kliping("extract", str(tmp_path / "a.html.gz")),
        kliping("extract", str(tmp_path / "a.html.zst")),
    ):
        assert done.returncode == 0
        assert json.loads(done.stdout)["headline"] == expected()["headline"]


def test_extract_as_text_is_for_a_reader() -> None:
    text = kliping("extract", str(PAGE / "page.html"), "--format", "text").stdout.decode()
    assert str(expected()["headline"]) in text
    assert "SAMBAS — Bupati membuka" in text
    assert "→ Perpustakaan Keliling" in text


def test_what_is_no_article_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"<p>x" * 1000)[:-20])
    (tmp_path / "bad.zst").write_bytes(b"\x28\xb5\x2f\xfd nonsense")
    for source in (
        str(INDEX / "page.html"),
        str(tmp_path / "cut.gz"),
        str(tmp_path / "bad.zst"),
        str(tmp_path / "none.html"),
        str(tmp_path),
    ):
        done = kliping("extract", source)
        assert (done.returncode, done.stdout) == (3, b""), source
        assert done.stderr.startswith(b"kliping: ")
        assert done.stderr.count(b"\n") == 1


def test_search_and_show(archive: Path) -> None:
    hits = [
        json.loads(line)
        for line in kliping("search", "banjir", "--json", "--archive", str(archive)).stdout.splitlines()
    ]
    assert {hit["site"] for hit in hits} == {"tribun-pontianak"}
    shown = kliping("show", str(hits[0]["article_id"]), "--archive", str(archive)).stdout.decode()
    assert hits[0]["headline"] in shown
    record = json.loads(kliping("show", hits[0]["url"], "--json", "--archive", str(archive)).stdout)
    assert record["url"] == hits[0]["url"]
    day = kliping(
        "search", "banjir", "--since", "2019-10-07", "--until", "2019-10-07", "--limit", "1", "--archive", str(archive)
    )
    assert day.stdout.decode().count("\n") == 3


def test_nothing_found_is_exit_3(archive: Path) -> None:
    for arguments in (
        ("search", "tidakadakatanya"),
        ("search", '"'),
        ("show", "9999"),
        ("show", "https://contoh.id/x"),
    ):
        done = kliping(*arguments, "--archive", str(archive))
        assert (done.returncode, done.stdout) == (3, b"")


def test_stats_count_what_is_there(archive: Path) -> None:
    found = json.loads(kliping("stats", "--json", "--archive", str(archive)).stdout)
    assert (found["articles"], found["captures"]) == (7, 13)
    assert b"tribun-pontianak  7" in kliping("stats", "--archive", str(archive)).stdout


def test_sites_lists_the_catalogue_with_its_sources() -> None:
    [tribun] = [line for line in kliping("sites").stdout.splitlines() if line.startswith(b"tribun ")]
    assert b"Tribun network" in tribun
    assert b"provinces" in tribun
    assert b"tribun-pontianak" in kliping("sites", "--portals").stdout
    counts = json.loads(kliping("sites", "count", "--json").stdout)
    assert (counts["sites"], counts["papers_of_a_province"]["Sulawesi Selatan"] >= 1) == (len(SITES), True)
    assert b"Sulawesi Selatan" in kliping("sites", "count").stdout
    shown = kliping("sites", "tribun-makassar").stdout
    assert b"Asia/Makassar" in shown
    assert b"tribun/2019" in shown
    assert json.loads(kliping("sites", "tribun", "--json").stdout)["portals"][0]["slug"] == "tribunnews"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("crawl",), 64),
        (("crawl", "tribun-tidakada", "--archive", "{tmp}/a.db"), 64),
        (("crawl", "tribun-pontianak", "--delay", "-1"), 64),
        (
            ("crawl", "tribun-pontianak", "--since", "2020-01-02", "--until", "2020-01-01", "--archive", "{tmp}/a.db"),
            64,
        ),
        (("crawl", "tribun-pontianak", "--allow-net", "nonsense", "--archive", "{tmp}/a.db"), 64),
        (("sites", "tidakada"), 64),
        (("search", "x", "--archive", "{tmp}/none.db"), 65),
        (("nosuchcommand",), 64),
    ],
)
def test_wrong_use_has_its_exit_code_and_no_traceback(arguments: tuple[str, ...], code: int, tmp_path: Path) -> None:
    done = kliping(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_two_crawls_on_one_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    holder = f"import pathlib, sys\nfrom scraper.archive.file.connection import open_archive\nwith open_archive(pathlib.Path({str(path)!r}), mode='crawl', min_free_bytes=0):\n print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        done = kliping("crawl", "tribun-pontianak", "--archive", str(path))
        process.kill()
    assert done.returncode == 75
    assert b"another crawl (pid" in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_is_in_the_readme(name: str) -> None:
    done = kliping(name, "--help")
    assert done.returncode == 0
    assert b"Example:" in done.stdout
    assert f"kliping {name}" in (ROOT / "README.md").read_text("utf-8")


def test_hostile_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    page = "<html><title>x</title><article><h1>Judul \x1b[31m\u202emerah</h1>" + "".join(
        f"<p>Teks nomor {number} yang biasa saja, cukup panjang untuk dibaca sebagai berita harian.</p>"
        for number in range(5)
    )
    (tmp_path / "a.html").write_text(page, "utf-8")
    text = kliping("extract", str(tmp_path / "a.html"), "--format", "text").stdout.decode()
    assert "Judul" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_demo_shows_the_whole_way() -> None:
    done = kliping("demo")
    assert done.returncode == 0, done.stderr
    assert b"7 new articles" in done.stderr
    assert b"banjir" in done.stdout.lower()
