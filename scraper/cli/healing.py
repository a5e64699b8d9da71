"""`kliping sites suggest`, `diff`, `try`: what a redesign changed, a layout for it, and a trial over all stored pages."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper import __version__
from scraper.archive.ask import templates
from scraper.archive.file.connection import open_archive
from scraper.cli.fixture import add_fixture
from scraper.cli.options import DAY, OWN_SITES, jobs_option, json_option, sites_option, start_of
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table
from scraper.errors import SiteError
from scraper.sites.definition import parse_sites
from scraper.sites.registry import find_portal, own_sites
from scraper.text import terminal_safe
from scraper.typed import replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scraper.health.suggest import Suggestion
    from scraper.records import Capture
    from scraper.sites import Layout, Site

FIXTURES = 2  # pages that are written beside a suggested layout

on_option = click.option(
    "--on",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("kliping.db"),
    show_default=True,
    envvar="KLIPING_ARCHIVE",
    help="The archive with the pages.",
)
since_option = click.option(
    "--since",
    type=DAY,
    help="The day of the redesign, by when pages were fetched (UTC). Default: compare pages that no layout reads with those before them.",
)


@click.command("diff")
@click.argument("slug", metavar="SITE")
@since_option
@json_option
@sites_option
@on_option
def diff_command(slug: str, since: datetime | None, path: Path, *, as_json_lines: bool) -> None:
    """Show which classes and ids a site's pages lost and gained, with the share of pages that have them.

    Exit status 3 if one side has no pages.

    \b
    Example:
      kliping sites diff tribun-pontianak --on study.db --since 2026-07-01
    """
    from scraper.health.heal import halves, portal_of, template_change  # noqa: PLC0415

    portal_of(slug)
    with open_archive(path) as db:
        found = halves(db, slug, start_of(since))
    say(f"{len(found.before)} pages before, {len(found.after)} after")
    if not found.before or not found.after:
        sys.exit(EXIT_PARTLY)
    rows = template_change(found)
    if as_json_lines:
        for each in rows:
            put_json({"name": each.name, "before": each.before, "after": each.after})
        return
    table(
        [
            ("gone" if each.before > each.after else "new", each.name, f"{each.before:.0%}", f"{each.after:.0%}")
            for each in rows
        ],
        header=("", "element", "before", "after"),
    )


@click.command("suggest")
@click.argument("slug", metavar="SITE")
@since_option
@click.option(
    "--to",
    "directory",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the layout into this directory, and two of the new pages as fixtures below it.",
)
@click.option(
    "--limit", type=click.IntRange(2, 1_000), default=40, show_default=True, help="Number of pages on each side."
)
@sites_option
@on_option
def suggest_command(slug: str, since: datetime | None, path: Path, *, directory: Path | None, limit: int) -> None:
    """Propose a layout for a site that was redesigned, for you to correct and accept.

    kliping knows what the articles say from earlier captures of the same pages, from structured
    data, and from names and sections that the paper used before. Selectors that yield the same
    across the new pages become the layout. Standard error shows how far it agrees, field by
    field. Exit status 3 if no layout can be found.

    \b
    Example:
      kliping sites suggest tribun-pontianak --on study.db > my-sites/tribun.toml
      kliping sites suggest tribun-pontianak --on study.db --to my-sites
      kliping sites try my-sites/tribun.toml --on study.db
    """
    from scraper.health.definition import as_toml  # noqa: PLC0415
    from scraper.health.heal import halves, healed, portal_of  # noqa: PLC0415

    site, _ = portal_of(slug)
    with open_archive(path) as db:
        found = halves(db, slug, start_of(since), limit=limit)
    suggestion = healed(slug, found) if found.after else None
    if suggestion is None:
        say(
            f"no layout can be found for {len(found.after)} pages of {slug} after the change, {len(found.before)} before"
        )
        sys.exit(EXIT_PARTLY)
    text = as_toml(suggestion.layout, site=site.name)
    name = _file_name(site, suggestion.layout)
    own = click.get_current_context().meta.get(OWN_SITES)
    known = f" --sites {own}" if own is not None and site in own_sites() else ""
    if directory is not None:
        captures = [capture for capture, _ in found.after[:FIXTURES]]
        _write(directory, name, text, site, suggestion.layout, captures)
        _say_agreement(suggestion)
        say(f"check it, then run: kliping sites try {directory / name} --on {path}{known}")
        return
    for line in text.splitlines():
        put(terminal_safe(line))
    _say_agreement(suggestion)
    say("check it, put it into a directory of your own (--to DIR writes it there, with fixtures), then run:")
    say(f"  kliping sites try DIR/{name} --on {path}{known}")


def _file_name(site: Site, layout: Layout) -> str:
    """The file name of a suggested layout: the site's, or the layout's if the user already has a file for the site."""
    return f"{layout.name.replace('/', '-') if site in own_sites() else site.name}.toml"


def _write(directory: Path, name: str, text: str, site: Site, layout: Layout, captures: Sequence[Capture]) -> None:
    """Write DIR/NAME and DIR/fixtures/…, with records read by the new layout. Raises ClickException for files that
    already exist.
    """
    from scraper.health.heal import using  # noqa: PLC0415

    file = directory / name
    if file.exists():
        raise click.ClickException(f"{file} exists already")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    put(terminal_safe(str(file)))
    with using(replace(site, layouts=(layout, *site.layouts))):
        for capture in captures:
            add_fixture(directory / "fixtures", capture)


def _say_agreement(suggestion: Suggestion) -> None:
    apart = "others than it was made from" if suggestion.is_measured_apart else "the same that it was made from"
    say(f"measured on {suggestion.pages} pages, {apart}; {suggestion.paired} articles known from before the redesign")
    for name, (agreeing, known) in suggestion.agreement.items():
        say(f"  {name:<14}{agreeing}/{known}")


@click.command("try")
@click.argument("definition", metavar="FILE.toml", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@jobs_option
@json_option
@sites_option
@on_option
def try_command(definition: Path, path: Path, *, jobs: int, as_json_lines: bool) -> None:
    """Read all stored pages of a site with a changed or new definition, and show what would change; change nothing.

    The file is one for --sites or one of the catalogue's. A definition with the name of a
    catalogue site replaces that site for the trial. Exit status 3 if an article would be lost.

    \b
    Example:
      kliping sites try my-sites/tribun.toml --on study.db
      kliping sites try scraper/sites/catalogue/tribun.toml --on study.db --json
    """
    from scraper.archive.write.rereads import Chosen  # noqa: PLC0415
    from scraper.cli.reextract import change_json, report, summary  # noqa: PLC0415
    from scraper.crawl.reread import RereadOptions, RereadTally, preview  # noqa: PLC0415
    from scraper.health.heal import using  # noqa: PLC0415

    sites = read_definition(definition)
    tally = RereadTally()

    def show(change: Any) -> None:
        tally.add(change)
        if as_json_lines:
            put_json(change_json(change))

    with using(*sites), open_archive(path) as db:
        names = {site.name for site in sites}
        hosts = tuple(host for host in templates.hosts(db) if _is_of(host, names))
        if not hosts:
            raise click.ClickException(f"{path} has no page of {', '.join(sorted(names))}")
        options = RereadOptions(chosen=Chosen(hosts=hosts), jobs=jobs, version=__version__)
        run = preview(db, options, on_change=show, on_progress=lambda _: None)
    if not as_json_lines:
        report(tally)
    say(
        f"{run.articles} articles and {run.captures} captures that yielded none were read; {summary(tally)}; nothing was changed"
    )
    if tally.kinds["lost"]:
        sys.exit(EXIT_PARTLY)


def _is_of(host: str, names: set[str]) -> bool:
    site, _ = find_portal(f"https://{host}/")
    return site is not None and site.name in names


def read_definition(path: Path) -> list[Site]:
    """The sites of a TOML file. Raises SiteError."""
    try:
        return parse_sites(path.read_text("utf-8"), own_sites())
    except (SiteError, OSError, UnicodeDecodeError) as error:
        raise SiteError(f"{path}: {error}") from error
