"""The command `kliping`: parse options, one call, print, exit code. No other room prints."""

from __future__ import annotations

import sys

import click

from scraper import __version__
from scraper.cli.backup import backup_command
from scraper.cli.crawl import crawl_command
from scraper.cli.demo import demo_command
from scraper.cli.extract import extract_command
from scraper.cli.fixture import fixture_command
from scraper.cli.look import search_command, show_command, stats_command
from scraper.cli.output import EXIT_ARCHIVE, EXIT_DISK, EXIT_INTERRUPTED, EXIT_LOCKED, EXIT_USAGE, say
from scraper.cli.queue import failures_command, queue_command, runs_command, why_command
from scraper.cli.sites import sites_command
from scraper.cli.verify import body_command, verify_command
from scraper.errors import ArchiveError, ArchiveFull, ArchiveLocked, KlipingError


@click.group(
    context_settings={"auto_envvar_prefix": "KLIPING", "help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="kliping")
def cli() -> None:
    """Keep a region's news: crawl politely, read exactly, keep everything in one SQLite archive.

    \b
    Example:
      kliping crawl tribun-pontianak --max-pages 50
      kliping search "banjir Ketapang"
    """


for command in (
    crawl_command,
    queue_command,
    failures_command,
    runs_command,
    why_command,
    extract_command,
    search_command,
    show_command,
    sites_command,
    fixture_command,
    stats_command,
    demo_command,
    backup_command,
    body_command,
    verify_command,
):
    cli.add_command(command)


def exit_code_of(error: KlipingError) -> int:
    """The exit code that CONTRACT.md promises for an error that ends a command."""
    if isinstance(error, ArchiveLocked):
        return EXIT_LOCKED
    if isinstance(error, ArchiveFull):
        return EXIT_DISK
    if isinstance(error, ArchiveError):
        return EXIT_ARCHIVE
    return EXIT_USAGE


def main() -> None:
    """Entry point: run a command and turn what ends it into one line and an exit code."""
    try:
        code = cli.main(prog_name="kliping", standalone_mode=False)
    except click.exceptions.Abort:
        code = EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = EXIT_USAGE
    except KlipingError as error:
        say(f"kliping: {error}")
        code = exit_code_of(error)
    except BrokenPipeError:  # `kliping search … | head`
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
