"""Who wrote the article: every place where a page may say so, and what only looks like a name there."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scraper
from scraper.extract.sources.metadata import read_metadata
from scraper.extract.sources.paper import read_paper
from scraper.extract.text.people import is_pen_name, people_named
from scraper.html import parse
from tests.extract.makers import page, prose


def authors(body: str = "", head: str = "") -> list[str]:
    return [
        each.name for each in scraper.extract(page(body + prose(), head), url="https://korandesa.id/berita/1").authors
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ana Putri, 21. Jan. 2015", ["Ana Putri"]),
        ("25.10.2022 - Bram Siregar", ["Bram Siregar"]),
        ("04.02.2022 | 13:10 Uhr | Ana Putri", ["Ana Putri"]),
        ("VON ANA PUTRI am 21. April 2020", ["Ana Putri"]),
        ("Ana Putri, Kupang", ["Ana Putri"]),
        ("Rusman, Ana Putri", ["Rusman", "Ana Putri"]),
        ("Erstellt von Ana Putri", ["Ana Putri"]),
        ("Foto: Bram Siregar", []),
        ("Koran Desa (www.korandesa.id)", ["Koran Desa"]),
        ("Facebook", []),
        ("Interview: Ana Putri", ["Ana Putri"]),
        ("Von KORAN-Redakteurin Ana Putri", ["Ana Putri"]),
        ("Text von Ana Putri   Illustration von Bram Siregar", ["Ana Putri"]),
        ("Ana Putri, Fotos: Bram Siregar", ["Ana Putri"]),
        ("Ana Putri, RADIO KUPANG", ["Ana Putri"]),
        ("ANA PUTRI dan BRAM SIREGAR", ["Ana Putri", "Bram Siregar"]),
        ("Ana Putri, Leiterin der Station", ["Ana Putri"]),
        ("Ana Putri, Maria von der Heide", ["Ana Putri", "Maria von der Heide"]),
        ("Ana Putri 3 Min", ["Ana Putri 3 Min"]),
        ("3 Min", []),
        ("Ana Putri Monday, November 18, 2019", ["Ana Putri"]),
        ("Ana Putri, CNN Business", ["Ana Putri"]),
        ("Ana Putri, AP National Writer", ["Ana Putri"]),
        ("Ana Putri. Disediakan oleh", []),
        ("Соглашение о конфиденциальности", []),
        ("Лидия Соколова", ["Лидия Соколова"]),
    ],
)
def test_names_in_a_byline(text: str, names: list[str]) -> None:
    assert people_named(text) == names


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("rusa1984", True), ("Ibu_Ana", True), ("AP", True), ("wordpressadmin", False), ("redaksi_1", False), ("koran.id", False),
        ("Ana Putri", False), ("1984", False), ("by", False),
    ],
)  # fmt: skip
def test_a_pen_name_is_one_word_and_no_desk(text: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_pen_name(text) is is_one


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    assert all(name.strip() for name in people_named(text))


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ('<p class="byline__author">Von <a href="/autoren/putri">Ana Putri</a> am 21. April 2020</p>', ""),
        ('<ul class="metaInfoAuthorList"><li><a href="/author/ap/">Ana Putri</a></li></ul>', ""),
        ('<div class="x1"><a href="/newsteam/ana-putri">Ana Putri</a></div>', ""),
        ('<aside class="meta"><p class="authors">Von:<br><a class="author-name">Ana Putri</a></p></aside>', ""),
        ("<div>Autorin/Autor: Ana Putri</div>", "<meta property='og:locale' content='de'>"),
        ("<p class=x>Posted by Ana Putri</p>", ""),
        ("<p>Auteur : Ana Putri</p>", "<meta property='og:locale' content='fr'>"),
        ("<p>Escrito por</p><p>Ana Putri</p>", "<meta property='og:locale' content='es'>"),
        ('<div class="author-bio"><h3>Ana Putri</h3><p>Contact</p></div>', ""),
        ('<div class="author"><p>Ana Putri</p><p>vor 5 Stunden</p></div>', ""),
        ("<h1>Jembatan</h1><p>4.2.2022 | 13:10 Uhr | Ana Putri</p>", ""),
        ("<h1>Jembatan</h1><p><span>Ana Putri&nbsp; |</span> <span>05.04.2025 - Update: 06.04.2025</span></p>", ""),
        ('<article><footer><span class="author">Ana Putri</span></footer></article>', ""),
        ('<h3 class="byline">by Ana Putri<br><span>Monday, November 18, 2019</span></h3>', ""),
        ('<div class="journalist"><a href="/p/1">Ana Putri</a><span>, Jurnalis-Rabu, 18 Juni 2025</span></div>', ""),
        ('<div class="nama-penulis">Ana Putri</div>', ""),
        ("<h1>Jembatan</h1><h2>Kabar</h2><div>Ana Putri</div><div>Fri Oct 09 2020</div>", ""),
        ("<h1>Jembatan</h1><p>5. November 2021, 10:39 Uhr</p><p>Ana Putri</p>", ""),
        ('<div class="author-2">Ana Putri</div>', '<meta name="author" content="koran.example developer">'),
        ("", '<meta name="articleAuthor" content="Ana Putri">'),
        (
            "",
            '<meta property="og:locale" content="nl"><meta name="twitter:label1" content="Geschreven door"><meta name="twitter:data1" content="Ana Putri">',
        ),
        ("", '<meta name="DCSext.author" content="Ana Putri">'),
        ("", ld({"@type": "NewsArticle", "author": [{"@type": "Person", "givenName": "Ana", "familyName": "Putri"}]})),
        ("", ld({"@type": "NewsArticle", "author": {"@type": "Person", "name": ["Ana Putri"]}})),
        (
            "",
            "<script>var dataLayer_content = {'pagePostAuthor': 'Ana Putri'}; dataLayer.push(dataLayer_content);</script>",
        ),
        ("", '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ana Putri">'),
    ],
)
def test_places_of_a_byline(body: str, head: str) -> None:
    assert authors(body, head) == ["Ana Putri"]


def test_a_login_is_no_name_and_the_person_it_stands_for_is_found() -> None:
    person = {"@type": "Person", "@id": "#1", "name": "Ana Putri"}
    article = {
        "@type": "NewsArticle",
        "headline": "Jembatan gantung diresmikan warga",
        "author": {"name": "ana-putri", "@id": "#1"},
    }
    assert authors(head=ld({"@graph": [article, person]})) == ["Ana Putri"]
    login = {**article, "author": {"@type": "Person", "name": "ana.putri"}}
    assert authors(head=ld(login)) == []
    assert authors(head=ld(login) + '<meta name="author" content="Ana Putri">') == ["Ana Putri"]


def test_all_authors_are_taken_where_data_names_only_some() -> None:
    article = {"@type": "NewsArticle", "headline": "Jembatan", "author": [{"@type": "Person", "name": "Ana Putri"}]}
    head = ld(article) + '<meta name="author" content="Ana Putri"><meta name="author" content="Bram Siregar">'
    assert authors(head=head) == ["Ana Putri", "Bram Siregar"]


def test_the_paper_itself_is_no_author() -> None:
    assert (
        authors(head='<link rel="canonical" href="https://korandesa.id/1"><meta name="author" content="Korandesa">')
        == []
    )


@pytest.mark.parametrize(
    ("name", "host", "is_own"),
    [
        ("El Colombiano", "www.elcolombiano.com", True),
        ("Deutsche Welle", "www.dw.com", True),
        ("Harian Koran Desa", "korandesa.id", True),
        ("Ana Putri", "www.anaputri.id", False),  # a writer whose site bears her name
        ("Ana Putri", "korandesa.id", False),
        ("Daniel Desa", "desa.id", False),
        ("redaksikorandesa", "www.korandesa.id", True),
        ("DesaCom", "www.desa.com", True),
        ("KoranDesa", "m.korandesa.id", True),
        ("Desanta", "desa.com", False),
        ("Timothea", "thea.com", False),
    ],
)
def test_the_paper_is_known_by_its_hosts_name(name: str, host: str, is_own: bool) -> None:  # noqa: FBT001
    tree = parse(f"<html><head><link rel='canonical' href='https://{host}/a/1'></head><body></body></html>")
    assert read_paper(read_metadata(tree)).is_own(name) is is_own


def test_a_name_in_bold_below_the_text_signs_it() -> None:
    html = page(f"{prose()}<p><strong>Ana Putri</strong></p>")
    article = scraper.extract(html, url="https://korandesa.id/berita/1")
    assert [each.name for each in article.authors] == ["Ana Putri"]
    assert "Ana Putri" not in [block.text for block in article.body]


@pytest.mark.parametrize("word", ["Posted", "Veröffentlicht", "von", "Senin", "View"])
def test_a_label_is_no_name(word: str) -> None:
    assert authors(f"<div class='author'>{word}</div>") == []


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/2"><h3>Pasar baru dibuka tahun depan oleh bupati</h3><span class="author">Ana Putri</span></a>',
        '<div class="licence"><span class="author-name">Ana Putri</span></div>',
        '<button class="follow-author">Ana Putri</button>',
        '<div class="article-tags"><a href="/person/ana-putri/">Ana Putri</a></div>',
        '<footer><span class="author">Ana Putri</span></footer>',
        '<div class="author"><a rel="author" href="/">Redaksi</a> <ul><li>Mobil Listrik</li></ul></div>',
        f'<p><a href="/topics/people/ana-putri">Ana Putri</a> {"berbicara kepada warga desa tentang jembatan itu, " * 9}</p>',
        '<div class="reporter-box">sind die</div>',
        "<h1>Jembatan</h1><p>Reset Password</p><p>Fri Oct 09 2020</p>",
        "<h1>Jembatan</h1><p>Jembatan Gantung</p><p>Fri Oct 09 2020</p>",  # comes again in the text
        "<p>Pilihan Editor: <a href='/2'>Ana Putri</a></p>",
        "<h1>Jembatan</h1><p>Photo:</p><p>AFP</p>",
        "<h1>Jembatan</h1><p>Umfrage</p><p>Index Gute Arbeit 2022</p>",
        "<h1>Jembatan</h1>" + "<p>Warga desa.</p>" * 25 + "<p>By Ana Putri</p><h4>Pasar</h4><p>By Bram Siregar</p>",
    ],
)
def test_who_made_something_else_is_no_author(body: str) -> None:
    assert authors(body) == []


def test_names_that_the_markup_parts_are_one_list() -> None:
    body = "<p>Von: <a href='/x'>Ana Putri</a>, <a href='/y'>Bram Siregar</a> <i>und</i> <a href='/z'>Rusman Hadi</a> <b>Jembatan Baru</b></p>"
    assert authors(body, "<meta property='og:locale' content='de_DE'>") == ["Ana Putri", "Bram Siregar", "Rusman Hadi"]


def test_an_agency_signs_below_the_headline() -> None:
    assert authors("<h1>Jembatan</h1><p>AFP, MANILA</p>") == ["AFP"]


def test_who_writes_under_a_pen_name_is_taken_where_a_standard_marks_him() -> None:
    byline = '<p>von <span class="author vcard"><a class="url fn" href="/author/rusa/">rusa1984</a></span></p>'
    assert authors(byline) == ["rusa1984"]
    assert authors(byline.replace("rusa1984", "wordpressadmin")) == []
    assert authors('<p class="my-authors">rusa1984</p>') == []


def test_an_accounts_name_gives_way_to_what_is_printed() -> None:
    article = {"@type": "NewsArticle", "headline": "Jembatan", "author": {"@type": "Person", "name": "anaputri"}}
    assert authors(head=ld(article)) == ["anaputri"]
    assert authors('<p class="byline">Von Ana Putri</p>', ld(article)) == ["Ana Putri"]
    admin = {"@type": "Person", "name": "Koran D", "url": "https://korandesa.id/author/admin/"}
    head = ld({**article, "author": admin})
    assert authors(head=head) == ["Koran D"]
    assert authors(
        '<header><a rel="author" href="/author/admin/">Koran D</a></header><p><b>Ana Putri</b></p>', head
    ) == ["Ana Putri"]


def test_where_a_paper_sits_is_no_author() -> None:
    assert authors(head='<meta name="author" content="korandesa.id, Kupang, Indonesia">') == []


LISTED = "Memimpin lomba dayung selama tiga musim, lalu melatih anak-anak di dermaga."


def test_names_in_bold_above_the_text_sign_it() -> None:
    for text, names in (("Ana Putri", ["Ana Putri"]), ("ANA PUTRI/Bram Siregar", ["ANA PUTRI", "Bram Siregar"])):
        html = page(f"<p><strong>{text}</strong></p>{prose()}")
        article = scraper.extract(html, url="https://korandesa.id/berita/1")
        assert [each.name.upper() for each in article.authors] == [name.upper() for name in names]
        assert text not in [block.text for block in article.body]


def test_what_a_list_follows_is_its_heading_and_no_name() -> None:
    html = page(f"<h2>Ana Putri</h2><ul><li>{LISTED}</li><li>{LISTED} Lalu pulang.</li></ul>{prose()}")
    article = scraper.extract(html, url="https://korandesa.id/berita/1")
    assert (article.body[0].text, article.authors) == ("Ana Putri", ())


def test_a_sub_heading_above_the_text_comes_again_in_it() -> None:
    html = page(f"<p><strong>Pasar Jembatan</strong></p>{prose()}")
    assert scraper.extract(html, url="https://korandesa.id/berita/1").body[0].text == "Pasar Jembatan"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By<span>by</span> ANA PUTRI and BRAM SIREGAR", ["Ana Putri", "Bram Siregar"]),
        ("By Ana Putri <span>Link Copied</span>", ["Ana Putri"]),
        ("<span>Ana Putri</span> <span>Senior Analyst</span> <span>Updated Jan 06</span>", ["Ana Putri"]),
        ("This post was written by Ana Putri, Head of Marketing and Village Development", ["Ana Putri"]),
        ("Ana Putri / AA", ["Ana Putri"]),
        ("By Tim Ehlers", ["Tim Ehlers"]),
        # Labels, times and topics are nobody; a body of people signs where nobody else does.
        ("UTC", []),
        ("<a href='/a'>Solar</a> <a href='/b'>Village</a> <a href='/c'>Power</a>", []),
        ("Staff", []),
        ("By The Village Team", ["The Village Team"]),
        ("Podium Staff", ["Podium Staff"]),
        ("<span>Podium Staff</span> <span>Ana Putri</span>", ["Ana Putri"]),
        ("<span>Emily Post</span>", ["Emily Post"]),
    ],
)
def test_who_a_marked_byline_names(byline: str, names: list[str]) -> None:
    assert authors(f"<div class='article-author'>{byline}</div>", "<html lang='en'>") == names


@pytest.mark.parametrize(
    ("language", "byline", "names"),
    [
        ("de", "<span>Zur Person</span><a href='/autor/x'>Alle Beiträge</a>", []),
        ("sv", "Uppdaterad 4.3.2026", []),
        ("zh", "作者：南帆", ["南帆"]),
        ("zh", "作者：曹磊 选稿：曾炟", ["曹磊"]),
        ("bg", "<a rel='author' href='/a'>Редактор</a>", []),
    ],
)
def test_what_is_nobody_is_so_in_the_pages_language(language: str, byline: str, names: list[str]) -> None:
    html = f"<html lang='{language}'><title>Kabar</title><h1>Jembatan gantung diresmikan</h1><div class='author'>{byline}</div>{prose()}"
    assert [each.name for each in scraper.extract(html, url="https://korandesa.invalid/berita/1").authors] == names


SITE = "<meta property='og:site_name' content='Kebun Kita'>"


def signed(body: str, head: str) -> tuple[list[str], str | None]:
    html = f"<html lang='en'><head><title>Bamboo bridge opened</title>{head}</head><body><h1>Bamboo bridge opened</h1>{body}{prose()}</body></html>"
    article = scraper.extract(html, url="https://ana-putri-sari.example/berita/1")
    return [author.name for author in article.authors], article.provenance.get("authors")


def data(name: str, kind: str = "Person") -> str:
    author = json.dumps({"@type": "NewsArticle", "author": {"@type": kind, "name": name}})
    return f"<script type='application/ld+json'>{author}</script>"


@pytest.mark.parametrize(
    ("body", "head", "name"),
    [
        # A line below the headline says so: words and place.
        ("<header><span>By Kebun Kita</span></header>", SITE, "Kebun Kita"),
        ("<p><span>Written by</span> <span>Orbit Garden Team</span></p>", "", "Orbit Garden Team"),
        # Two places of the data.
        ("", f"{SITE}{data('Kebun Kita')}<meta name='author' content='Kebun Kita'>", "Kebun Kita"),
        (
            "",
            "<meta name='author' content='kebunkita'><meta name='twitter:label1' content='Written by'><meta name='twitter:data1' content='kebunkita'>",
            "kebunkita",
        ),
        # Who gave the site its name.
        (
            "",
            "<meta property='og:site_name' content='Ana Putri Sari'><meta name='author' content='Ana Putri Sari'>",
            "Ana Putri Sari",
        ),
        # The marked line below the headline is the paper's own name.
        ("<div class='post-author'>Kebun Kita</div><p>May 4, 2025</p>", SITE, "Kebun Kita"),
    ],
)
def test_who_signs_where_nobody_is_named_by_two_signs(body: str, head: str, name: str) -> None:
    names, source = signed(body, head)
    assert names == [name]
    assert (source or "").endswith("(unsure)")


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("", f"{SITE}{data('Kebun Kita')}"),  # one sign
        ("", f"{SITE}<meta name='author' content='Kebun Kita'>"),
        ("<p>By admin</p>", "<meta name='author' content='admin'>"),  # who runs the system
        ("<div class='post-author'><a href='/a'>Solar</a> <a href='/b'>Village</a></div>", ""),  # topics
        ("<p>By Staff</p>", f"{SITE}<meta name='author' content='Kebun Kita'>"),  # a label
    ],
)
def test_nobody_signs_by_one_sign_or_a_label(body: str, head: str) -> None:
    assert signed(body, head)[0] == []


def test_a_person_comes_before_the_paper_that_signs() -> None:
    head = f"{SITE}{data('Kebun Kita')}<meta name='author' content='Kebun Kita'>"
    assert signed("<p>By Ana Putri</p>", head)[0] == ["Ana Putri"]


def test_a_paper_is_called_as_the_catalogue_calls_it() -> None:
    head = ld({"@type": "NewsArticle", "headline": "Jembatan", "author": {"@type": "Person", "name": "ไทยรัฐออนไลน์"}})
    article = scraper.extract(page(prose(), head=head), url="https://www.thairath.co.th/news/local/north/2300001")
    assert article.authors == ()
