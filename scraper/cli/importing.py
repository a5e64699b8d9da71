"""`kliping import`: what others have fetched, and lists of what is to be fetched."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper import __version__, archive
from scraper.cli.export import counting
from scraper.cli.options import archive_option, json_option, sites_option
from scraper.cli.output import EXIT_PARTLY, put_json, say
from scraper.exchange.taking import ImportOptions, ImportReport
from scraper.records import as_json

if TYPE_CHECKING:
    from scraper.exchange.taken import Problem

SHOWN = 50


@click.command("import")
@click.argument("kind", metavar="warc|html|urls", type=click.Choice(["warc", "html", "urls"]))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--host", "hosts", multiple=True, help="Only this host and what is below it; may be repeated.")
@click.option("--url-prefix", help="html: the URL of the folder, for pages that do not say where they are from.")
@json_option
@sites_option
@archive_option
def import_command(
    kind: str, paths: tuple[Path, ...], hosts: tuple[str, ...], url_prefix: str | None, path: Path, *, as_json_lines: bool
) -> None:  # fmt: skip
    """Take in WARC or WACZ files, saved pages, or lists of URLs to be queued.

    Pages are read with the rules of the time they were fetched. What is there
    already is not taken in twice, and an import that was interrupted goes on
    when the same command is given again. Exit status 3 when something was
    broken; each such thing is named, and everything else is taken in.

    \b
    Example:
      kliping import warc CC-NEWS-20191007-00012.warc.gz --host tribunnews.com
      kliping import html saved-pages/ --url-prefix https://contoh.id/
      kliping import urls to-fetch.txt
    """
    options = ImportOptions(
        paths=paths, version=__version__, hosts=hosts, url_prefix=url_prefix, arguments=" ".join(sys.argv[1:])
    )
    shown = 0

    def on_problem(problem: Problem) -> None:
        nonlocal shown
        shown += 1
        if as_json_lines:
            put_json(as_json(problem))
        elif shown <= SHOWN:
            where = ":".join(filter(None, (problem.source, problem.member, str(problem.offset or ""))))
            say(f"{problem.outcome.value}: {where}: {' '.join(filter(None, (problem.url, problem.detail)))}")

    with archive.open_archive(path, mode="crawl") as db, counting("importing") as on_count:
        report = ImportReport(on_problem=on_problem, on_count=on_count)
        _run(kind, db, options, report)
    if shown > SHOWN and not as_json_lines:
        say(f"… and {shown - SHOWN} more (--json names all)")
    for name in report.finished_before:
        say(f"{name}: was imported before")
    for outcome, count in report.counts.most_common():
        say(f"{count:7d}  {outcome}")
    if report.has_problems:
        sys.exit(EXIT_PARTLY)


def _run(kind: str, db: archive.Archive, options: ImportOptions, report: ImportReport) -> None:
    if kind == "warc":
        from scraper.exchange.warcimport import import_warc  # noqa: PLC0415  (an extra)

        import_warc(db, options, report)
    elif kind == "html":
        from scraper.exchange.htmlimport import import_html  # noqa: PLC0415  (loads the crawler's fetching)

        import_html(db, options, report)
    else:
        from scraper.exchange.htmlimport import import_urls  # noqa: PLC0415

        import_urls(db, options, report)
