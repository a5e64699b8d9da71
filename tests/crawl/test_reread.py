"""Reading again: exactly the planted changes are found, applied at once, taken back, and safe from kill -9 at any
moment.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.archive.file import connection, lookup
from scraper.archive.file.articles import SiteRow
from scraper.archive.keep import verify
from scraper.archive.write import frontier, rereads
from scraper.archive.write.pageresult import PageResult
from scraper.archive.write.rereads import Change, Chosen
from scraper.archive.write.save import save_page
from scraper.cli import cli
from scraper.cluster import Place
from scraper.crawl.reread import RereadOptions, preview, rule_files
from scraper.crawl.rereadshards import read_in_ranges
from scraper.errors import ArchiveError, ExtractError
from scraper.extract import extract_capture
from scraper.reasons import Reason
from scraper.records import Link, Outcome, article_from_json, as_json
from scraper.sites.definition import parse_sites
from scraper.sites.registry import use_sites
from scraper.worker import answer
from tests.archive.made import NOW, capture, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
OLD = """
name = "muara"
title = "Muara"
article_path = '^/berita/'
[[portals]]
slug = "muara"
brand = "Muara"
hosts = ["muara.example"]
province = "Kalimantan Timur"
[[layouts]]
name = "muara/2025"
headline = ["h1"]
body = ["div.isi"]
byline = [".penulis"]
tags = [".topik a"]
"""
NEW = OLD.replace('byline = [".penulis"]', 'byline = [".nama", ".penulis"]') + 'drop = [".iklan"]\n'
MUARA = SiteRow(
    slug="muara", network="muara", name="Muara", host="muara.example", zone="Asia/Jakarta", province="Kalimantan Timur"
)
COUNT, FEW = 1_000, 120


def url_of(number: int) -> str:
    return f"https://muara.example/berita/{number}"


def page(number: int) -> bytes:
    """Every 50th page has an advertisement in its text, every 70th a byline that only the new rules know."""
    advertisement = (
        '<div class="iklan"><p>Pasang iklan di sini, hubungi kami sekarang juga.</p></div>' if number % 50 == 0 else ""
    )
    author = '<p class="nama">Ratna Wulandari</p>' if number % 70 == 0 else '<p class="penulis">Bima Saragih</p>'
    return (
        f"<html><head><title>Berita {number}</title></head><body><h1>Berita nomor {number} dari muara</h1>{author}"
        f'<div class="isi"><p>Warga desa nomor {number} menerima bantuan pupuk pada Senin pagi di balai desa.</p>{advertisement}'
        f"<p>Bantuan itu akan diteruskan sampai akhir tahun, kata kepala desa.</p></div>"
        f'<div class="topik"><a href="/t">pupuk</a></div></body></html>'
    ).encode()


def changed(count: int) -> set[str]:
    return {url_of(number) for number in range(count) if number % 50 == 0 or number % 70 == 0}


GAINED, LOST = url_of(61), url_of(62)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Archives of 1,000 and of 120 captures read by the old rules; of one capture nothing was read, one holds no article any more."""
    directory = tmp_path_factory.mktemp("reread")
    for name, text in (("old", OLD), ("new", NEW)):
        (directory / name).mkdir()
        (directory / name / "muara.toml").write_text(text, "utf-8")
    use_sites(parse_sites(OLD))
    for name, count in (("whole", COUNT), ("small", FEW)):
        with opened(directory / f"{name}.db") as db:
            run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
            with connection.transaction(db):
                for number in range(count):
                    save(db, run, number)
    yield directory
    use_sites([])


def save(db: Any, run: int, number: int) -> None:
    url = url_of(number)
    frontier.add_links(db, [Link(url=url, raw_url=url)], due_at=NOW)
    url_id = db.execute("SELECT id FROM urls WHERE url = ?", [url]).fetchall()[0][0]
    kept = capture(page(number), url, NOW + timedelta(minutes=number))
    article = None if url == GAINED else extract_capture(kept)
    if url == LOST:
        kept = replace(kept, body=b"<html><body><p>Tidak ada.</p></body></html>")
    outcome = Outcome(
        url=url, reason=Reason.EXTRACT_FAILED if article is None else Reason.OK, at=kept.fetched_at, status=200
    )
    save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=kept, article=article, site=MUARA))


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made / "small.db", tmp_path / "a.db"))


def reextract(path: Path, made: Path, *options: str, rules: str = "new") -> tuple[int, list[dict[str, Any]], str]:
    """(exit status, changes, messages) of the command."""
    done = CliRunner().invoke(
        cli, ["reextract", "--archive", str(path), "--sites", str(made / rules), "--json", "--jobs", "2", *options]
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def contents(path: Path) -> dict[str, Any]:
    """Everything that reading again may touch, by what it says."""
    with opened(path, "read") as db:
        articles = {url: lookup.article(db, url) for (url,) in db.execute("SELECT url FROM articles").fetchall()}
        columns = "article_id, revision, replaced_by, seen_at, body, layout, capture_id, next_capture_id, kinds"
        return {
            "articles": articles,
            "rows": db.execute(
                "SELECT id, site_id, region_code, content_hash, record_hash, first_seen_at, last_seen_at FROM articles ORDER BY id"
            ).fetchall(),
            "revisions": db.execute(f"SELECT {columns} FROM revisions ORDER BY 1, 2").fetchall(),
            "captures": db.execute("SELECT * FROM article_captures ORDER BY 1, 2").fetchall(),
            "found": db.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'iklan'").fetchall(),
        }


def test_exactly_what_was_planted_is_found_applied_and_taken_back(made: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(made / "whole.db", tmp_path / "a.db"))
    before = contents(path)
    status, changes, said = reextract(path, made, "--dry-run")
    assert status == 3, "one article is lost"
    by_kind = {
        kind: {each["url"] for each in changes if each["kind"] == kind} for kind in ("changed", "gained", "lost")
    }
    assert by_kind == {"changed": changed(COUNT), "gained": {GAINED}, "lost": {LOST}}
    for each in changes:
        if each["kind"] == "changed":
            number = int(each["url"].rsplit("/", 1)[1])
            assert ("body" in each["fields"]) == (number % 50 == 0)
            assert ("byline" in each["fields"]) == (number % 70 == 0)
            assert not {"headline", "tags", "layout"} & set(each["fields"])
    assert "999 articles and 1 captures that yielded none were read" in said
    assert contents(path) == before, "a dry run changes nothing"

    assert reextract(path, made)[1] == changes
    after = contents(path)
    assert len(after["articles"]) == COUNT
    assert len(after["revisions"]) == sum(number % 50 == 0 or number % 70 == 0 for number in range(COUNT))
    assert {row[2] for row in after["revisions"]} == {"extractor"}
    assert after["found"] == []
    untouched = set(before["articles"]) - changed(COUNT)
    assert all(before["articles"][url] == after["articles"][url] for url in untouched)
    assert [row for row in before["rows"] if row not in after["rows"]] == [
        row for row in before["rows"] if after["articles"][url_of_row(before, row)].record["url"] in changed(COUNT)
    ]

    status, changes, _ = reextract(path, made)
    assert [(each["kind"], each["url"]) for each in changes] == [("lost", LOST)], "reading again twice changes nothing"
    assert contents(path) == after

    with opened(path, "read") as db:
        run = db.execute("SELECT min(run_id) FROM rereads WHERE state = 'applied'").fetchall()[0][0]
    done = CliRunner().invoke(cli, ["reextract", "--archive", str(path), "--undo", str(run)])
    assert (done.exit_code, "0 left as they are" in done.stderr) == (0, True)
    assert contents(path) == before
    with opened(path, "crawl") as db:
        assert not list(verify.verify(db))
        with pytest.raises(ArchiveError, match="undone"):
            rereads.undo_reread(db, run, at=NOW)


def url_of_row(state: dict[str, Any], row: tuple[Any, ...]) -> str:
    return next(str(url) for url, stored in state["articles"].items() if stored.article_id == row[0])


def test_filters_choose(made: Path, path: Path) -> None:
    assert reextract(path, made, "--dry-run", "--site", "tribun-pontianak")[1] == []
    wrong = CliRunner().invoke(cli, ["reextract", "--archive", str(path), "--site", "lain"])
    assert (wrong.exit_code, "is not a portal" in wrong.stderr) == (2, True)
    assert reextract(path, made, "--dry-run", "--since", "2999-01-01")[1] == []
    found = reextract(path, made, "--dry-run", "--layout", "muara/2025", "--site", "muara")[1]
    assert {each["url"] for each in found if each["kind"] == "changed"} == changed(FEW)
    assert not [each for each in found if each["kind"] == "gained"], "what gave no article has no layout"


def test_what_changed_meanwhile_is_passed_over_and_left_by_an_undo(made: Path, path: Path) -> None:
    reextract(path, made)
    with opened(path, "write") as db:
        db.execute("UPDATE articles SET headline = 'Lain' WHERE url = ?", [url_of(50)])
        run = db.execute("SELECT max(run_id) FROM rereads").fetchall()[0][0]
        applied = rereads.undo_reread(db, run, at=NOW)
        assert (applied.done, applied.passed) == (len(changed(FEW)), 1)  # with the one that was gained
        stored = lookup.article(db, url_of(50))
        assert stored is not None
        assert stored.record["headline"] == "Lain"


DYING = """
import os, signal, sys
from scraper.archive.write import rereads
step, last, *arguments = sys.argv[1:]
count = 0
def dying(name):
    whole = getattr(rereads, name)
    def part(*given, **named):
        global count
        count += 1
        if count == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*given, **named)
    setattr(rereads, name, part)
dying(step)
sys.argv = ["kliping", *arguments]
from scraper.cli import main
main()
"""


@pytest.mark.parametrize(("step", "number"), [("change_of", 70), ("_apply", 4), ("_finish", 1)])
def test_kill_9_loses_nothing_and_the_next_run_completes(made: Path, path: Path, step: str, number: int) -> None:
    before = contents(path)
    arguments = ["reextract", "--archive", str(path), "--sites", str(made / "new"), "--jobs", "1"]
    killed = subprocess.run(
        [sys.executable, "-c", DYING, step, str(number), *arguments], cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr
    assert contents(path) == before, "all of it is applied or nothing"
    with opened(path, "read") as db:
        ((run, state, read),) = db.execute("SELECT run_id, state, articles FROM rereads").fetchall()
    assert (state, read > 0) == ("reading" if step == "change_of" else "read", True)
    reextract(path, made)
    with opened(path, "read") as db:
        assert db.execute("SELECT run_id, state, articles FROM rereads").fetchall() == [(run, "applied", FEW - 1)]
    after = contents(path)
    assert {url for url, stored in after["articles"].items() if stored != before["articles"].get(url)} == changed(
        FEW
    ) | {GAINED}


def test_other_rules_do_not_finish_a_run_that_was_begun(made: Path, path: Path) -> None:
    with opened(path, "write") as db:
        first = rereads.open_reread(db, Chosen(), extractor="a", version="0", arguments="", at=NOW)
        assert rereads.open_reread(db, Chosen(), extractor="a", version="0", arguments="", at=NOW) == first
        other = rereads.open_reread(db, Chosen(site="x"), extractor="a", version="0", arguments="", at=NOW)
        assert other.run_id != first.run_id
        assert db.execute("SELECT state FROM rereads").fetchall() == [("abandoned",), ("reading",)]
    assert reextract(path, made, rules="old")[0] == 3


def test_a_page_is_read_without_an_archive() -> None:
    use_sites(parse_sites(NEW))
    try:
        kind, value = answer("joined", ((1, capture(page(3), url_of(3))),))
    finally:
        use_sites([])
    assert (kind, value.url) == ("ok", url_of(3))
    assert article_from_json(as_json(value)) == value
    assert answer("joined", ((1, capture(b"<p>Tidak ada.</p>", url_of(9))),))[0] == "ExtractError"
    assert answer("joined", ((2, capture(b"", url_of(9))),))[0] == "ExtractError"
    with pytest.raises(ExtractError):
        extract_capture(capture(b"<p>Tidak ada.</p>", url_of(9)))


def test_ranges_in_processes_of_their_own_find_the_same(made: Path, tmp_path: Path) -> None:
    """What `--cluster` does, without a cluster: dry, interrupted between two ranges, and applied."""
    path = Path(shutil.copy(made / "small.db", tmp_path / "a.db"))
    use_sites(parse_sites(NEW))
    options = RereadOptions(chosen=Chosen(), jobs=1, version="0")
    wanted: list[Change] = []
    with opened(path) as db:
        whole = preview(db, options, on_change=wanted.append, on_progress=lambda _done: None)
        found: list[Change] = []
        run = read_in_ranges(db, options, Place(jobs=2), is_kept=False, on_change=found.append, size=50)
        assert (found, run.articles, run.captures) == (wanted, whole.articles, whole.captures)
        assert not list(tmp_path.glob("*.reextract"))

        def stop(done: int) -> None:
            raise KeyboardInterrupt(done)

        with pytest.raises(KeyboardInterrupt):
            read_in_ranges(db, options, Place(jobs=1), is_kept=True, on_progress=stop, size=50)
        assert len(list(tmp_path.glob("*.reextract/*.jsonl"))) >= 1, "what was read is kept"
        seen: list[int] = []
        run = read_in_ranges(db, options, Place(jobs=1), is_kept=True, on_progress=seen.append, size=50)
        assert len(seen) < 6
        assert [change for _, change in rereads.reread_changes(db, run.run_id)] == wanted
        assert rereads.apply_reread(db, run.run_id, at=NOW).passed == 0
        assert not list(tmp_path.glob("*.reextract"))
    use_sites(())


def test_the_rules_of_a_reading_are_all_that_it_imports() -> None:
    """What a fresh process has loaded once it has read a page, and the data beside that, decides how pages are read."""
    code = "import sys, scraper.worker, scraper; scraper.extract(open(sys.argv[1], 'rb').read()); print('\\n'.join(str(m.__file__) for m in list(sys.modules.values()) if getattr(m, '__file__', None) and m.__name__.startswith('scraper.')))"
    page = next((ROOT / "fixtures").glob("*/*/page.html"))
    done = subprocess.run([sys.executable, "-c", code, str(page)], capture_output=True, text=True, check=True, cwd=ROOT)
    files = {str(path) for path in rule_files()}
    shown = {"api", "reading", "lazy"}  # what offers extract() to scripts
    loaded = {line for line in done.stdout.split() if line.endswith(".py")}
    missing = {line for line in loaded - files if not shown & set(Path(line).with_suffix("").parts)}
    assert not missing
    assert any(path.endswith("confidence.toml") for path in files)
