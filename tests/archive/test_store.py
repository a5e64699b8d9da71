"""Bodies are packed against each other, and each is restored byte for byte."""

from __future__ import annotations

import random
import sqlite3
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.file import connection
from scraper.archive.file.bodies import digest
from scraper.archive.file.store import body_of, store_body
from scraper.archive.keep import verify
from scraper.errors import ArchiveDamaged
from tests.archive.made import NOW, opened
from tests.archive.pages import page, template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Any]:
    with opened(tmp_path / "a.db") as made:
        yield made


def store(db: Any, body: bytes, *, at: datetime = NOW, previous: int | None = None, name: str = "t/1 article") -> int:
    with connection.transaction(db):
        return store_body(db, body, host="contoh.id", template=name, at=at, previous_id=previous)


def codecs(db: Any) -> list[str]:
    return [codec for (codec,) in db.execute("SELECT codec FROM bodies ORDER BY id").fetchall()]


def test_pages_of_a_template_are_packed_against_one_of_them(db: Any) -> None:
    design = template(1)
    pages = [page(design, number) for number in range(12)]
    ids = [store(db, body) for body in pages]
    assert codecs(db) == ["zstd"] + ["zstd-dict"] * 11
    assert [body_of(db, number) for number in ids] == pages
    alone, *others = [size for (size,) in db.execute("SELECT length(data) FROM bodies ORDER BY id").fetchall()]
    assert max(others) < alone / 5
    assert db.execute("SELECT reason FROM dictionaries").fetchall() == [("first",)]
    assert db.execute("SELECT count(*) FROM template_changes").fetchall() == [(0,)]


def test_the_same_bytes_are_kept_once(db: Any) -> None:
    body = page(template(1), 1)
    assert store(db, body) == store(db, body)
    assert codecs(db) == ["zstd"]


def test_a_page_looked_at_again_is_a_difference_and_chains_stay_short(db: Any) -> None:
    design = template(1)
    previous = store(db, page(design, 0))
    ids = [previous]
    for number in range(1, 9):
        previous = store(db, page(design, 0) + f"<!-- {number} -->".encode(), previous=previous)
        ids.append(previous)
    assert codecs(db) == ["zstd"] + ["zstd-delta"] * 8
    assert {base for (base,) in db.execute("SELECT base_id FROM bodies WHERE base_id IS NOT NULL")} == {ids[0]}
    assert body_of(db, ids[-1]).endswith(b"<!-- 8 -->")
    assert db.execute("SELECT bodies FROM templates").fetchall() == [(1,)]


def test_what_a_difference_does_not_help_is_packed_otherwise(db: Any) -> None:
    design = template(1)
    first = store(db, page(design, 0))
    for number in range(1, 4):
        store(db, page(design, number))
    store(db, page(template(2), 9), previous=first)  # the URL has another page now
    assert codecs(db)[-1] in {"zstd", "zstd-dict"}
    store(db, random.Random(0).randbytes(5_000))
    assert codecs(db)[-1] == "raw"


def test_a_dictionary_is_renewed_when_it_is_of_another_season(db: Any) -> None:
    design = template(1)
    for number in range(8):
        store(db, page(design, number), at=NOW + timedelta(days=20 * number))
    made = [reason for (reason,) in db.execute("SELECT reason FROM dictionaries ORDER BY id").fetchall()]
    assert made[0] == "first"
    assert made[1:] == ["age"] * (len(made) - 1)
    assert len(made) >= 3
    for number, body_id in enumerate(row[0] for row in db.execute("SELECT id FROM bodies ORDER BY id").fetchall()):
        assert body_of(db, body_id) == page(design, number)
    # Old pages that come late (an import) go to the dictionary of their time.
    used = store(db, page(design, 99), at=NOW + timedelta(days=2))
    assert db.execute("SELECT dictionary_id FROM bodies WHERE id = ?", [used]).fetchall() == [(1,)]


def test_a_new_design_is_noticed_at_its_second_page(db: Any) -> None:
    old, new = template(1), template(2)
    for number in range(15):
        store(db, page(old, number))
    for number in range(15, 20):
        store(db, page(new, number))
    assert db.execute("SELECT reason FROM dictionaries ORDER BY id").fetchall() == [("first",), ("ratio",)]
    ((before, after),) = db.execute("SELECT ratio_before, ratio_after FROM template_changes").fetchall()
    assert before > 2 * after
    assert codecs(db)[-4:] == ["zstd-dict"] * 4


def test_a_long_text_is_no_new_design(db: Any) -> None:
    design = template(1)
    for number in range(30):
        store(db, page(design, number, words=4_000 if number % 3 == 2 else 300))
    assert db.execute("SELECT count(*) FROM template_changes").fetchall() == [(0,)]
    assert db.execute("SELECT count(*) FROM dictionaries").fetchall() == [(1,)]


def test_two_designs_in_turn_make_two_dictionaries(db: Any) -> None:
    designs = template(1), template(2)
    for number in range(40):
        store(db, page(designs[number % 2], number))
    assert db.execute("SELECT count(*) FROM dictionaries").fetchall() == [(2,)]


def test_many_designs_in_turn_do_not_make_a_dictionary_each(db: Any) -> None:
    designs = [template(seed, 100) for seed in range(20)]
    for number in range(80):
        store(db, page(designs[number // 2 % 20], number))
    assert db.execute("SELECT count(*) FROM dictionaries").fetchall()[0][0] <= 80 / 4


def test_a_dictionary_or_base_in_use_cannot_be_deleted(db: Any) -> None:
    design = template(1)
    first = store(db, page(design, 0))
    store(db, page(design, 1))
    store(db, page(design, 0) + b"<!-- -->", previous=first)
    for sql in ("DELETE FROM dictionaries", f"DELETE FROM bodies WHERE id = {first}"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(sql)


def test_a_dictionary_rolled_back_is_not_used_again(db: Any) -> None:
    design = template(1)
    store(db, page(design, 0))
    db.execute("BEGIN IMMEDIATE")
    store_body(db, page(design, 1), host="contoh.id", template="t/1 article", at=NOW)
    db.execute("ROLLBACK")
    assert db.execute("SELECT count(*) FROM dictionaries").fetchall() == [(0,)]
    other = template(5)
    ids = [store(db, page(other, number), name="t/2 article") for number in range(3)]
    assert [body_of(db, body_id) for body_id in ids] == [page(other, number) for number in range(3)]


def test_a_damaged_dictionary_is_named_and_its_page_stands_in(tmp_path: Path) -> None:
    design = template(1)
    path = tmp_path / "a.db"
    with opened(path) as db:
        ids = [store(db, page(design, number)) for number in range(4)]
        db.execute("UPDATE dictionaries SET data = zeroblob(length(data))")
    with opened(path, "read") as db:
        assert [(each.part, each.detail.split(":")[0]) for each in verify.verify(db)] == [
            ("dictionary", "dictionary 1")
        ]
        assert [body_of(db, body_id) for body_id in ids] == [page(design, number) for number in range(4)]
    with opened(path) as db:  # nor does writing stop
        assert body_of(db, store(db, page(design, 9))) == page(design, 9)
        db.execute("UPDATE bodies SET data = zeroblob(length(data)) WHERE id = ?", [ids[0]])  # now the copy is gone too
    with opened(path, "read") as db:
        parts = [each.part for each in verify.verify(db)]
        assert parts == ["dictionary"] + ["body"] * 5
        with pytest.raises(ArchiveDamaged, match="the page it was compressed against is lost"):
            body_of(db, ids[1])


@given(st.lists(st.tuples(st.integers(0, 3), st.binary(max_size=3_000), st.booleans()), max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, given_: list[tuple[int, bytes, bool]]) -> None:
    with opened(tmp_path_factory.mktemp("any") / "a.db") as db:
        ids: dict[int, bytes] = {}
        previous = None
        for number, noise, is_again in given_:
            body = page(template(number % 2, 30), number) + noise
            previous = store(db, body, at=NOW + timedelta(days=60 * number), previous=previous if is_again else None)
            ids[previous] = body
        assert {number: body_of(db, number) for number in ids} == ids
        assert {digest(body) for body in ids.values()} == {sha for (sha,) in db.execute("SELECT sha256 FROM bodies")}
        assert not list(verify.verify(db))
