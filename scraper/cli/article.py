"""`kliping show`, and an article record in readable form, for it and for `extract --format text`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import article
from scraper.cli.options import archive_option, json_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, wrapped
from scraper.schema import LABELS
from scraper.text import terminal_safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MARKS = {"list_item": "  • ", "quote": "  │ ", "table_row": "  ", "subheading": "## "}


@click.command("show")
@click.argument("key", metavar="ID|URL")
@json_option
@archive_option
def show_command(key: str, path: Path, *, as_json_lines: bool) -> None:
    """Show one article as a readable page, or as its record with --json.

    \b
    Example:
      kliping show 17
      kliping show https://pontianak.tribunnews.com/2019/10/07/… --json
    """
    with open_archive(path) as db:
        stored = article(db, int(key) if key.isdecimal() and len(key) < 19 else key)
    if stored is None:
        say(f"kliping: {key}: no such article in {path}")
        sys.exit(EXIT_PARTLY)
    if as_json_lines:
        put_json(stored.record)
        return
    for line in article_lines(stored.record):
        put(line)
    captures = ", ".join(map(str, stored.captures))
    put(
        f"article {stored.article_id}, revision {stored.revision}, captures {captures}, last seen {stored.last_seen_at:%Y-%m-%d %H:%M} UTC"
    )


def article_lines(record: dict[str, Any]) -> Iterator[str]:
    """The lines of a readable page; schemas/article.schema.json defines `record`."""
    if record["kicker"]:
        yield wrapped(record["kicker"])
    yield wrapped(record["headline"])
    yield "=" * min(88, max(len(line) for line in wrapped(record["headline"]).splitlines()))
    yield from _details(record)
    if record["lede"]:
        yield ""
        yield wrapped(record["lede"], indent="  ")
    yield from _body(record)
    if record["sign_off"]:
        yield ""
        yield terminal_safe(record["sign_off"])
    yield ""
    yield from _footer(record)


def _details(record: dict[str, Any]) -> Iterator[str]:
    if record["byline"]:
        yield wrapped(record["byline"])
    credited = [f"{author['name']} ({author['role'].replace('_', ' ')})" for author in record["authors"]]
    credited += [f"{name} (editor)" for name in record["editors"]]
    if credited:
        yield wrapped(", ".join(credited))
    if record["published_at"]:
        modified = f", changed {record['modified_at']}" if record["modified_at"] else ""
        yield f"published {record['published_at']}{modified}"


def _body(record: dict[str, Any]) -> Iterator[str]:
    related: dict[int, list[str]] = {}
    for link in record["related_links"]:
        label = f"{link['label']}: " if link["label"] else ""
        related.setdefault(link["after_block"], []).append(f"{label}{link['text']} <{link['url']}>")
    dateline = f"{record['dateline']['text']} — " if record["dateline"] else ""
    for number, block in enumerate(record["body"]):
        yield from (wrapped(text, indent="    ", first="  → ") for text in related.get(number, ()))
        yield ""
        mark = _MARKS.get(block["kind"], "")
        text = f"{dateline}{block['text']}" if number == 0 else block["text"]
        yield wrapped(text, indent=" " * len(mark), first=mark)
    after = len(record["body"])
    yield from (wrapped(text, indent="    ", first="  → ") for text in related.get(after, ()))


def _footer(record: dict[str, Any]) -> Iterator[str]:
    image = record["image"]
    if image and image["caption"]:
        yield wrapped(f"Picture: {image['caption']}" + (f" ({image['credit']})" if image["credit"] else ""))
    if record["section"]:
        yield wrapped("Section: " + " > ".join(record["section"]))
    if record["tags"]:
        yield wrapped("Tags: " + ", ".join(record["tags"]))
    for name, label in LABELS.items():
        if record[name]:
            yield wrapped(f"{label}: {record[name]}")
    if record["page_count"] > 1:
        yield f"Page {record['page']} of {record['page_count']}"
    if record["warnings"]:
        yield wrapped("Warnings: " + ", ".join(record["warnings"]))
    yield wrapped(f"{record['url']} [{record['layout']}]")
