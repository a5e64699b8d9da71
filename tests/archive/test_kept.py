"""What pruning, merging and saving must not touch: what waits, what was learned later, what belongs to another article."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file import lookup
from scraper.archive.file.times import to_text
from scraper.archive.keep import merge, prune
from scraper.archive.keep.prune import PrunePolicy
from scraper.archive.write import frontier
from scraper.archive.write.doubts import Doubt, earlier_at, with_same_text
from scraper.archive.write.identity import same_article
from scraper.archive.write.joining import JoinedVersion, one_history
from scraper.archive.write.pageresult import PageResult
from scraper.archive.write.save import save_page
from scraper.errors import ArchiveDamaged
from scraper.reasons import Reason
from scraper.records import Outcome, Redirect
from tests.archive.made import NOW, URL, article, capture, lease, link, opened, save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = timedelta(days=1)
OTHER = "https://contoh.id/2026/03/01/pasar-baru"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Any]:
    with opened(tmp_path / "a.db") as found:
        found.execute("PRAGMA synchronous = OFF")
        yield found


def ends(db: Any, reason: Reason, at: Any, body: bytes | None, **changes: Any) -> Any:
    """An attempt that brings no article."""
    run, url_id = lease(db)
    outcome = Outcome(url=URL, reason=reason, at=at, status=200)
    kept = None if body is None else capture(body, URL, at)
    return save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=kept, **changes))


def numbers(db: Any) -> list[int]:
    return [number for (number,) in db.execute("SELECT id FROM captures ORDER BY id").fetchall()]


def test_a_version_that_waits_to_be_confirmed_is_not_pruned_nor_is_an_earlier_one(db: Any) -> None:
    first = save(db, article("Satu."))
    assert first.article_id is not None
    save(db, article("Jembatan itu ditutup lagi."), b"<p>dua</p>", at=NOW + DAY)
    doubt = Doubt(article_id=first.article_id, headline="Undian", words=60, signs=("other_text",))
    ends(db, Reason.SUSPECT, NOW + 2 * DAY, b"<p>undian</p>", doubt=doubt)
    ends(db, Reason.NOT_ARTICLE, NOW + 3 * DAY, b"<p>galat</p>")
    assert len(numbers(db)) == 4
    policy = PrunePolicy(before=NOW + 9 * DAY, kinds=("article",))
    assert prune.plan_prune(db, policy).needed == 3
    assert prune.prune(db, policy, at=NOW + 9 * DAY).going == {"article": 1}
    assert [lookup.capture(db, number).body for number in numbers(db)] == [
        b"<p>satu</p>",
        b"<p>dua</p>",
        b"<p>undian</p>",
    ]


def test_only_an_article_can_be_unchanged(db: Any) -> None:
    save(db, article("Satu."))
    for day in (1, 2):
        found = ends(db, Reason.NOT_ARTICLE, NOW + day * DAY, b"<p>galat</p>")
        assert found.reason is Reason.NOT_ARTICLE, "the same bytes as before, and still not the page"


def test_an_article_that_turns_out_to_be_a_wall_is_asked_for_again(db: Any) -> None:
    wall = save(db, article("Undian."), b"<p>undian</p>")
    assert wall.article_id is not None
    db.execute("DELETE FROM frontier")
    run, url_id = lease(db, OTHER)
    outcome = Outcome(url=OTHER, reason=Reason.WALL, at=NOW + DAY, status=200)
    save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome, takes_back=((wall.article_id, "w"),)))
    assert db.execute("SELECT count(*) FROM articles").fetchall() == [(0,)]
    rows = db.execute("SELECT f.due_at FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE u.url = ?", [URL])
    [(due_at,)] = rows.fetchall()
    assert due_at > to_text(NOW + DAY)
    assert len(numbers(db)) == 1, "its bytes stay"


def test_a_wall_between_two_looks_is_not_what_the_url_gave(db: Any) -> None:
    for day, text in enumerate(("Satu.", "Dua orang hadir.", "Satu.", "Dua orang hadir.", "Satu.")):
        save(db, article(text), text.encode(), at=NOW + day * DAY)
    assert db.execute("SELECT flips, body FROM articles").fetchall() == [(1, "Dua orang hadir.")], (
        "the last is left aside"
    )
    ends(db, Reason.BLOCKED, NOW + 5 * DAY, b"<title>Just a moment</title>")
    ends(db, Reason.UNCHANGED, NOW + 6 * DAY, None)
    assert db.execute("SELECT last_seen_at FROM articles").fetchall() == [(to_text(NOW + 6 * DAY),)]


def test_what_other_hosts_say_makes_no_wall_and_a_date_in_the_address_claims_nothing(db: Any) -> None:
    for number, url in enumerate((OTHER, "https://lain.id/a", "https://lain.id/b")):
        frontier.add_links(db, [link(url)], due_at=NOW)
        [(url_id,)] = db.execute("SELECT id FROM urls WHERE url = ?", [url]).fetchall()
        run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
        outcome = Outcome(url=url, reason=Reason.OK, at=NOW, status=200)
        page = capture(b"%d" % number, url)
        save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=page, text_key=77))
    _, url_id = lease(db)
    assert with_same_text(db, 77, url_id) == 1
    for dated_by, layout, is_claimed in (
        ("url", "generic/3", False),
        ("meta", "generic/3", True),
        ("url", "contoh/2024", True),
    ):
        known = article(f"Satu {dated_by} {layout}.", layout=layout, provenance={"published_at": dated_by})
        save(db, known, f"{dated_by} {layout}".encode())
        earlier = earlier_at(db, url_id)
        assert earlier is not None
        assert earlier.is_claimed is is_claimed, (dated_by, layout)


def test_a_feed_is_asked_before_an_article_and_an_article_before_an_archive(db: Any) -> None:
    run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
    kinds = (("index", -1, 3), ("article", 0, 2), ("feed", 5, 1))
    for kind, priority, hours in kinds:
        due_at = NOW - hours * timedelta(hours=1)
        frontier.add_links(db, [link(f"https://contoh.id/{kind}", kind=kind)], due_at=due_at, priority=priority)
    taken = [frontier.lease(db, run, host="contoh.id", now=NOW) for _ in kinds]
    assert [each.kind for each in taken if each] == ["feed", "article", "index"], "though the last has waited longest"


@pytest.mark.parametrize(("hops", "is_moved"), [((301, 308), True), ((301, 302), False), ((307, 301), False)])
def test_a_redirect_with_one_temporary_hop_moves_no_article(db: Any, hops: tuple[int, int], is_moved: bool) -> None:  # noqa: FBT001
    save(db, article("Satu."))
    _, url_id = lease(db)
    there = (f"{URL}-2", f"{URL}-3")
    redirects = tuple(
        Redirect(url=url, status=status, location=location)
        for url, status, location in zip((URL, there[0]), hops, there, strict=True)
    )
    landed = replace(capture(url=URL), final_url=there[1], redirects=redirects)
    found = same_article(db, url_id, article("Teks lain.", url=there[1]), landed)
    assert (found is not None) is is_moved


def learned(path: Path, day: int) -> None:
    """An archive that learned something of a day, a publisher and a host's move on a day of March."""
    at, state = f"2026-03-{day:02}T00:00:00Z", "done" if day > 5 else "failed"
    with opened(path) as db:
        db.execute(
            "INSERT INTO coverage (site, day, host, state, asked_at) VALUES ('contoh', '2026-01-01', 'contoh.id', ?, ?)",
            [state, at],
        )
        db.execute(
            "INSERT INTO publishers (publisher, seen_at, interval_s, failures, park_s) VALUES ('contoh.id', ?, ?, 0, 0)",
            [at, float(day)],
        )
        db.execute("INSERT INTO moves VALUES ('lama.id', ?, '2026-03-01T00:00:00Z', ?, 3)", [f"baru{day}.id", at])


def test_what_was_learned_later_holds_whichever_archive_is_merged_into_which(tmp_path: Path) -> None:
    for own, other in ((3, 9), (9, 3)):
        path, source = tmp_path / f"{own}.db", tmp_path / f"from-{other}.db"
        learned(path, own)
        learned(source, other)
        with opened(path) as db:
            merge.merge(db, source)
            found = [
                db.execute(f"SELECT {what}").fetchall()
                for what in ("state FROM coverage", "interval_s FROM publishers", "new_host FROM moves")
            ]
        assert found == [[("done",)], [(9.0,)], [("baru9.id",)]], (own, other)


def test_a_merge_takes_no_address_from_an_article_of_its_own(tmp_path: Path) -> None:
    own, other = tmp_path / "own.db", tmp_path / "other.db"
    known = "https://contoh.id/lama"
    with opened(own) as db:
        save(db, article("Pasar itu ramai.", url=OTHER), b"<p>pasar</p>", url=OTHER)
    with opened(other) as db:
        number = save(db, article("Satu.")).article_id
        for url in (OTHER, known):
            db.execute("INSERT INTO addresses VALUES (?, ?, ?, 'redirect')", [url, number, to_text(NOW)])
    with opened(own) as db:
        assert merge.merge(db, other).counts["addresses"] == 1
        assert db.execute("SELECT url FROM addresses").fetchall() == [(known,)]
        assert db.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]


def test_two_readings_of_one_capture_are_one_version_and_the_own_one_stays() -> None:
    def told(content: bytes, capture_id: int, *, is_own: bool) -> JoinedVersion:
        row = {"content_hash": content, "seen_at": "1", "replaced_at": None, "capture_id": capture_id}
        return JoinedVersion(row=row, since="1", is_own=is_own)

    own = told(b"a", 7, is_own=True)
    assert one_history([own], [told(b"b", 7, is_own=False)]) == [own]
    assert len(one_history([own], [told(b"b", 8, is_own=False)])) == 2


def test_an_article_was_first_seen_when_either_archive_saw_it_first(tmp_path: Path) -> None:
    for name, day in (("early", 0), ("late", 5)):
        with opened(tmp_path / f"{name}.db") as db:
            save(db, article("Satu."), at=NOW + day * DAY)
    with opened(tmp_path / "late.db") as db:
        merge.merge(db, tmp_path / "early.db")
        spans = db.execute("SELECT first_seen_at, last_seen_at FROM articles").fetchall()
    assert spans == [(to_text(NOW), to_text(NOW + 5 * DAY))]


def test_a_body_that_another_is_made_from_outlasts_its_own_capture(db: Any) -> None:
    first, noise = (random.Random(seed).randbytes(20_000) for seed in (1, 2))
    for day, body in enumerate((first, noise, b"<p>" + noise)):  # a template waits with the first
        ends(db, Reason.NOT_ARTICLE, NOW + day * DAY, body)
    assert db.execute("SELECT base_id FROM bodies ORDER BY id").fetchall() == [(None,), (None,), (2,)]
    policy = PrunePolicy(before=NOW + 2 * DAY, kinds=("article",))
    assert prune.prune(db, policy, at=NOW + 9 * DAY).going == {"article": 2}
    assert [lookup.capture(db, number).body for number in numbers(db)] == [b"<p>" + noise]


def test_damage_that_came_after_todays_check_keeps_a_crawl_from_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article("Satu."))
        db.execute("INSERT INTO checks (at, file_bytes) VALUES (?, 1)", [to_text(datetime.now(UTC))])
        [(page,)] = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'related_links'").fetchall()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 8192 : page * 8192] = bytes(8192)
    path.write_bytes(data)
    with pytest.raises(ArchiveDamaged), opened(path):
        pass
