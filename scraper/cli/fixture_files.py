"""Fixtures as files: listing, reading and writing them."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import click

from scraper.fixtures import SYNTHETIC, Record, capture_facts, fixture_capture, is_article, short, whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.records import Capture

PAGE, CAPTURE, ARTICLE, ERROR = "page.html", "capture.json", "article.json", "error.json"


def cases(root: Path, host: str | None = None) -> list[Path]:
    """The fixtures below a directory, all or those of one host, by name."""
    return sorted(path.parent for path in root.glob(f"*/*/{CAPTURE}") if host in (None, path.parent.parent.name))


def case_name(case: Path) -> str:
    """HOST/DATE-SLUG."""
    return f"{case.parent.name}/{case.name}"


def load_capture(case: Path) -> Capture:
    """The capture of a fixture. Raises ClickException, naming the file, if it cannot be read."""
    with _told(case / CAPTURE):
        return fixture_capture(_json(case / CAPTURE), (case / PAGE).read_bytes())


def is_synthetic(case: Path) -> bool:
    """Whether a fixture's page was written from notes: its test shows that the rules follow the notes, not that they
    fit the site.
    """
    with _told(case / CAPTURE):
        return _json(case / CAPTURE).get(SYNTHETIC) is True


def load_expected(case: Path) -> Record:
    """The record of a fixture, with all its fields. Raises ClickException unless there is one article.json or
    error.json with valid JSON.
    """
    there = [name for name in (ARTICLE, ERROR) if (case / name).exists()]
    if len(there) != 1:
        raise click.ClickException(f"{case}: it must contain exactly one of {ARTICLE} and {ERROR}")
    with _told(case / there[0]):
        record = _json(case / there[0])
    if is_article(record) != (there[0] == ARTICLE):
        raise click.ClickException(f"{case / there[0]}: not what its name says")
    return whole(record)


def save_fixture(case: Path, capture: Capture, record: Record) -> None:
    """Write a new fixture. Raises FileExistsError if it already exists."""
    case.mkdir(parents=True)
    (case / PAGE).write_bytes(capture.body)
    _write(case / CAPTURE, capture_facts(capture))
    save_expected(case, record)


def save_expected(case: Path, record: Record) -> None:
    """Write the record of a fixture, replacing the existing one."""
    name, other = (ARTICLE, ERROR) if is_article(record) else (ERROR, ARTICLE)
    _write(case / name, short(record))
    (case / other).unlink(missing_ok=True)


def _write(path: Path, value: Record) -> None:
    """Write beside the file and move into place, so that a fixture is never half written."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
    beside.replace(path)


def _json(path: Path) -> Record:
    value = json.loads(path.read_text("utf-8"))
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  (told like every other fault of the file)
    return value


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn an error about a file into one line that names it."""
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{error.filename or path}: {error.strerror}") from error
    except ValueError as error:
        raise click.ClickException(f"{path}: {error}") from error
