"""Merging archives and removing captures: nothing that is needed is lost, and nothing is stored twice."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.ask import search
from scraper.archive.ask.counts import stats
from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.file.hashes import stamp
from scraper.archive.keep import merge, prune, verify
from scraper.archive.keep.merge import LEFT_BEHIND
from scraper.archive.keep.prune import PrunePolicy
from scraper.archive.write import doubts, imports, joining, save
from scraper.archive.write.doubts import Doubt
from scraper.archive.write.frontier import add_links, finish_run, make_due, start_run
from scraper.archive.write.joining import JoinedVersion, one_history
from scraper.archive.write.pageresult import PageResult
from scraper.cli import cli
from scraper.errors import ArchiveError
from scraper.exchange.htmlimport import import_html
from scraper.extract import extract_capture
from scraper.reasons import Reason
from scraper.records import Link, Outcome
from tests.archive.made import opened
from tests.command import kliping
from tests.exchange.conftest import PLAIN, plain_capture
from tests.exchange.made import articles, made, taken

if TYPE_CHECKING:
    from scraper.records import Capture

ROOT = Path(__file__).parent.parent.parent


def crawl(path: Path, *captures: Capture, argument: str = "") -> None:
    """A run that keeps these captures."""
    with opened(path) as db:
        run = start_run(db, kind="crawl", version="0", arguments=argument, at=captures[0].fetched_at)
        for capture in captures:
            url_id = number_of(db, capture.url)
            outcome = archive_outcome(capture)
            save.save_page(
                db,
                PageResult(
                    url_id=url_id, run_id=run, outcome=outcome, capture=capture, article=extract_capture(capture)
                ),
            )
        finish_run(db, run, at=captures[-1].fetched_at, exit_code=0)


def number_of(db: Any, url: str, **changes: Any) -> int:
    return imports.known_for_import(db, Link(url=url, raw_url=url, **changes), at=at(1)).url_id


def archive_outcome(capture: Capture) -> Outcome:
    return Outcome(url=capture.url, reason=Reason.OK, at=capture.fetched_at, status=200)


def at(day: int) -> datetime:
    return datetime(2026, 3, day, tzinfo=UTC)


def merged(target: Path, *sources: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    for source in sources:
        with opened(target) as db:
            counts.update(merge.merge(db, source).counts)
    return counts


def dump(path: Path) -> dict[str, list[Any]]:
    """Everything that must be told, without the numbers of this archive."""
    with open_archive(path) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert list(verify.verify(db)) == []
        captures = sorted((each.capture for each in lookup.captures(db)), key=lambda each: (each.url, each.fetched_at))
        fetches = db.execute(
            "SELECT u.url, f.at, f.reason, c.captured_at, r.started_at FROM fetches AS f JOIN urls AS u ON u.id = f.url_id JOIN runs AS r ON r.id = f.run_id LEFT JOIN captures AS c ON c.id = f.capture_id ORDER BY 1, f.id"
        ).fetchall()
        revisions = db.execute(
            "SELECT a.url, r.revision, r.seen_at, r.replaced_at, r.replaced_by, r.body, c.captured_at, n.captured_at, r.kinds FROM revisions AS r JOIN articles AS a ON a.id = r.article_id LEFT JOIN captures AS c ON c.id = r.capture_id LEFT JOIN captures AS n ON n.id = r.next_capture_id ORDER BY 1, 2"
        ).fetchall()
        robots = db.execute(
            "SELECT origin, fetched_at, last_seen_at, verdict, body FROM robots ORDER BY 1, 2"
        ).fetchall()
        frontier = db.execute(
            "SELECT u.url, f.due_at FROM frontier AS f JOIN urls AS u ON u.id = f.url_id ORDER BY 1"
        ).fetchall()
    told = [
        (each.record, each.first_seen_at, each.last_seen_at, each.revision, len(each.captures))
        for each in articles(path)
    ]
    return {
        "captures": captures,
        "fetches": fetches,
        "revisions": revisions,
        "robots": robots,
        "frontier": frontier,
        "articles": sorted(told, key=lambda each: str(each[0]["url"])),
    }


def test_every_table_is_merged_or_left_for_a_reason(stored: Path) -> None:
    source = "".join(Path(each.__file__).read_text("utf-8") for each in (merge, joining) if each.__file__)
    with open_archive(stored) as db:
        names = {
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' AND name NOT LIKE '%vocab\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'"
            ).fetchall()
        }
    assert not {
        name for name in names - set(LEFT_BEHIND) if f'"{name}"' not in source and f"source.{name}" not in source
    }
    assert not set(LEFT_BEHIND) - names, "what is left behind exists"


def test_merging_into_a_new_archive_copies_all_and_again_nothing(stored: Path, tmp_path: Path) -> None:
    target = tmp_path / "c.db"
    counts = merged(target, stored)
    assert counts["captures"] == len(dump(stored)["captures"])
    assert dump(target) == dump(stored)
    assert merged(target, stored).total() == 0
    assert dump(target) == dump(stored)


def test_what_waits_to_be_confirmed_goes_on_waiting_in_the_other_archive(tmp_path: Path) -> None:
    first, second = tmp_path / "x.db", tmp_path / "y.db"
    for path, day in ((first, 3), (second, 4)):
        crawl(path, plain_capture(1, at=at(1)), plain_capture(2, at=at(1)))
        for number, seen in ((1, day), (2, 2)):
            doubtful = plain_capture(number, f"Undian {day} " * 30, at=at(seen))
            with opened(path) as db:
                run = start_run(db, kind="crawl", version="0", arguments=f"{day} {number}", at=at(seen))
                url_id = number_of(db, doubtful.url)
                earlier = doubts.earlier_at(db, url_id)
                assert earlier is not None
                doubt = Doubt(article_id=earlier.article_id, headline="Undian", words=60, signs=("other_text",))
                outcome = replace(archive_outcome(doubtful), reason=Reason.SUSPECT)
                save.save_page(
                    db, PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=doubtful, doubt=doubt)
                )
    crawl(first, plain_capture(2, at=at(5)))  # this article came back there
    told = "SELECT u.url, s.first_seen_at, s.state FROM suspects AS s JOIN urls AS u ON u.id = s.url_id WHERE s.state = 'waiting'"
    for target, source in ((second, first), (tmp_path / "new.db", second)):
        merged(target, source)
        with open_archive(target) as db:
            assert db.execute(told).fetchall() == [(PLAIN.format(number=1), "2026-03-03T00:00:00Z", "waiting")]
        assert merged(target, source).total() == 0


def test_an_archive_and_what_its_own_export_became_are_one(stored: Path, tmp_path: Path) -> None:
    made(stored, "html", tmp_path / "pages")
    taken(tmp_path / "b.db", import_html, tmp_path / "pages")
    before = dump(stored)
    counts = merged(stored, tmp_path / "b.db")
    assert counts["fetches"] == 0, "the same visits, though another run brought them"
    assert {name: rows for name, rows in dump(stored).items() if name != "runs"} == {
        name: rows for name, rows in before.items() if name != "runs"
    }


def test_two_crawls_of_one_paper_become_one_history(tmp_path: Path) -> None:
    first, second, whole = tmp_path / "x.db", tmp_path / "y.db", tmp_path / "whole.db"
    versions = [plain_capture(1, f"Versi {number}. {'Lagi ' * 12}{number}.", at=at(number)) for number in range(1, 6)]
    other = plain_capture(2, at=at(3))
    crawl(first, versions[0], versions[2], other)
    crawl(second, versions[1], versions[3], versions[4], plain_capture(3, at=at(4)))
    crawl(whole, *versions[:3], other, *versions[3:4], plain_capture(3, at=at(4)), versions[4])
    seen = [row[2:4] for row in dump(whole)["revisions"]]
    assert seen == [(f"2026-03-0{day}T00:00:00Z", f"2026-03-0{day + 1}T00:00:00Z") for day in range(1, 5)]
    for name, order in (("ab", (first, second)), ("ba", (second, first))):
        target = tmp_path / f"{name}.db"
        merged(target, *order)
        found, expected = dump(target), dump(whole)
        for part in ("captures", "articles"):
            assert found[part] == expected[part], (name, part)
        assert [row[:6] for row in found["revisions"]] == [row[:6] for row in expected["revisions"]], name
        assert [row[6:] for row in found["revisions"]] == [row[6:] for row in expected["revisions"]], name
        assert [row[:4] for row in found["fetches"]] == [row[:4] for row in expected["fetches"]], (
            "visits of a URL in the order of time"
        )
        assert merged(target, *order).total() == 0
        assert dump(target) == found
        with open_archive(target) as db:
            db_hits = search.search(db, "Versi 5")
        assert [hit.url for hit in db_hits] == [PLAIN.format(number=1)]


def told(content: bytes, seen: int, *, since: int, is_own: bool, is_current: bool = False) -> JoinedVersion:
    row = {
        "content_hash": content,
        "seen_at": f"{seen:03}",
        "replaced_at": None if is_current else f"{seen:03}",
        "capture_id": None,
    }
    return JoinedVersion(row=row, since=f"{since:03}", is_own=is_own)


histories = st.lists(st.tuples(st.integers(0, 99), st.sampled_from([b"a", b"b", b"c"])), min_size=1, max_size=5, unique_by=lambda each: each[0]).map(sorted)  # fmt: skip


@given(histories, histories)
def test_one_history_has_every_version_once_in_the_order_of_time(own: list[Any], others: list[Any]) -> None:
    def line(history: list[Any], *, is_own: bool) -> list[JoinedVersion]:
        return [
            told(content, seen, since=seen, is_own=is_own, is_current=place == len(history) - 1)
            for place, (seen, content) in enumerate(history)
        ]

    a, b = line(own, is_own=True), line(others, is_own=False)
    found = one_history(a, b)
    hashes = [each.row["content_hash"] for each in found]
    assert all(one != two for one, two in pairwise(hashes)), "no version follows itself"
    assert set(hashes) == {each.row["content_hash"] for each in (*a, *b)}
    assert [each.row["seen_at"] for each in found] == sorted(each.row["seen_at"] for each in found)
    assert one_history(found, [*found[:-1], replace(found[-1], is_own=False)]) == found, (
        "joining it again changes nothing"
    )


def test_a_queue_is_kept_where_nobody_has_looked_since(tmp_path: Path) -> None:
    first, second = tmp_path / "x.db", tmp_path / "y.db"
    crawl(first, plain_capture(1, at=at(5)))
    crawl(second, plain_capture(1, at=at(2)))
    for path, url in (
        (first, "https://koran-contoh.id/a"),
        (second, "https://koran-contoh.id/b"),
        (second, PLAIN.format(number=1)),
    ):
        with opened(path) as db:
            add_links(db, [Link(url=url, raw_url=url)], due_at=at(9))
            make_due(db, [url], at=at(9))
    merged(tmp_path / "c.db", first, second)
    with open_archive(tmp_path / "c.db") as db:
        queued = {
            url for (url,) in db.execute("SELECT u.url FROM frontier AS f JOIN urls AS u ON u.id = f.url_id").fetchall()
        }
    assert queued == {"https://koran-contoh.id/a", "https://koran-contoh.id/b"}


def test_a_merge_names_what_the_other_has_lost_and_takes_the_rest(stored: Path, tmp_path: Path) -> None:
    with open_archive(stored) as db:
        data = db.execute(
            "SELECT b.data FROM captures AS c JOIN bodies AS b ON b.id = c.body_id WHERE c.id = 2"
        ).fetchall()[0][0]
        count = stats(db).captures
    file = bytearray(stored.read_bytes())
    where = file.index(data[64:96]) + 8
    file[where : where + 8] = bytes(8)
    stored.write_bytes(file)
    result = CliRunner().invoke(cli, ["merge", str(stored), "--to", str(tmp_path / "c.db"), "--json"])
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert told["counts"]["captures"] == count - len(told["unreadable"])
    assert 2 in [each["key"] for each in told["unreadable"]]
    with opened(tmp_path / "c.db", "read") as db:
        assert list(verify.verify(db)) == []


def test_an_archive_is_not_merged_with_itself(stored: Path) -> None:
    with opened(stored) as db, pytest.raises(ArchiveError, match="itself"):
        merge.merge(db, stored)
    assert CliRunner().invoke(cli, ["merge", str(stored), "--to", str(stored)]).exit_code == 2


# Dies in the middle of the captures, as if by kill -9.
KILLED = """
import os, signal, sys
from pathlib import Path
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import merge
def on_capture(counts):
    if counts["captures"] == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
with open_archive(Path(sys.argv[1]), mode="crawl", min_free_bytes=0) as db:
    merge.merge(db, Path(sys.argv[2]), on_capture=on_capture)
"""


def test_a_killed_merge_has_not_happened_and_the_next_completes(stored: Path, tmp_path: Path) -> None:
    target = tmp_path / "c.db"
    crawl(target, plain_capture(1, "Lain sekali.", at=at(2)))
    before = dump(target)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(target), str(stored), "9"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert dump(target) == before
    whole = Path(shutil.copy(target, tmp_path / "whole.db"))
    merged(target, stored)
    merged(whole, stored)
    assert dump(target) == dump(whole)
    assert len(dump(target)["captures"]) > len(before["captures"])


def test_pruning_takes_what_the_rule_names_and_nothing_needs(stored: Path) -> None:
    kept_before = {each.record["url"]: each.record for each in articles(stored)}
    command = [
        "prune",
        "--bodies-older-than",
        "2027-01-01",
        "--kind",
        "feed",
        "--kind",
        "article",
        "--archive",
        str(stored),
        "--json",
    ]
    with open_archive(stored) as db:
        feed = next(each for each in lookup.captures(db) if each.capture.content_type == "application/rss+xml")
        captures = stats(db).captures
    size = stored.read_bytes()
    plan = json.loads(CliRunner().invoke(cli, command).stdout)
    assert stored.read_bytes() == size, "without --yes nothing is changed"
    assert not plan["done"]
    assert plan["going"]["feed"] == 1
    done = json.loads(CliRunner().invoke(cli, [*command, "--yes"]).stdout)
    assert done["done"]
    assert done["going"] == plan["going"]
    assert (done["bodies"], done["stored_bytes"]) == (plan["bodies"], plan["stored_bytes"])
    with open_archive(stored) as db:
        assert stats(db).captures == captures - sum(plan["going"].values())
        assert db.execute("SELECT u.url, lower(hex(p.sha256)), p.policy FROM pruned AS p JOIN urls AS u ON u.id = p.url_id WHERE u.kind = 'feed'").fetchall() == [
            (feed.capture.url, hashlib.sha256(feed.capture.body).hexdigest(), "feed, article captures before 2027-01-01T00:00:00Z")
        ]  # fmt: skip
        assert list(verify.verify(db)) == []
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        for (number,) in db.execute(
            "SELECT capture_id FROM article_captures UNION SELECT capture_id FROM revisions"
        ).fetchall():
            lookup.capture(db, number)
    assert {each.record["url"]: each.record for each in articles(stored)} == kept_before
    assert json.loads(CliRunner().invoke(cli, [*command, "--yes"]).stdout)["going"] == {}


def test_a_pruned_page_that_others_are_packed_against_can_still_be_given_back(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    noise = " ".join(os.urandom(6).hex() for _ in range(800))
    with opened(path) as db:
        run = start_run(db, kind="crawl", version="0", arguments="", at=at(1))
        for day in range(1, 7):
            capture = replace(
                plain_capture(1, at=at(day), url="https://koran-contoh.id/index"), body=f"<p>{noise} {day}</p>".encode()
            )
            url_id = number_of(db, capture.url, kind="index")
            save.save_page(db, PageResult(url_id=url_id, run_id=run, outcome=archive_outcome(capture), capture=capture))
        assert (
            db.execute("SELECT count(*) FROM bodies WHERE base_id IS NOT NULL OR dictionary_id IS NOT NULL").fetchall()[
                0
            ][0]
            > 0
        )
        policy = PrunePolicy(before=at(6), kinds=("index",))
        assert prune.plan_prune(db, policy).going == {"index": 5}
        assert prune.prune(db, policy, at=at(9)).going == {"index": 5}
        assert [each.capture.body.decode().split()[-1] for each in lookup.captures(db)] == ["6</p>"]
        assert list(verify.verify(db)) == []
        assert prune.prune(db, replace(policy, before=at(7)), at=at(9)).going == {"index": 1}
        assert db.execute("SELECT count(*) FROM bodies").fetchall()[0][0] <= 1, "but what a template waits with"


def test_the_disk_is_told_by_table_packing_and_host(stored: Path) -> None:
    told = json.loads(CliRunner().invoke(cli, ["stats", "--disk", "--json", "--archive", str(stored)]).stdout)
    assert sum(size for _, size in told["objects"]) + told["free_bytes"] <= told["file_bytes"] == stored.stat().st_size
    assert {"articles", "bodies", "captures"} <= {name for name, _ in told["objects"]}
    with open_archive(stored) as db:
        counts = stats(db)
    assert sum(each["raw_bytes"] for each in told["packings"]) == counts.bodies_raw_bytes
    assert sum(each["captures"] for each in told["hosts"]) == counts.captures
    shown = CliRunner().invoke(cli, ["stats", "--disk", "--archive", str(stored)])
    assert "koran-contoh.id" in shown.stdout


def test_verify_says_what_it_did_not_check_and_reads_a_sample_again(stored: Path) -> None:
    done = kliping("verify", "--reread", "5", "--jobs", "1", "--archive", str(stored))
    assert done.returncode == 0, done.stderr
    assert b"not checked: addresses, times and headers" in done.stderr
    assert b"5 articles read again, 0 of them otherwise" in done.stderr
    with closing(sqlite3.connect(stored)) as plain:
        plain.execute("CREATE TABLE notes (id INTEGER)")
        plain.commit()
    with opened(stored, "write") as db:  # consistent, and not what the page says
        db.execute("UPDATE articles SET kicker = 'Lain'")
        for (number,) in db.execute("SELECT id FROM articles").fetchall():
            stamp(db, number)
    done = kliping("verify", "--reread", "3", "--jobs", "1", "--json", "--archive", str(stored))
    assert done.returncode == 0, "new rules read otherwise, too"
    assert b"kicker" in done.stdout
    assert b"what is not of kliping: notes" in done.stderr
