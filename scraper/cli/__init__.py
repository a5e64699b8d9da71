"""The command `kliping`: parse options, one call, print, exit code. No other package prints."""

from __future__ import annotations

import gc
import io
import os
import re
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from scraper import __version__, interrupts
from scraper.cli.output import (
    EXIT_ARCHIVE,
    EXIT_DISK,
    EXIT_INTERRUPTED,
    EXIT_LOCKED,
    EXIT_MACHINE,
    EXIT_USAGE,
    say,
    silence,
)
from scraper.errors import (
    DISK_ERRORS,
    ArchiveError,
    ArchiveFull,
    ArchiveLocked,
    ArchiveRefused,
    KlipingError,
    SystemLimit,
)

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

NEEDED_FILES, WANTED_FILES = (
    64,
    1024,
)  # the archive, two reading processes and a connection or two; a hundred hosts at once need more
# Each command's module and its line in the help, in groups and in the order of the help. Only the module of the command
# that runs is loaded.
GROUPS = {
    "Begin": {
        "demo": ("demo", "Crawl a small newspaper on this machine into a fresh archive."),
        "sites": ("sites", "List the sites that kliping has rules for; show, test and propose rules."),
        "crawl": ("crawl", "Crawl sites, articles, feeds, sitemaps or index pages."),
        "import": ("importing", "Import WARC or WACZ files, saved pages, or lists of URLs."),
    },
    "Keep it going": {
        "schedule": ("schedule", "Crawl indefinitely by a plan file that names sites, intervals and quiet hours."),
        "health": ("health", "Compare each site and layout with its own recent weeks."),
        "coverage": ("coverage", "Show how far date indexes were walked, by site and month."),
        "queue": ("queue", "Show the queue; make URLs due now; remove URLs from the queue."),
        "failures": ("queue", "List URLs whose last attempt failed, newest first."),
        "runs": ("queue", "List the runs, newest first, with how they ended and what they brought."),
        "why": ("queue", "Explain what happened to one URL, and what comes next."),
    },
    "Search and read": {
        "search": ("search", "Find articles by their words, best match first."),
        "show": ("article", "Show one article as a readable page, or as its record."),
        "serve": ("serve", "Show an archive in a web browser: search, read, count."),
        "stats": ("stats", "Count what the archive holds, by site and month."),
    },
    "Ask questions": {
        "trends": ("trends", "Count search results over time, and their share of all articles."),
        "words": ("words", "Count the words of a selection, or find those that distinguish it."),
        "collocations": ("words", "List the words that occur near a word more often than by chance."),
        "concordance": ("concordance", "Show every occurrence of a query in its context."),
        "names": ("names", "Count the people and places named, and who is quoted."),
        "spread": ("spread", "Show who published a story first, and how fast others followed."),
        "sample": ("coding", "Draw a random or stratified sample, as a sheet for coders."),
        "agreement": ("coding", "Read coded sheets back, and measure how far the coders agree."),
        "clusters": ("clusters", "Show articles that are copies or rewrites of each other."),
    },
    "Alerts": {
        "alert": ("alert", "Get notified when articles that match a search appear, change or disappear."),
    },
    "Changes to articles": {
        "revisions": ("revisions", "List the versions of an article, oldest first."),
        "diff": ("revisions", "Show word by word how two versions of an article differ."),
    },
    "Export": {
        "export": ("export", "Write articles as csv, jsonl, parquet, sqlite, ninjs or warc."),
        "body": ("verify", "Write the exact bytes of a capture."),
    },
    "Maintain the archive": {
        "verify": ("verify", "Check the whole archive against its own digests."),
        "backup": ("backup", "Copy the archive, even while a crawl writes to it."),
        "merge": ("care", "Merge archives, keeping each article, capture and visit once."),
        "pack": ("care", "Recompress the pages of past days to save space."),
        "prune": ("care", "Remove captures by a rule."),
        "reextract": ("reextract", "Read every stored page again with today's rules."),
    },
    "Read pages without an archive": {
        "extract": ("extract", "Read one saved news page."),
        "fixture": ("fixture", "Keep pages with the records they must yield, and compare."),
    },
    "This command itself": {
        "completion": ("itself", "Print a script for tab completion in your shell."),
        "manual": ("itself", "Print the manual page."),
    },
}
COMMANDS = {name: command for group in GROUPS.values() for name, command in group.items()}


class _ReaderGone(Exception):
    """The reader of our output wants no more of it; click itself would exit with status 1."""


def _with_the_nearest(error: click.BadParameter) -> click.BadParameter:
    """The error with the closest valid value added; click does this for options, but not for the values of a closed
    list.
    """
    kind = error.param.type if error.param is not None else None
    listed = error.message.rpartition(" is not one of ")[2].split(", ")
    typed = re.match(r"'(.*?)' is not one of ", error.message)
    choices = [str(each) for each in kind.choices] if isinstance(kind, click.Choice) else listed
    near = get_close_matches(typed[1].lower(), choices, n=3, cutoff=0.5) if typed else []
    if not near:
        return error
    message = f"{error.message.removesuffix('.')}. Did you mean {' or '.join(near)}?"
    return click.BadParameter(message, ctx=error.ctx, param=error.param, param_hint=error.param_hint)


class _Commands(click.Group):
    """Commands by name, each loaded when it is used: a search need not wait for the crawler to load."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderGone from error
        except click.BadParameter as error:
            raise _with_the_nearest(error) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            if near := get_close_matches(args[0], COMMANDS, n=3, cutoff=0.5):
                raise click.UsageError(f"{error.message} Did you mean {' or '.join(near)}?", ctx) from error
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        gc.disable()  # nothing that is loaded is garbage, and searching it takes a tenth of the time
        try:
            command: click.Command = getattr(import_module(f"scraper.cli.{module}"), f"{cmd_name}_command")
        finally:
            gc.enable()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        width = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), line) for name, (_, line) in commands.items()])


def _tell_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001  (click's signature)
    """Print the version and which walk reads pages, then exit."""
    if not value or ctx.resilient_parsing:
        return
    from scraper import native  # noqa: PLC0415  (loads the parser)

    click.echo(f"kliping, version {__version__}")
    click.echo("reading: compiled" if native.why_not is None else f"reading: not compiled ({native.why_not})")
    ctx.exit()


@click.group(
    cls=_Commands,
    context_settings={"auto_envvar_prefix": "KLIPING", "help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_tell_version,
    help="Show the version, and whether pages are read by the compiled walk.",
)
def cli() -> None:
    """Keep a region's news: crawl politely, read exactly, keep everything in one SQLite archive.

    \b
    Example:
      kliping crawl tribun-pontianak --max-pages 50
      kliping search "banjir Ketapang"
    """


def exit_code_of(error: KlipingError) -> int:
    """The exit code that docs/contract.md promises for an error that ends a command."""
    if isinstance(error, ArchiveLocked):
        return EXIT_LOCKED
    if isinstance(error, SystemLimit):
        return EXIT_MACHINE
    if isinstance(error, ArchiveFull):
        return EXIT_DISK
    if isinstance(error, ArchiveRefused):
        return EXIT_USAGE
    if isinstance(error, ArchiveError):
        return EXIT_ARCHIVE
    return EXIT_USAGE


def main() -> None:
    """Entry point: run a command, and turn the error that ends it into one line and an exit code."""
    _have_streams()
    try:
        if not {"--help", "--version"} & set(sys.argv[1:]):
            _have_files()
            interrupts.hear()
        code = cli.main(prog_name="kliping", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        code = EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = EXIT_USAGE
    except KlipingError as error:
        say(f"kliping: {error}")
        code = exit_code_of(error)
    except _ReaderGone:
        silence(sys.stdout)
        code = 0
    except UnicodeEncodeError:
        wrong = [argument for argument in sys.argv[1:] if argument.encode("utf-8", "replace").decode() != argument]
        if not wrong:
            raise
        say(f"kliping: not UTF-8: {wrong[0]!r}")
        code = EXIT_USAGE
    except OSError as error:
        silence(sys.stdout)
        where = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, str | bytes) else ""
        say(f"kliping: {where}{error.strerror or error}")
        code = EXIT_DISK if error.errno in DISK_ERRORS else EXIT_USAGE
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        silence(sys.stderr)
    gc.freeze()  # everything that remains ends with the process and need not be searched for garbage
    sys.exit(code if isinstance(code, int) else 0)


def _have_files() -> None:
    """Allow as many open files as the system permits, for a crawl of many hosts. Raises SystemLimit if there are too
    few to do anything.
    """
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < NEEDED_FILES:
        raise SystemLimit(f"this process may open only {most} files and needs {NEEDED_FILES}: raise `ulimit -n`")


def _have_streams() -> None:
    """Open the streams that the caller has closed, so that no file of ours gets their numbers; escape what a terminal's
    charset lacks.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  (for as long as the process lives)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
