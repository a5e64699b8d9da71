"""What papers do to their pages: parts that are hidden until a click, foreign offsets, damaged descriptions, sign-offs, stock keywords."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from scraper.extract import extract
from scraper.extract.sources.layouts import layouts_to_try
from scraper.extract.text.captions import split_caption
from scraper.language.vocabulary import vocabulary
from scraper.sites import Layout

FIRST = "Nelayan di tiga desa pesisir barat menambatkan perahu lebih awal karena ombak naik sejak subuh."
LATER = "Kepala dermaga meminta semua awak melapor sebelum matahari terbenam hari itu."
LAST = "Perahu terakhir merapat menjelang magrib dan semua awaknya selamat sampai di darat."


def read(body: str, *, head: str = "", url: str = "https://koran.example/2024/kabar-muara", under: str = "") -> Any:
    html = f"<html lang=id><head>{head}</head><body><h1>Ombak Naik di Muara</h1>{under}{body}</body></html>"
    return extract(html, url=url)


@pytest.mark.parametrize(
    ("part", "is_read"),
    [
        ("class='isi isi-page' style='display:none'", True),
        ("class='isi detail-paging' hidden", True),
        ("class='isi' style='display: none'", False),  # the same box again, for phones: no word of pages
        ("class='menu halaman-2' style='display:none'", False),  # not the text's class
        ("class='isi pagination' style='visibility:hidden'", True),
    ],
)
@pytest.mark.parametrize("is_inside", [True, False])
def test_a_hidden_part_is_read_if_it_is_named_like_the_text_and_like_a_page(
    part: str,
    is_read: bool,  # noqa: FBT001
    is_inside: bool,  # noqa: FBT001
) -> None:
    hidden = f"<div {part}><h2>Menjelang Magrib</h2><p>{LAST}</p></div>"
    inner, behind = (hidden, "") if is_inside else ("", hidden)
    article = read(f"<div class=kotak><div class=isi><p>{FIRST}</p><p>{LATER}</p>{inner}</div>{behind}</div>")
    texts = [block.text for block in article.body]
    assert texts == [FIRST, LATER, *(["Menjelang Magrib", LAST] if is_read else [])]


@pytest.mark.parametrize(
    ("meta", "printed", "utc"),
    [
        ("2024-05-02T11:38:00-07:00", "Kamis, 2 Mei 2024 11:38 WIB", "04:38"),  # the server's offset
        ("2024-05-02T11:38:00+00:00", "Kamis, 2 Mei 2024 11:38 WITA", "03:38"),
        (
            "2024-05-02T11:38:00+08:00",
            "Kamis, 2 Mei 2024 11:38",
            "03:38",
        ),  # a zone of the country, and no other printed
        ("2024-05-02T04:38:00+00:00", "Kamis, 2 Mei 2024 11:38 WIB", "04:38"),  # right, and seen from elsewhere
        ("2024-05-02T11:38:00-07:00", "Kamis, 2 Mei 2024", "18:38"),  # nothing speaks against it
        ("2024-05-02T11:38:00-07:00", "2 Mei 2024 11:39 WIB", "18:38"),
    ],
)
def test_the_printed_clock_corrects_an_offset_that_it_contradicts(meta: str, printed: str, utc: str) -> None:
    article = read(
        f"<article><p>{FIRST}</p><p>{LATER}</p></article>",
        head=f'<meta property="article:published_time" content="{meta}">',
        under=f"<div>{printed}</div>",
    )
    assert article.published_at.astimezone(UTC).strftime("%H:%M") == utc


def test_a_teasers_time_is_not_the_articles() -> None:
    teaser = "<div class=lain><a href=/x>Kabar lain</a><time datetime='2024-05-02T20:00:00+07:00'>20.00</time></div>"
    article = read(
        f"<article><p>{FIRST}</p><p>{LATER}</p></article>{teaser}", under="<span>Kamis, 2 Mei 2024, 17:00 WIB</span>"
    )
    assert article.published_at == datetime(2024, 5, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("description", "lede"),
    [
        ("Ombak naik sejak subuh dan perahu ditambatkan.,Muara,Nelayan,Cuaca", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("Ombak naik sejak subuh, kata Ketua, dan perahu ditambatkan.", "Ombak naik sejak subuh, kata Ketua, dan perahu ditambatkan."),
        ("&lt;p&gt;Ombak naik sejak subuh dan perahu ditambatkan.&lt;/p&gt;", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("Ombak naik sejak subuh dan perahu ditambatkan. - Daerah - Harian Muara", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("Harian Muara | Ombak naik sejak subuh dan perahu ditambatkan.", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("HARIANMUARA.CO.ID - Ombak naik sejak subuh dan perahu ditambatkan.", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("Ombak naik sejak subuh dan perahu ditambatkan. Ombak naik sejak subuh dan perahu ditambatkan.", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("Ombak naik sejak subuh dan perahu ditambatkan. ombak, nelayan", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("Ombak naik sejak subuh dan perahu ditambatkan. perahu, nelayan", "Ombak naik sejak subuh dan perahu ditambatkan. perahu, nelayan"),
        ("Ombak naik sejak subuh dan perahu ditambatkan. #ombak https://contoh.id/x", "Ombak naik sejak subuh dan perahu ditambatkan."),
        ("Ombak naik - subuh tadi - dan perahu ditambatkan.", "Ombak naik - subuh tadi - dan perahu ditambatkan."),
        ("Ombak naik sejak subuh dan perahu ditambatkannbspnbsp", None),
        ("Kepala dermaga meminta semua awak melapor Perahu terakhir merapat menjelang magrib", None),
    ],
)  # fmt: skip
def test_a_damaged_description_is_mended_or_no_lede(description: str, lede: str | None) -> None:
    body = f"<p>{FIRST}</p><p>Kepala dermaga meminta semua awak melapor. {LAST}</p>"
    head = '<meta property="og:site_name" content="Harian Muara"><meta name="keywords" content="ombak, nelayan, muara">'
    head += f'<meta name="description" content="{description}">'
    assert read(f"<article>{body}</article>", head=head).lede == lede


@pytest.mark.parametrize(
    ("lines", "kept", "sign_off"),
    [
        ((FIRST, "(kpl/pur/ums)", LATER, LAST), 3, "(kpl/pur/ums)"),
        ((FIRST, LATER, LAST, "(Dio/Ysl)", "Rekomendasi untuk pembaca setia."), 4, "(Dio/Ysl)"),
        ((FIRST, LATER, LAST, "(Rahman Asmara)"), 3, "(Rahman Asmara)"),
        ((FIRST, "(Rahman Asmara)", LATER, LAST), 4, None),  # whoever is named in the midst is spoken of
        ((FIRST, LATER, "(Bersambung ke halaman belakang)", LAST), 4, None),
    ],
)
def test_a_line_that_only_signs_is_a_sign_off_wherever_it_stands(
    lines: tuple[str, ...], kept: int, sign_off: str | None
) -> None:
    article = read(f"<article>{''.join(f'<p>{line}</p>' for line in lines)}</article>")
    assert (len(article.body), article.sign_off) == (kept, sign_off)


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        ("<meta name=keywords content='ombak, naik, muara, perahu, subuh'>", ()),  # the words of the description
        ("<meta name=keywords content='ombak, nelayan, cuaca, muara, pasang'>", ("ombak", "nelayan", "cuaca", "muara", "pasang")),
        ("<meta name=keywords content='perahu naga, ombak'>", ("perahu naga", "ombak")),
        ("<meta property='article:tag' content=Cuaca><meta name=keywords content='Nelayan, Cuaca, Muara'>", ("Nelayan", "Cuaca", "Muara")),
        ("<meta property='article:tag' content=Cuaca><meta name=keywords content='Nelayan, Muara'>", ("Cuaca",)),
    ],
)  # fmt: skip
def test_keywords_that_are_only_the_words_of_the_description_are_no_tags(head: str, tags: tuple[str, ...]) -> None:
    told = '<meta name="description" content="Ombak naik di muara dan perahu ditambatkan sejak subuh.">'
    assert read(f"<article><p>{FIRST}</p><p>{LATER}</p></article>", head=told + head).tags == tags


def test_boxes_of_those_who_sell_recommendations_are_no_text_in_any_layout() -> None:
    boxes = "".join(
        f"<div class='{name}'><p>Obat ajaib yang belum pernah ada.</p></div>"
        for name in ("_popIn_recommend", "geozo-x", "OUTBRAIN")
    )
    html = f"<h1 id=arttitle>Ombak Naik</h1><div class='side-article txt-article'><p>{FIRST}</p><p>{LATER}</p>{boxes}</div>"
    article = extract(html, url="https://bali.tribunnews.com/2019/10/07/ombak")
    assert article.layout == "tribun/2019"
    assert [block.text for block in article.body] == [FIRST, LATER]


def test_links_in_a_box_that_a_layout_drops_are_still_links_to_articles() -> None:
    box = "<div class=noncontent><span>Iklan</span><table class=linksisip><tr><td>Baca juga: <a href=/x/d-7340001/y>Kabar dari Muara</a></table></div>"
    html = f"<h1 class=detail__title>Ombak Naik</h1><div class='detail__body-text itp_bodycontent'><p>{FIRST}</p>{box}<p>{LATER}</p></div>"
    article = extract(html, url="https://news.detik.com/berita/d-7349798/ombak")
    assert [block.text for block in article.body] == [FIRST, LATER]
    assert [link.text for link in article.related_links] == ["Kabar dari Muara"]


def test_a_layout_without_a_sign_of_its_own_reads_captures_of_its_time_only() -> None:
    plain = Layout(name="muara/2010", body=("article",), until=date(2015, 12, 31))
    signed = Layout(name="muara/2012", body=("article",), signature=("h1.judul",), until=date(2015, 12, 31))
    new = Layout(name="muara/2020", body=("article",), since=date(2020, 1, 1))
    layouts = (new, signed, plain)

    def tried(year: int) -> list[str]:
        return [layout.name for layout in layouts_to_try(layouts, datetime(year, 6, 1, tzinfo=UTC))]

    assert tried(2014) == ["muara/2012", "muara/2010"]
    assert tried(2016) == ["muara/2012", "muara/2010"], "nobody noted the day of the redesign"
    assert tried(2022) == ["muara/2020", "muara/2012"]
    assert [layout.name for layout in layouts_to_try(layouts, None)] == ["muara/2020", "muara/2012", "muara/2010"]


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Perahu di dermaga. Photo by Dewi Larasati on Unsplash", "Perahu di dermaga", "Dewi Larasati on Unsplash"),
        ("Foto oleh Dewi Larasati", None, "Dewi Larasati"),
        ("Perahu di dermaga (c) HRC", "Perahu di dermaga", "©HRC"),
        ("©2021 Kabar Muara", None, "©2021 Kabar Muara"),
        ("Perahu ở bến. Ảnh: An Phương", "Perahu ở bến", "An Phương"),
        ("Foto bersama para nelayan di dermaga", "Foto bersama para nelayan di dermaga", None),
        ("Dalam foto, nelayan menunjukkan jala oleh-oleh kakeknya", "Dalam foto, nelayan menunjukkan jala oleh-oleh kakeknya", None),
    ],
)  # fmt: skip
def test_a_caption_is_parted_from_whoever_took_the_picture(text: str, caption: str | None, credit: str | None) -> None:
    assert split_caption(text, vocabulary("id", "vi", "en")) == (caption, credit)


def test_the_date_of_a_design_that_nobody_has_seen_gives_way_to_the_pages_data() -> None:
    data = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ombak Naik","datePublished":"2026-05-02T09:00:00+07:00"}</script>'
    box = f"<div class=detail-content><p>{FIRST}</p><p>{LATER}</p></div><div class=detail-date>Jumat, 1 Mei 2026 - 20:00 WIB</div>"
    article = extract(
        f"<html lang=id>{data}<h1>Ombak Naik</h1>{box}</html>",
        url="https://www.tvonenews.com/berita/1-ombak-naik-di-muara",
    )
    assert article.layout == "tvonenews/2024"
    assert article.published_at == datetime(2026, 5, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "box",
    [
        "<div id='bacajuga'><div class='baca-juga-isi'><img src='/t.jpg'>{link}</div></div>",
        "<div class='kotak'><div class='bacajuga'><a href='/berita/feri'><img src='/t.jpg' alt=''></a> {link}</div></div>",
        "<div id='baca-juga'><p>Baca juga:</p>{link}</div>",
    ],
)
def test_a_related_article_with_its_picture_is_a_link_and_no_caption(box: str) -> None:
    link = "<a href='/berita/feri'>Feri ke Pulau Seberang Berlayar Lagi</a>"
    article = read(f"<div class='isi'><p>{FIRST}</p>{box.format(link=link)}<p>{LATER}</p><p>{LAST}</p></div>")
    assert [(each.text, each.url) for each in article.related_links] == [
        ("Feri ke Pulau Seberang Berlayar Lagi", "https://koran.example/berita/feri")
    ]
    assert [block.text for block in article.body] == [FIRST, LATER, LAST]


def test_a_place_in_an_element_of_its_own_is_the_dateline_and_not_the_ledes_first_word() -> None:
    page = (
        "<html lang=vi><body><h1 class='title-detail'>Thuyền về bến</h1><p class='description'><span class='location-stamp'>CÀ MAU</span>Ngư dân ba xã"
        f" neo thuyền sớm vì sóng lớn.</p><article class='fck_detail'><p>{FIRST}</p><p>{LATER}</p></article></body></html>"
    )
    article = extract(page, url="https://vnexpress.net/thuyen-ve-ben-4425001.html")
    assert article.lede == "Ngư dân ba xã neo thuyền sớm vì sóng lớn."
    assert article.dateline is not None
    assert (article.dateline.text, article.dateline.place) == ("CÀ MAU", "Cà Mau")
    assert article.provenance["dateline"] == "layout:p.description .location-stamp"


@pytest.mark.parametrize(
    ("printed", "section"),
    [
        ("<ol class='breadcrumb'><li><a href='/'>Home</a></li><li><a href='/daerah'>Daerah</a></li><li><a href='/x'>Ombak Naik di Muara</a></li></ol>", ("Daerah",)),
        ("<div class='page-breadcrumbs'><a href='/'>Beranda</a> / <a href='/daerah'>Daerah</a> / <a href='/daerah/pesisir'>Pesisir</a></div>", ("Daerah", "Pesisir")),
        ("<nav class='breadcrumb'><a href='/'>Home</a></nav>", ("News",)),  # says nothing
        ("<div class='breadcrumb'>" + "".join(f"<a href='/{number}'>Rubrik {number}</a>" for number in range(9)) + "</div>", ("News",)),  # a menu
    ],
)  # fmt: skip
def test_a_printed_breadcrumb_comes_before_the_section_of_the_data(printed: str, section: tuple[str, ...]) -> None:
    head = "<title>Ombak Naik di Muara</title><meta property='article:section' content='News'>"
    assert (
        read(f"<div class='isi'><p>{FIRST}</p><p>{LATER}</p><p>{LAST}</p></div>", head=head, under=printed).section
        == section
    )


def test_tags_that_are_glued_behind_a_description_are_no_lede() -> None:
    told = "Nelayan pulang lebih awal karena ombak"
    for glued in (".,Ombak,Pesisir Barat", ",Ombak,PT. Pelni,Pesisir Barat", ".,COVID 19"):
        head = f"<meta name=description content='{told}{glued}'>"
        lede = read(f"<div class='isi'><p>{FIRST}</p><p>{LATER}</p><p>{LAST}</p></div>", head=head).lede
        assert lede == told + glued.partition(",")[0]
    kept = "Beras naik 1,5 persen di Ambon, Ternate, dan Sorong sejak awal pekan ini."
    assert read(
        f"<div class='isi'><p>{FIRST}</p><p>{LATER}</p><p>{LAST}</p></div>",
        head=f"<meta name=description content='{kept}'>",
    ).lede in (kept, None)


@pytest.mark.parametrize(("heading", "is_read"), [("Daftar Isi", False), ("Yang berubah di dermaga", True)])
def test_a_table_of_contents_in_a_plain_list_is_no_text(heading: str, is_read: bool) -> None:  # noqa: FBT001
    contents = f"<p><b>{heading}</b></p><ul><li>Dermaga Utara</li><li>Dermaga Selatan</li></ul>"
    text = (
        f"<strong>Jakarta</strong> - {FIRST}<h2>Dermaga Utara</h2><p>{LATER}</p><h2>Dermaga Selatan</h2><p>{LAST}</p>"
    )
    article = read(f"<article>{contents}{text}</article>")
    assert ("list_item" in [block.kind for block in article.body]) is is_read
    assert (article.dateline is None) is is_read


SIGNED = ("json-ld", "meta", "marked", "by", "credit")


def signed_page(name: str, way: str) -> str:
    """A page that gives a name as its author's, in one of the ways of SIGNED."""
    data = {"@type": "NewsArticle", "headline": "Bakau ditanam lagi", "author": {"@type": "Person", "name": name}}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>' if way == "json-ld" else ""
    head += f'<meta name="author" content="{name}">' if way == "meta" else ""
    below = f'<div class="author"><a rel="author" href="/a">{name}</a></div>' if way == "marked" else ""
    below += f"<div>Oleh: {name}</div>" if way == "by" else ""
    end = f"<p>Reporter: {name}</p>" if way == "credit" else ""
    text = "".join(f"<p>Warga {each} menanam bakau bersama anak sekolah setiap Sabtu pagi.</p>" for each in "ABCD")
    return f'<html lang="id"><head>{head}</head><body><h1>Bakau ditanam lagi</h1>{below}<article>{text}{end}</article></body></html>'


@pytest.mark.parametrize("way", SIGNED)
def test_a_paper_of_the_catalogue_and_its_desks_wrote_no_text(way: str) -> None:
    url = "https://www.otosia.com/berita/read/5009999/bakau"
    nobody = [
        "Otosia.com",
        "redaksiotosia",
        "Tim News Otosia",
        "Otosia Editor",
        "Super Admin",
        "Redaksi",
        "Humas Pemkab Rawa",
    ]
    found = {name: extract(signed_page(name, way), url=url) for name in (*nobody, "Tim Robinson", "Redaksiono Putra")}
    assert {name: [author.name for author in article.authors] for name, article in found.items()} == {
        **{name: [] for name in nobody},
        "Tim Robinson": ["Tim Robinson"],
        "Redaksiono Putra": ["Redaksiono Putra"],
    }


PICTURE = "<img src='/foto/muara-subuh-2024.jpg' alt='Perahu di muara'>"


@pytest.mark.parametrize(
    ("box", "caption", "credit"),
    [
        (f"<div class=foto>{PICTURE}</div>", None, None),  # and the text of the article, which follows, is none
        (f"<div class=foto>{PICTURE}<div>Bagikan</div></div>", None, None),
        (f"<div class=foto>{PICTURE}<div>Kamis, 2 Mei 2024 | 11:38 WIB</div></div>", None, None),
        (f"<div class=foto>{PICTURE}<div>Oleh Budi Hartono</div></div>", None, None),
        (f"<div class=foto>{PICTURE}<div>2.345 kali dibaca</div></div>", None, None),
        (f"<div class=foto>{PICTURE}<div>Perahu merapat di muara.</div></div>", "Perahu merapat di muara.", None),
        (f"<figure>{PICTURE}<figcaption>Perbesar</figcaption></figure>", None, None),
        (f"<figure>{PICTURE}<figcaption>Koran Muara</figcaption></figure>", None, "Koran Muara"),
        (f"<figure>{PICTURE}<figcaption>Foto: Rudi Salim</figcaption></figure>", None, "Rudi Salim"),  # not in the text
        (f"<figure>{PICTURE}<figcaption>Foto: Wayan Sudarta</figcaption></figure>", "Wayan Sudarta", None),  # who is
        (f"<figure>{PICTURE}<figcaption>Photo credit: Rudi Salim</figcaption></figure>", None, "Rudi Salim"),
        (f"<figure>{PICTURE}<figcaption>Ilustrasi (Freepik)</figcaption></figure>", "Ilustrasi", "Freepik"),
        (  # another picture's, though the page shows the lead picture without a word
            f"{PICTURE}<a href=/lain><figure><img src=/b.jpg><figcaption>Bupati tiba.</figcaption></figure></a>"
            "<figure><img src=/c.jpg><figcaption>Pompa dari desa lain.</figcaption></figure>",
            None,
            None,
        ),
    ],
)
def test_what_stands_beside_the_lead_picture_is_a_caption_only_if_it_may_be_words_about_it(
    box: str, caption: str | None, credit: str | None
) -> None:
    head = (
        "<meta property=og:image content=https://koran.example/foto/muara-subuh-2024.jpg>"
        "<meta property=og:site_name content='Koran Muara'>"
    )
    article = read(
        f"<div>{box}<div class=isi><p>{FIRST}</p><p>{LATER}</p><p>Wayan Sudarta melapor.</p></div></div>", head=head
    )
    assert (article.image.caption, article.image.credit) == (caption, credit)


def data(**fields: Any) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', 'headline': 'Ombak', **fields})}</script>"


@pytest.mark.parametrize(
    "desk",
    ["Redaksi 2", "Tim Redaksi Daerah", "Kontributor Daerah", "Jurnalis Warga", "Dapur Redaksi", "Biro Surabaya", "Penulis: Redaksi Koran Muara"],
)  # fmt: skip
@pytest.mark.parametrize("way", ["<div class=author>{}</div>", "<p>{}</p>", "meta", "data"])
def test_a_desk_that_stands_where_authors_do_wrote_nothing(desk: str, way: str) -> None:
    head = "<meta property=og:site_name content='Koran Muara'>"
    if way == "meta":
        head += f"<meta name=author content='{desk}'>"
    elif way == "data":
        head += data(author={"@type": "Person", "name": desk})
    under = f"{way.format(desk)}<div>Kamis, 2 Mei 2024 11:38 WIB</div>" if "{}" in way else ""
    article = read(f"<div class=isi><p>{FIRST}</p><p>{LATER}</p></div>", head=head, under=under)
    assert article.authors == ()


@pytest.mark.parametrize(
    ("credit", "editors", "authors"),
    [
        ("<div>Editor <a href=/editor/rina>Rina Marlina</a></div>", ["Rina Marlina"], []),
        ("<div><b>Editor</b><br>Rina Marlina</div>", ["Rina Marlina"], []),
        ("<p>Penyunting : Rina Marlina</p>", ["Rina Marlina"], []),
        ("<p>• Editor: Rina Marlina</p>", ["Rina Marlina"], []),
        ("<p>Editor | Rina Marlina</p>", ["Rina Marlina"], []),
        (
            "<table><tr><td>Penulis<td>:<td>Budi Hartono<tr><td>Editor<td>:<td>Rina Marlina</table>",
            ["Rina Marlina"],
            ["Budi Hartono"],
        ),
        ("<p>Penulis: Budi Hartono, Foto: Joko Susilo, Editor: Rina Marlina</p>", ["Rina Marlina"], ["Budi Hartono"]),
        ("<p>Editor</p><p>Pilihan pembaca pekan ini</p>", [], []),
        ("<p>Editor : Tim Redaksi</p>", [], []),
        ("<script>dataLayer.push({'article': {'redaktur': ['Rina Marlina']}})</script>", ["Rina Marlina"], []),
        ("<meta property=article:editor content='Rina Marlina'>", ["Rina Marlina"], []),
    ],
)
def test_an_editor_is_named_in_many_forms(credit: str, editors: list[str], authors: list[str]) -> None:
    is_data = credit.startswith(("<script", "<meta"))
    text = f"<div class=isi><p>{FIRST}</p><p>{LATER}</p></div>"
    article = read(f"{text}{'' if is_data else credit}", head=credit if is_data else "")
    assert (list(article.editors), [author.name for author in article.authors]) == (editors, authors)


@pytest.mark.parametrize(("printed", "editors"), [("<i>Rina Marlina</i>", ("Rina Marlina",)), ("", ())])
def test_an_editor_that_only_a_tag_manager_is_told_of_is_none(printed: str, editors: tuple[str, ...]) -> None:
    head = "<script>dataLayer = [{'editors': 'Rina Marlina'}];</script>"
    assert read(f"<div class=isi><p>{FIRST}</p><p>{LATER}</p></div>{printed}", head=head).editors == editors


@pytest.mark.parametrize(
    "box",
    [
        "<p><a {}>BACA JUGA Feri ke Pulau Seberang Berlayar Lagi</a></p>",
        "<p><b>Saksikan Juga:</b> <a {}>Feri ke Pulau Seberang Berlayar Lagi</a></p>",
        "<div class=readmore><b>Baca Juga:</b><br><a {}>Feri ke Pulau Seberang Berlayar Lagi</a></div>",
        "<div class=inline-related><h4>Artikel Terkait</h4><h3><a {}>Feri ke Pulau Seberang Berlayar Lagi</a></h3></div>",
        "<a {} class=u7><div><span class=ctaText>Baca juga</span> <span class=postTitle>Feri ke Pulau Seberang Berlayar Lagi</span></div></a>",
        "<p>" + LATER + " <b>Baca Juga <a {}>Feri ke Pulau Seberang Berlayar Lagi</a></b></p>",
    ],
)
def test_a_link_to_another_article_is_told_by_its_label_in_any_markup(box: str) -> None:
    link = "href='https://koran.example/2024/feri-berlayar'"
    article = read(f"<div class=isi><p>{FIRST}</p><p>{LAST}</p>{box.format(link)}<p>{FIRST}</p></div>")
    assert [each.text for each in article.related_links] == ["Feri ke Pulau Seberang Berlayar Lagi"]
    assert not any("Feri" in block.text or "Baca Juga" in block.text for block in article.body)


def test_a_linked_sentence_that_begins_like_a_label_is_text() -> None:
    said = "<p>Kepala dermaga berpesan: <a href='/2024/doa'>baca juga doa keselamatan sebelum berlayar ke pulau</a>, lalu pergi.</p>"
    article = read(f"<div class=isi><p>{FIRST}</p>{said}<p>{LATER}</p></div>")
    assert not article.related_links
    assert len(article.body) == 3
