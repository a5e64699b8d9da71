"""`kliping export`: a selection of the archive in a standard format."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper import __version__
from scraper.archive.ask.selection import Selection
from scraper.archive.file.connection import open_archive
from scraper.cli.asking import question, reject_unknown_sites
from scraper.cli.options import archive_option, filter_options
from scraper.cli.output import EXIT_PARTLY, counting, put_json, say
from scraper.exchange.export import REMARKS, Exported, ExportOptions
from scraper.exchange.formats import export
from scraper.exchange.forms import FORMATS
from scraper.exchange.package import About, export_package
from scraper.records import as_json

if TYPE_CHECKING:
    from scraper.archive.ask.filters import Filter

SHOWN = 20


@click.command("export")
@click.argument("form", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), help="The file or directory to write.")
@filter_options
@click.option(
    "--query",
    help="Only articles that match this query, as in `kliping search`; @NAME is a saved search.",
)
@click.option(
    "--raw", is_flag=True, help="CSV: leave cells unchanged even if a spreadsheet would run them as formulas."
)
@click.option("--replace", is_flag=True, help="Replace an older export.")
@click.option(
    "--package", is_flag=True, help="Make a directory for publication: the data, a description, and how to cite it."
)
@click.option("--title", help="Title of the package.")
@click.option("--creator", "creators", multiple=True, help="Who made the package; may be repeated.")
@click.option("--license", "licence", help="License of the package, by its SPDX name.")
@click.option("--json", "as_json_lines", is_flag=True, help="Print what was exported as JSON.")
@archive_option
def export_command(
    form: str,
    target: Path,
    wanted: Filter,
    query: str | None,
    title: str | None,
    creators: tuple[str, ...],
    licence: str | None,
    path: Path,
    *,
    raw: bool,
    replace: bool,
    package: bool,
    as_json_lines: bool,
) -> None:
    """Write articles (csv, jsonl, parquet, sqlite, ninjs, newsarticle) or captures (warc, html) to files.

    The export shows the archive at one moment, even while a crawl writes to it. The file gets its
    name only when it is complete; if it is interrupted, the same command continues. With
    filters, captures are those of the pages that the articles were read from. Exit status 3 if
    damage to the archive made something unreadable; it is listed.

    \b
    Example:
      kliping export csv --to articles.csv --site tribun-pontianak --since 2019-10-01
      kliping export parquet --to articles
      kliping export warc --to kalbar.wacz
      kliping export jsonl --to corpus --package --title "Floods 2019" --creator "Our Group"
    """
    if package and not (title and creators):
        raise click.UsageError("--package needs --title and --creator")
    selection = _selection(query, wanted, path)
    options = ExportOptions(
        form=form,
        target=target,
        selection=selection,
        version=__version__,
        raw=raw,
        replace=replace,
    )
    with open_archive(path) as db, counting("exporting") as report:
        reject_unknown_sites(db, selection.wanted)
        if package:
            about = About(title=title or "", authors=creators, packed_at=datetime.now(UTC), license=licence)
            done = export_package(db, options, about, report)
        else:
            done = export(db, options, report)
    _tell(done, target, as_json_lines=as_json_lines)


def _selection(query: str | None, wanted: Filter, path: Path) -> Selection:
    """What is exported; a saved search without words exports everything its filter selects."""
    if query is None:
        return Selection(wanted=wanted)
    asked = question(query, wanted, path)
    is_filter = not asked.query and asked.query != query
    return Selection(wanted=asked.wanted, query=None if is_filter else asked.query, exact=asked.exact)


def _tell(done: Exported, target: Path, *, as_json_lines: bool) -> None:
    if as_json_lines:
        put_json(
            {
                "target": str(target),
                "counts": dict(done.counts),
                "unreadable": as_json(done.unreadable),
                "remarks": dict(+done.remarks),
            }
        )
    if done.is_resumed:
        say("continued an interrupted export")
    say(f"{target}: {', '.join(f'{count} {name}' for name, count in done.counts.items()) or 'nothing is selected'}")
    for remark, count in (+done.remarks).items():
        say(f"{count} {REMARKS[remark]}")
    for each in done.unreadable[:SHOWN]:
        say(f"left out, damaged: {each.kind} {each.key}: {each.detail}")
    if len(done.unreadable) > SHOWN:
        say(f"… and {len(done.unreadable) - SHOWN} more (`kliping verify` names all)")
    if done.unreadable:
        sys.exit(EXIT_PARTLY)
