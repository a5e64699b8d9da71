"""`kliping import`: what others have fetched, and lists of what is to be fetched."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from scraper import __version__, archive
from scraper.cli.ccnews import CommonCrawl, import_months, show_overlap
from scraper.cli.export import counting
from scraper.cli.options import (
    allowed_nets,
    archive_option,
    json_option,
    net_options,
    place_options,
    replayed_origins,
    sites_option,
)
from scraper.cli.output import EXIT_PARTLY, put_json, say
from scraper.exchange.taking import ImportOptions, ImportReport
from scraper.fetch import FetchSettings, user_agent
from scraper.records import as_json
from scraper.sites.registry import own_sites

if TYPE_CHECKING:
    from scraper.cluster import Place
    from scraper.exchange.shards import Form
    from scraper.exchange.taken import Problem

SHOWN = 50


@click.command("import")
@click.argument("kind", metavar="warc|html|urls|ccnews", type=click.Choice(["warc", "html", "urls", "ccnews"]))
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option("--host", "--hosts", "hosts", multiple=True, help="Only this host and what is below it; may be repeated.")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    help="warc: read each file by itself, side by side, into a directory instead of the archive.",
)
@click.option(
    "--form",
    "forms",
    multiple=True,
    type=click.Choice(["archive", "parquet"]),
    default=("archive",),
    show_default=True,
    help="With --to: what each file becomes, an archive for `kliping merge`, or Parquet by month; may be repeated.",
)
@place_options
@click.option("--url-prefix", help="html: the URL of the folder, for pages that do not say where they are from.")
@click.option(
    "--month",
    "--months",
    "months",
    multiple=True,
    metavar="MONTH[..MONTH]",
    help="ccnews: 2019-10, or 2019-10..2020-02.",
)
@click.option(
    "--base-url", default="https://data.commoncrawl.org", show_default=True, help="ccnews: where the files are served."
)
@click.option(
    "--delay",
    type=click.FloatRange(0, 300),
    default=2.0,
    show_default=True,
    help="ccnews: seconds between two requests.",
)
@net_options
@json_option
@sites_option
@archive_option
def import_command(
    kind: str,
    paths: tuple[Path, ...],
    hosts: tuple[str, ...],
    url_prefix: str | None,
    target: Path | None,
    forms: tuple[Form, ...],
    place: Place,
    months: tuple[str, ...],
    path: Path,
    *,
    base_url: str,
    delay: float,
    contact: str | None,
    allow_net: tuple[str, ...],
    replay: tuple[str, ...],
    as_json_lines: bool,
) -> None:
    """Take in WARC or WACZ files, saved pages, or lists of URLs to be queued.

    Pages are read with the rules of the time they were fetched. What is there
    already is not taken in twice, and an import that was interrupted goes on
    when the same command is given again. Exit status 3 when something was
    broken; each such thing is named, and everything else is taken in.

    ccnews reads the news files of Common Crawl over the web, keeps only what is of
    --host, and compares it with what was crawled here.

    With --to, many WARC files are read at once, by --jobs processes here or on a
    --cluster; the manifest in the directory says what is done, and a lost worker
    costs the time of one file.

    \b
    Example:
      kliping import warc CC-NEWS-20191007-00012.warc.gz --host tribunnews.com
      kliping import warc CC-NEWS-*.warc.gz --to shards/ --jobs 8
      kliping import html saved-pages/ --url-prefix https://contoh.id/
      kliping import urls to-fetch.txt
      kliping import ccnews --host tribunnews.com --month 2019-10..2019-12
    """
    _refuse_misfits(kind, paths, target, place)
    if target is not None:
        _in_shards(paths, target, hosts, forms, place, as_json_lines=as_json_lines)
        return
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

    settings = FetchSettings(
        user_agent=user_agent(__version__, contact),
        contact=contact,
        delay_s=delay,
        deadline_s=600,  # of a piece, on a slow line
        allow_net=allowed_nets(allow_net),
        replay=replayed_origins(replay),
    )
    with archive.open_archive(path, mode="crawl") as db, counting("importing") as on_count:
        report = ImportReport(on_problem=on_problem, on_count=on_count)
        if kind == "ccnews":
            found = import_months(db, CommonCrawl(base_url.rstrip("/"), months, settings), options, report)
        else:
            _run(kind, db, options, report)
    if shown > SHOWN and not as_json_lines:
        say(f"… and {shown - SHOWN} more (--json names all)")
    for name in report.finished_before:
        say(f"{name}: was imported before")
    for outcome, count in report.counts.most_common():
        say(f"{count:7d}  {outcome}")
    if kind == "ccnews":
        show_overlap(found, as_json_lines=as_json_lines)
    if report.has_problems:
        sys.exit(EXIT_PARTLY)


def _refuse_misfits(kind: str, paths: tuple[Path, ...], target: Path | None, place: Place) -> None:
    """Raises UsageError for options that do not go together."""
    if kind != "ccnews" and not paths:
        raise click.UsageError(f"{kind} needs files to import")
    if target is not None and kind != "warc":
        raise click.UsageError("--to is for WARC files")
    is_asked = click.get_current_context().get_parameter_source("jobs") is ParameterSource.COMMANDLINE
    if target is None and (place.cluster is not None or is_asked):
        raise click.UsageError("--jobs and --cluster read each file by itself: --to says into which directory")


def _in_shards(
    paths: tuple[Path, ...],
    target: Path,
    hosts: tuple[str, ...],
    forms: tuple[Form, ...],
    place: Place,
    *,
    as_json_lines: bool,
) -> None:
    from scraper.exchange.shards import Sharded, WarcShard, import_in_shards  # noqa: PLC0415  (an extra)

    shards = [
        WarcShard(
            source=each.absolute(), target=target.absolute(), hosts=hosts, forms=tuple(dict.fromkeys(forms)),
            version=__version__, arguments=" ".join(sys.argv[1:]), sites=own_sites(),
        )
        for each in paths
    ]  # fmt: skip
    with counting(f"reading {len(shards)} files") as on_count:

        def show(done: Sharded) -> None:
            on_count(Counter(files=done.done + done.known + len(done.failures)) + done.counts)

        done = import_in_shards(shards, place, on_shard=show)
    if as_json_lines:
        put_json({"target": str(target), **as_json(done)})
    for name, why in done.failures:
        say(f"failed: {name}: {why}")
    for outcome, count in done.counts.most_common():
        say(f"{count:7d}  {outcome}")
    say(f"{target}: {done.done} files read, {done.known} were there before, {len(done.failures)} failed")
    if done.problems:
        say(f"{done.problems} records were broken: {target}/shards/*.json name them")
    if done.failures or done.problems:
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
