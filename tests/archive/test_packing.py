"""Repacking what a crawl has packed: smaller, identical byte for byte, and unharmed by a kill."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file import store
from scraper.archive.file.times import to_text
from scraper.archive.keep import merge, packing, verify
from scraper.archive.keep.packing import WINDOW, Packed, choose_hubs
from tests.archive.made import NOW, article, opened, save
from tests.archive.pages import page, template
from tests.command import kliping

ROOT = Path(__file__).parent.parent.parent
START = NOW - timedelta(days=5)
LATER = NOW + timedelta(days=365)
# Packs an archive and dies before the nth body is replaced.
DYING = """
import os, pathlib, signal, sys
from datetime import datetime, UTC
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import packing
from scraper.archive.keep import packing
whole, left = packing._replace, [int(sys.argv[2])]
def dying(*given):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    whole(*given)
packing._replace = dying
with open_archive(pathlib.Path(sys.argv[1]), mode="crawl", min_free_bytes=0) as db:
    list(packing.pack_bodies(db, before=datetime(2027, 3, 1, tzinfo=UTC), at=datetime(2027, 3, 1, tzinfo=UTC)))
"""


def crawled(path: Path, pages: int = 30) -> dict[int, bytes]:
    """An archive of a paper with two designs that change little by little; the bodies that must come back, by id."""
    designs = [template(seed, 150) for seed in (1, 2)]
    with opened(path) as db:
        for number in range(pages):
            design = designs[number % 2]
            design[number % 150] = f"<p>{number * 7919}</p>"
            url = f"https://contoh.id/2026/03/01/berita-{number}"
            save(db, article(url=url), page(design, number), url=url, at=START + timedelta(hours=number))
            if number % 5 == 0:  # a second look, which is a difference to the first
                again = page(design, number) + b"<!-- again -->"
                save(db, article(url=url), again, url=url, at=START + timedelta(hours=number, minutes=5))
        return bodies(db)


def bodies(db: Any) -> dict[int, bytes]:
    ids = [number for (number,) in db.execute("SELECT id FROM bodies").fetchall()]
    return {number: store.body_of(db, number) for number in ids}


def stored(db: Any) -> int:
    return int(db.execute("SELECT sum(length(data)) FROM bodies").fetchall()[0][0])


def is_sound(db: Any) -> bool:
    deltas = (
        "SELECT count(*) FROM bodies AS b JOIN bodies AS base ON base.id = b.base_id WHERE base.base_id IS NOT NULL"
    )
    return not list(verify.verify(db)) and db.execute(deltas).fetchall() == [(0,)]


def pack(db: Any, before: datetime = LATER) -> Packed:
    done = Packed()
    for found in packing.pack_bodies(db, before=before, at=LATER):
        done.add(found)
    return done


def test_past_days_become_smaller_and_are_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    before = crawled(path)
    with opened(path) as db:
        size = stored(db)
        recent = START + timedelta(hours=20)
        done = pack(db, recent)
        assert db.execute("SELECT count(*) FROM bodies WHERE packed_at IS NULL").fetchall() == [
            (packing.unpacked_count(db, LATER),)
        ]
        assert done.bodies == 24 < len(before)
        pack(db)
        assert bodies(db) == before
        assert is_sound(db)
        assert stored(db) < 0.7 * size
        again = pack(db)
        assert (again.bodies, packing.unpacked_count(db, LATER)) == (0, 0)
        # What a crawl goes on with is packed against what is there now, and chains stay short.
        url = "https://contoh.id/2026/03/01/berita-3"
        save(db, article(url=url), before[4] + b"<!-- later -->", url=url, at=LATER)
        assert is_sound(db)
    with opened(tmp_path / "merged.db") as db:
        merge.merge(db, path)
        assert set(before.values()) <= set(bodies(db).values())


def test_old_dictionaries_that_nothing_needs_any_more_go_and_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    before = crawled(path)
    with opened(path) as db:
        made = {each for (each,) in db.execute("SELECT id FROM dictionaries").fetchall()}
        assert made
        unneeded = "INSERT INTO dictionaries (template_id, sha256, made_at, reason, raw_bytes, data) SELECT template_id, x'00', ?, 'age', 0, x'' FROM dictionaries LIMIT 1"
        db.execute(unneeded, [to_text(START)])
        pack(db, NOW)
        assert len(db.execute("SELECT id FROM dictionaries").fetchall()) == len(made) + 1, "today's pages may need it"
        pack(db)
        assert {each for (each,) in db.execute("SELECT id FROM dictionaries").fetchall()} <= made
        assert bodies(db) == before
        assert is_sound(db)


def test_a_damaged_page_takes_few_others_along(tmp_path: Path) -> None:
    design = template(1, 40)
    with opened(tmp_path / "a.db") as db:
        for number in range(110):
            url = f"https://contoh.id/2026/03/01/berita-{number}"
            save(db, article(url=url), page(design, number), url=url, at=START + timedelta(minutes=number))
        for number, body in bodies(db).items():  # as an archive without dictionaries has them
            alone = "UPDATE bodies SET codec = 'raw', data = ?, dictionary_id = NULL WHERE id = ?"
            db.execute(alone, [body, number])
        pack(db)
        served = "SELECT count(*) FROM bodies WHERE base_id IS NOT NULL GROUP BY base_id ORDER BY 1 DESC"
        most = db.execute(served).fetchall()[0][0]
        assert WINDOW < most < 64 + WINDOW
        assert is_sound(db)


def test_a_kill_at_any_body_loses_nothing_and_the_next_call_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    before = crawled(path)
    for moment in (0, 5, 17):
        ended = subprocess.run([sys.executable, "-c", DYING, str(path), str(moment)], cwd=ROOT, check=False)
        assert ended.returncode == -9
        with opened(path) as db:
            assert bodies(db) == before
            assert is_sound(db)
    with opened(path) as db:
        assert pack(db).anew > 10
        assert bodies(db) == before


def test_a_damaged_body_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    before = crawled(path, pages=6)
    with opened(path) as db:
        last = max(before)
        db.execute("UPDATE bodies SET data = zeroblob(length(data)) WHERE id = ?", [last])
    ran = kliping("pack", "--archive", str(path), "--json")
    assert ran.returncode == 3
    told = json.loads(ran.stdout)
    assert list(told["damaged"]) == [str(last)]
    assert told["bodies"] == len(before) - 1
    with opened(path) as db:
        assert db.execute("SELECT packed_at FROM bodies WHERE id = ?", [last]).fetchall() == [(None,)]
        assert {number: store.body_of(db, number) for number in before if number != last} == {
            number: body for number, body in before.items() if number != last
        }


def test_time_that_is_over_is_told_with_what_waits(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    before = crawled(path)
    ran = kliping("pack", "--archive", str(path), "--minutes", "0.000001", "--json")
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["waiting"] == len(before) - 16


def total(costs: list[list[int]], stored_: list[int], hubs: set[int]) -> int:
    return sum(
        row[at] if at in hubs else min(stored_[at], row[at], *(row[hub] for hub in hubs))
        for at, row in enumerate(costs)
    )


@given(st.data())
def test_hubs_never_cost_more_than_none_and_one_is_the_best_one(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 6))
    sizes = st.lists(st.integers(1, 100), min_size=size, max_size=size)
    costs = data.draw(st.lists(sizes, min_size=size, max_size=size))
    own = data.draw(sizes)
    hubs = choose_hubs(costs, own)
    reached = total(costs, own, set(hubs)) if hubs else sum(min(own[at], row[at]) for at, row in enumerate(costs))
    assert reached <= sum(min(own[at], row[at]) for at, row in enumerate(costs))
    assert all(reached <= total(costs, own, {one}) for one in range(size))
    fixed = data.draw(
        st.sampled_from([set(), *({each} for each in range(size)), *map(set, combinations(range(size), 2))])
    )
    assert fixed <= set(choose_hubs(costs, own, sorted(fixed)))
