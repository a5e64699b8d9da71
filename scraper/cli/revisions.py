"""`kliping revisions` and `kliping diff`: what a paper changed in an article after publication."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.ask import versions
from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.cli.options import archive_option, json_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table
from scraper.records import as_json
from scraper.text import terminal_safe
from scraper.worddiff import is_compared, word_diff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.archive.ask.versions import History, StoredVersion
    from scraper.worddiff import Edit

_FIELDS = ("headline", "byline", "lede")


def _history(path: Path, key: str) -> History | None:
    with open_archive(path) as db:
        found = lookup.article(db, int(key) if key.isascii() and key.isdigit() and len(key) < 19 else key)
        return versions.versions_of(db, found.article_id) if found else None


def _known(path: Path, key: str) -> History:
    found = _history(path, key)
    if found is None:
        say(f"{key}: no article")
        sys.exit(EXIT_PARTLY)
    return found


@click.command("revisions")
@click.argument("key", metavar="URL|ID")
@json_option
@archive_option
def revisions_command(key: str, path: Path, *, as_json_lines: bool) -> None:
    """List the versions of an article, oldest first: since when, changed by whom, and what changed.

    "publisher" is a change of the page, with its kinds (docs/revisions.md); "extractor" means
    that other rules read the same page. Exit status 3 if there is no such article.

    \b
    Example:
      kliping revisions 17
      kliping revisions https://contoh.id/berita/1 --json
    """
    found = _known(path, key)
    if as_json_lines:
        for each in found.versions:
            put_json(as_json(each) | {"url": found.url, "article_id": found.article_id})
    else:
        rows = [
            [
                each.number,
                _day(each.since),
                each.by or "",
                ", ".join(each.kinds),
                each.capture_id,
                each.version.headline,
            ]
            for each in found.versions
        ]
        table(rows, header=("version", "since", "by", "changed", "capture", "headline"))
    if found.flips:
        say(f"the page went back and forth {found.flips} more times between earlier versions")
    if found.withdrawn_at is not None:
        say(f"withdrawn since {_day(found.withdrawn_at)}")
    if found.waiting is not None:
        since, headline, capture_id = found.waiting
        say(
            f"since {_day(since)} another text stands there, not confirmed yet: {terminal_safe(headline)} (capture {capture_id})"
        )


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


@click.command("diff")
@click.argument("key", metavar="URL|ID")
@click.argument("first", metavar="[A]", type=int, required=False)
@click.argument("second", metavar="[B]", type=int, required=False)
@json_option
@archive_option
def diff_command(key: str, first: int | None, second: int | None, path: Path, *, as_json_lines: bool) -> None:
    """Show word by word how version B of an article differs from version A.

    Without numbers, show the publisher's latest change; with one, compare that version with the one
    before it. Deleted words are red or [-in these-], added words green or {+in these+}. Exit
    status 3 if there is nothing to compare.

    \b
    Example:
      kliping diff 17
      kliping diff https://contoh.id/berita/1 1 3 --json
    """
    found = _known(path, key)
    pair = _pair(found, first, second)
    if pair is None:
        known = ", ".join(str(each.number) for each in found.versions)
        say(f"{found.url}: " + ("no change by the publisher" if first is None else f"no such versions; it has {known}"))
        sys.exit(EXIT_PARTLY)
    before, after = pair
    parts = list(_parts(before, after))
    if as_json_lines:
        put_json(
            {"url": found.url, "article_id": found.article_id}
            | {name: as_json(each) for name, each in (("before", before), ("after", after))}
            | {"edits": {name: as_json(edits) for name, edits in parts}}
        )
        return
    put(terminal_safe(f"{found.url}  {before.number} ({_day(before.since)}) → {after.number} ({_day(after.since)})"))
    put(terminal_safe("  ".join(filter(None, (after.by, ", ".join(after.kinds))))))
    if not is_compared(*("\n\n".join(each.version.blocks) for each in pair)):
        say(
            "the texts differ too much for a word-by-word comparison: all between the first and last difference is shown as one piece"
        )
    for name, edits in parts:
        put()
        put(f"{name}:")
        put(_shown(edits, is_coloured=sys.stdout.isatty() and "NO_COLOR" not in os.environ))


def _pair(found: History, first: int | None, second: int | None) -> tuple[StoredVersion, StoredVersion] | None:
    """The two versions to compare; None if they do not exist."""
    by_number = {each.number: each for each in found.versions}
    if second is None:
        if first is None:
            made = [each.number for each in found.versions if each.by == "publisher"]
            first = made[-1] if made else None
        first, second = (first - 1 if first is not None else None), first
    if first not in by_number or second not in by_number:
        return None
    return by_number[first], by_number[second]


def _parts(before: StoredVersion, after: StoredVersion) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    """The fields that differ, and the body."""
    for name in _FIELDS:
        old, new = getattr(before.version, name) or "", getattr(after.version, name) or ""
        edits = word_diff(old, new)
        if any(edit.op != "same" for edit in edits):
            yield name, edits
    edits = word_diff("\n\n".join(before.version.blocks), "\n\n".join(after.version.blocks))
    if any(edit.op != "same" for edit in edits):
        yield "body", edits


def _shown(edits: tuple[Edit, ...], *, is_coloured: bool) -> str:
    marks = {"same": "{}", "out": "[-{}-]", "in": "{{+{}+}}"}
    shown = []
    for edit in edits:
        text = terminal_safe(edit.text, keep_newlines=True)
        if not is_coloured:
            shown.append(marks[edit.op].format(text))
        elif edit.op == "same":
            shown.append(text)
        else:
            shown.append(click.style(text, fg="red" if edit.op == "out" else "green", strikethrough=edit.op == "out"))
    return "".join(shown)
