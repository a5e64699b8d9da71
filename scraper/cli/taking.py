"""What the commands of `kliping import` share: the archive they fill, and their reports."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from scraper import __version__
from scraper.archive.file.connection import open_archive
from scraper.cli.output import EXIT_PARTLY, counting, put_json, say
from scraper.discreet import kept_arguments
from scraper.exchange.taking import ImportOptions, ImportReport
from scraper.records import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.exchange.taken import Problem

SHOWN = 50

host_option = click.option(
    "--host", "--hosts", "hosts", multiple=True, help="Only this host and its subdomains; may be repeated."
)


def import_options(
    paths: tuple[Path, ...], *, hosts: tuple[str, ...] = (), url_prefix: str | None = None, jobs: int = 0
) -> ImportOptions:
    """The options from the command line."""
    arguments = kept_arguments(sys.argv[1:])
    return ImportOptions(
        paths=paths, version=__version__, hosts=hosts, url_prefix=url_prefix, arguments=arguments, ahead=jobs
    )


def take(
    path: Path,
    work: Callable[[Archive, ImportOptions, ImportReport], None],
    options: ImportOptions,
    *,
    as_json_lines: bool,
) -> None:
    """Import into an archive, report the result, and exit with status 3 if something was broken."""
    with taking(path, as_json_lines=as_json_lines) as (db, report):
        work(db, options, report)
    if report.has_problems:
        sys.exit(EXIT_PARTLY)


@contextmanager
def taking(path: Path, *, as_json_lines: bool) -> Iterator[tuple[Archive, ImportReport]]:
    """An archive to import into, and a report to fill; afterwards the outcomes are counted on stderr."""
    named = _Named(as_json_lines=as_json_lines)
    with open_archive(path, mode="crawl") as db, counting("importing") as on_count:
        report = ImportReport(on_problem=named.tell, on_count=on_count)
        yield db, report
    if named.left_out:
        say(f"… and {named.left_out} more (--json names all)")
    for name in report.finished_before:
        say(f"{name}: was imported before")
    for outcome, count in report.counts.most_common():
        say(f"{count:7d}  {outcome}")
    if report.passed:
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.passed.most_common())
        say(f"no pages: {kinds}")


class _Named:
    """Names what was broken: everything to a program, as much as can be read to a person."""

    def __init__(self, *, as_json_lines: bool) -> None:
        self._as_json_lines = as_json_lines
        self._count = 0

    @property
    def left_out(self) -> int:
        """How many were not named."""
        return 0 if self._as_json_lines else max(0, self._count - SHOWN)

    def tell(self, problem: Problem) -> None:
        """Name one problem."""
        self._count += 1
        if self._as_json_lines:
            put_json(as_json(problem))
        elif self._count <= SHOWN:
            where = ":".join(filter(None, (problem.source, problem.member, str(problem.offset or ""))))
            say(f"{problem.outcome.value}: {where}: {' '.join(filter(None, (problem.url, problem.detail)))}")
