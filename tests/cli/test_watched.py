"""What a person at a terminal sees of long work: how much is done, of how much; and that nobody else sees it."""

from __future__ import annotations

import io
import os
import re
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

from scraper.cli import cli
from scraper.cli.output import counted_out
from tests.archive.made import article, opened, save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "Bupati Ketapang, Martin Rantan, mengatakan banjir itu surut. " * 10


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("watched") / "a.db"
    with opened(found) as db:
        for number in range(3):
            url = f"https://contoh.id/2026/03/01/berita-{number}"
            save(db, article(f"{TEXT} Nomor {number}.", url=url), b"<p>%d</p>" % number, url=url)
    return found


@contextmanager
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """sys.stderr is a terminal, while it lasts; afterwards the list has what was written to it."""
    ours, theirs = os.openpty()
    told: list[str] = []

    def read() -> None:
        found = b""
        with suppress(OSError):  # EIO: nobody writes any more
            while part := os.read(ours, 1 << 16):
                found += part
        told.append(found.decode())

    reader = threading.Thread(target=read)
    reader.start()
    with os.fdopen(theirs, "w") as terminal, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", terminal)
        yield told
    reader.join()
    os.close(ours)


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        (["words", "banjir"], r"\b3 of 3"),
        (["words", "banjir", "--run", "2"], r"\b3 of 3"),
        (["collocations", "banjir"], r"\b3 of 3"),
        (["concordance", "banjir", "--sort", "right"], r"\b3 of 3"),
        (["names"], r"\b3 of 3"),
        (["clusters", "--update"], r"grouped.*\b3 of 3"),
        (["verify"], r"articles.*\b3 of 3"),
        (["export", "csv", "--to", "TARGET"], "exporting"),
        (["backup", "TARGET"], r"articles.*\b3 of 3"),
        (["reextract", "--dry-run", "--jobs", "1"], r"reading again.*of 3"),
        (["merge", "ARCHIVE", "--to", "TARGET"], "merging a.db"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_who_watches_sees_how_far_it_is(
    command: list[str],
    seen: str,
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = [{"TARGET": str(tmp_path / "out"), "ARCHIVE": str(path)}.get(each, each) for each in command]
    where = [] if command[0] == "merge" else ["--archive", str(path)]
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    with at_a_terminal(monkeypatch) as told:
        try:
            cli.main([*arguments, *where], standalone_mode=False)
        except SystemExit as error:
            assert error.code in (0, 3)
    assert re.search(seen, re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", told[0])), told
    assert "of 3" not in capsys.readouterr().out


def test_who_does_not_watch_sees_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", said := io.StringIO())
    with counted_out() as count:
        count("words", 1, 2)
    assert said.getvalue() == ""
