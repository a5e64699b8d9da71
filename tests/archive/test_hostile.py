"""An archive that somebody made in order to harm: its false claims are named or refused, and every query can be
stopped.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import zstandard
from click.testing import CliRunner

from scraper.archive.ask import counts
from scraper.archive.file import bodies
from scraper.archive.file.watch import limited
from scraper.cli import cli
from scraper.errors import ArchiveDamaged, ArchiveSlow, KlipingError
from tests.archive.made import ROOT, URL, article, opened, save

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "https://contoh.id/2026/03/01/pasar"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
ZEROS = 80 << 20


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "a.db"
    with opened(path) as db:
        save(db, article(tags=("banjir",)), b"<p>satu</p>" * 500)
        save(db, article("Dua."), b"<p>dua dan satu</p>" * 500)
        save(db, article(url=OTHER), b"<p>pasar</p>" * 500, url=OTHER)
    return path


def lying(size: int) -> str:
    frame = zstandard.ZstdCompressor(level=1).compress(bytes(size))
    return f"UPDATE bodies SET codec = 'zstd', base_id = NULL, dictionary_id = NULL, data = x'{frame.hex()}'"


HARM = {
    "loop of bases": ["UPDATE bodies SET codec = 'zstd-delta', dictionary_id = NULL, base_id = 3 - id % 3"],
    "its own base": ["UPDATE bodies SET codec = 'zstd-delta', dictionary_id = NULL, base_id = id"],
    "says little, holds much": [f"{lying(ZEROS)}, raw_bytes = 100"],
    "says much, holds it": [f"{lying(ZEROS)}, raw_bytes = {ZEROS}"],
    "says very much": ["UPDATE bodies SET raw_bytes = 3000000000"],
    "negative size": ["UPDATE bodies SET raw_bytes = -1"],
    "view for a table": ["DROP TABLE tags", f"CREATE VIEW tags AS {ENDLESS} SELECT 1 AS article_id, x AS position, 'a' AS tag FROM n"],
    "view for the articles": ["ALTER TABLE articles RENAME TO a2", f"CREATE VIEW articles AS {ENDLESS} SELECT n.x AS id, a2.* FROM n, a2"],
    "endless view of ours": ["DROP VIEW articles_by_month", f"CREATE VIEW articles_by_month AS {ENDLESS} SELECT 'a' AS site, x AS month, 1 AS articles, 1 AS words, 0 AS changed FROM n"],
    "captures of no body": ["UPDATE captures SET body_id = 90 + id"],
    "captures of no URL": ["UPDATE captures SET url_id = 90 + id"],
    "articles of no capture": ["UPDATE article_captures SET capture_id = 99"],
    "number beyond all": ["INSERT INTO article_captures VALUES (9223372036854775807, 1, 1)", "UPDATE articles SET id = 9223372036854775806 WHERE id = 2"],
    "JSON that is none": ["UPDATE articles SET blocks = '7', section = '{}'", "UPDATE captures SET headers = '[1, 2]', redirects = '[{\"a\": 1}]'"],
    "deep JSON": [f"UPDATE articles SET provenance = '{'[' * 100_000}'"],
    "times that are none": ["UPDATE articles SET first_seen_at = ''", "UPDATE captures SET captured_at = 'dahulu'"],
}  # fmt: skip
COMMANDS = (
    "verify", "stats", "show 1", f"show {URL}", "body 1", "revisions 1", "search jembatan",
    "export jsonl --to OUT", "export csv --to OUT", "export sqlite --to OUT", "export html --to OUT", "export warc --to OUT",
    "merge --to NEW",
)  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_no_command_crashes_hangs_or_grows(sound: Path, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(sound.read_bytes())
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA legacy_alter_table = ON")
        for sql in HARM[harm]:
            plain.execute(sql)
        plain.commit()
    told = {}
    for number, command in enumerate(COMMANDS):
        words = command.replace("OUT", str(tmp_path / f"out{number}")).replace("NEW", str(tmp_path / "new.db")).split()
        end = [str(path)] if command.startswith("merge") else ["--archive", str(path)]
        result = CliRunner().invoke(cli, [*words, *end])
        assert result.exception is None or isinstance(result.exception, SystemExit | KlipingError), (
            command,
            result.exception,
        )
        assert result.exit_code != 2, result.stderr
        told[command] = (result.exit_code, str(result.exception), result.stdout)
    code, error, out = told["verify"]
    assert code != 0
    assert error or out


def test_what_a_body_says_of_its_size_is_checked_before_it_is_unpacked() -> None:
    frame = zstandard.ZstdCompressor().compress(bytes(1 << 20))
    assert bodies.unpack("zstd", frame, 1 << 20, bodies.digest(bytes(1 << 20))) == bytes(1 << 20)
    for size in (100, (1 << 20) + 1, -1):
        with pytest.raises(ArchiveDamaged, match="is said to hold"):
            bodies.unpack("zstd", frame, size, b"")


def test_a_question_without_end_is_ended_and_the_archive_goes_on(sound: Path) -> None:
    with opened(sound, "read") as db:
        for _ in range(2):
            with pytest.raises(ArchiveSlow, match="the question: took over"), limited(db, "the question", 0.05):
                db.execute(f"{ENDLESS} SELECT count(*) FROM n")
            assert counts.stats(db).articles == 2


# A program of ours that asks something without end; Ctrl-C must reach it although no Python runs.
ASKS = f"""
import signal, sys
from pathlib import Path
from scraper import interrupts
from scraper.archive.file.connection import open_archive
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are started deaf to it
interrupts.hear()
with open_archive(Path(sys.argv[1])) as db:
    print("asks", flush=True)
    db.execute("{ENDLESS} SELECT count(*) FROM n")
"""


def test_ctrl_c_ends_a_question_without_end(sound: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKS, str(sound)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"asks\n"
        child.send_signal(signal.SIGINT)
        try:
            _, error = child.communicate(timeout=30)
        finally:
            child.kill()
    assert b"KeyboardInterrupt" in error
    assert child.returncode in (1, -signal.SIGINT)
