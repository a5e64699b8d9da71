"""Dates that are not dates, texts that are complete, limits of a page: each on both sides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scraper import extract
from scraper.charsets import decode
from scraper.errors import ExtractError, Reason
from scraper.html import parse

AT = datetime(2024, 5, 7, tzinfo=UTC)
URL = "https://kabar.example/berita/panen-kopi"
_TEXT = (
    "Warga desa memanen kopi lebih awal tahun ini karena hujan datang tepat waktu, kata kepala desa kepada wartawan.",
    "Hasilnya dijual ke kota dengan harga yang lebih baik daripada tahun lalu, tambah seorang pedagang di pasar.",
    "Pemerintah kabupaten berjanji memperbaiki jalan yang dilalui truk pengangkut sebelum musim hujan berikutnya.",
)


def page(body: str = "", head: str = "", *, paragraphs: int = 3, language: str = "id") -> str:
    text = "".join(f"<p>{_TEXT[number % 3]} Bagian {number}.</p>" for number in range(paragraphs))
    return (
        f"<!DOCTYPE html><html lang={language}><head><title>Panen kopi lebih awal</title>{head}</head>"
        f"<body><article><h1>Panen kopi lebih awal</h1>{body}{text}</article></body></html>"
    )


def meta(published: str | None = None, modified: str | None = None) -> str:
    given = {"published": published, "modified": modified}
    return "".join(f'<meta property="article:{name}_time" content="{value}">' for name, value in given.items() if value)


def read(html: str, **options: Any) -> Any:
    return extract(html, url=URL, fetched_at=AT, **options)


def test_a_date_long_after_the_capture_is_a_placeholder() -> None:
    assert read(page(head=meta("2099-01-01T00:00:00Z"))).published_at is None
    beside = read(page(head=meta("2099-01-01T00:00:00Z"), body="<time datetime='2024-05-06T08:00:00+07:00'>x</time>"))
    assert beside.published_at == datetime(2024, 5, 6, 1, tzinfo=UTC)
    soon = read(page(head=meta("2025-01-06T08:00:00+07:00")))
    assert soon.published_at is not None, "a wrong year is kept, and told"
    assert "date_after_capture" in soon.warnings
    assert "date_after_capture" not in read(page(head=meta("2024-05-06T08:00:00+07:00"))).warnings


def test_a_page_is_not_changed_before_it_is_published() -> None:
    published = "2024-05-06T08:00:00+07:00"
    kept = [
        read(page(head=meta(published, when))).modified_at
        for when in ("2024-05-06T09:30:00+07:00", "2024-05-05T09:30:00+07:00")
    ]
    assert kept == [datetime(2024, 5, 6, 2, 30, tzinfo=UTC), None]


def test_the_time_of_another_day_is_not_the_articles() -> None:
    days = [
        read(page(head=meta("2024-05-06"), body=f"<time datetime='{when}'>x</time>")).published_at
        for when in ("2024-05-06T09:00:00+07:00", "2024-05-01T09:00:00+07:00")
    ]
    assert days[0] == datetime(2024, 5, 6, 2, tzinfo=UTC)
    assert days[1] is not None
    assert days[1].date() == datetime(2024, 5, 6, tzinfo=UTC).date()


def test_american_pages_write_the_month_first() -> None:
    found = [
        read(page(body="<div class=date>03/04/2024</div>", language=language)).published_at
        for language in ("en-US", "en-GB")
    ]
    assert [(each.month, each.day) for each in found] == [(3, 4), (4, 3)]


def test_nothing_of_the_text_goes_on_one_sign_and_a_long_one_is_whole() -> None:
    long = read(page(paragraphs=200))
    assert len(long.body) == 200
    deep = read(page("<div>" * 60 + f"<p>{_TEXT[0]} Paling dalam.</p>" + "</div>" * 60))
    assert any("Paling dalam" in block.text for block in deep.body)
    asked = read(
        page("<p>Baca juga catatan dokter tentang kopi, kata Rina sambil tertawa kepada kami di rumahnya.</p>")
    )
    assert any("Rina" in block.text for block in asked.body)


def test_a_short_line_may_say_the_same_twice() -> None:
    said = read(page("<p>Kopi.</p>" + f"<p>{_TEXT[0]}</p>" + "<p>Kopi.</p>"))
    assert [block.text for block in said.body].count("Kopi.") == 2


def test_a_few_words_are_told_to_be_short_and_are_no_article_alone() -> None:
    short = read(page(head=meta("2024-05-06T08:00:00+07:00"), paragraphs=1))
    assert "body_short" in short.warnings
    assert "body_short" not in read(page(head=meta("2024-05-06T08:00:00+07:00"), paragraphs=6)).warnings
    with pytest.raises(ExtractError):
        extract("<title>Kopi</title><body><h1>Kopi</h1><p>Warga desa memanen kopi.</p></body>", url=URL)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Siti Rahmawati Kusumaningrum Hadiprawiro", True),
        ("Warga desa yang memanen kopi lebih awal tahun ini juga", False),
        ("Made Putu Ketut Gede Wayan Komang", True),
        ("Made Putu Ketut Gede Wayan Komang Nyoman", False),
    ],
)
def test_a_name_is_no_sentence(name: str, is_one: bool) -> None:  # noqa: FBT001
    found = read(page(f"<div class=author>{name}</div>"))
    assert ([author.name for author in found.authors] == [name]) is is_one


def test_pages_that_are_too_much_are_refused() -> None:
    for html in (
        page("<br>" * 300_001),
        page("<center>" * 60_000),
        page("<div " + " ".join(f"a{n}" for n in range(1_200)) + ">"),
    ):
        with pytest.raises(ExtractError) as caught:
            extract(html, url=URL)
        assert caught.value.reason is Reason.UNPARSABLE
    assert parse(page("<div " + " ".join(f"a{n}" for n in range(900)) + ">")).css_first("article") is not None


def test_a_flaw_or_two_do_not_make_utf_8_another_charset() -> None:
    text = page("<p>Café, naïve, résumé, crème brûlée di kedai kopi.</p>").encode()
    assert decode(text.replace("ï".encode(), b"\xef", 1)).charset == "utf-8"
    assert decode(text.decode().encode("latin-1")).charset == "windows-1252"
