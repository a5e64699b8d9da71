"""A paper's notice that it corrected an article: its words, and a second sign."""

from __future__ import annotations

import pytest

from scraper.extract import extract

TEXT = [
    "Jembatan baru di Sungai Kapuas dibuka untuk kendaraan kecil pada Senin pagi oleh wali kota.",
    "Antrean kendaraan mengular sampai pasar karena petugas memeriksa muatan satu per satu.",
    "Warga berharap truk pengangkut sayur segera boleh melintas juga.",
    "Pemerintah kota menambah dua pos jaga dan lampu di kedua ujung jembatan itu.",
    "Pekerjaan trotoar dilanjutkan bulan depan setelah musim hujan selesai.",
    "Biaya perawatan ditanggung anggaran kota selama lima tahun pertama.",
]


def page(*blocks: str, language: str = "id", around: str = "") -> str:
    body = "".join(block if block.startswith("<") else f"<p>{block}</p>" for block in blocks)
    return f"<html lang='{language}'><head><title>Jembatan dibuka</title></head><body><article><h1>Jembatan dibuka</h1><div class='article-content'>{body}</div>{around}</article></body></html>"


def notice(markup: str) -> str | None:
    return extract(markup.encode(), url="https://koran.example/2026/05/04/jembatan").correction_notice


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("id", "Ralat: panjang jembatan 300 meter, bukan 500 meter."),
        ("id", "Catatan Redaksi: Judul artikel ini telah diperbaiki pada Senin malam."),
        ("en", "CORRECTION, May 3, 2026: The bridge is 300 metres long, not 500."),
        ("en", "An earlier version of this story misstated the length of the bridge."),
        ("de", "Korrektur vom 3. Mai 2026: Die Brücke ist 300 Meter lang."),
        ("ja", "【訂正】橋の長さは300メートルです。"),
    ],
)
@pytest.mark.parametrize("place", ["head", "foot"])
def test_a_notice_at_an_edge_is_read_and_stays_in_the_text(language: str, text: str, place: str) -> None:
    blocks = (text, *TEXT) if place == "head" else (*TEXT, text)
    read = extract(page(*blocks, language=language).encode(), url="https://koran.example/2026/05/04/jembatan")
    assert read.correction_notice == text
    assert read.provenance["correction_notice"] == "text"
    assert text in [block.text for block in read.body]


def test_a_heading_and_the_notice_below_it_are_one() -> None:
    markup = page(*TEXT, "<h3>Koreksi</h3>", "Panjang jembatan 300 meter, bukan 500 meter seperti tertulis sebelumnya.")
    assert notice(markup) == "Koreksi Panjang jembatan 300 meter, bukan 500 meter seperti tertulis sebelumnya."


def test_an_element_of_its_own_needs_no_place() -> None:
    box = "<div class='article-correction'><p><b>Correction:</b> The bridge is 300 metres long.</p></div>"
    assert notice(page(*TEXT, language="en", around=box)) == "Correction: The bridge is 300 metres long."


@pytest.mark.parametrize(
    "markup",
    [
        page(*TEXT[:3], "Ralat: begitu kata petugas itu sambil tertawa.", *TEXT[3:]),  # words, but amid the text
        page("Koreksi harga saham berlanjut: investor menunggu di pasar.", *TEXT),  # place, but another meaning
        page(*TEXT, around="<a class='correction-link' href='/koreksi'>Laporkan kesalahan</a>"),  # markup, but no words
        page("Ralat: berita kemarin menyebut nama yang salah.", "Redaksi memohon maaf."),  # of another article
        page(*TEXT, around="<div class='corrections'>Correction: a. " + "<a href='/a'>a</a>" * 5 + "</div>"),  # a list
    ],
)
def test_one_sign_is_not_enough(markup: str) -> None:
    assert notice(markup) is None
