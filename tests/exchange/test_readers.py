"""Every export opened by the programs it is for: pandas, DuckDB, Arrow, a spreadsheet's rules."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file.connection import open_archive
from scraper.archive.file.hashes import stamp
from scraper.archive.keep import verify
from scraper.cli import cli
from scraper.errors import ArchiveDamaged
from scraper.exchange import csvrow
from scraper.records import Dateline
from tests.archive.made import article, opened, save
from tests.exchange.made import articles, made

if TYPE_CHECKING:
    from pathlib import Path

ODD_TAGS = ("banjir; longsor", 'kata "baru"', "=1+1", "biasa", " rapi ")
LONG = "kata " * 8_000
Counts = Counter[tuple[str | None, str | None]]


@pytest.fixture(scope="module")
def odd(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive with articles that no format likes: separators in tags, formulas within, a cell beyond Excel's limit, no date."""
    path = tmp_path_factory.mktemp("odd") / "a.db"
    path.write_bytes(filled.read_bytes())
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    place = Dateline(text="KETAPANG", place="Ketapang", brand=None)
    texts = ("Nilai; =cmd|' /C calc'!A0", '- "Betul," katanya.\r\n+62 812', "baris\u2028lain\x85ini, \ttab")
    with opened(path) as db:
        save(
            db,
            article(*texts, url="https://contoh.id/1", tags=ODD_TAGS, dateline=place, published_at=at),
            url="https://contoh.id/1",
        )
        save(db, article(LONG, url="https://contoh.id/2"), url="https://contoh.id/2")
    return path


@pytest.fixture(scope="module")
def out(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exports that tables are read from."""
    directory = tmp_path_factory.mktemp("out")
    for form, name in (("csv", "a.csv"), ("jsonl", "a.jsonl"), ("parquet", "p"), ("sqlite", "a.db")):
        made(odd, form, directory / name)
    made(odd, "csv", directory / "raw.csv", raw=True)
    return directory


def expected(path: Path) -> Counts:
    found = articles(path)
    return Counter(
        (each.region.province if each.region else None, each.day[:7] if each.day else None) for each in found
    )


def counted(rows: Any) -> Counts:
    return Counter(
        {(province or None, None if month in ("", "unknown") else month): int(count) for province, month, count in rows}
    )


def test_articles_by_province_and_month_are_one_line_on_any_export(odd: Path, out: Path) -> None:
    pd = pytest.importorskip("pandas")
    duckdb = pytest.importorskip("duckdb")
    wanted = expected(odd)
    assert len(wanted) > 3
    assert (None, None) in wanted
    tables = [
        pd.read_csv(out / "a.csv", dtype=str),
        pd.read_json(out / "a.jsonl", lines=True, dtype=False),
        pd.read_parquet(out / "p"),
    ]
    for table in tables:
        by = table.astype({"month": object}).groupby(["province", "month"], dropna=False).size().reset_index(name="n")
        assert counted(by.astype(object).where(by.notna(), None).itertuples(index=False)) == wanted
    for source in (f"'{out}/a.csv'", f"read_json('{out}/a.jsonl')", f"'{out}/p/*/*.parquet'"):
        rows = duckdb.sql(f"SELECT province, month, count(*) FROM {source} GROUP BY ALL").fetchall()
        assert counted(rows) == wanted
    with closing(sqlite3.connect(out / "a.db")) as db:
        sql = "SELECT r.province, a.month, count(*) FROM articles AS a LEFT JOIN regions AS r ON r.code = a.region_code GROUP BY 1, 2"
        assert counted(db.execute(sql)) == wanted


def test_every_reader_gives_the_same_values_back(odd: Path, out: Path) -> None:
    pd = pytest.importorskip("pandas")
    duckdb = pytest.importorskip("duckdb")
    dataset = pytest.importorskip("pyarrow.dataset")
    wanted = {each.article_id: each for each in articles(odd)}
    texts = {number: "\n\n".join(block["text"] for block in each.record["body"]) for number, each in wanted.items()}
    frames = {
        "csv": pd.read_csv(out / "raw.csv", dtype=str, keep_default_na=False).set_index("article_id")["text"].to_dict(),
        "csv in DuckDB": dict(
            duckdb.sql(
                f"SELECT article_id, coalesce(text, '') FROM read_csv('{out}/raw.csv', max_line_size=10_000_000)"
            ).fetchall()
        ),
        "jsonl": {
            line["article_id"]: "\n\n".join(block["text"] for block in line["body"])
            for line in map(json.loads, (out / "a.jsonl").read_bytes().splitlines())
        },
        "arrow": {
            row["article_id"]: row["text"]
            for row in dataset.dataset(out / "p", partitioning="hive").to_table().to_pylist()
        },
        "parquet": pd.read_parquet(out / "p").set_index("article_id")["text"].to_dict(),
    }
    for reader, found in frames.items():
        assert {int(number): text for number, text in found.items()} == texts, reader
    tags = {row["article_id"]: row["tags"] for row in dataset.dataset(out / "p").to_table().to_pylist()}
    assert tags == {number: each.record["tags"] for number, each in wanted.items()}


@given(st.lists(st.text(max_size=4) | st.sampled_from(ODD_TAGS), max_size=4))
def test_a_list_in_a_cell_is_read_by_any_csv_reader(texts: list[str]) -> None:
    cell = csvrow.list_cell(texts)
    if all(re.fullmatch(r"\w+( \w+)*", text) for text in texts):
        assert cell == "; ".join(texts)
    read = next(csv.reader(io.StringIO(cell, newline=""), delimiter=";", skipinitialspace=True), [])
    assert read == texts


def started_cells(text: str) -> list[str]:
    """What may become a cell where the list separator is a semicolon or a tab, and quotes in the middle count for nothing."""
    return [part.strip('" \n\r\t') for part in re.split(r"[;\t\r\n]", text)]


FORMULAS = (
    "=1+1",
    "+62",
    "-kota",
    "@a",
    "\t=",
    "\r=",
    " =cmd|' /C calc'!A0",
    "＝1",
    '"=1',
    "a;=1",
    "a\n\n- b",
    ';"=1',
    "x; y",
    '\n"\t@',
)


@given(
    st.lists(
        st.text(max_size=8) | st.text(alphabet='=+-@;"\t\r\n a＝', max_size=8) | st.sampled_from(FORMULAS),
        min_size=1,
        max_size=3,
    )
)
def test_no_cell_of_a_csv_row_is_a_formula(cells: list[str]) -> None:
    line = csvrow.line(cells).decode()
    (read,) = csv.reader(io.StringIO(line, newline=""))
    for cell, before in zip(read, cells, strict=True):
        assert not csvrow.is_active(cell)
        others = started_cells(cell)[1:]
        assert cell.lstrip()[:1] not in tuple("=+-@＝＋－＠")
        assert not any(part.startswith(tuple("=+-@＝＋－＠")) for part in others), "behind a list separator"
        assert cell.replace("'", "") == before.replace("'", ""), "nothing else is changed"
    assert next(csv.reader(io.StringIO(csvrow.line(cells, raw=True).decode(), newline=""))) == cells


def test_what_a_spreadsheet_would_cut_or_run_is_told(odd: Path, tmp_path: Path) -> None:
    done = made(odd, "csv", tmp_path / "a.csv")
    assert done.remarks["over_excel"] == 1
    assert done.remarks["guarded"] >= 2
    result = CliRunner().invoke(
        cli, ["export", "csv", "--to", str(tmp_path / "b.csv"), "--archive", str(odd), "--json"]
    )
    assert "1 cells hold more than the 32,767 characters" in result.stderr
    assert json.loads(result.stdout)["remarks"]["over_excel"] == 1
    assert not +made(odd, "jsonl", tmp_path / "a.jsonl").remarks


def test_sqlite_after_an_applied_reextract_has_no_reference_that_leads_nowhere(odd: Path, tmp_path: Path) -> None:
    """A run that reads again leaves its number and captures in the versions it made; a copy without pages has neither."""
    path = tmp_path / "a.db"
    path.write_bytes(odd.read_bytes())
    with opened(path, "write") as db:
        db.execute(
            "UPDATE articles SET layout = 'generic/old', headline = 'Dulu ' || headline WHERE url LIKE '%jembatan-_'"
        )
        for (number,) in db.execute("SELECT id FROM articles WHERE layout = 'generic/old'").fetchall():
            stamp(db, number)
    args = ["--archive", str(path)]
    assert CliRunner().invoke(cli, ["reextract", "--layout", "generic/old", "--jobs", "1", *args]).exit_code in (0, 3)
    with open_archive(path) as db:
        assert db.execute("SELECT count(*) FROM revisions WHERE run_id IS NOT NULL").fetchall()[0][0] > 3
        versions = db.execute(
            "SELECT article_id, revision, headline, body, replaced_by FROM revisions ORDER BY 1, 2"
        ).fetchall()
    seen: list[str] = []
    made(path, "sqlite", tmp_path / "s.db", report=seen.extend)
    assert seen, "counts are told while it runs"
    with open_archive(tmp_path / "s.db") as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert (
            db.execute(
                "SELECT article_id, revision, headline, body, replaced_by FROM revisions ORDER BY 1, 2"
            ).fetchall()
            == versions
        )
        assert list(verify.verify(db)) == []


def test_rows_that_lead_nowhere_are_named_and_the_rest_is_exported(odd: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(odd.read_bytes())
    before = len(articles(path))
    with closing(sqlite3.connect(path)) as plain:  # as any program would
        plain.execute("UPDATE articles SET site_id = 999 WHERE id = 1")
        plain.execute("DELETE FROM people WHERE id = (SELECT person_id FROM bylines WHERE article_id = 2)")
        plain.commit()
    done = made(path, "sqlite", tmp_path / "s.db")
    assert {(each.kind, each.key) for each in done.unreadable} >= {("articles", 1), ("bylines", 2)}
    assert done.counts["articles"] == before == len(articles(tmp_path / "s.db"))
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA ignore_check_constraints = ON")
        plain.execute("UPDATE articles SET kind = 'nonsense' WHERE id = 1")
        plain.commit()
    with pytest.raises(ArchiveDamaged, match="CHECK constraint"):
        made(path, "sqlite", tmp_path / "t.db")
    assert not (tmp_path / "t.db").exists()


def test_an_article_of_no_known_region_and_day_has_empty_cells(out: Path) -> None:
    with (out / "a.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["url"] == "https://contoh.id/2")
    assert [row[name] for name in ("region_code", "region", "province", "region_source", "day", "month")] == [""] * 6
