"""Search: any text is a valid query, and finds what it says."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive.ask import facet_counts, facets, search
from scraper.archive.ask.filters import ALL, Filter, filter_sql
from scraper.archive.ask.query import MAX_DEPTH, MAX_WORDS, match_expression, parse_query
from scraper.archive.ask.search import HIT_END, HIT_START, CountBy, SearchHit, Understood
from scraper.archive.file.times import to_text
from scraper.indonesian import forms_of, root_of
from scraper.records import Author
from tests.archive.made import URL, article, opened, save

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = (
    ("Jalan poros terendam", "Banjir merendam jalan poros di hulu sungai."),
    ("Warga mengungsi", "Poros jalan direndam banjir sejak pagi, kata lurah."),
    ("Sekolahan libur", "Sekolahan libur karena café tutup."),
    ("Kebanjiran lagi", "Kampung itu kebanjiran untuk kedua kali. Para pengungsi makan di dapur umum."),
    ("Pembangunan jembatan", "Pemerintah membangun jembatan; bangunan lama dibongkar."),
)


@pytest.fixture(scope="module")
def searchable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "a.db"
    with opened(path) as db:
        for number, (headline, text) in enumerate(TEXTS):
            what = article(
                text,
                url=f"{URL}-{number}",
                site="ab"[number % 2],
                kind="gallery" if number == 4 else "article",
                headline=headline,
                published_at=datetime(2026, 1 + number // 3, 1 + number, 3, tzinfo=UTC),
                tags=("Banjir", f"nomor {number}"),
                section=("Daerah",) if number else ("Nasional", "Politik"),
                authors=(Author(name="Ratna Wulandari" if number < 2 else "Bima", role="writer"),),
                editors=("Bima",),
            )
            save(db, what, text.encode(), url=what.url)
    return path


def numbers(hits: list[SearchHit]) -> list[int]:
    return [int(hit.url.rpartition("-")[2]) for hit in hits]


def ask(path: Path, query: str, wanted: Filter = ALL, *, exact: bool = False, **options: Any) -> list[int]:
    with opened(path, "read") as db:
        return numbers(search.search(db, search.understand(db, query, exact=exact), wanted, **options))


PIECES = st.sampled_from(
    'AND OR NOT NEAR NEAR( NEAR/3 ( ) " * ^ + - : , ; headline: lede: body: nosuch: {headline} banjir jalan café -kota "jalan poros" '
    "10 'x' \\ \x00 \ud800 “ ” 你好 🙂 ́ ² ـ".split(" ")
)
QUERIES = (
    st.text(max_size=40) | st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=25).map("".join)
)


@given(QUERIES, st.booleans(), st.booleans())
@settings(deadline=None, max_examples=300)
def test_no_query_is_an_error(searchable: Path, query: str, exact: bool, by_date: bool) -> None:  # noqa: FBT001
    found = ask(searchable, query, exact=exact, order="date" if by_date else "relevance")
    assert len(found) == len(set(found))
    ask(searchable, query, Filter(sites=("a",)), exact=exact)


@pytest.mark.parametrize(
    "piece", ["(", ")", "((a) ", "NOT ", "-a ", "headline:", "headline: -", "a OR ", "NEAR(a b) ", 'a"', "banjir "]
)
def test_neither_long_nor_deep_queries_are_an_error(searchable: Path, piece: str) -> None:
    ask(searchable, piece * 3000)
    ask(searchable, piece * 3000 + "banjir")


def test_limits_are_said() -> None:
    assert parse_query("(" * (MAX_DEPTH + 1) + "a").hints == (
        f"brackets go {MAX_DEPTH} deep; what is deeper was left out",
    )
    assert parse_query("a " * (MAX_WORDS + 1)).hints == (f"only the first {MAX_WORDS} words were used",)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("banjir", {0, 1}),
        ('"jalan poros"', {0}),
        ("“jalan poros”", {0}),
        ('"jalan por"*', {0}),
        ("sekolah*", {2}),
        ("sekolah", set()),
        ("CAFE", {2}),
        ('banjir "', {0, 1}),
        ("banjir OR libur", {0, 1, 2}),
        ("banjir or libur", set()),
        ("banjir AND lurah", {1}),
        ("banjir NOT lurah", {0}),
        ("banjir -lurah", {0}),
        ('banjir -"jalan poros"', {1}),
        ("NOT banjir", set()),
        ("(banjir OR libur) poros", {0, 1}),
        ("banjir OR libur poros", {0, 1}),
        ("banjir) (lurah", {1}),
        ("jalan (lurah OR hulu", {0, 1}),
        ("headline:banjir", set()),
        ("headline:jalan", {0}),
        ("Headline: jalan", {0}),
        ("body:(jalan lurah)", {1}),
        ("headline:warga banjir", {1}),
        ("NEAR(banjir jalan)", {0, 1}),
        ("NEAR(banjir hulu, 2)", set()),
        ('NEAR("jalan poros" banj*, 3)', {0}),
        ("body:NEAR(jalan lurah, 9)", {1}),
        ("NEAR( - * ^", set()),
        ("", set()),
        ("' OR 1=1 --", set()),
    ],
)
def test_search_finds_the_words_as_they_are(searchable: Path, query: str, found: set[int]) -> None:
    if query:
        assert set(ask(searchable, query, exact=True)) == found
    else:  # no query: everything, newest first
        with opened(searchable, "read") as db:
            assert numbers(search.search(db, "")) == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("nosuch:banjir", "nosuch: is not a column"),
        ("a* kabut", "at least two letters"),
        ("banjir NEAR kota", "NEAR(word word, 10)"),
        ("NOT banjir", "something to find first"),
        ("yang banjir", "left out: yang"),
    ],
)
def test_what_is_not_understood_is_said(searchable: Path, query: str, hint: str) -> None:
    with opened(searchable, "read") as db:
        assert hint in " ".join(search.understand(db, query).hints)


@pytest.mark.parametrize(
    "query", ["banjir ketapang", 'https://contoh.id/x "jalan poros"', "pukul 10:30", "sekolah* -kota"]
)
def test_an_ordinary_query_gets_no_hint(query: str) -> None:
    assert parse_query(query).hints == ()


def test_a_word_finds_its_forms_and_only_those_that_occur(searchable: Path) -> None:
    with opened(searchable, "read") as db:
        asked = search.understand(db, "banjir")
        assert asked.forms == ("kebanjiran",)
        assert set(numbers(search.search(db, asked))) == {0, 1, 3}
        assert set(search.understand(db, "pembangunan").forms) == {"membangun", "bangunan"}
        assert set(numbers(search.search(db, "direndam"))) == {0, 1}  # terendam, merendam
        assert not search.understand(db, '"banjir" banj* Pontianak').forms


FORMS = """
adil: keadilan mengadili peradilan pengadilan diadili
ajar: belajar pelajar pelajaran pembelajaran mengajar mengajari pengajar ajaran diajarkan
baca: membaca dibaca terbaca bacaan pembaca pembacaan membacakan dibacakan bacalah membacanya
bakar: kebakaran membakar pembakaran terbakar dibakar pembakar
banjir: kebanjiran membanjiri dibanjiri banjirnya
bantu: membantu bantuan pembantu dibantu perbantuan
bunuh: membunuh pembunuhan dibunuh pembunuh terbunuh
cat: mengecat pengecatan dicat
curi: mencuri pencurian pencuri dicuri kecurian curian
dagang: pedagang perdagangan berdagang memperdagangkan diperdagangkan
daya: memberdayakan pemberdayaan diberdayakan berdaya
didik: pendidikan mendidik dididik pendidik terdidik
duga: menduga dugaan diduga terduga praduga
hujan: kehujanan penghujan dihujani menghujani
ikut: mengikuti pengikut diikuti
jabat: pejabat menjabat jabatan dijabat
kata: mengatakan dikatakan perkataan berkata katanya
ketua: mengetuai diketuai
kirim: mengirim dikirim pengiriman kiriman mengirimkan terkirim
korban: mengorbankan pengorbanan dikorbankan
lahir: kelahiran melahirkan dilahirkan terlahir
laku: pelaku perlakuan memperlakukan diperlakukan pemberlakuan memberlakukan berlaku melakukan dilakukan pelakunya
lambat: terlambat keterlambatan memperlambat diperlambat perlambatan melambat
lapor: melaporkan laporan dilaporkan pelapor pelaporan terlapor
layan: pelayanan melayani dilayani pelayan layanan
longsor: longsoran kelongsoran longsornya
main: memainkan permainan pemain bermain dimainkan mainan mempermainkan
periksa: pemeriksaan memeriksa diperiksa pemeriksa
pilih: memilih pemilihan pilihan dipilih pemilih terpilih
pimpin: pemimpin kepemimpinan memimpin dipimpin pimpinan
pindah: memindahkan pemindahan perpindahan dipindahkan berpindah
pukul: memukul dipukul pemukulan pukulan terpukul memukuli
rusak: kerusakan merusak perusakan pengrusakan dirusak
sapu: menyapu disapu penyapu menyapunya
sebut: menyebutkan disebut menyebut sebutan penyebutan tersebut
sehat: kesehatan menyehatkan penyehatan
sekolah: bersekolah persekolahan menyekolahkan
sita: penyitaan menyita disita sitaan
tabrak: menabrak penabrak ditabrak tabrakan tertabrak
tangkap: menangkap ditangkap tertangkap penangkapan tangkapan penangkapnya
tani: petani pertanian bertani
temu: menemukan pertemuan penemuan ditemukan bertemu temuan menemui pertemukan
tinggal: meninggal peninggalan ditinggalkan meninggalkan tertinggal
transfer: mentransfer ditransfer
tugas: bertugas petugas penugasan menugaskan ditugaskan
tuntut: menuntut tuntutan dituntut penuntut penuntutan
usaha: pengusaha mengusahakan perusahaan diusahakan berusaha
"""


def test_nearly_all_forms_of_common_roots_are_found() -> None:
    wanted = {(line.partition(":")[0], form) for line in FORMS.split("\n") for form in line.partition(":")[2].split()}
    missing = {(root, form) for root, form in wanted if form not in forms_of(root) or root_of(form) != root}
    # Ambiguous to the stemmer: tuai (to harvest) and tan are roots as well, praduga is a word of its own.
    assert missing == {("ketua", "mengetuai"), ("ketua", "diketuai"), ("tani", "bertani"), ("duga", "praduga")}
    assert len(missing) < 0.02 * len(wanted)
    assert root_of("keindahan") == "indah"


def test_the_name_of_a_region_stays_itself(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article("Pemalang dan Malang; nasib malang, kemalangan itu."))
        assert search.understand(db, "kemalangan").forms == ()  # malang is a city as well
        assert search.understand(db, "pemalang").forms == ()


def test_names_and_foreign_words_have_no_root() -> None:
    assert [root_of(word) for word in ("pontianak", "meeting", "covid19", "café", "di", "")] == [None] * 6


def test_a_section_is_found_by_an_index(searchable: Path) -> None:
    condition, values = filter_sql(Filter(sections=("politik",)))
    with opened(searchable, "read") as db:
        plan = db.execute(f"EXPLAIN QUERY PLAN SELECT a.id FROM articles AS a WHERE {condition}", values).fetchall()
    assert [row[3] for row in plan if " a " in row[3]] == ["SEARCH a USING COVERING INDEX articles_section (section=?)"]
    assert all(row[3].startswith(("SEARCH articles USING COVERING", "SCAN lists", "SCAN json_each")) for row in plan if row[3].startswith(("SEARCH art", "SCAN")))  # fmt: skip


@given(
    st.datetimes(datetime(2026, 2, 26), datetime(2026, 3, 4)),
    st.integers(-14 * 60, 14 * 60),
    st.none() | st.dates(date(2026, 2, 26), date(2026, 3, 4)) | st.just(date.min),
    st.none() | st.dates(date(2026, 2, 26), date(2026, 3, 4)) | st.just(date.max),
)
def test_days_are_those_that_the_page_shows(
    shown: datetime, minutes: int, since: date | None, until: date | None
) -> None:
    at = shown.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    condition, values = filter_sql(Filter(since=since, until=until))
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE articles (published_at TEXT, published_utc TEXT)")
        db.execute("INSERT INTO articles VALUES (?, ?), (NULL, NULL)", [at.isoformat(), to_text(at)])
        found = db.execute(f"SELECT 1 FROM articles AS a WHERE {condition}", values).fetchall()
    is_wanted = (since is None or shown.date() >= since) and (until is None or shown.date() <= until)
    assert len(found) == is_wanted + (since is until is None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(sites=("a",)), [0]),
        (Filter(sites=("a", "b")), [0, 1]),
        (Filter(since=date(2026, 1, 2)), [1]),
        (Filter(until=date(2026, 1, 1)), [0]),
        (Filter(tags=("BANJIR",)), [0, 1]),
        (Filter(tags=("nomor 1",)), [1]),
        (Filter(authors=("ratna wulandari",)), [0, 1]),
        (Filter(authors=("Bima",)), []),  # edited both, wrote neither
        (Filter(sections=("politik",)), [0]),
        (Filter(kinds=("gallery",)), []),
        (Filter(sites=("a",), tags=("nomor 1",)), []),
        (Filter(tags=("nomor 1", "nomor 0", "\x00' OR 1")), [0, 1]),
    ],
)
def test_filters(searchable: Path, wanted: Filter, found: list[int]) -> None:
    assert sorted(ask(searchable, "banjir", wanted, exact=True)) == found
    assert ask(searchable, "banjir", wanted, exact=True, order="date") == found[::-1]
    with opened(searchable, "read") as db:
        assert [number for number in numbers(search.search(db, "", wanted)) if number < 2] == found[::-1]
        counted = search.count(db, search.understand(db, "banjir", exact=True), "kind", wanted)
        assert counted == ([("article", len(found))] if found else [])


def test_a_region_is_a_code() -> None:
    assert Filter(regions=("61", "61.71")).regions
    for wrong in ("*", "6*", "Kalbar", "", "6"):
        with pytest.raises(ValueError, match="not a region code"):
            Filter(regions=(wrong,))


def test_pages_and_order(searchable: Path) -> None:
    query = "jalan OR libur OR dapur OR jembatan"
    assert ask(searchable, query, order="date") == [4, 3, 2, 1, 0]
    assert ask(searchable, query, order="date", limit=2, offset=2) == [2, 1]
    best = ask(searchable, query)
    assert ask(searchable, query, limit=2) + ask(searchable, query, limit=9, offset=2) == best
    assert set(ask(searchable, query, Filter(kinds=("article",)))) == set(best) - {4}


def test_many_hits_are_sorted_by_date_as_few_are(searchable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = ask(searchable, "jalan OR libur", Filter(sites=("a",)), order="date")
    monkeypatch.setattr(import_module("scraper.archive.ask.search"), "FEW_HITS", 1)
    assert ask(searchable, "jalan OR libur", Filter(sites=("a",)), order="date") == few == [2, 0]


@pytest.mark.parametrize("query", ["jalan OR libur", "jal* OR libur", "pembangunan OR jalan"])
def test_a_large_choice_is_ranked_as_a_small_one(searchable: Path, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    wanted = Filter(sites=("a", "b"), kinds=("article",))
    small = ask(searchable, query, wanted)
    with opened(searchable, "read") as db:
        counted = search.count(db, query, "tag", wanted)
    monkeypatch.setattr(import_module("scraper.archive.ask.search"), "CHOSEN_TO_HIT", 0)
    assert ask(searchable, query, wanted) == small
    with opened(searchable, "read") as db:
        assert search.count(db, query, "tag", wanted) == counted
    assert small == [number for number in ask(searchable, query) if number != 4]


@pytest.mark.parametrize(
    ("by", "counts"),
    [
        ("site", [("a", 2), ("b", 1)]),
        ("month", [("2026-01", 3)]),
        ("year", [("2026", 3)]),
        ("author", [("Ratna Wulandari", 2), ("Bima", 1)]),
        ("section", [("Daerah", 2), ("Nasional", 1), ("Politik", 1)]),
        ("kind", [("article", 3)]),
    ],
)
def test_counts_of_what_is_found(searchable: Path, by: CountBy, counts: list[tuple[str, int]]) -> None:
    with opened(searchable, "read") as db:
        assert search.count(db, "jalan OR libur", by) == counts


def test_counts_of_everything(searchable: Path) -> None:
    with opened(searchable, "read") as db:
        assert search.count(db, "", "month") == [("2026-01", 3), ("2026-02", 2)]
        assert search.count(db, "", "tag", limit=1) == [("Banjir", 5)]
        assert search.count(db, "- -", "site") == []


def test_a_snippet_marks_what_matched(searchable: Path) -> None:
    with opened(searchable, "read") as db:
        snippet = search.search(db, "libur")[0].snippet
    assert f"{HIT_START}libur{HIT_END}" in snippet.lower()


@given(QUERIES)
@settings(deadline=None)
def test_hits_of_a_narrower_query_are_hits_of_the_wider(searchable: Path, query: str) -> None:
    parsed = parse_query(query)
    if parsed.root is None:
        return
    with opened(searchable, "read") as db:
        whole = Understood(match=match_expression(parsed.root))
        narrower = replace(whole, match=f"({whole.match}) AND banjir")
        assert set(numbers(search.search(db, narrower))) <= set(numbers(search.search(db, whole)))


@pytest.mark.parametrize("query", ["", "jalan OR banjir OR sekolahan OR kebanjiran OR jembatan", "banjir"])
@pytest.mark.parametrize(
    "wanted", [ALL, Filter(sites=("a",)), Filter(kinds=("gallery",), months=("2026-02",)), Filter(regions=("61",))]
)
def test_what_is_counted_does_not_depend_on_how_many_hits_there_are(
    searchable: Path, query: str, wanted: Filter, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(searchable) as db:
        asked = search.understand(db, query, exact=True)
        few = facets.facets(db, asked, wanted, is_all=not query)
        monkeypatch.setattr(facets, "MAX_HITS", 1)
        many = facets.facets(db, asked, wanted, is_all=not query)
        assert (many.hits, many.is_capped, many.papers) == (few.hits, False, few.papers)
        assert {name: many.values[name] for name in ("site", "region", "month")} == {
            name: few.values[name] for name in ("site", "region", "month")
        }
        assert bool(many.partial) == (few.hits > 1)
        assert facets.facets(db, asked, replace(wanted, tags=("Banjir",)), is_all=not query).is_capped == (few.hits > 0)
        condition, values = filter_sql(wanted)
        hits = "a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)" if query else "?1 IS ?1"
        columns = {"year": "substr(a.month, 1, 4)", "region": "a.region_code"}
        for by in facet_counts.VALUES:
            order = "1" if by in ("month", "year") else "2 DESC, 1"
            column = columns.get(by, f"a.{by}")
            sql = (
                f"SELECT {column}, count(*) FROM articles AS a WHERE {hits} AND {condition} GROUP BY 1 ORDER BY {order}"
            )
            assert (
                search.count(db, asked if query else "", by, wanted)
                == db.execute(sql, [asked.match, *values]).fetchall()
            )
