"""`kliping sample` and `kliping agreement`: sheets for coders, and how far the coders agree."""

from __future__ import annotations

import csv
import re
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper import __version__
from scraper.analysis.agreement import agreement, majority
from scraper.analysis.sampling import STRATA, Sample, Stratum, draw
from scraper.archive.ask import passages
from scraper.archive.ask.passages import Text
from scraper.archive.file import connection
from scraper.archive.file.connection import open_archive
from scraper.cli.asking import exact_option, form_options, nothing, put_rows, question, reject_unknown_sites
from scraper.cli.options import archive_option, filter_options
from scraper.cli.output import EXIT_PARTLY, counted_out, say
from scraper.errors import CodingError
from scraper.exchange.codebook import Codebook, read_codebook
from scraper.exchange.csvrow import safe
from scraper.exchange.sheets import Coded, read_sheets, strange_values, write_sheet
from scraper.records import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.archive.ask.filters import Filter
    from scraper.archive.file.library import Archive
    from scraper.cli.asking import AskedQuery

_codes_option = click.option(
    "--codes",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML file with instructions and codes.",
)
SHOWN = 20
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")  # no spreadsheet runs it as a formula


def _strata(_context: click.Context, _option: click.Parameter, text: str | None) -> tuple[Stratum, ...]:
    given = [each.strip() for each in (text or "").split(",") if each.strip()]
    if strange := [each for each in given if each not in STRATA]:
        raise click.BadParameter(f"{strange[0]!r} is not one of {', '.join(STRATA)}")
    return tuple(each for each in STRATA if each in given)


def _coders(_context: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
    if text.isdecimal() and 1 <= int(text) <= 50:
        return tuple(map(str, range(1, int(text) + 1)))
    names = tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    if not names or text.isdecimal():
        raise click.BadParameter("give a number from 1 to 50, or names separated by commas")
    return names


@click.command("sample")
@click.argument("query", default="")
@filter_options
@exact_option
@click.option("--n", "size", type=click.IntRange(1, 1_000_000), required=True, help="Number of articles.")
@click.option("--seed", type=int, default=1, show_default=True, help="A different seed draws a different sample.")
@click.option(
    "--stratify", "by", callback=_strata, metavar="site,month,…", help=f"Of each its share: {', '.join(STRATA)}."
)
@click.option("--equal", "is_equal", is_flag=True, help="With --stratify: the same number from each stratum.")
@click.option(
    "--coders",
    callback=_coders,
    default="2",
    show_default=True,
    metavar="N|NAMES",
    help="Make a column for each coder.",
)
@_codes_option
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The sheet to write: .csv or .xlsx.",
)
@click.option("--link-only", is_flag=True, help="Leave out the texts.")
@archive_option
def sample_command(
    query: str,
    wanted: Filter,
    size: int,
    seed: int,
    by: tuple[Stratum, ...],
    coders: tuple[str, ...],
    codes: Path | None,
    target: Path,
    path: Path,
    *,
    exact: bool,
    is_equal: bool,
    link_only: bool,
) -> None:
    """Draw a random sample of the articles that QUERY and the options select, as a sheet for coders.

    The same seed draws the same articles on every machine. For each variable of --codes, the
    sheet has a column for each coder. Instructions and codes are in its first sheet (.xlsx,
    needs the extra [coding]) or in a file beside it (.csv). weight is the number of articles of
    its stratum that an article represents. An existing sheet is never overwritten. QUERY may be
    @NAME. Exit status 3 if there are fewer articles than --n.

    \b
    Example:
      kliping sample banjir --n 200 --stratify site,month --codes codes.toml --to banjir.xlsx
      kliping sample @banjir --n 50 --seed 7 --coders Ani,Budi --to check.csv
    """
    codebook = read_codebook(codes) if codes else Codebook()
    given = question(query, wanted, path, exact=exact)
    with open_archive(path) as db, connection.snapshot(db), counted_out() as on_progress:
        reject_unknown_sites(db, given.wanted)
        numbers = passages.chosen_articles(db, given.understood(db), given.wanted)
        if not numbers:
            nothing()
        sample = draw(db, numbers, size, seed=seed, by=by, is_equal=is_equal, on_progress=on_progress)
        rows = _rows(db, sample, link_only=link_only)
        written, cut = write_sheet(target, rows, codebook, coders, _about(given, path, sample, seed, by))
    say(f"{target}: {written} of {sample.population} articles, in {len(sample.strata)} strata")
    if cut:
        say(f"{cut} texts are longer than a spreadsheet cell may be, and were cut")
    if empty := [name for name, (_, drawn) in sample.strata.items() if not drawn]:
        say(f"{len(empty)} strata are too small for a sample of this size and got none: {', '.join(empty[:SHOWN])}")
    if written < size:
        say(f"there were not {size}")
        sys.exit(EXIT_PARTLY)


def _about(given: AskedQuery, path: Path, sample: Sample, seed: int, by: Sequence[Stratum]) -> list[str]:
    """How a sample was drawn, so that it can be drawn again."""
    chosen = ", ".join(f"{name}: {value}" for name, value in as_json(given.wanted).items() if value)
    return [
        f"{len(sample.drawn)} of {sample.population} articles of {path.name}, drawn by kliping {__version__} with seed {seed}",
        f"query: {given.query or '(none)'}{' (exact)' if given.exact else ''}{f'; {chosen}' if chosen else ''}",
        f"strata: {', '.join(by) or 'none'}",
        *(f"  {name or 'all'}: {drawn} of {count}" for name, (count, drawn) in sample.strata.items()),
    ]


def _rows(db: Archive, sample: Sample, *, link_only: bool) -> Iterator[dict[str, Any]]:
    numbers = [each.article_id for each in sample.drawn]
    urls = {number: (url, day) for number, url, (day,) in passages.described(db, numbers, ("day",))}
    for each, text in zip(sample.drawn, passages.texts(db, numbers), strict=True):
        url, day = urls[each.article_id]
        row: dict[str, Any] = {"article_id": each.article_id, "url": url}
        if isinstance(text, Text):
            row |= {"site": text.site, "published_on": day, "headline": text.headline}
            row |= {} if link_only else {"text": "\n\n".join(filter(None, (text.lede, text.body)))}
        else:
            row |= {"site": None, "published_on": day, "headline": "(damaged)"} | ({} if link_only else {"text": None})
        yield row | {"stratum": each.stratum, "weight": each.weight}


@click.command("agreement")
@click.argument("sheets", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_codes_option
@click.option(
    "--table",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the codes as CSV, one line per article.",
)
@click.option("--differing", is_flag=True, help="List the articles that were coded differently instead.")
@form_options
def agreement_command(
    sheets: tuple[Path, ...],
    codes: Path | None,
    target: Path | None,
    *,
    differing: bool,
    as_csv: bool,
    as_json_lines: bool,
) -> None:
    """Read coded SHEETs back and report how far the coders agree: Krippendorff's alpha of each variable.

    Several sheets (such as one per coder) are joined by article. --codes gives each variable's
    level (nominal by default) and its values. alpha is 1 if all agree and 0 if they agree by
    chance; from .800 on it is reliable, from .667 tentative (Krippendorff 2004). --table writes
    article_id, url, the value that most coders gave, and each coder's value; join it to any
    export by article_id. Exit status 3 if a value is not among the codes.

    \b
    Example:
      kliping agreement banjir.xlsx --codes codes.toml
      kliping agreement ani.csv budi.csv --codes codes.toml --table codes.csv
    """
    codebook = read_codebook(codes) if codes else Codebook()
    coded = read_sheets(sheets)
    variables = list(dict.fromkeys(name for each in coded for name in each.codes))
    if not variables:
        nothing("no codes in it")
    if target:
        say(f"{target}: {_write_table(target, coded, variables)} articles")
    if differing:
        _list_differing(coded, variables, as_csv=as_csv, as_json_lines=as_json_lines)
    else:
        found = [
            agreement(
                name,
                [each.codes.get(name, {}) for each in coded],
                level=codebook.variable(name).level,
                order=list(codebook.variable(name).values),
            )
            for name in variables
        ]
        rows = [as_json(each) | {"verdict": each.verdict} for each in found]
        put_rows(rows, as_csv=as_csv, as_json_lines=as_json_lines, shown=_shown, header=_HEADER)
    if strange := strange_values(coded, codebook):
        for number, name, coder, value in strange[:SHOWN]:
            say(f"article {number}, {name}, {coder}: {value!r} is not among the codes")
        say(f"{len(strange)} values are not among the codes; they were counted all the same")
        sys.exit(EXIT_PARTLY)


_HEADER = ("variable", "level", "alpha", "verdict", "units", "coders", "alike")


def _shown(row: dict[str, Any]) -> list[Any]:
    told = {name: "-" if row[name] is None else f"{row[name]:.3f}" for name in ("alpha", "alike")}
    return [(row | told)[name] for name in _HEADER]


def _list_differing(coded: Sequence[Coded], variables: Sequence[str], *, as_csv: bool, as_json_lines: bool) -> None:
    rows = []
    for each in coded:
        for name in variables:
            mine = each.codes.get(name, {})
            if len(set(mine.values())) > 1:
                codes = "; ".join(f"{coder}: {value}" for coder, value in mine.items())
                rows.append({"article_id": each.article_id, "url": each.url, "variable": name, "codes": codes})
    if not rows:
        say("no article was coded differently")
    put_rows(
        rows,
        as_csv=as_csv,
        as_json_lines=as_json_lines,
        shown=lambda row: [row["article_id"], row["variable"], row["codes"], row["url"]],
        header=("article_id", "variable", "codes", "url") if rows else (),
    )


def _write_table(target: Path, coded: Sequence[Coded], variables: Sequence[str]) -> int:
    """Codes by article: what most coders gave (empty: no majority), then each coder's."""
    if target.exists():
        raise CodingError(f"{target} exists already: choose another name")
    coders = {name: sorted({coder for each in coded for coder in each.codes.get(name, {})}) for name in variables}
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        heads = [[name, *(f"{name}:{coder}" for coder in coders[name])] for name in variables]
        out.writerow(["article_id", "url", *chain.from_iterable(heads)])
        for each in coded:
            row = [str(each.article_id), each.url]
            for name in variables:
                mine = each.codes.get(name, {})
                row += [majority(mine.values()) or "", *(mine.get(coder, "") for coder in coders[name])]
            out.writerow(cell if _NUMBER.match(cell) else safe(cell) for cell in row)
    return len(coded)
