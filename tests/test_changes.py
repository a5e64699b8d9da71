"""Changes between versions: the diff leads from one to the other, and each change has a kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.changes import (
    KINDS,
    REST,
    Version,
    coming_of,
    is_counter,
    is_same,
    is_typo,
    kinds_of,
)
from scraper.language import languages, read_pack
from scraper.language.pack import read_trials
from scraper.text import fold
from scraper.worddiff import is_compared, word_diff

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
word = st.sampled_from('warga banjir "siap 12 3.400 lima," desa — kota. kota, Ralat: hari kerja”'.split())
text = st.lists(word, max_size=14).map(" ".join)
blocks = st.lists(text.filter(bool), max_size=5).map(tuple)
versions = st.builds(
    Version,
    headline=text.filter(bool),
    lede=st.none() | text,
    byline=st.none() | text,
    blocks=blocks,
    modified_at=st.none() | st.sampled_from([NOW, NOW + timedelta(hours=1)]),
)


def change(before: str, after: str, **changes: Any) -> tuple[str, ...]:
    """The kinds of a change of the body; paragraphs are parted by |."""
    old, new = (tuple(part.strip() for part in each.split("|")) for each in (before, after))
    return kinds_of(Version(headline="Judul", blocks=old), Version(headline="Judul", blocks=new, **changes))


@given(text, text)
def test_a_diff_leads_from_one_text_to_the_other(before: str, after: str) -> None:
    edits = word_diff(before, after)
    assert "".join(edit.text for edit in edits if edit.op != "out") == after
    assert fold("".join(edit.text for edit in edits if edit.op != "in")) == fold(before)
    assert all(one.op != two.op for one, two in pairwise(edits))
    assert {edit.op for edit in word_diff(before, before)} <= {"same"}


@given(versions, versions)
def test_every_change_has_a_kind_and_nothing_else_has(before: Version, after: Version) -> None:
    found = kinds_of(before, after)
    assert bool(found) == (not is_same(before, after))
    assert list(found) == [kind for kind in KINDS if kind in found]
    assert kinds_of(before, before) == ()
    assert bool(set(found) - {"silent"}) == bool(found), "silent is never the whole of a change"
    assert ("silent" in found) == (
        bool(found) and before.modified_at is not None and before.modified_at == after.modified_at
    )


@given(versions, versions)
def test_the_same_fields_change_in_both_directions(before: Version, after: Version) -> None:
    there, back = set(kinds_of(before, after)), set(kinds_of(after, before))
    for kind in ("headline", "lede", "byline", "moved", "silent"):
        assert (kind in there) == (kind in back)


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("Sebanyak 5 orang luka.", "Sebanyak 7 orang luka.", ("number",)),
        ("Lima orang luka.", "Enam orang luka.", ("number",)),
        ("Kerugian Rp 3,4 miliar.", "Kerugian Rp 3,4 juta.", ("number",)),
        ("Pemerintahh daerah datang.", "Pemerintah daerah datang.", ("typo",)),
        ("Ia tinggal dirumah sakit.", "Ia tinggal di rumah sakit.", ("typo",)),
        ("Warga pulang, besok.", "Warga pulang besok.", ("typo",)),
        ("Ia datang dari pasar.", "Ia datang hari pasar.", ("wording",)),
        ("Polisi menahan sopir.", "Polisi memeriksa sopir.", ("wording",)),
        ("Sopir bersalah.", "Sopir tidak bersalah.", ("wording",)),
        ('"Kami siap," katanya.', '"Kami belum siap benar," katanya.', ("quote",)),
        ("“Kami siap bekerja,” katanya.", "“Kami enggan bekerja,” katanya.", ("quote",)),
        ('"Siap. | Polisi menahan sopir.', '"Siap. | Polisi memeriksa sopir.', ("wording",)),
        ("Satu.", "Satu. | Dua.", ("addition",)),
        ("Satu. | Dua.", "Satu.", ("deletion",)),
        ("Hujan.", "Hujan dan masih banyak kata lagi sesudah itu.", ("wording", "addition")),
        ("Satu. | Dua.", "Dua. | Satu.", ("moved",)),
        ("Satu dua.", "Satu | dua.", ("wording",)),
        ("Satu.", "Satu. | Ralat: nama di paragraf pertama salah.", ("correction", "addition")),
        ("Satu.", "Satu. | Berita ini telah dikoreksi pada pukul 10.00.", ("correction", "addition")),
        ("Ralat anggaran disetujui dewan.", "Ralat anggaran ditolak dewan.", ("wording",)),
        ("Isi yang panjang sekali, dari awal sampai akhir.", "Artikel ini telah dicabut oleh redaksi.", ("withdrawn", "wording")),
        ("Satu. | Dibaca 1.204 kali", "Satu. | Dibaca 1.377 kali", ()),
        ("Satu. | 5 menit lalu", "Satu.", ()),
        ("Ia berkata `siap`.", "Ia berkata ‘siap’.", ()),
        ("Dibaca di kelas, buku itu dibaca 12 kali oleh semua murid setiap minggu.",
         "Dibaca di kelas, buku itu dibaca 14 kali oleh semua murid setiap minggu.", ("number",)),
    ],
)  # fmt: skip
def test_kinds_of_known_changes(before: str, after: str, kinds: tuple[str, ...]) -> None:
    assert change(before, after) == kinds


def test_headline_lede_byline_and_the_page_s_own_time() -> None:
    old = Version(headline="Judul", lede="Awal", byline="A", blocks=("Isi.",), modified_at=NOW)
    new = Version(headline="Judul baru", lede=None, byline="B", blocks=("Isi.",), modified_at=NOW + timedelta(hours=1))
    assert kinds_of(old, new) == ("headline", "lede", "byline")
    silent = Version(headline="Judul baru", lede="Awal", byline="A", blocks=("Isi.",), modified_at=NOW)
    assert kinds_of(old, silent, is_return=True) == ("headline", "reverted", "silent")
    unsaid = Version(headline="Judul baru", lede="Awal", byline="A", blocks=("Isi.",))
    assert kinds_of(Version(headline="Judul", lede="Awal", byline="A", blocks=("Isi.",)), unsaid) == ("headline",)


@pytest.mark.parametrize("language", languages())
def test_a_notice_of_withdrawal_is_known_in_every_language_that_has_one(language: str) -> None:
    trials = [each for each in read_trials(language) if each.entry.section == "withdrawn"]
    assert bool(trials) == bool(read_pack(language).entries["gone"])
    for trial in trials:
        before = "Satu naskah yang panjang dengan isi yang lain sama sekali."
        assert all("withdrawn" in change(before, text) for text in trial.takes)
        assert not any("withdrawn" in change(before, text) for text in trial.leaves)


def test_what_is_too_much_to_compare_word_by_word_says_so() -> None:
    before, after = (" ".join(f"{word}{number}" for number in range(9_000)) for word in ("kata", "frasa"))
    assert not is_compared(before, after)
    assert "coarse" in change(before, after)
    assert is_compared(before, before + " lagi")
    assert "coarse" not in change(before, before + " dan beberapa kata lagi di akhir")
    assert not is_compared("ya tidak " * 4_000, "tidak ya " * 3_999), "texts that repeat"


def test_a_text_of_a_megabyte_is_compared_in_time() -> None:
    before = " ".join(f"kata{number}" for number in range(60_000))
    after = " ".join(f"kata{number * 7 % 60_013}" for number in range(60_000))
    assert "".join(edit.text for edit in word_diff(before, after) if edit.op != "out") == after


@given(st.lists(st.sampled_from([b"a", b"b", b"c"]), min_size=2, max_size=30))
def test_going_to_and_fro_makes_no_endless_versions(shown: list[bytes]) -> None:
    kept = [(shown[0], NOW)]
    for number, content in enumerate(shown[1:], 1):
        at = NOW + timedelta(hours=number)
        if content != kept[-1][0] and coming_of(kept, content, now=at) != "flip":
            kept.append((content, at))
    assert len(kept) <= 2 * len(set(shown)), "within REST one return counts, and the way back from it"
    assert set(shown) == {content for content, _ in kept}, "nothing new is ever refused"


def test_a_return_after_a_rest_counts() -> None:
    later = NOW + timedelta(hours=1)
    kept = [(b"a", NOW), (b"b", later), (b"a", later)]
    assert coming_of(kept, b"b", now=later) == "return", "the newer text rests, an old copy was shown for an hour"
    kept.append((b"b", later))
    assert coming_of(kept, b"a", now=later + REST - timedelta(seconds=1)) == "flip"
    assert coming_of(kept, b"a", now=later + REST) == "return"
    assert coming_of(kept, b"c", now=NOW) == "new"
    assert coming_of(kept[:2], b"a", now=NOW) == "return"


def test_spelling_and_counters() -> None:
    assert is_typo(["pemerinath"], ["pemerintah"])
    assert not is_typo([], ["pemerintah"])
    assert not is_typo(["menolak"], ["menerima"])
    assert is_counter("1,2 rb komentar")
    assert is_counter("Dilihat: 120")
    assert not is_counter("Hujan turun 5 jam di kota itu lalu berhenti pada sore hari.")


def test_texts_that_repeat_without_end_are_compared_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The matcher is cubic there: what takes too long went and came as a whole, and nothing is lost of either."""
    monkeypatch.setattr("scraper.worddiff.MAX_WORK", 100_000)
    before, after = "a b " * 900, "b a c " * 700
    edits = word_diff(before, after)
    assert "".join(edit.text for edit in edits if edit.op != "in") == before
    assert "".join(edit.text for edit in edits if edit.op != "out") == after
    assert len(edits) < 10
    assert kinds_of(Version(headline="x", blocks=(before,)), Version(headline="x", blocks=(after,)))


def test_a_run_without_blanks_is_no_counter() -> None:
    assert not is_counter("1" * 400_000)
    assert not is_counter("1,2." * 40)
    for counter in (
        "Dibaca 1.204 kali",
        "5 menit lalu",
        "12 Komentar",
        ",5 rb x",
        "dilihat : 7",
        "1.204  views",
        "2 hari yang lalu",
    ):
        assert is_counter(counter), counter
