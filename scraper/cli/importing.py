"""`kliping import`: pages that others have fetched, and lists of pages to fetch."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper import __version__
from scraper.cli.ccnews import ccnews_command
from scraper.cli.options import archive_option, jobs_option, json_option, place_options, sites_option
from scraper.cli.output import EXIT_PARTLY, counting, put_json, say
from scraper.cli.taking import host_option, import_options, take
from scraper.cli.wayback import wayback_command
from scraper.discreet import kept_arguments
from scraper.records import as_json
from scraper.sites.registry import own_sites
from scraper.text import counted

if TYPE_CHECKING:
    from scraper.cluster import Place
    from scraper.exchange.shards import Form, Sharded

paths_argument = click.argument(
    "paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True)
)


@click.group("import", subcommand_metavar="warc|html|urls|ccnews|wayback [OPTIONS] [PATH...]")
def import_command() -> None:
    """Import WARC or WACZ files, saved pages, or lists of URLs for the queue.

    Pages are read with the rules for the time they were fetched. Nothing is imported twice, and
    after an interruption the same command continues. Exit status 3 if something was broken;
    each problem is named, and everything else is imported.

    \b
    Example:
      kliping import warc CC-NEWS-20191007-00012.warc.gz --host tribunnews.com
      kliping import html saved-pages/ --url-prefix https://contoh.id/
      kliping import urls to-fetch.txt
      kliping import ccnews --host tribunnews.com --month 2019-10..2019-12
      kliping import wayback tribun-pontianak --since 2014-01-01 --until 2015-12-31
    """


import_command.add_command(ccnews_command)
import_command.add_command(wayback_command)


@import_command.command("warc")
@paths_argument
@host_option
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    help="Read the files separately and in parallel into this directory instead of the archive.",
)
@click.option(
    "--form",
    "forms",
    multiple=True,
    type=click.Choice(["archive", "parquet"]),
    default=("archive",),
    show_default=True,
    help="With --to: turn each file into an archive for `kliping merge`, or into Parquet by month; may be repeated.",
)
@place_options
@json_option
@sites_option
@archive_option
def warc_command(
    paths: tuple[Path, ...],
    hosts: tuple[str, ...],
    target: Path | None,
    forms: tuple[Form, ...],
    place: Place,
    path: Path,
    *,
    as_json_lines: bool,
) -> None:
    """Import WARC and WACZ files from Common Crawl, Browsertrix, wget, Heritrix or `kliping export warc`.

    --jobs processes read pages while the archive is written. With --to, many files are read in
    parallel, by --jobs processes here or on a --cluster; the manifest in the directory says
    what is done, and a lost worker costs the time of one file.

    \b
    Example:
      kliping import warc CC-NEWS-20191007-00012.warc.gz --host tribunnews.com
      kliping import warc CC-NEWS-*.warc.gz --to shards/ --jobs 8
    """
    if target is not None:
        _in_shards(paths, target, hosts, forms, place, as_json_lines=as_json_lines)
        return
    if place.cluster is not None:
        raise click.UsageError("--cluster needs --to DIRECTORY for the results")
    from scraper.exchange.warcimport import import_warc  # noqa: PLC0415  (an extra)

    take(path, import_warc, import_options(paths, hosts=hosts, jobs=place.jobs), as_json_lines=as_json_lines)


@import_command.command("html")
@paths_argument
@host_option
@click.option("--url-prefix", help="The folder's URL, for pages that do not state theirs.")
@jobs_option
@json_option
@sites_option
@archive_option
def html_command(
    paths: tuple[Path, ...],
    hosts: tuple[str, ...],
    url_prefix: str | None,
    path: Path,
    *,
    jobs: int,
    as_json_lines: bool,
) -> None:
    """Import saved pages: folders or files from a browser, SingleFile, monolith, HTTrack or `kliping export html`.

    \b
    Example:
      kliping import html saved-pages/ --url-prefix https://contoh.id/
    """
    from scraper.exchange.htmlimport import import_html  # noqa: PLC0415  (loads the crawler's fetching)

    take(
        path,
        import_html,
        import_options(paths, hosts=hosts, url_prefix=url_prefix, jobs=jobs),
        as_json_lines=as_json_lines,
    )


@import_command.command("urls")
@paths_argument
@host_option
@json_option
@sites_option
@archive_option
def urls_command(paths: tuple[Path, ...], hosts: tuple[str, ...], path: Path, *, as_json_lines: bool) -> None:
    """Queue the URLs in text files, one per line; `#` begins a comment.

    \b
    Example:
      kliping import urls to-fetch.txt
    """
    from scraper.exchange.htmlimport import import_urls  # noqa: PLC0415  (loads the crawler's fetching)

    take(path, import_urls, import_options(paths, hosts=hosts), as_json_lines=as_json_lines)


def _in_shards(
    paths: tuple[Path, ...],
    target: Path,
    hosts: tuple[str, ...],
    forms: tuple[Form, ...],
    place: Place,
    *,
    as_json_lines: bool,
) -> None:
    from scraper.exchange.shards import WarcShard, import_in_shards  # noqa: PLC0415  (an extra)

    shards = [
        WarcShard(
            source=each.absolute(), target=target.absolute(), hosts=hosts, forms=tuple(dict.fromkeys(forms)),
            version=__version__, arguments=kept_arguments(sys.argv[1:]), sites=own_sites(),
        )
        for each in paths
    ]  # fmt: skip
    with counting(f"reading {counted(len(shards), 'file')}") as on_count:

        def show(done: Sharded) -> None:
            on_count(Counter(files=done.done + done.known + len(done.failures)) + done.counts)

        done = import_in_shards(shards, place, on_shard=show)
    if as_json_lines:
        put_json({"target": str(target), **as_json(done)})
    _say_shards(done, target)
    if done.failures or done.problems:
        sys.exit(EXIT_PARTLY)


def _say_shards(done: Sharded, target: Path) -> None:
    for name, why in done.failures:
        say(f"failed: {name}: {why}")
    for outcome, count in done.counts.most_common():
        say(f"{count:7d}  {outcome}")
    say(f"{target}: {counted(done.done, 'file')} read, {done.known} were there before, {len(done.failures)} failed")
    if done.problems:
        say(f"{done.problems} records were broken; {target}/shards/*.json name them")
