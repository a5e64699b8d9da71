"""What the commands that query the archive share: saved searches, checks of sites, and answers as table, CSV or JSON."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from scraper.api.choice import unknown_site
from scraper.archive.ask import saved_searches, search, tallies
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from scraper.archive.ask.filters import Filter
    from scraper.archive.ask.search import Understood
    from scraper.archive.file.library import Archive

exact_option = click.option("--exact", is_flag=True, help="Search for the words as written, not for their other forms.")

sample_option = click.option(
    "--sample",
    "size",
    type=click.IntRange(1),
    metavar="N",
    help="Read only N articles, drawn at random (the same ones each time), for a faster estimate.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuery:
    """A query as given (`name`), and what it stands for: for @NAME the saved search, narrowed by the options."""

    name: str
    query: str
    wanted: Filter
    exact: bool

    def understood(self, db: Archive) -> Understood | None:
        """The meaning of the query in an archive; None if the filter alone selects. Reports on stderr what was not
        understood.
        """
        if not self.query.strip():
            return None
        asked = search.understand(db, self.query, exact=self.exact)
        for hint in asked.hints:
            say(hint)
        if asked.match is None:
            say(f"{self.name}: there is no word to search for")
        return asked


def question(text: str, wanted: Filter, path: Path, *, exact: bool = False) -> AskedQuery:
    """A query, or the saved search that "@NAME" stands for. Raises SearchError."""
    name = text.strip()
    if not name.startswith("@") or not saved_searches.is_search_name(name[1:]):
        return AskedQuery(name=text, query=text, wanted=wanted, exact=exact)
    saved = saved_searches.saved_search(path, name[1:])
    return AskedQuery(
        name=name, query=saved.query, wanted=saved_searches.narrowed(saved, wanted), exact=exact or saved.exact
    )


def reject_unknown_sites(db: Archive, wanted: Filter) -> None:
    """Reject a site that neither the archive nor the catalogue knows: a typing error would look like an answer of zero."""
    if (unknown := unknown_site(db, wanted.sites)) is not None:
        raise click.BadParameter(unknown, param_hint="--site")
    for site in sorted(set(wanted.sites) - tallies.sites_of(db)):
        say(f"{site}: the archive has no article of this site")


def sample_of(numbers: Collection[int], size: int | None) -> Collection[int]:
    """The articles to read; says so if they are a sample."""
    from scraper.analysis.sampling import some_of  # noqa: PLC0415  (only those that count words and names)

    some = some_of(numbers, size)
    if len(some) < len(numbers):
        told = f"a sample: {len(some):,} of {len(numbers):,} articles at random; counts are of the sample"
        say(f"{told} (times {len(numbers) / len(some):.1f} for an estimate)")
    return some


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options --csv and --json; the command gets them as `as_csv` and `as_json_lines`."""
    command = click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")(command)
    return click.option("--json", "as_json_lines", is_flag=True, help="Print JSON, one value per line.")(command)


def put_rows(
    rows: Iterable[dict[str, Any]],
    *,
    as_csv: bool,
    as_json_lines: bool,
    shown: Callable[[dict[str, Any]], Sequence[object]],
    header: Sequence[str],
) -> None:
    """Print rows as JSON lines, as CSV (all their fields), or as a table of what `shown` takes of each."""
    if as_json_lines:
        for row in rows:
            put_json(row)
        return
    if not as_csv:
        table([shown(row) for row in rows], header=header)
        return
    from scraper.exchange.csvrow import line  # noqa: PLC0415

    for number, row in enumerate(rows):
        if not number:
            put(line(list(row), raw=True).decode().rstrip("\r\n"))
        put(line(["" if value is None else str(value) for value in row.values()]).decode().rstrip("\r\n"))


def nothing(message: str = "nothing found") -> None:
    """Say that there is no answer, and end with 3."""
    say(message)
    sys.exit(EXIT_PARTLY)
