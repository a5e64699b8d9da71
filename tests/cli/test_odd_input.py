"""What a hurried or hostile user types, pipes and mounts: one line and the promised exit code, never a traceback."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from tests.archive.made import article, opened, save
from tests.command import kliping
from tests.faults import paper
from tests.faultserver import FaultServer

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one article, put away as one file."""
    path = tmp_path_factory.mktemp("odd") / "a.db"
    with opened(path) as db:
        save(db, article())
    return path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("search", "--until", "9999-12-31"), 3),
        (("body", "999", "--at", "9999-12-31"), 3),
        (("search", "banjir", "--offset", "99999999999999999999"), 64),
        (("health", "--accept", "99999999999999999999"), 64),
        (("reextract", "--undo", "99999999999999999999"), 64),
        (("reextract", "--undo", "1"), 64),
        (("fixture", "add", "--from-alarm", "99999999999999999999"), 64),
        (("why", "http://contoh.id/\udcff"), 64),
        (("search", "--author", "\udcff"), 3),
        (("queue", "retry", "--host", "\udcff"), 64),
        (("crawl", "http://contoh.id/", "--delay", "nan"), 64),
        (("crawl", "http://contoh.id/", "--max-host-minutes", "nan"), 64),
        (("health", "no-such-paper"), 64),
        (("crawl", "http://contoh.id/", "--contact", "Universität"), 64),
        (("crawl", "http://contoh.id/", "--contact", "a\r\nX-Evil: y"), 64),
        (("crawl", "http://contoh.id/", "--user-agent", "a\nb"), 64),
        (("crawl", "http://contoh.id/", "--allow-net", "localhost:80"), 64),
        (("crawl", "http://contoh.id/", "--allow-net", "10.0.0.0/8:80"), 64),
    ],
)
def test_one_line_and_the_promised_code(stored: Path, arguments: tuple[str, ...], code: int) -> None:
    done = kliping(*arguments, "--archive", str(stored))
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("queue", "retry", "--host", "contoh.id"),
        ("queue", "drop", "--host", "contoh.id"),
        ("prune", "--bodies-older-than", "2y", "--kind", "feed", "--yes"),
        ("reextract",),
        ("reextract", "--undo", "1"),
        ("health",),
        ("clusters", "--update"),
    ],
)
def test_what_changes_an_archive_makes_none_where_a_name_is_wrong(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    path = tmp_path / "none" / "typo.db"
    done = kliping(*arguments, "--archive", str(path))
    assert done.returncode == 65
    assert done.stderr.startswith(f"kliping: {path}: there is no archive here (`kliping crawl`".encode())
    assert not path.parent.exists()


def test_an_empty_file_is_no_archive_of_an_older_format(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.touch()
    done = kliping("stats", "--archive", str(path))
    assert (done.returncode, done.stderr) == (
        65,
        f"kliping: {path}: not a kliping archive: the file is empty\n".encode(),
    )


def test_output_that_finds_no_space_ends_with_the_code_for_a_full_disk(stored: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    for arguments in (
        ("stats", "--archive", str(stored)),
        ("body", "1", "--archive", str(stored)),
        ("sites", "--json"),
    ):
        with Path("/dev/full").open("wb") as full:
            done = _in_a_process(*arguments, stdout=full)
        assert (done.returncode, done.stderr) == (74, b"kliping: No space left on device\n"), arguments


def test_a_reader_that_goes_away_is_no_failure(stored: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = _in_a_process("show", "1", "--archive", str(stored), stdout=write)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_text_that_the_terminal_cannot_show_is_written_out() -> None:
    page = ROOT / "fixtures" / "pontianak.tribunnews.com" / "2019-10-07-pelatihan-arsip-digital" / "page.html"
    done = _in_a_process("extract", str(page), "--format", "text", stdout=subprocess.PIPE, charset="latin-1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u2014" in done.stdout


def _in_a_process(
    *arguments: str, stdout: int | IO[bytes], charset: str = "utf-8"
) -> subprocess.CompletedProcess[bytes]:
    code = "from scraper.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": charset},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )


def test_an_export_that_cannot_be_written_blames_its_own_place(stored: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = kliping("export", "csv", "--to", str(tmp_path / "file" / "a.csv"), "--archive", str(stored))
    assert done.returncode == 64
    assert done.stderr.startswith(f"kliping: {tmp_path / 'file'}".encode())


def test_a_backup_over_a_file_is_wrong_use(stored: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").touch()
    for target in (tmp_path / "copy.db", stored):
        assert kliping("backup", str(target), "--archive", str(stored)).returncode == 64


def test_an_archive_is_read_where_nothing_can_be_written(stored: Path, tmp_path: Path) -> None:
    """On a mounted backup or another's directory SQLite can make no -shm beside the file."""
    place = tmp_path / "readonly"
    place.mkdir()
    shutil.copy(stored, place / "a.db")
    shutil.copy(stored, tmp_path / "own.db")
    place.chmod(0o555)
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom scraper.archive.ask import counts; from scraper.archive.file.connection import open_archive; from scraper.archive.keep import merge; from scraper.archive.keep import verify\n"
        "with open_archive(Path(sys.argv[1])) as db:\n"
        "    print(counts.stats(db).articles, len(list(verify.verify(db))))\n"
        "with open_archive(Path(sys.argv[2]), mode='crawl', min_free_bytes=0) as db:\n"
        "    print(sum(merge.merge(db, Path(sys.argv[1])).counts.values()))\n"
    )
    command = [sys.executable, "-c", code, str(place / "a.db"), str(tmp_path / "own.db")]
    if os.geteuid() == 0:
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            pytest.skip("root can write everywhere")
        caps = "-dac_override,-dac_read_search"
        command = [setpriv, f"--bounding-set={caps}", f"--inh-caps={caps}", *command]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    finally:
        place.chmod(0o755)
    assert (done.stdout, done.stderr) == ("1 0\n0\n", "")


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no /dev/zero here")
    done = kliping("extract", "/dev/zero")
    assert (done.returncode, done.stderr) == (3, b"kliping: /dev/zero: over 10485760 bytes\n")


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31"])
def test_a_page_was_fetched_when_there_was_a_web(moment: str) -> None:
    assert kliping("extract", "/dev/null", "--fetched-at", moment).returncode == 64


def test_users_and_passwords_of_addresses_are_not_kept(tmp_path: Path) -> None:
    """Nobody is connected to: the address is this machine's."""
    path = tmp_path / "a.db"
    kliping("crawl", "http://ani:rahasia@127.0.0.1:9/", "--archive", str(path))
    (tmp_path / "urls.txt").write_text("http://ani:rahasia@contoh.id/a@b\n", "utf-8")
    kliping("import", "urls", str(tmp_path / "urls.txt"), "--archive", str(path))
    assert b"rahasia" not in path.read_bytes()
    with opened(path, "read") as db:
        assert [row[0] for row in db.execute("SELECT url FROM urls ORDER BY id").fetchall()] == [
            "http://127.0.0.1:9/",
            "http://contoh.id/a@b",
        ]


def test_file_names_of_another_charset_are_imported(tmp_path: Path) -> None:
    folder = tmp_path / "berita-\udce9"
    folder.mkdir()
    page = ROOT / "fixtures" / "pontianak.tribunnews.com" / "2019-10-07-pelatihan-arsip-digital" / "page.html"
    shutil.copy(page, folder / "hal\udcff.html")
    done = [kliping("import", "html", str(folder), "--archive", str(tmp_path / "a.db")) for _ in range(2)]
    assert [each.returncode for each in done] == [0, 0], done[0].stderr
    assert [each.stderr.split()[-1] for each in done] == [b"kept", b"known"]


@pytest.mark.parametrize("files", [8, 12, 63])
def test_too_few_open_files_are_named(stored: Path, files: int) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    command = [sys.executable, "-m", "scraper", "crawl", "http://127.0.0.1:9/", "--archive", str(stored)]
    ended = subprocess.run(command, capture_output=True, check=False, preexec_fn=limit)
    assert ended.returncode == 71
    assert (
        ended.stderr.decode() == f"kliping: this process may open only {files} files and needs 64: raise `ulimit -n`\n"
    )


def test_sixty_four_open_files_are_enough_for_a_crawl(tmp_path: Path) -> None:
    with FaultServer() as server:
        server.routes |= paper("127.0.0.1", server.port)
        command = [
            sys.executable,
            "-m",
            "scraper",
            "crawl",
            f"{server.origin}/feed.xml",
            "--delay",
            "0",
            "--archive",
            str(tmp_path / "a.db"),
        ]
        command += ["--allow-net", f"127.0.0.1:{server.port}"]
        ended = subprocess.run(
            command,
            capture_output=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
        )
    assert ended.returncode == 0, ended.stderr
    assert b"3 new articles" in ended.stderr
