"""The headline as printed, not a kicker, the site's name, or a title worded for search engines."""

from __future__ import annotations

import pytest

import scraper
from scraper.extract import explain
from tests.extract.makers import prose

HEADLINE = "Warga bangun jembatan gantung - camat memuji"
PLAIN = "Jembatan gantung diresmikan warga"


def headline(body: str, head: str) -> str:
    html = f"<html><head>{head}</head><body>{body}<div class='isi'>{prose()}</div></body></html>"
    return scraper.extract(html, url="https://korandesa.id/berita/1").headline


def ld(title: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}"}}</script>'


def og(title: str) -> str:
    return f"<meta property='og:title' content='{title}'>"


@pytest.mark.parametrize(
    ("body", "head", "wanted"),
    [
        # A dash or bar of the headline's own is kept; a known site's name goes.
        (f"<h1>{HEADLINE}</h1>", f"<title>{HEADLINE}</title>{og(HEADLINE)}", HEADLINE),
        (
            "<h1>ANGGARAN | Desa mendapat dana jembatan</h1>",
            "<title>ANGGARAN | Desa mendapat dana jembatan</title>",
            "ANGGARAN | Desa mendapat dana jembatan",
        ),
        (
            f"<h1>{PLAIN} | Koran Desa</h1>",
            f"<title>{PLAIN} | Koran Desa</title><meta property='og:site_name' content='Koran Desa'>",
            PLAIN,
        ),
        # A site whose long name is known from nowhere but the title.
        (f"<h1>{PLAIN}</h1>", f"<title>{PLAIN} - Koran Mingguan Warga Desa Hulu Sungai</title>", PLAIN),
        # The h1 is worded like the <title>, for search engines; the headline that readers see is the h2, behind a kicker or not.
        (
            f"<h1>Desa: Jembatan baru sudah boleh dilewati</h1><h2>{PLAIN}</h2>",
            f"<title>Desa: Jembatan baru sudah boleh dilewati</title>{og(PLAIN)}",
            PLAIN,
        ),
        (
            f"<h1>Jembatan: kapan dibuka dan siapa boleh lewat?</h1><h2><span>Kabar hulu</span> <span>{PLAIN}</span></h2>",
            f"<title>Jembatan: kapan dibuka dan siapa boleh lewat?</title>{og(PLAIN)}",
            PLAIN,
        ),
        # An h2 that the page's data do not name stays a sub-heading.
        (f"<h1>{PLAIN}</h1><h2>Camat memuji kerja warga</h2>", f"<title>{PLAIN}</title>{og(PLAIN)}", PLAIN),
        # A later page of an article says so in its title.
        ("", f"<title>{PLAIN} - Halaman 2 - Koran.com</title>", PLAIN),
        ("", f"<title>{PLAIN} (Page 3)</title>", PLAIN),
        # A blog prints its own name as an h1 too.
        (f"<h1>Catatan dari hulu</h1><h1>{PLAIN}</h1>", f"<title>{PLAIN} – Catatan dari hulu</title>", PLAIN),
        (f"<h1>Catatan dari hulu</h1><h2>{PLAIN}</h2>", f"<title>Catatan dari hulu » Arsip » {PLAIN}</title>", PLAIN),
        # Worded for search engines above, printed below.
        (f"<h1>{PLAIN}</h1>", "<title>Kabar desa hari ini lengkap</title>" + og("Kabar desa hari ini lengkap"), PLAIN),
        # A kicker in the same element.
        (f"<h1><span>Pembangunan desa</span> <span>{PLAIN}</span></h1>", f"<title>{PLAIN}</title>{og(PLAIN)}", PLAIN),
        # Known by its class, however long; and with a sign for those who hear the page.
        (
            f"<h1><span class='overline'>Kabar dari lima desa hulu</span><span class='sr'> - </span><span>{PLAIN}</span></h1>",
            f"<title>Hulu: {PLAIN}</title>{og('Hulu: ' + PLAIN)}",
            PLAIN,
        ),
        (
            f"<h1><div>Hulu</div> {PLAIN} desa</h1>",
            f"<title>Hulu: {PLAIN} desa</title>{og('Hulu: ' + PLAIN + ' desa')}",
            f"{PLAIN} desa",
        ),
        (
            "<h1><b>Warga</b> bangun jembatan gantung</h1>",
            "<title>Warga: jembatan gantung bangun</title>",
            "Warga bangun jembatan gantung",
        ),
        # What the page's own titles have too is part of the headline.
        (
            f"<h1><span>Hulu:</span> <span>{PLAIN}</span></h1>",
            f"<title>Hulu: {PLAIN}</title>{og('Hulu: ' + PLAIN)}",
            f"Hulu: {PLAIN}",
        ),
        # A date and a department, or another site's name, behind it.
        (f"<h1>{PLAIN} <small>02.02.2022 • Kantor Desa</small></h1>", f"<title>{PLAIN}</title>{og(PLAIN)}", PLAIN),
        (f"<h1>{PLAIN} | DESA.NET</h1>", f"<title>{PLAIN} | KORAN.ID</title>{og(PLAIN)}", PLAIN),
        # Among h1s of one word, the long one; beside the site's name with a dash in it, the one that the title begins with.
        (f"<h1>Desaku</h1><h1>{PLAIN}</h1>", "<title>Kabar desa hari ini lengkap</title>", PLAIN),
        (
            "<h1>Desa kami – komik web</h1><h1>Cerita pendek</h1>",
            "<title>Cerita pendek | Desa kami – komik web</title>",
            "Cerita pendek",
        ),
        (
            f"<h1>Desaku</h1><h2><span>Kabar hulu</span> <span>{PLAIN} di hulu</span></h2>",
            og(f"Kabar hulu: {PLAIN} di hulu"),
            f"{PLAIN} di hulu",
        ),
        # The page's own title given as the site's name cuts nothing off.
        (
            f"<h1>{HEADLINE}</h1>",
            f"<title>{HEADLINE}</title><meta name='application-name' content='{HEADLINE}'>",
            HEADLINE,
        ),
    ],
)
def test_the_headline_is_the_printed_one(body: str, head: str, wanted: str) -> None:
    assert headline(body, head) == wanted


def test_json_ld_names_the_headline_where_the_only_h1_says_something_else() -> None:
    data = f'<script type=\'application/ld+json\'>{{"@type": "NewsArticle", "headline": "{PLAIN}"}}</script>'
    assert headline("<h1>Selamat datang di desa kami</h1>", f"<title>{PLAIN}</title>{data}") == PLAIN


SHORTER = "Panduan membangun jembatan gantung"


@pytest.mark.parametrize(
    ("body", "head", "wanted"),
    [
        # What is printed goes on where the data is cut for search engines …
        (
            f"<h1>{SHORTER} dari bambu</h1>",
            f"<title>{SHORTER} | Koran Desa</title>{og(SHORTER)}",
            f"{SHORTER} dari bambu",
        ),
        # … but a standfirst in the same heading has an element of its own.
        (
            f"<h1><span>{SHORTER}</span> <span>Dari bambu dan kawat</span></h1>",
            f"<title>{SHORTER}</title>{og(SHORTER)}",
            SHORTER,
        ),
        # The name of the writer in brackets behind it.
        (
            "<h1>Catatan lipatan kertas</h1><h1>Soal lipat dan potong</h1>",
            "<title>Soal lipat dan potong (Ana Putri dari desa)</title>",
            "Soal lipat dan potong",
        ),
        # A slogan above, nothing but the paper's name in the title: the heading that its class calls so.
        (
            f"<h1>Koran yang lain dari yang lain</h1><h2 class='entry-title'>{PLAIN}</h2><h2>Kabar lain</h2>",
            "<title>Lembaran Tepi Sungai</title>",
            PLAIN,
        ),
        # A column's name in the h2 is a part of the title, but not the headline.
        (
            f"<h1>{PLAIN}</h1><h2>Dua Arah</h2>",
            "<title>Warga kini punya penyeberangan baru di hulu : Dua Arah : RADIO</title>",
            PLAIN,
        ),
    ],
)
def test_what_is_printed_comes_before_what_is_worded_for_search_engines(body: str, head: str, wanted: str) -> None:
    assert headline(body, head) == wanted


OTHERS = "Panen padi di lembah hulu tahun ini melimpah"
SEARCHED = "Hasil panen padi lembah hulu terbaik tahun 2026"


@pytest.mark.parametrize(
    ("body", "head", "wanted"),
    [
        # All of the page's data is worded for search engines; what it prints is about the same.
        (f"<h1 class='entry-title'>{OTHERS}</h1>", f"<title>{SEARCHED}</title>{og(SEARCHED)}{ld(SEARCHED)}", OTHERS),
        # A welcome that is on every page, and says nothing of what the data does.
        ("<h1>Selamat datang di rumah kami</h1>", f"<title>{OTHERS}</title>{og(OTHERS)}{ld(OTHERS)}", OTHERS),
        # Parts of a title of a script without blanks have none around the signs between them.
        (
            "<h2 id='cont_title' class='title'>村民清理水渠 约三百人参加</h2>",
            "<title>村民清理水渠 约三百人参加_社会_地方频道首页_某某网</title>"
            + og("村民清理水渠 约三百人参加_社会_地方频道首页_某某网"),
            "村民清理水渠 约三百人参加",
        ),
        # Nothing but a heading that its class calls so, below a logo.
        (f"<h1 class='logo'>Koran Desa</h1><h2 class='post-title'>{OTHERS}</h2>", "<title>Koran Desa</title>", OTHERS),
    ],
)
def test_where_no_rule_is_sure_the_signs_of_each_text_are_weighed(body: str, head: str, wanted: str) -> None:
    assert headline(body, head) == wanted


def test_what_was_weighed_is_explained() -> None:
    html = f"<html><head>{og(SEARCHED)}</head><body><h1 class='entry-title'>{OTHERS}</h1>{prose()}</body></html>"
    told = [each for each in explain(html, url="https://korandesa.id/berita/1").decisions if each.about == "title"]
    assert [each.outcome for each in told] == [OTHERS, SEARCHED]
    assert "h1 only +" in told[0].reason
    assert "og whole +" in told[1].reason
