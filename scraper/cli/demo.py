"""`kliping demo`: a page's whole way through kliping, on a newspaper served on loopback."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

import click

from scraper import __version__
from scraper.archive.ask import search
from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import article
from scraper.cli.article import article_lines
from scraper.cli.crawl import show_summary
from scraper.cli.output import put, say
from scraper.cli.search import search_command
from scraper.crawl import CrawlOptions, crawl
from scraper.demo import newspaper
from scraper.fetch import FetchSettings, parse_allow_net, user_agent

DEMO_TARGETS = ("tribun-pontianak",)
DEMO_QUERY = "banjir sungai"


@click.command("demo")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    is_flag=False,
    flag_value="kliping.db",
    help="Keep the demo's archive in this file; kliping.db if none is named.",
)
def demo_command(keep: Path | None) -> None:
    """Crawl a small newspaper on this machine into a fresh archive, then search it and read an article.

    The pages are kliping's own fixtures (true markup, invented news), served
    over real HTTP on loopback; nothing leaves this machine.

    \b
    Example:
      kliping demo --keep demo.db
    """
    with contextlib.ExitStack() as stack:
        path = keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kliping-demo-"))) / "kliping.db"
        if path.exists():
            raise click.BadParameter(f"{path} exists already", param_hint="--keep")
        paper = stack.enter_context(newspaper())
        settings = FetchSettings(
            user_agent=user_agent(__version__, "demo"),
            delay_s=0.0,
            allow_net=frozenset(map(parse_allow_net, paper.allow_net)),
            replay=paper.replay,
        )
        say(
            f"$ kliping crawl {' '.join(DEMO_TARGETS)}    # {len(paper.routes)} pages served at http://{paper.allow_net[0]}"
        )
        with open_archive(path, mode="crawl", min_free_bytes=0) as db:
            summary = crawl(
                db, settings, CrawlOptions(targets=DEMO_TARGETS, version=__version__), on_event=lambda _event: None
            )
        show_summary(summary)
        say(f'\n$ kliping search "{DEMO_QUERY}"')
        search_command.main([DEMO_QUERY, "--archive", str(path), "--limit", "3"], standalone_mode=False)
        with open_archive(path) as db:
            hits = search.search(db, DEMO_QUERY, limit=1)
            stored = article(db, hits[0].article_id) if hits else None
        if stored is None:
            sys.exit(70)
        say(f"\n$ kliping show {stored.article_id}")
        for line in article_lines(stored.record):
            put(line)
        sys.exit(summary.exit_code)
