"""Exports: complete and unchanged, in the field's formats, even after interruptions."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, FormatChecker

from scraper.archive.ask import search
from scraper.archive.ask.counts import stats
from scraper.archive.ask.filters import Filter
from scraper.archive.ask.selection import Selection
from scraper.archive.file import lock
from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import captures
from scraper.archive.keep import verify
from scraper.archive.write import frontier
from scraper.cli import cli
from scraper.errors import ArchiveLocked, ExchangeError
from scraper.exchange.export import record_json
from scraper.exchange.forms import FORMATS
from tests.archive.made import article, opened, save
from tests.exchange.conftest import PLAIN
from tests.exchange.made import ROOT, articles, made


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_jsonl_holds_the_records_of_the_schema(stored: Path, tmp_path: Path) -> None:
    done = made(stored, "jsonl", tmp_path / "a.jsonl")
    found = lines(tmp_path / "a.jsonl")
    assert found == [record_json(each) for each in articles(stored)]
    assert done.counts == Counter(articles=len(found))
    assert len(found) > 10
    validator = Draft202012Validator(json.loads((ROOT / "schemas" / "article.schema.json").read_text("utf-8")))
    ours = {"article_id", "first_seen_at", "last_seen_at", "revision", "captures"}
    ours |= {"day", "month", "region_code", "region", "province", "region_source"}
    for line in found:
        assert not list(validator.iter_errors({name: value for name, value in line.items() if name not in ours}))


def test_filters_choose_the_articles(stored: Path, tmp_path: Path) -> None:
    wanted = Filter(sites=("tribun-pontianak",), since=date(2019, 1, 1), until=date(2019, 12, 31))
    made(stored, "jsonl", tmp_path / "a.jsonl", Selection(wanted=wanted))
    found = lines(tmp_path / "a.jsonl")
    assert found
    assert all(each["site"] == "tribun-pontianak" and each["published_at"].startswith("2019") for each in found)
    made(stored, "jsonl", tmp_path / "b.jsonl", Selection(query='"wali kota hadir"'))
    assert [each["url"] for each in lines(tmp_path / "b.jsonl")] == [PLAIN.format(number=1)]
    made(stored, "jsonl", tmp_path / "c.jsonl", Selection(query="..."))
    assert lines(tmp_path / "c.jsonl") == [], "no word, no article"


def test_csv_has_a_row_for_each_article(stored: Path, tmp_path: Path) -> None:
    made(stored, "csv", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["url"] for row in rows] == [each.record["url"] for each in articles(stored)]
    assert {row["text"].lstrip("'") for row in rows} == {"\n\n".join(b["text"] for b in each.record["body"]) for each in articles(stored)}  # fmt: skip
    assert any("(writer" in row["authors"] or "(reporter" in row["authors"] for row in rows)


def test_parquet_is_parted_by_month_and_has_the_same_values(stored: Path, tmp_path: Path) -> None:
    dataset = pytest.importorskip("pyarrow.dataset")
    made(stored, "parquet", tmp_path / "p")
    table = dataset.dataset(tmp_path / "p", partitioning="hive").to_table()
    rows = {row["article_id"]: row for row in table.to_pylist()}
    for each in articles(stored):
        row = rows.pop(each.article_id)
        assert [row["headline"], row["authors"], row["body"], row["tags"]] == [each.record[name] for name in ("headline", "authors", "body", "tags")]  # fmt: skip
        assert row["published_utc"] == each.published_utc
        assert row["month"] == (each.day[:7] if each.day else "unknown")
        assert row["day"] == (date.fromisoformat(each.day) if each.day else None)
    assert not rows


def test_slim_sqlite_is_an_archive_without_pages(stored: Path, tmp_path: Path) -> None:
    made(stored, "sqlite", tmp_path / "s.db", Selection(wanted=Filter(since=date(2026, 1, 1))))
    chosen = articles(stored, Selection(wanted=Filter(since=date(2026, 1, 1))))
    found = articles(tmp_path / "s.db")
    with open_archive(tmp_path / "s.db") as db:
        assert [each.record for each in found] == [each.record for each in chosen]
        assert search.search(db, "jembatan wali kota")[0].url == PLAIN.format(number=1)
        assert db.execute("SELECT count(*) FROM revisions").fetchall() == [(1,)]
        assert db.execute("SELECT count(*) FROM bodies").fetchall() == [(0,)]
        assert list(verify.verify(db)) == []
    assert (tmp_path / "s.db").stat().st_size < stored.stat().st_size


# What we emit, by the specifications: ninjs 2.1 allows no other names, schema.org's NewsArticle knows these.
@pytest.mark.parametrize("form", ["ninjs", "newsarticle"])
def test_industry_formats_are_valid(stored: Path, tmp_path: Path, form: str) -> None:
    made(stored, form, tmp_path / "a.jsonl")
    schema = json.loads((ROOT / "schemas" / f"{form}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    found = lines(tmp_path / "a.jsonl")
    assert len(found) == len(articles(stored))
    for item, each in zip(found, articles(stored), strict=True):
        assert not [error.message for error in validator.iter_errors(item)]
        text = "\n\n".join(block["text"] for block in each.record["body"])
        assert text == (item["bodies"][0]["value"] if form == "ninjs" else item.get("articleBody", item.get("text")))


def test_a_field_of_the_record_is_in_every_format(tmp_path: Path) -> None:
    """`correction_notice`, which is none of those that the pages of the other tests have."""
    path, notice = tmp_path / "a.db", "Ralat: panjang jembatan 300 meter."
    with opened(path) as db:
        save(db, article(correction_notice=notice))
    for form in ("csv", "jsonl", "ninjs", "newsarticle", "sqlite"):
        made(path, form, tmp_path / form)
    with (tmp_path / "csv").open(encoding="utf-8", newline="") as file:
        assert [row["correction_notice"] for row in csv.DictReader(file)] == [notice]
    assert lines(tmp_path / "jsonl")[0]["correction_notice"] == notice
    for form, found in (("ninjs", "descriptions"), ("newsarticle", "correction")):
        (item,) = lines(tmp_path / form)
        schema = json.loads((ROOT / "schemas" / f"{form}.schema.json").read_text("utf-8"))
        assert not list(Draft202012Validator(schema).iter_errors(item))
        assert notice in (item[found], *(each["value"] for each in item[found] if isinstance(each, dict)))
    assert [each.record["correction_notice"] for each in articles(tmp_path / "sqlite")] == [notice]


class Stop(Exception):
    """An interruption."""


def interrupted(path: Path, form: Any, target: Path, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Export until so much is written that something is in the manifest, then stop as if killed."""
    for module in ("export", "forms.html", "forms.warc"):
        monkeypatch.setattr(f"scraper.exchange.{module}.KEPT_EVERY", 2)
    seen = Counter[str]()

    def report(_counts: Counter[str]) -> None:
        seen["calls"] += 1
        if seen["calls"] == after:
            raise Stop

    with pytest.raises(Stop):
        made(path, form, target, report=report)
    assert not target.exists()


@pytest.mark.parametrize("form", ["csv", "jsonl", "html", "warc", "parquet"])
def test_an_interrupted_export_goes_on_and_is_the_same(
    stored: Path, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, again = tmp_path / "whole" / "x", tmp_path / "again" / "x"
    whole.parent.mkdir()
    again.parent.mkdir()
    made(stored, form, whole)
    interrupted(stored, form, again, 5 if form != "parquet" else 3, monkeypatch)
    done = made(stored, form, again)
    assert done.is_resumed
    assert tree(again) == tree(whole)
    assert [each.name for each in again.parent.iterdir()] == ["x"], "nothing is left behind"


def tree(path: Path) -> dict[str, bytes]:
    """The files under a path; a WARC's own name and time of making are left out by reading its records."""
    files = [path] if path.is_file() else [each for each in sorted(path.rglob("*")) if each.is_file()]
    return {each.relative_to(path).as_posix(): content(each) for each in files}


def content(path: Path) -> bytes:
    if path.name.endswith(".warc.gz"):
        from fastwarc.warc import ArchiveIterator, warcinfo  # noqa: PLC0415

        with path.open("rb") as file:
            return b"".join(str(record.record_id).encode() + record.reader.read() for record in ArchiveIterator(file, parse_http=False) if record.record_type != warcinfo)  # fmt: skip
    data = path.read_bytes()
    if path.name == "index.cdxj":  # offsets move with the length of the first record, which holds a random name
        return b"\n".join(line[: line.index(b'"length"')] for line in data.splitlines())
    return data


# Exports until something is in the manifest, then dies as if by kill -9.
KILLED = """
import os, signal, sys
from pathlib import Path
from scraper.archive.file.connection import open_archive
from scraper.archive.ask.selection import Selection
from scraper.exchange.forms import warc
from scraper.exchange.export import ExportOptions
from scraper.exchange.formats import export
warc.KEPT_EVERY = 3
def report(counts):
    if counts["captures"] == 8:
        os.kill(os.getpid(), signal.SIGKILL)
with open_archive(Path(sys.argv[1])) as db:
    export(db, ExportOptions(form="warc", target=Path(sys.argv[2]), selection=Selection(), version="0"), report)
"""


def test_a_killed_export_is_not_there_and_the_next_completes_it(stored: Path, tmp_path: Path) -> None:
    whole, again = tmp_path / "whole" / "x", tmp_path / "again" / "x"
    made(stored, "warc", whole)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(stored), str(again)], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr
    assert not again.exists()
    assert made(stored, "warc", again).is_resumed
    assert tree(again) == tree(whole)


def test_articles_that_changed_meanwhile_start_the_export_anew(
    stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(stored, "jsonl", tmp_path / "a.jsonl", 5, monkeypatch)
    with open_archive(stored, mode="crawl", min_free_bytes=0) as db:
        frontier.start_run(db, kind="crawl", version="0", arguments="", at=datetime(2026, 4, 1, tzinfo=UTC))
    assert not made(stored, "jsonl", tmp_path / "a.jsonl").is_resumed
    assert len(lines(tmp_path / "a.jsonl")) == len(articles(stored))


@pytest.mark.parametrize("form", ["sqlite", "csv", "warc"])
def test_no_export_takes_the_place_of_an_archive(stored: Path, tmp_path: Path, form: str) -> None:
    """Not of the one that it is made from, nor of another that has pages: those nothing brings back."""
    other = tmp_path / "other.db"
    shutil.copy(stored, other)
    for target in (stored, other):
        before = target.read_bytes()
        with pytest.raises(ExchangeError, match="no export made"):
            made(stored, form, target, replace=True)
        assert target.read_bytes() == before


@pytest.mark.parametrize("form", ["csv", "html", "parquet"])
def test_replacing_takes_away_only_what_an_export_made(stored: Path, tmp_path: Path, form: str) -> None:
    thesis = tmp_path / "study" / "chapter" / "thesis.tex"
    thesis.parent.mkdir(parents=True)
    thesis.write_text("years of work")
    with pytest.raises(ExchangeError, match="no export made"):
        made(stored, form, tmp_path / "study", replace=True)
    neighbour = tmp_path / "a.old"
    neighbour.write_text("years of work")
    for _ in range(2):
        made(stored, form, tmp_path / "a", replace=True)
    assert [thesis.read_text(), neighbour.read_text()] == ["years of work"] * 2
    assert {path.name for path in tmp_path.iterdir()} >= {"a", "a.old", "study"}
    assert not list(tmp_path.glob("a.*.old"))


@pytest.mark.parametrize("form", ["jsonl", "sqlite"])
def test_two_processes_do_not_make_the_same_export(stored: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "to" / "a"
    with lock.making(target), pytest.raises(ArchiveLocked, match="another process"):
        made(stored, form, target)
    made(stored, form, target)
    assert [path.name for path in target.parent.iterdir()] == ["a"]


@pytest.mark.parametrize("name", ["", ".", "..", "/"])
def test_a_target_without_a_name_is_refused(stored: Path, name: str) -> None:
    with pytest.raises(ExchangeError):
        made(stored, "html", Path(name), replace=True)


def test_what_is_there_is_kept_unless_it_is_to_be_replaced(stored: Path, tmp_path: Path) -> None:
    for form in FORMATS:
        target = tmp_path / f"out-{form}"
        made(stored, form, target)
        with pytest.raises(ExchangeError, match="already"):
            made(stored, form, target)
        made(stored, form, target, replace=True)
    assert not list(tmp_path.glob("*.partial")) + list(tmp_path.glob("*.old"))


def test_a_reader_sees_one_moment_while_a_crawl_writes(stored: Path, tmp_path: Path) -> None:
    expected = len(articles(stored))

    def write(counts: Counter[str]) -> None:
        if counts["articles"] == 2:
            with open_archive(stored, mode="write") as other:  # neither waits for the other
                other.execute("DELETE FROM bylines")
                other.execute("DELETE FROM articles WHERE id > 3")

    done = made(stored, "jsonl", tmp_path / "a.jsonl", report=write)
    assert done.counts["articles"] == expected
    assert len(articles(stored)) == 3


def test_html_gives_every_body_back(stored: Path, tmp_path: Path) -> None:
    made(stored, "html", tmp_path / "pages")
    with open_archive(stored) as db:
        bodies = [each.capture.body for each in captures(db)]
    index = lines(tmp_path / "pages" / "index.jsonl")
    assert [(tmp_path / "pages" / each["file"]).read_bytes() for each in index] == bodies


def test_of_a_damaged_archive_what_is_whole_is_exported_and_the_rest_is_named(stored: Path, tmp_path: Path) -> None:
    with open_archive(stored, mode="write") as db:
        damaged = db.execute(
            "SELECT c.id, b.data FROM captures AS c JOIN bodies AS b ON b.id = c.body_id WHERE c.id = 3"
        ).fetchall()
        count = stats(db).captures
    data = bytearray(stored.read_bytes())
    where = data.index(damaged[0][1][64:96]) + 8
    data[where : where + 8] = bytes(8)
    stored.write_bytes(data)
    for form in ("html", "warc"):
        done = made(stored, form, tmp_path / form)
        assert done.counts["captures"] == count - 1
        assert [(each.kind, each.key) for each in done.unreadable] == [("capture", 3)]
    result = CliRunner().invoke(cli, ["export", "html", "--to", str(tmp_path / "x"), "--archive", str(stored)])
    assert result.exit_code == 3
    assert "capture 3" in result.stderr


def test_a_lost_page_of_the_articles_table_does_not_lose_the_others(stored: Path, tmp_path: Path) -> None:
    with open_archive(stored, mode="write") as db:
        leaf = db.execute(
            "SELECT pageno FROM dbstat WHERE name = 'articles' AND pagetype = 'leaf' ORDER BY pageno"
        ).fetchall()[1][0]
        size = db.execute("PRAGMA page_size").fetchall()[0][0]
        before = db.execute("SELECT count(*) FROM articles").fetchall()[0][0]
    data = bytearray(stored.read_bytes())
    data[(leaf - 1) * size : leaf * size] = bytes(size)
    stored.write_bytes(data)
    done = made(stored, "jsonl", tmp_path / "a.jsonl")
    assert done.unreadable
    assert all(each.kind == "article" for each in done.unreadable)
    found = lines(tmp_path / "a.jsonl")
    assert 0 < len(found) < before
    assert len(found) + len({each.key for each in done.unreadable}) == before


@pytest.mark.parametrize("form", ["jsonl", "html", "warc"])
def test_of_an_archive_that_was_cut_short_what_is_left_is_exported(stored: Path, tmp_path: Path, form: str) -> None:
    with open_archive(stored, mode="write") as db:
        db.execute("VACUUM")  # in the order of the tables: the schema and what was made first are in front
        before = stats(db)
        (last,) = db.execute(
            "SELECT max(pageno) FROM dbstat WHERE name IN ('bodies', 'captures', 'fetches')"
        ).fetchall()[0]
        size = db.execute("PRAGMA page_size").fetchall()[0][0]
    stored.write_bytes(stored.read_bytes()[: last * size])
    with open_archive(stored) as db:
        assert any(damage.part == "structure" for damage in verify.verify(db))
    done = made(stored, form, tmp_path / "x")
    if form == "jsonl":
        assert done.counts["articles"] + len(done.unreadable) >= before.articles
    else:
        assert done.counts["captures"] == before.captures
    assert done.counts["articles"] < before.articles


def test_a_package_describes_itself(stored: Path, tmp_path: Path) -> None:
    command = ["export", "csv", "--to", str(tmp_path / "corpus"), "--archive", str(stored), "--package"]
    assert CliRunner().invoke(cli, command).exit_code == 2, "a package names its makers"
    left = tmp_path / "corpus.making" / "data" / "articles.db"  # of a package of another format that was killed
    left.parent.mkdir(parents=True)
    left.touch()
    result = CliRunner().invoke(
        cli, [*command, "--title", 'Banjir "2019"', "--creator", "Kelompok Contoh", "--license", "CC-BY-4.0"]
    )
    assert result.exit_code == 0, result.output
    package = json.loads((tmp_path / "corpus" / "datapackage.json").read_text("utf-8"))
    (resource,) = package["resources"]
    data = tmp_path / "corpus" / resource["path"]
    assert data.stat().st_size == resource["bytes"]
    with data.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == [field["name"] for field in resource["schema"]["fields"]]
    assert [each.name for each in data.parent.iterdir()] == [data.name]
    origin = json.loads((tmp_path / "corpus" / "provenance.json").read_text("utf-8"))
    assert origin["articles"] == package["kliping"]["counts"]["articles"] == len(articles(stored))
    assert {each["verdict"] for each in origin["robots"]} == {"rules", "disallow_all"}
    assert 'title: "Banjir \\"2019\\""' in (tmp_path / "corpus" / "CITATION.cff").read_text("utf-8")
    assert "robots.txt" in (tmp_path / "corpus" / "README.md").read_text("utf-8")
    assert sorted(each.name for each in tmp_path.iterdir() if "corpus" in each.name) == ["corpus"]


def test_only_what_an_export_made_is_replaced_and_only_where_nothing_else_lies_in_it(
    stored: Path, tmp_path: Path
) -> None:
    """A thesis, a table, a data package and a web archive of other people's, and an export with a note beside the data."""
    alien = {
        "csv": b"article_id,url,site\n1,https://contoh.id/,a\n",
        "jsonl": b'{"article_id": 1, "headline": "a"}\n',
        "ninjs": b'{"uri": "https://contoh.id/", "headlines": []}\n',
        "newsarticle": b'{"@context": "https://schema.org", "@type": "Person"}\n',
        "sqlite": b"SQLite format 3\0" + bytes(84),
        "warc": b"PK\x03\x04 no package",
    }
    for form, data in alien.items():
        target = tmp_path / (f"x.{form}" if form != "warc" else "x.wacz")
        target.write_bytes(data)
        with pytest.raises(ExchangeError, match="no export made"):
            made(stored, form, target, replace=True)
        assert target.read_bytes() == data
    others = {
        "datapackage.json": "{}",
        "index.jsonl": '{"a": 1}',
        "indexes/index.cdxj": "",
        "month=2019-01/other.parquet": "",
    }
    for number, (name, text) in enumerate(others.items()):
        path = tmp_path / f"d{number}" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        with pytest.raises(ExchangeError, match="no export made"):
            made(stored, "html", tmp_path / f"d{number}", replace=True)
        assert path.read_text() == text
    for form in ("html", "warc", "parquet"):
        made(stored, form, tmp_path / form)
        (tmp_path / form / "notes.txt").write_text("years of work")
        with pytest.raises(ExchangeError, match="holds something else"):
            made(stored, form, tmp_path / form, replace=True)
    (tmp_path / "y.csv.partial").mkdir()
    (tmp_path / "y.csv.partial" / "notes.txt").write_text("years of work")
    with pytest.raises(ExchangeError, match="in the way"):
        made(stored, "csv", tmp_path / "y.csv")


# Exports into files that may hold no more than some pages, as on a full disk.
FULL = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
sys.argv = ["kliping", "export", sys.argv[3], "--to", sys.argv[2], "--archive", sys.argv[1]]
from scraper.cli import main
main()
"""


@pytest.mark.parametrize("form", ["warc", "sqlite"])
def test_a_full_disk_is_named_by_the_target(stored: Path, tmp_path: Path, form: str) -> None:
    target = tmp_path / "full" / "x"
    target.parent.mkdir()
    run = [sys.executable, "-c", FULL, str(stored), str(target), form]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, str(target).encode() in done.stderr) == (74, True), done.stderr
