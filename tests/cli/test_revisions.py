"""`kliping revisions` and `diff` on an article that its paper changed twice and the extractor once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from scraper.cli import cli
from scraper.worddiff import word_diff
from tests.archive.made import NOW, URL, article, opened, save

if TYPE_CHECKING:
    from pathlib import Path

HOUR = timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article("Lima orang luka.", "Hujan turun."), b"<p>1</p>")
        save(db, article("Enam orang luka.", "Hujan turun."), b"<p>2</p>", at=NOW + HOUR)
        save(db, article("Enam orang luka.", "Hujan turun. Iklan."), b"<p>2</p>", at=NOW + 2 * HOUR)
        save(db, article("Enam orang luka.", headline="Jembatan \x1b[31m lama"), b"<p>3</p>", at=NOW + 3 * HOUR)
    return path


def kliping(path: Path, *arguments: str, **options: Any) -> tuple[int, str, str]:
    done = CliRunner().invoke(cli, [*arguments, "--archive", str(path)], **options)
    return done.exit_code, done.stdout, done.stderr


def test_versions_are_listed_with_who_made_them(path: Path) -> None:
    status, text, _ = kliping(path, "revisions", URL)
    assert status == 0
    assert [line.split()[0] for line in text.splitlines()[1:]] == ["1", "2", "3", "4"]
    found = [json.loads(line) for line in kliping(path, "revisions", "1", "--json")[1].splitlines()]
    assert [(each["number"], each["by"], each["kinds"], each["capture_id"]) for each in found] == [
        (1, None, [], 1), (2, "publisher", ["number"], 2), (3, "extractor", [], 2), (4, "publisher", ["headline", "deletion"], 3),
    ]  # fmt: skip
    assert [each["since"] for each in found[1:]] == [each["until"] for each in found[:-1]]


def test_a_diff_shows_words_and_needs_no_terminal(path: Path) -> None:
    status, text, _ = kliping(path, "diff", URL, "1", "2")
    assert status == 0
    assert "[-Lima-]{+Enam+} orang luka." in text
    text = kliping(path, "diff", URL)[1]
    assert "headline:" in text
    assert "3 (" in text.splitlines()[0], "the latest change by the publisher"
    assert "\x1b" not in text
    found = json.loads(kliping(path, "diff", URL, "2", "--json")[1])
    assert (found["before"]["number"], found["after"]["kinds"]) == (1, ["number"])
    assert [edit["op"] for edit in found["edits"]["body"]] == ["out", "in", "same"]


def test_a_terminal_gets_colours_unless_it_wants_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scraper.cli import revisions  # noqa: PLC0415

    edits = word_diff("Lima orang", "Enam \x1borang")
    coloured = revisions._shown(edits, is_coloured=True)
    assert click.unstyle(coloured).count("\x1b") == 0, "what a page says cannot steer the terminal"
    assert "\x1b[31m" in coloured
    assert "\x1b[32m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in kliping(path, "diff", URL, color=True)[1]


def test_what_is_not_there_is_said(path: Path) -> None:
    assert kliping(path, "revisions", "https://contoh.id/lain")[0] == 3
    assert kliping(path, "diff", URL, "1", "9")[::2] == (3, f"{URL}: no such versions; it has 1, 2, 3, 4\n")
    assert kliping(path, "diff", URL, "1")[0] == 3, "nothing is before the first"
    with opened(path) as db:
        db.execute("DELETE FROM revisions")
        db.execute("UPDATE articles SET revision = 1, withdrawn_at = '2026-03-05T00:00:00Z', flips = 4")
    assert "no change by the publisher" in kliping(path, "diff", URL)[2]
    said = kliping(path, "revisions", URL)[2]
    assert "4 more times" in said
    assert "withdrawn since 2026-03-05" in said


def test_versions_of_an_archive_of_format_1_get_their_kinds_when_they_are_shown(path: Path) -> None:
    with opened(path) as db:
        db.execute("UPDATE revisions SET kinds = NULL, next_capture_id = NULL")
    found = [json.loads(line) for line in kliping(path, "revisions", "1", "--json")[1].splitlines()]
    assert [each["kinds"] for each in found] == [[], ["number"], [], ["headline", "deletion"]]
