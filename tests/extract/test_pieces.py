"""Texts whose pieces are in different elements, and figures that contain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper import extract
from scraper.errors import ExtractError
from scraper.extract.structure.blocks import RawBlock, RawLink
from scraper.extract.structure.pieces import of_the_text

if TYPE_CHECKING:
    from scraper.records import BlockKind

HEAD = (
    '<html lang="id"><head><title>Sepuluh Jembatan Diperiksa</title></head><body><header><a href="/">Koran</a></header>'
)
SENTENCES = [
    f"Jembatan nomor {number} diperiksa oleh tim dari dinas pekerjaan umum, yang mencatat keretakan pada tiang bagian hulu."
    for number in range(1, 11)
]


def texts(page: str) -> list[str]:
    return [block.text for block in extract(page, url="https://koran.example/berita/jembatan-1").body]


def test_a_text_in_pieces_of_many_kinds_is_read_whole() -> None:
    kinds = ("intro", "kutipan-ahli", "penilaian", "cara-kerja", "hasil")
    pieces = "".join(
        f'<section class="bagian-{kind}"><div class="isi-{kind}"><h2>Bagian {kind}</h2><p>{SENTENCES[2 * number]}</p><p>{SENTENCES[2 * number + 1]}</p></div></section>'
        for number, kind in enumerate(kinds)
    )
    page = f"{HEAD}<main><h1>Sepuluh Jembatan Diperiksa</h1>{pieces}</main></body></html>"
    assert [text for text in texts(page) if text.endswith("hulu.")] == SENTENCES


@pytest.mark.parametrize("link", ["", f'<p><a href="/lain">{"Berita lain dari koran ini. " * 4}</a></p>'])
def test_a_text_in_pieces_right_below_body_is_read_whole_where_hardly_anything_there_is_a_link(link: str) -> None:
    pieces = [
        f'<div class="potongan-{name}"><p>{text}</p></div>' for name, text in zip("abcdefghij", SENTENCES, strict=True)
    ]
    page = f"{HEAD}<h1>Sepuluh Jembatan Diperiksa</h1>{''.join(f'{piece}{link}' for piece in pieces)}</body></html>"
    assert (texts(page) == SENTENCES) == (not link)


def test_pieces_with_little_text_and_lists_that_are_announced_are_of_the_text() -> None:
    def block(kind: BlockKind, text: str, box: int, *, is_link: bool = False) -> RawBlock:
        return RawBlock(kind, text, (text,), (RawLink("/x", text),) if is_link else (), box=box)

    few, advert = (
        block("paragraph", "Tim itu ditemani:", 7),
        block("paragraph", "Langganan koran ini hanya sepuluh ribu.", 8),
    )
    people = [block("list_item", name, 9, is_link=True) for name in ("Ani", "Budi")]
    others = [block("list_item", name, 9, is_link=True) for name in ("Berita lain", "Berita lama")]
    assert of_the_text([few, *people, advert, *others], None, frozenset({7})) == [few, *people]
    assert of_the_text([advert, *others], few, frozenset()) == []


def test_pieces_that_are_numbered_are_alike() -> None:
    names = ("rich-text-1 kosong", "rich-text-2 penuh", "rich-text-3 penuh")
    parts = (SENTENCES[:6], SENTENCES[6:8], SENTENCES[8:])
    pieces = "".join(
        f'<section class="bagian"><div class="{name}">{"".join(f"<p>{text}</p>" for text in part)}</div></section>'
        for name, part in zip(names, parts, strict=True)
    )
    assert texts(f"{HEAD}<main><h1>Sepuluh Jembatan Diperiksa</h1>{pieces}</main></body></html>") == SENTENCES


def test_a_main_in_the_article_of_the_headline_is_one_of_its_pieces() -> None:
    places = "".join(
        f'<section class="tempat"><h2>Jembatan {number}</h2><main><p>{text} {text}</p></main></section>'
        for number, text in enumerate(SENTENCES[1:])
    )
    page = f"{HEAD}<article><header><h1>Sepuluh Jembatan Diperiksa</h1></header><p>{SENTENCES[0]}</p>{places}</article></body></html>"
    assert [text for text in texts(page) if "hulu." in text] == [
        SENTENCES[0],
        *(f"{text} {text}" for text in SENTENCES[1:]),
    ]


def test_boxes_with_a_picture_a_heading_and_a_sentence_are_sections_where_there_are_several() -> None:
    def box(number: int) -> str:
        return f'<div class="hasil hasil-{number}"><img src="{number}.jpg"><h3>Jembatan {number}</h3><div>{SENTENCES[number]}</div></div>'

    around = "".join(f"<p>{text} {text}</p>" for text in SENTENCES)
    several = "".join(map(box, range(4)))
    page = f"{HEAD}<article><h1>Sepuluh Jembatan Diperiksa</h1>{around}{{}}<p>Demikian hasil pemeriksaan dinas itu.</p></article>"
    assert [text for text in texts(page.format(several)) if text in SENTENCES] == SENTENCES[:4]
    assert not [text for text in texts(page.format(box(0))) if text in SENTENCES]


def test_one_of_several_whole_articles_stays_alone() -> None:
    others = "".join(
        f"<article><h2>Berita Lain {number}</h2>{''.join(f'<p>{number} {text}</p>' for text in SENTENCES)}</article>"
        for number in range(3)
    )
    own = "".join(f"<p>{text}</p>" for text in SENTENCES[:6])
    page = f"{HEAD}<main><article><h1>Sepuluh Jembatan Diperiksa</h1>{own}</article>{others}</main></body></html>"
    assert texts(page) == SENTENCES[:6]


TABLE = "<table><tr><th>Jembatan</th><th>Nilai</th></tr><tr><td>Hulu</td><td>7</td></tr></table>"


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        (f'<figure class="wp-block-table">{TABLE}<figcaption>Hasil pemeriksaan</figcaption></figure>', ["Jembatan | Nilai", "Hulu | 7"]),
        ("<figure><blockquote><p>Kami akan menutupnya.</p></blockquote><figcaption>Kepala dinas</figcaption></figure>", ["Kami akan menutupnya."]),
        ("<figure><pre>beban = massa * g</pre></figure>", ["beban = massa * g"]),
        ('<figure><img src="a.jpg"><figcaption>Jembatan dari arah hulu.</figcaption></figure>', []),
        ('<figure><table><tr><td><img src="a.jpg"></td></tr><tr><td>Jembatan dari arah hulu</td></tr></table></figure>', []),
        ('<figure><blockquote class="twitter-tweet"><p>Jembatan ditutup!</p></blockquote></figure>', []),
    ],
)  # fmt: skip
def test_figures_with_text_and_figures_with_pictures(figure: str, kept: list[str]) -> None:
    around = [f"<p>{text}</p>" for text in SENTENCES]
    page = f"{HEAD}<main><article><h1>Sepuluh Jembatan Diperiksa</h1>{''.join(around[:5])}{figure}{''.join(around[5:])}</article></main>"
    assert texts(page) == [*SENTENCES[:5], *kept, *SENTENCES[5:]]


@pytest.mark.parametrize(
    "frame", ["<iframe src='x' />", "<iframe src='x'>", "<IFRAME SRC='x'/>", "<iframe></iframe><iframe/>"]
)
@pytest.mark.parametrize("encoded", [True, False])
def test_an_open_frame_in_noscript_swallows_nothing(frame: str, *, encoded: bool) -> None:
    body = "".join(f"<p>{text}</p>" for text in SENTENCES)
    page = f"{HEAD}<noscript>{frame}</noscript><main><h1>Sepuluh Jembatan Diperiksa</h1>{body}</main>"
    found = extract(page.encode() if encoded else page, url="https://koran.example/berita/jembatan-1")
    assert [block.text for block in found.body] == SENTENCES


FEED = "".join(
    f'<li><div class="item"><h3><a href="/b{number}">Kabar pasar nomor {number}</a></h3><p>Harga cabai di pasar nomor {number} naik lagi sejak awal pekan karena pasokan dari sentra berkurang.</p></div></li>'
    for number in range(6)
)
SHORT = "Jembatan nomor satu ditutup mulai Senin pagi karena dua tiangnya retak, kata kepala dinas pekerjaan umum setempat kepada para pedagang yang setiap hari melintas."


@pytest.mark.parametrize(
    ("head", "box"),
    [
        (f'<meta name="description" content="{SHORT}">', "kotak-a"),  # the page's own word
        ("", "article-content"),  # the name of the element
    ],
)
@pytest.mark.parametrize(
    "other",
    [
        f'<div id="arus"><ul>{FEED}</ul></div>',
        f"<form><div>{''.join(f'<p>Kata sandi yang kamu masukkan nomor {number} tidak cocok dengan alamat surel yang terdaftar.</p>' for number in range(6))}</div></form>",
        f'<div class="kaki"><div>{"Alamat penerbit ada di Jalan Melati nomor satu, dan seluruh hak dilindungi undang-undang yang berlaku. " * 6}</div></div>',
    ],
)
def test_a_short_story_beside_its_headline_is_the_text(head: str, box: str, other: str) -> None:
    page = f"""<html lang="id"><head><title>Sepuluh Jembatan Diperiksa</title><meta property="og:type" content="article">{head}</head><body>
      <div class="halaman"><div class="judul"><h1>Sepuluh Jembatan Diperiksa</h1></div><div class="{box}"><p>{SHORT}</p></div></div>{other}</body></html>"""
    assert texts(page) == [SHORT]


def test_a_longer_text_about_the_headline_stays_the_text_beside_a_described_standfirst() -> None:
    body = "".join(f"<p>{text}</p>" for text in SENTENCES)
    page = f"""<html lang="id"><head><title>Sepuluh Jembatan Diperiksa</title><meta name="description" content="{SHORT}"></head><body>
      <div class="kepala"><h1>Sepuluh Jembatan Diperiksa</h1><p>{SHORT}</p></div><div class="badan">{body}</div></body></html>"""
    assert texts(page)[-len(SENTENCES) :] == SENTENCES


@pytest.mark.parametrize("name", ["g-row-breaking-news", "related-stories-main", "newsletter-article"])
def test_names_that_judge_all_text_away_are_not_believed(name: str) -> None:
    body = "".join(f"<p>{text}</p>" for text in SENTENCES[:4])
    page = f"""{HEAD}<div class="kiri"><div class="{name}"><h1>Sepuluh Jembatan Diperiksa</h1></div>
      <div class="{name}"><div class="dalam-{name}">{body}</div></div></div></body></html>"""
    assert texts(page) == SENTENCES[:4]


def test_a_text_in_a_heading_is_a_text() -> None:
    lines = "<br><br>".join(SENTENCES[:5])
    page = f"{HEAD}<main><article><h2>Sepuluh Jembatan Diperiksa</h2><div><h4><div><img src='a.jpg'></div><div class='isi'>{lines}</div></h4></div></article></main>"
    assert texts(page) == SENTENCES[:5]


def test_what_a_line_hides_is_no_text() -> None:
    hidden = '<span hidden>{"tata":2}</span><span style="display: none">tersembunyi</span><span class="visually-hidden">pembaca layar</span>'
    page = f"{HEAD}<main><article><h1>Sepuluh Jembatan Diperiksa</h1><p>{SENTENCES[0]}{hidden}</p><p>{SENTENCES[1]}</p></article></main>"
    assert texts(page) == SENTENCES[:2]


def test_readings_do_not_run_into_the_characters() -> None:
    plain = "<ruby>町<rt>まち</rt></ruby>の<ruby>広場<rt>ひろば</rt></ruby>で大会が開かれ、参加者は二百人だった。"
    page = f'<html lang="ja"><head><title>町の大会が開かれた</title><meta property="og:type" content="article"></head><body><main><h1>町の大会が開かれた</h1><p>{plain * 4}</p></main>'
    assert texts(page) == ["町の広場で大会が開かれ、参加者は二百人だった。" * 4]
    bracketed = plain.replace("<rt>", "<rp>（</rp><rt>").replace("</rt>", "</rt><rp>）</rp>")
    assert texts(page.replace(plain, bracketed))[0].startswith("町（まち）の広場（ひろば）で")


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        ("zh", "村民清理排水沟", "村民周日上午清理了排水沟，约二百人参加，村长说希望雨季来临时排水沟不再堵塞。"),
        ("ja", "町の大会に二百人", "町の広場で開かれた大会には二百人が参加し、町長は来年も続けたいと話した。"),
        ("th", "ชาวบ้านทำความสะอาดคลอง", "ชาวบ้านสองร้อยคนช่วยกันทำความสะอาดคลองในเช้าวันอาทิตย์ก่อนฤดูฝนจะมาถึง"),
        ("my", "ရွာသားများ မြောင်းသန့်ရှင်း", "ရွာသားနှစ်ရာခန့်သည် တနင်္ဂနွေနေ့နံနက်တွင် ရေမြောင်းများကို သန့်ရှင်းခဲ့ကြသည်။"),
    ],
)
def test_scripts_without_blanks_are_measured_in_characters(language: str, title: str, sentence: str) -> None:
    body = "".join(
        f"<p>{sentence}</p><p>{sentence[::-1]}</p>" if not number else f"<p>{number} {sentence}</p>"
        for number in range(3)
    )
    page = f'<html lang="{language}"><head><title>{title}</title></head><body><div><h1>{title}</h1><div class="t">{body}</div></div></body></html>'
    assert len(texts(page)) == 4


def test_an_address_that_is_all_query_is_no_front_page() -> None:
    body = "".join(f"<p>{text}</p>" for text in SENTENCES)
    page = f"{HEAD}<main><h1>Sepuluh Jembatan Diperiksa</h1>{body}</main>"
    assert [block.text for block in extract(page, url="https://koran.example/?p=2895").body] == SENTENCES
    with pytest.raises(ExtractError, match="front"):
        extract(page, url="https://koran.example/?lang=id")


def test_headings_and_lists_between_the_pieces_of_a_body_are_read() -> None:
    """Page builders put the text of each section into an element of its own, and its heading beside it."""
    steps = "<ul><li>Bawa air minum yang cukup</li><li>Kenakan sepatu yang kuat</li></ul>"
    promo = "<div><h3>Dapatkan bukunya</h3><p>Buku kami tentang pendakian kini hanya seharga dua cangkir kopi saja.</p></div>"
    sections = ["<h2>Sebelum berangkat</h2>", steps, f"{promo}<h2>Di puncak</h2>", ""]
    pieces = "".join(
        f"<section><div><div class='blok rich-text'>{''.join(f'<p>Pada hari {day} {sentence}</p>' for sentence in SENTENCES)}</div></div></section><div>{section}</div>"
        for day, section in zip(("Senin", "Selasa", "Rabu", "Kamis"), sections, strict=True)
    )
    found = texts(f"{HEAD}<main><h1>Sepuluh Jembatan Diperiksa</h1>{pieces}</main></body></html>")
    assert {"Sebelum berangkat", "Bawa air minum yang cukup", "Kenakan sepatu yang kuat", "Di puncak"} <= set(found)
    assert found.index("Sebelum berangkat") == len(SENTENCES)
    assert not any("Buku kami" in text or "Dapatkan" in text for text in found)
