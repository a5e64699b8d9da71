"""`kliping extract`: read one page from a file and print its record."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.alone import explain_alone, extract_alone
from scraper.archive.file.bodies import decompress
from scraper.cli.article import article_lines
from scraper.cli.options import MOMENT, sites_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say
from scraper.errors import ArchiveError, ExtractError
from scraper.html import MAX_HTML_BYTES
from scraper.processes import Given
from scraper.records import as_json
from scraper.text import shorten

MAX_SHOWN = 120  # characters of a text that was left out
GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from scraper.extract import Explanation


class UnreadableFile(Exception):
    """The file does not contain a page that we can read."""


@click.command("extract")
@click.argument("source", metavar="FILE|-")
@click.option("--url", help="URL of the page; selects the site's rules and resolves links.")
@click.option("--fetched-at", type=MOMENT, help="When the page was fetched.")
@click.option("--format", "form", type=click.Choice(["json", "text"]), default="json", show_default=True)
@click.option(
    "--explain", "is_explained", is_flag=True, help="Explain on standard error why the page was read this way."
)
@click.option("--embeds", is_flag=True, help="Treat embedded posts of social networks as quotations in the text.")
@sites_option
def extract_command(
    source: str, url: str | None, fetched_at: datetime | None, form: str, *, is_explained: bool, embeds: bool
) -> None:
    """Read one saved news page (HTML, also .gz and .zst; - for standard input) and print its record.

    The page is read in a separate process, within the limits of a crawl (10 s of CPU, 1 GiB).

    Exit status 0 with a record; 3, with one line that says why, if the page is not an article
    or cannot be read.

    \b
    Example:
      kliping extract page.html --url https://pontianak.tribunnews.com/2019/10/07/…
      curl -s https://… | kliping extract - --format text
      kliping extract page.html --explain > record.json
    """
    try:
        page = Given(html=page_bytes(source), url=url, fetched_at=fetched_at, embeds=embeds)
        if is_explained:
            found = explain_alone(page)
            for line in explanation_lines(found):
                say(line)
            if found.refusal is not None:
                raise found.refusal
            article = found.article
        else:
            article = extract_alone(page)
    except (ExtractError, UnreadableFile) as error:
        say(f"kliping: {error}" if isinstance(error, ExtractError) else f"kliping: {source}: {error}")
        sys.exit(EXIT_PARTLY)
    if form == "json":
        put_json(as_json(article))
    else:
        for line in article_lines(as_json(article)):
            put(line)


def explanation_lines(found: Explanation) -> Iterator[str]:
    """An explanation for a person, line by line."""
    yield f"site: {found.site or 'none known'}"
    for selector, score, size in found.candidates:
        yield f"candidate {selector}: score {score:.0f}, {size:.0f} characters of text"
    for decision in found.decisions:
        yield f"{decision.about} {shorten(decision.outcome, MAX_SHOWN)}: {decision.reason}"
    yield f"read: {', '.join(found.containers) or 'no element'}"
    for removal in found.removals:
        yield f"dropped ({removal.rule}; {', '.join(removal.signs)}): {shorten(removal.text, MAX_SHOWN)}"
    for doubt in found.doubts:
        yield f"kept in doubt ({doubt.rule}; {', '.join(doubt.signs)}): {shorten(doubt.text, MAX_SHOWN)}"
    if found.article is not None:
        for name, where in sorted(found.article.provenance.items()):
            yield f"{name:<16} from {where}"
        yield f"warnings: {', '.join(found.article.warnings) or 'none'}"


def page_bytes(source: str) -> bytes:
    """The bytes of the page, decompressed according to their content, not to the file's name."""
    try:
        if source == "-":
            data = sys.stdin.buffer.read(MAX_HTML_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_HTML_BYTES + 1)  # a device or a disk image has no end
    except OSError as error:
        raise UnreadableFile(error.strerror or str(error)) from error
    if len(data) > MAX_HTML_BYTES:
        raise UnreadableFile(f"over {MAX_HTML_BYTES} bytes")
    try:
        if data.startswith(GZIP_MAGIC):
            return gunzip(data)
        if data.startswith(ZSTD_MAGIC):
            return decompress(data, limit=MAX_HTML_BYTES)
    except (zlib.error, ArchiveError) as error:
        raise UnreadableFile(f"damaged: {error}") from error
    return data


def gunzip(data: bytes) -> bytes:
    """All members of a gzip file, up to the size limit of a page."""
    parts: list[bytes] = []
    room = MAX_HTML_BYTES
    while data:
        unpack = zlib.decompressobj(wbits=31)
        parts.append(unpack.decompress(data, room))
        room -= len(parts[-1])
        if not unpack.eof:
            raise UnreadableFile("cut short" if not unpack.unconsumed_tail else f"over {MAX_HTML_BYTES} bytes unpacked")
        data = unpack.unused_data.lstrip(b"\0")
        if room <= 0 and data:
            raise UnreadableFile(f"over {MAX_HTML_BYTES} bytes unpacked")
    return b"".join(parts)
