"""The language of Indonesian papers: datelines, bylines, sign-offs, related links, lines of boilerplate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.text.captions import split_caption
from scraper.extract.text.clean import clean_blocks
from scraper.extract.text.credits import parse_credit, parse_head, parse_source, split_names
from scraper.extract.text.dateline import split_dateline, title_case
from scraper.extract.text.furniture import known_furniture, syndicated_from, without_tail
from scraper.extract.text.people import people_in
from scraper.extract.text.related import is_related_block, related_label, related_of
from scraper.extract.text.sign_off import split_sign_off
from scraper.language import vocabulary
from tests.extract.makers import block

WORDS = vocabulary("id", "en", "de", "fr", "it", "pl")


@pytest.mark.parametrize(
    ("text", "bold", "dateline", "place", "brand", "rest"),
    [
        ("PONTIANAK -Warga menanam bakau.", "", "PONTIANAK", "Pontianak", None, "Warga menanam bakau."),
        ("TRIBUNPONTIANAK.CO.ID, KETAPANG - Warga menanam bakau.", "", "KETAPANG", "Ketapang", "TRIBUNPONTIANAK.CO.ID", "Warga menanam bakau."),
        ("TRIBUNNEWS.COM – Warga menanam bakau.", "", "TRIBUNNEWS.COM", None, "TRIBUNNEWS.COM", "Warga menanam bakau."),
        ("SURYA.co.id | SURABAYA - Warga menanam bakau.", "", "SURABAYA", "Surabaya", "SURYA.co.id", "Warga menanam bakau."),
        ("SURYA.co.id|KOTA KEDIRI– Warga menanam.", "", "KOTA KEDIRI", "Kota Kediri", "SURYA.co.id", "Warga menanam."),
        ("JAKARTA, KOMPAS.com - Warga menanam bakau.", "", "JAKARTA", "Jakarta", "KOMPAS.com", "Warga menanam bakau."),
        ("KLATEN, KOMPAS com- Warga menanam bakau.", "", "KLATEN", "Klaten", "KOMPAS com", "Warga menanam bakau."),
        ("Mataram, NTB (ANTARA News) - Warga menanam.", "", "Mataram, NTB", "Mataram, NTB", "ANTARA News", "Warga menanam."),
        ("Jakarta, CNN Indonesia -- Warga menanam bakau.", "", "Jakarta", "Jakarta", "CNN Indonesia", "Warga menanam bakau."),
        ("REPUBLIKA.CO.ID,JAKARTA— Warga menanam.", "", "JAKARTA", "Jakarta", "REPUBLIKA.CO.ID", "Warga menanam."),
        ("KEDIRI—Warga menanam bakau.", "", "KEDIRI", "Kediri", None, "Warga menanam bakau."),
        ("TRIBUNNEWS.COM, SANGATTA Abdul Hafid menanam.", "", "SANGATTA", "Sangatta", "TRIBUNNEWS.COM", "Abdul Hafid menanam."),
        ("Liputan6.com, Jakarta Kabar baik datang.", "Liputan6.com, Jakarta", "Jakarta", "Jakarta", "Liputan6.com", "Kabar baik datang."),
        ("Jakarta - Warga menanam bakau.", "Jakarta", "Jakarta", "Jakarta", None, "Warga menanam bakau."),
        ("WASHINGTON (AP) — Officials met.", "", "WASHINGTON", "Washington", "AP", "Officials met."),
    ],
)  # fmt: skip
def test_dateline_is_taken_off(
    text: str, bold: str, dateline: str, place: str | None, brand: str | None, rest: str
) -> None:
    split = split_dateline(text, bold=bold)
    assert split is not None
    assert (split.dateline.text, split.dateline.place, split.dateline.brand, split.rest) == (
        dateline,
        place,
        brand,
        rest,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Siap-siap, warga menanam bakau.",
        "Trent Alexander-Arnold mencetak gol.",
        "BREAKING NEWS - Warga menanam bakau.",
        "VIDEO - Warga menanam bakau.",
        "Warga menanam bakau - dan menjaganya.",
        "ASN harus melayani - kata bupati.",
        "Bela-Belain antre sejak pagi.",
        "",
    ],
)
def test_false_friends_are_no_datelines(text: str) -> None:
    assert split_dateline(text) is None


@given(st.text(max_size=120), st.text(max_size=20))
def test_splitting_never_raises_and_loses_no_text(text: str, bold: str) -> None:
    split = split_dateline(text, bold=bold)
    assert split is None or text.endswith(split.rest)
    rest, code = split_sign_off(text)
    assert text.startswith(rest)
    assert code is None or code in text


def test_places_keep_their_abbreviations() -> None:
    assert title_case("KOTA MADIUN") == "Kota Madiun"
    assert title_case("Mataram, NTB") == "Mataram, NTB"
    assert title_case("OKI") == "OKI"


@pytest.mark.parametrize(
    ("text", "authors", "editors"),
    [
        ("Penulis: Anita Rahma", [("Anita Rahma", "writer")], []),
        ("Penulis: Anita Rahma | Editor: Joko", [("Anita Rahma", "writer")], ["Joko"]),
        ("Penulis:  Anita Rahma  | Editir:  Joko", [("Anita Rahma", "writer")], ["Joko"]),
        ("Rep: Anita/ Red: Joko", [("Anita", "reporter")], ["Joko"]),
        ("Pewarta : Anita dan Budi", [("Anita", "reporter"), ("Budi", "reporter")], []),
        ("Redaktur & Reporter : Anita", [("Anita", "reporter")], ["Anita"]),
        ("Oleh : Dewi Anjani, S.Sos", [("Dewi Anjani, S.Sos", "writer")], []),
        ("Kontributor : Anita", [("Anita", "contributor")], []),
        ("Editor: ", [], []),
    ],
)
def test_credit_tells_roles_apart(text: str, authors: list[tuple[str, str]], editors: list[str]) -> None:
    credit = parse_credit(text)
    assert credit is not None
    assert [(author.name, author.role) for author in credit.authors] == authors
    assert list(credit.editors) == editors


@pytest.mark.parametrize(
    ("lines", "name", "role", "affiliation"),
    [
        (("Citizen Reporter", "Humas Pemprov Kalbar, Rinto"), "Rinto", "citizen_reporter", "Humas Pemprov Kalbar"),
        (("Laporan Wartawan Tribun Pontianak, Destri Yunas",), "Destri Yunas", "reporter", "Tribun Pontianak"),
        (("Laporan Wartawan Tribun Timur Edi Sumardi",), "Edi Sumardi", "reporter", "Tribun Timur"),
        (("Laporan Wartawan Tribun Medan / Tommy",), "Tommy", "reporter", "Tribun Medan"),
        (("Laporan Kontributor Antara, Sari",), "Sari", "contributor", "Antara"),
    ],
)
def test_byline_at_the_head(lines: tuple[str, ...], name: str, role: str, affiliation: str) -> None:
    byline = parse_head(lines)
    assert byline is not None
    assert [(author.name, author.role, author.affiliation) for author in byline.authors] == [(name, role, affiliation)]
    assert byline.text == ", ".join(lines)


def test_a_sentence_is_no_byline() -> None:
    assert parse_head(("Laporan keuangan daerah dibahas hari ini.",)) is None
    assert parse_head(("Warga menanam bakau di pantai.",)) is None
    assert parse_credit("Warga: kami ingin listrik") is None


def test_names_and_sources() -> None:
    assert split_names("Dian Erika, Icha Rastika dan Tim Redaksi") == ("Dian Erika", "Icha Rastika")
    assert parse_source("Sumber: TribunSolo.com") == "TribunSolo.com"
    assert parse_source("Sumber air warga kering.") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Doe and John Smith", ("Jane Doe", "John Smith")),
        ("Von Anna Müller, Chefreporterin", ("Anna Müller",)),
        ("JANE DOE", ("Jane Doe",)),
        ("Jane Doe | Senior correspondent", ("Jane Doe",)),
        ("Redaktion", ()),
        ("https://example.org/a", ()),
        ("@jane", ()),
        ("12 May 2020", ()),
        ("dpa", ("dpa",)),
    ],
)
def test_people_are_told_from_the_rest(text: str, names: tuple[str, ...]) -> None:
    assert people_in(text) == names


@given(st.text(max_size=200))
def test_names_are_read_from_anything(text: str) -> None:
    assert all(name.strip() for name in (*people_in(text), *split_names(text)))


@pytest.mark.parametrize(
    ("text", "rest", "code"),
    [
        ("Air surut. (*)", "Air surut.", "(*)"),
        ("Air surut. (ant/jpnn)", "Air surut.", "(ant/jpnn)"),
        ('"Air surut," katanya. (frh)', '"Air surut," katanya.', "(frh)"),
        ("****", "", "****"),
        ("Air surut (dua meter)", "Air surut (dua meter)", None),
        ("Ia membela klubnya (Tottenham Hotspur)", "Ia membela klubnya (Tottenham Hotspur)", None),
        ("Ia anggota dewan (dprd)", "Ia anggota dewan (dprd)", None),
    ],
)
def test_sign_off_is_taken_off(text: str, rest: str, code: str | None) -> None:
    assert split_sign_off(text) == (rest, code)


def test_related_links_are_told_by_label_and_link() -> None:
    link = (("https://contoh.id/a", "Jalan baru dibuka"),)
    assert is_related_block(block("Baca juga: Jalan baru dibuka", links=link), WORDS)
    assert is_related_block(block("• Jalan baru dibuka", links=link), WORDS)
    assert not is_related_block(block("Baca doa sebelum makan adalah kebiasaan yang baik.", links=()), WORDS)
    assert not is_related_block(
        block("Simak penjelasannya di bawah ini, kata Jalan baru dibuka dan banyak lagi teks.", links=link), WORDS
    )
    assert related_label("Baca Juga : x", WORDS) == "Baca Juga"
    found = related_of(block("Baca juga: Jalan baru dibuka", links=link), "https://www.contoh.id/b", WORDS)
    assert [(each.label, each.text, each.url) for each in found] == [
        ("Baca juga", "Jalan baru dibuka", "https://contoh.id/a")
    ]


def test_an_advert_in_a_related_box_is_no_related_link() -> None:
    advert = block("Baca juga: Cari kerja di sini!", links=(("https://iklan.example.org/", "Cari kerja di sini!"),))
    assert related_of(advert, "https://contoh.id/b", WORDS) == []


@pytest.mark.parametrize(
    "text",
    [
        "ADVERTISEMENT", "Halaman 123", "Halaman selanjutnya", "[Gambas:Video 20detik]", "Ikuti berita lain di Google News Contoh.id",
        "Artikel ini telah tayang di TribunPadang.com dengan judul Jalan Baru", "COPYRIGHT © ANTARA 2025", "Anzeige", "Lesen Sie auch", "Read more",
        "Dapatkan Berita Viral Via Saluran WhatsApp", "***", "2 dari 4 halaman",
    ],
)  # fmt: skip
def test_boilerplate_is_known(text: str) -> None:
    assert known_furniture(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Ikuti jejak petani muda yang menanam kopi di lereng.",
        "Dikutip dari channel YouTube miliknya, ia menolak tawaran itu.",
        "Video itu ditonton dua juta kali.",
        "Baca doa sebelum tidur.",
        "Page turned the Zeppelin riff into a hymn.",
        "Halaman rumahnya luas.",
    ],
)
def test_sentences_are_no_boilerplate(text: str) -> None:
    assert not known_furniture(text, WORDS)


def test_notes_of_origin_name_their_outlet() -> None:
    assert syndicated_from("Artikel ini telah tayang di TribunSumsel.com dengan judul X") == "TribunSumsel.com"
    assert syndicated_from("Warga menanam bakau.") is None
    text = "Warga menanam bakau di pantai yang dibersihkan relawan setiap hari Minggu."
    assert without_tail(f"{text} Simak berita selengkapnya di halaman selanjutnya.") == text
    assert without_tail(text) == text


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Warga menanam bakau. (ANTARA/Rubi)", "Warga menanam bakau", "ANTARA/Rubi"),
        ("Warga menanam, Senin (7/10/2019),", "Warga menanam, Senin (7/10/2019)", None),
        ("Foto: Warga menanam bakau", "Warga menanam bakau", None),
        ("Warga menanam bakau / Xinhua", "Warga menanam bakau", "Xinhua"),
        ("Warga menanam bakau (di belakang)", "Warga menanam bakau (di belakang)", None),
        ("", None, None),
    ],
)
def test_caption_and_credit_are_told_apart(text: str, caption: str | None, credit: str | None) -> None:
    assert split_caption(text, WORDS) == (caption, credit)


def test_blocks_are_judged_in_reading_order() -> None:
    found = clean_blocks(
        [
            block("Jembatan dibuka"),
            block("Penulis: Anita Rahma"),
            block("SAMBAS - Jembatan dibuka pagi ini."),
            block("Baca juga: Jalan baru", links=(("/a", "Jalan baru"),)),
            block("Anzeige"),
            block("Warga bersorak. (*)"),
        ],
        base_url="https://contoh.id/b",
        headline="Jembatan dibuka",
        vocabulary=WORDS,
    )
    assert [each.text for each in found.body] == ["Jembatan dibuka pagi ini.", "Warga bersorak."]
    assert [(link.url, link.after_block) for link in found.related_links] == [("https://contoh.id/a", 1)]
    assert (found.sign_off, found.byline) == ("(*)", "Penulis: Anita Rahma")
    assert found.dateline is not None
    assert found.dateline.place == "Sambas"


def test_an_outlet_alone_is_taken_off_the_text_but_is_no_dateline() -> None:
    found = clean_blocks(
        [block("KabarContoh.com — Jembatan dibuka pagi ini.")], base_url=None, headline=None, vocabulary=WORDS
    )
    assert [each.text for each in found.body] == ["Jembatan dibuka pagi ini."]
    assert found.dateline is None


def test_a_dateline_may_close_with_a_full_stop_behind_its_outlet() -> None:
    split = split_dateline("TAKALAR, (PEDOMAN KARYA). Nelayan kembali melaut.")
    assert split is not None
    assert (split.dateline.place, split.dateline.brand) == ("Takalar", "PEDOMAN KARYA")
    assert split.rest == "Nelayan kembali melaut."


@pytest.mark.parametrize("text", ["Facebook", "Twitter", "Biro Pers Sekretariat Presiden", "Humas Pemprov Kalbar"])
def test_networks_and_press_offices_are_no_people(text: str) -> None:
    assert people_in(text) == ()


def test_a_profession_behind_a_name_is_cut_off() -> None:
    assert people_in("Dewi Lestari Jurnalis") == ("Dewi Lestari",)


@given(st.text(alphabet="ABab ,.()-–—|/:\n", max_size=120))
def test_a_dateline_leaves_the_end_of_the_text_as_it_was(text: str) -> None:
    split = split_dateline(text)
    assert split is None or text.endswith(split.rest)
