"""Any page: metadata in every shape, bodies without rules, hostile markup, what is not an article."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scraper
from scraper.charsets import decode
from scraper.errors import ExtractError
from scraper.extract import explain, extract
from scraper.extract.sources.metadata import parse_json_ld, read_metadata
from scraper.html import parse
from scraper.literal import read_literal
from scraper.reasons import Reason
from tests.extract.makers import SENTENCES, page, prose


def texts(html: str, url: str | None = "https://korandesa.id/berita/1") -> list[str]:
    return [block.text for block in scraper.extract(html, url=url).body]


def test_a_plain_page_is_read() -> None:
    article = scraper.extract(page(f"<div class='isi'>{prose()}</div>"), url="https://korandesa.id/berita/1")
    assert [block.text for block in article.body] == SENTENCES
    assert (article.headline, article.layout, article.site) == ("Jembatan gantung diresmikan warga", "generic/1", None)


@pytest.mark.parametrize(
    "noise",
    [
        "<aside><p>Sebuah kalimat samping yang cukup panjang untuk dikira bagian dari berita ini.</p></aside>",
        "<div class='related-posts'><p>Kabar lain yang cukup panjang untuk dikira bagian dari berita.</p></div>",
        "<p><a href='/x'>Kabar lain yang cukup panjang untuk dikira bagian dari berita ini juga</a></p>",
        "<figure><img src='a.jpg'><figcaption>Keterangan foto yang panjang sekali tentang jembatan itu.</figcaption></figure>",
        "<script>var teks = 'Kalimat di dalam skrip yang cukup panjang untuk dikira berita';</script>",
        "<div style='display:none'><p>Kalimat tersembunyi yang cukup panjang untuk dikira bagian berita.</p></div>",
        "<ul class='tags'><li><a href='/a'>jembatan</a></li><li><a href='/b'>desa</a></li></ul>",
        "<p>ADVERTISEMENT</p>",
    ],
)
def test_noise_inside_the_body_goes(noise: str) -> None:
    assert texts(page(f"<div class='isi'>{prose(*SENTENCES[:2])}{noise}{prose(*SENTENCES[2:])}</div>")) == SENTENCES


def test_text_without_paragraphs_is_cut_at_double_breaks() -> None:
    assert texts(page(f"<div id='konten'>{'<br><br>'.join(SENTENCES)}</div>")) == SENTENCES


def test_a_single_break_is_a_blank_not_glue() -> None:
    assert texts(page(f"<div>{prose(SENTENCES[0].replace(', ', ',<br>'), *SENTENCES[1:])}</div>"))[0] == SENTENCES[0]


def test_inline_tags_glue_no_words() -> None:
    body = prose(SENTENCES[0].replace("jembatan", "<b>jem</b>batan <a href='/x'>kayu</a> itu"), *SENTENCES[1:])
    assert "membangun jembatan kayu itu gantung" in texts(page(f"<div>{body}</div>"))[0]


def test_kinds_of_blocks_are_kept() -> None:
    body = f"{prose(*SENTENCES[:2])}<h2>Bahan dan biaya</h2><ul><li>Kayu ulin dari hulu</li></ul><blockquote><p>{SENTENCES[2]}</p></blockquote><table><tr><td>Kayu</td><td>40</td></tr></table>{prose(SENTENCES[3])}"
    kinds = [
        block.kind for block in scraper.extract(page(f"<article>{body}</article>"), url="https://korandesa.id/1").body
    ]
    assert kinds == ["paragraph", "paragraph", "subheading", "list_item", "quote", "table_row", "paragraph"]


def test_a_body_split_into_like_boxes_is_joined() -> None:
    boxes = "".join(
        f"<div class='bagian-teks'>{prose(sentence, sentence.replace('jembatan', 'titian'))}</div><div>iklan</div>"
        for sentence in SENTENCES
    )
    read = texts(page(f"<article>{boxes}</article>"))
    assert all(sentence in read for sentence in SENTENCES)


def test_furniture_names_on_a_wrapper_do_not_hide_the_text() -> None:
    assert texts(page(f"<div class='page with-sidebar'><div class='sidebar-left'>{prose()}</div></div>")) == SENTENCES


NEWS = {
    "@type": "NewsArticle",
    "headline": "Jembatan gantung diresmikan warga",
    "datePublished": "2026-03-01T10:00:00+07:00",
}


@pytest.mark.parametrize(
    "data",
    [
        NEWS,
        [NEWS],
        {"@graph": [{"@type": "WebPage"}, NEWS]},
        {"@type": "WebPage", "mainEntity": NEWS},
        NEWS | {"@type": ["Article", "NewsArticle"]},
        NEWS | {"@type": "http://schema.org/NewsArticle"},
    ],
)
def test_json_ld_is_read_in_all_its_shapes(data: object) -> None:
    head = f"<script type='application/ld+json'>{json.dumps(data)}</script>"
    article = scraper.extract(page(f"<div>{prose()}</div>", head), url="https://korandesa.id/1")
    assert article.published_at == datetime(2026, 3, 1, 3, tzinfo=UTC)
    assert article.provenance["published_at"] == "json-ld:datePublished"
    assert "json_ld_broken" not in article.warnings


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "A", "datePublished": "2026-03-01",}',
        '<!-- {"@type": "NewsArticle", "headline": "A", "datePublished": "2026-03-01"} -->',
        '{"@type": "NewsArticle", "headline": "A", "datePublished": "2026-03-01"};',
        '{"@type": "NewsArticle", "headline": "A "quoted" b", "datePublished": "2026-03-01"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;datePublished&quot;: &quot;2026-03-01&quot;}",
    ],
)  # fmt: skip
def test_broken_json_ld_is_repaired_or_searched(text: str) -> None:
    data, is_broken = parse_json_ld(text)
    assert data["datePublished"] == "2026-03-01"
    assert is_broken


@given(st.text(max_size=300))
def test_any_json_ld_is_survived(text: str) -> None:
    for candidate in (text, "[" * 2000, '{"a": ' * 200, '{"a": ' + "9" * 5000 + "}"):
        parse_json_ld(candidate)


def test_a_data_layer_literal_is_read_without_running_it() -> None:
    text = "dataLayer = [{'penulis': 'Anita', tags: ['a', 'b',], n: 3, u: document.title + f(1,2), // note\n ok: true, 'x': \"it\\'s\",}];"
    assert read_literal(text, text.index("{")) == {
        "penulis": "Anita",
        "tags": ["a", "b"],
        "n": 3,
        "u": None,
        "ok": True,
        "x": "it's",
    }


@given(st.text(alphabet="{}[]'\",:ab1 \\/*\n", max_size=80))
def test_any_literal_is_survived(text: str) -> None:
    read_literal(text)


def test_the_editor_is_never_the_author() -> None:
    data = NEWS | {"author": {"@type": "Person", "name": "Joko Susilo", "url": "https://korandesa.id/editor/joko"}}
    article = scraper.extract(
        page(f"<div>{prose()}</div>", f"<script type='application/ld+json'>{json.dumps(data)}</script>"),
        url="https://korandesa.id/1",
    )
    assert article.authors == ()
    assert article.editors == ("Joko Susilo",)
    assert "author_is_editor" in article.warnings


def test_a_canonical_url_of_another_owner_is_not_believed() -> None:
    foreign = "<link rel='canonical' href='https://lain.co.id/berita/9'>"
    assert (
        scraper.extract(page(f"<div>{prose()}</div>", foreign), url="https://korandesa.id/berita/1?utm_source=x").url
        == "https://korandesa.id/berita/1"
    )


def test_what_was_assumed_is_warned_of() -> None:
    head = "<meta property='article:published_time' content='2026-03-01 10:00'>"
    html = page(f"<div>{prose()}</div>", head)
    early = scraper.extract(html, url="https://korandesa.id/1", fetched_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert early.published_at == datetime(2026, 3, 1, 3, tzinfo=UTC), "an Indonesian page is in WIB"
    assert {"zone_assumed", "date_after_capture"} <= set(early.warnings)
    assert early.published_raw == "2026-03-01 10:00"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("", Reason.NOT_ARTICLE),
        ("<html><body><h1>Halaman tidak ditemukan</h1><p>Maaf.</p></body></html>", Reason.SOFT_404),
        ("<html><title>404 Not Found</title><h1>404 Not Found</h1></html>", Reason.SOFT_404),
        (
            page(
                "<ul>" + "".join(f"<li><a href='/{n}'>Kabar nomor {n} dari desa</a></li>" for n in range(30)) + "</ul>",
                headline="Indeks",
            ),
            Reason.NOT_ARTICLE,
        ),
        ("<div>" * 100_000, Reason.UNPARSABLE),
        ("<ul><section>" * 20_000, Reason.UNPARSABLE),
        ("x" * (10 * 1024 * 1024 + 1), Reason.UNPARSABLE),
    ],
)
def test_what_is_no_article_has_a_reason(html: str, reason: Reason) -> None:
    with pytest.raises(ExtractError) as caught:
        scraper.extract(html, url="https://korandesa.id/x")
    assert caught.value.reason is reason


@given(
    st.binary(max_size=600),
    st.sampled_from(
        [b"", b"<html><body><article><h1>A</h1><p>", b"<script type='application/ld+json'>", b"<meta charset="]
    ),
)
def test_any_bytes_give_an_article_or_a_reason(body: bytes, prefix: bytes) -> None:
    try:
        scraper.extract(prefix + body, url="https://korandesa.id/x")
    except ExtractError as error:
        assert error.reason in Reason


@pytest.mark.parametrize("wrong", ["windows-1252", "latin-1"])
def test_a_page_that_was_encoded_twice_is_read_as_it_was_written(wrong: str) -> None:
    sentence = "Der Bürgermeister sagte: „Fünf Brücken – das genügt nicht.“ "
    html = page(f"<article><p>{sentence * 9}</p></article>")
    once = html.encode()
    twice = once.decode("latin-1").encode() if wrong == "latin-1" else _twice(once)
    article = scraper.extract(twice)
    assert [block.text for block in article.body] == [(sentence * 9).strip()]
    assert "charset_guessed" in article.warnings
    one = "Ein Fehler macht aus Ü zwei Zeichen: Ã¼, Ã¤, Ã¶, ÃŸ, â€™ und Ã„. " * 4  # a text about it
    told = scraper.extract(page(f"<article>{prose(*SENTENCES)}<p>{one}</p></article>").encode())
    assert one.strip() in [block.text for block in told.body]
    assert "charset_guessed" not in told.warnings


def _twice(once: bytes) -> bytes:
    """Bytes taken for windows-1252 as browsers do, which has a character for each, and encoded."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in once).encode()


@pytest.mark.parametrize(
    ("body", "label", "charset", "source"),
    [
        (b"\xef\xbb\xbfabc", None, "utf-8", "bom"),
        ("é".encode("latin-1"), "ISO-8859-1", "windows-1252", "header"),
        (b"<meta charset='windows-1252'>\xe9", None, "windows-1252", "meta"),
        ("<meta charset='gbk'>é".encode(), None, "utf-8", "meta"),
        ("<meta charset=utf-8>é".encode(), "iso-8859-1", "utf-8", "meta"),
        ("<meta charset=utf-8>é".encode("latin-1"), "iso-8859-1", "windows-1252", "header"),
        (b"<meta charset=utf-8>abc", "iso-8859-1", "windows-1252", "header"),
        (b"abc", "base64", "utf-8", "default"),
        (b"abc", "utf-7", "utf-8", "default"),
        (b"<meta charset=punycode>abc", None, "utf-8", "default"),
        (b"<meta charset=utf-16>abc", None, "utf-8", "meta"),
        (b"<p>\xe9", None, "windows-1252", "default"),
        (b"<meta charset=punycode>\xe9", None, "windows-1252", "default"),
        (b"<html lang=id><p>\xe9 \x93abc\x94", None, "windows-1252", "default"),
        ("<p>é è abc".encode() + b"\xff", None, "utf-8", "default"),
        ('<html lang="tr"><p>abc ş'.encode("cp1254"), None, "windows-1254", "default"),
        ("<html class=x lang=ru-RU><p>abc мост".encode("cp1251"), None, "windows-1251", "default"),
        ("<html lang='zh-TW'><p>abc 橋".encode("big5"), None, "big5", "default"),
        ("<html lang=ja><p>abc 橋".encode("shift_jis"), None, "shift_jis", "default"),
    ],
)
def test_charset_follows_the_standard(body: bytes, label: str | None, charset: str, source: str) -> None:
    decoded = decode(body, label)
    assert (decoded.charset, decoded.source) == (charset, source)
    assert "abc" in decoded.text or "é" in decoded.text


def test_bytes_outside_the_charset_are_counted() -> None:
    assert decode(b"a\xffb\xfe", "utf-8").replaced == 2


_A = "https://contoh.id/a"
_UNLABELLED = (
    "<html lang=id><head><title>Kedai di desa</title></head><body><article><h1>Kedai di desa</h1><p>Café di tepi sungai itu ramai pada hari"
    " pasar, kata pemiliknya, “ramai sekali” menurut warga yang datang dari kota.</p><p>Ia sudah tiga puluh tahun berjualan kopi di sana, dan hari"
    " itu ia menutup lebih awal karena hujan turun sejak siang sampai malam.</p></article></body></html>"
)


def test_a_charset_that_is_guessed_and_letters_that_are_lost_are_said() -> None:
    def warnings(body: bytes, charset: str | None = None) -> set[str]:
        read, told = extract(body, url=_A, charset=charset), explain(body, url=_A, charset=charset)
        assert told.article == read
        return {"charset_guessed", "replacement_characters"} & set(read.warnings)

    guessed = _UNLABELLED.encode("cp1252")
    assert warnings(guessed) == {"charset_guessed"}
    assert "Café" in extract(guessed).body[0].text
    assert warnings(guessed, "windows-1252") == warnings(_UNLABELLED.encode()) == set()
    assert warnings(guessed, "utf-8") == {"replacement_characters"}
    flawed = (
        _UNLABELLED.replace("<html", "<html data-x='\xff'", 1).encode("latin-1", "ignore").decode("latin-1").encode()
    )
    assert warnings(flawed) == set(), "what is lost outside the article is no doubt about it"


def test_metadata_needs_no_head() -> None:
    tree = parse(
        "<noscript><img></noscript><meta name='Author' content='Anita &amp; Budi'><link rel='canonical' href='/a'>"
    )
    metadata = read_metadata(tree)
    assert metadata.first("author") == ("Anita & Budi", "author")
    assert metadata.canonical == "/a"


def test_a_picture_with_its_caption_in_a_plain_box_is_no_text() -> None:
    box = "<div align=center><div class=x><img src=a.jpg alt=''></div><span>Jembatan dilihat dari hulu, dini hari.</span></div>"
    html = page(f"<div class='isi'>{prose(*SENTENCES[:2])}{box}{prose(*SENTENCES[2:])}</div>")
    assert texts(html) == SENTENCES


def test_a_sidebar_with_a_paragraph_in_it_does_not_widen_the_body() -> None:
    links = "".join(
        f"<li><a href='/k/{number}'>Kabar dusun yang ke-{number} dari hulu</a></li>" for number in range(40)
    )
    side = f"<div class=col2><p>{SENTENCES[0][::-1]}</p><ul>{links}</ul></div>"
    assert texts(page(f"<div class=wrap><div class=col1>{prose()}</div>{side}</div>")) == SENTENCES


@pytest.mark.parametrize(
    ("body", "head", "headline"),
    [  # the h1 has a kicker in it: as the markup shows, or as all the page's own titles say
        (
            "<h1><span>Tunisia</span> <span>Pemerintah baru menghadapi tugas besar</span></h1>",
            "",
            "Pemerintah baru menghadapi tugas besar",
        ),
        ("<h1>Liga: Jembatan gantung diresmikan warga desa</h1>", "", "Jembatan gantung diresmikan warga desa"),
    ],
)
def test_a_kicker_in_the_heading_is_no_headline(body: str, head: str, headline: str) -> None:
    title = "Tunisia: Pemerintah baru menghadapi tugas besar" if "Tunisia" in body else headline
    data = json.dumps({"@type": "NewsArticle", "headline": title})
    head += f'<meta property="og:title" content="{title}"><script type="application/ld+json">{data}</script>'
    html = f"<html><head><title>{title}</title>{head if 'Liga' in body else head[:0]}</head><body>{body}{prose()}</body></html>"
    assert scraper.extract(html, url="https://korandesa.id/berita/1").headline == headline


def test_the_sites_name_in_an_h1_is_no_headline() -> None:
    html = f"<html><head><title>Koran Desa » Arsip » Panen raya di hulu</title></head><body><h1>Koran Desa</h1><h2>Panen raya di hulu</h2>{prose()}</body></html>"
    assert scraper.extract(html, url="https://korandesa.id/berita/1").headline == "Panen raya di hulu"


def test_open_blocks_are_counted_in_any_case_and_closed_ones_are_not() -> None:
    with pytest.raises(ExtractError) as caught:
        parse("<DIV>" * 20_000 + "</x>" * 20_000)
    assert caught.value.reason is Reason.UNPARSABLE
    assert parse("<div></div>" * 9_000).css_first("div") is not None


def module(*sentences: str, name: str = "RichText") -> str:
    return f"<div class='area'><div class='{name}'>{prose(*sentences)}</div></div>"


@pytest.mark.parametrize("around", ["<article>{}</article>", "<main>{}</main>", "<div class='satu'>{}</div>"])
def test_pieces_of_a_body_are_joined(around: str) -> None:
    """Papers set a text in modules of their own class, the last with one more, each perhaps an <article>."""
    pieces = (
        module(*SENTENCES[:2]) + "<div class='iklan'></div>" + module(*SENTENCES[2:], name="RichText RichText--last")
    )
    assert texts(page(around.format(pieces))) == SENTENCES


def test_pieces_that_are_articles_of_their_own_are_joined() -> None:
    pieces = "".join(f"<article class='modul'><div class='isi'>{prose(each)}</div></article>" for each in SENTENCES)
    assert (
        texts(page(f"<article class='penuh'>{pieces}</article>", "<meta property='og:type' content='article'>"))
        == SENTENCES
    )


def test_texts_of_other_articles_on_the_page_are_not_joined() -> None:
    others = [
        f"Kabar {number} dari desa lain yang cukup panjang untuk dikira bagian dari berita ini." for number in range(9)
    ]
    teasers = "".join(
        f"<li><div class='isi'>{prose(each)}</div><a href='/{each[6]}'>{each[:20]} selengkapnya</a></li>"
        for each in others
    )
    assert texts(page(f"<div class='isi'>{prose()}</div><ul class='lain'>{teasers}</ul>")) == SENTENCES


def test_a_list_of_links_with_dates_between_them_goes() -> None:
    items = "".join(
        f"<li><p><a href='/{n}'>Kabar nomor {n} dari desa di hulu sungai</a></p><p>{n} Januari</p></li>"
        for n in range(1, 5)
    )
    assert texts(page(f"<div class='isi'>{prose()}<h2>Kabar terbaru</h2><ul>{items}</ul></div>")) == SENTENCES


def test_embedded_posts_count_only_where_asked_for() -> None:
    post = "<blockquote class='twitter-tweet'><p>Jembatan baru sudah bisa dilewati, kawan-kawan!</p>— Ana (@ana)</blockquote>"
    html = page(f"<div class='isi'>{prose(*SENTENCES[:2])}{post}{prose(*SENTENCES[2:])}</div>")
    assert texts(html) == SENTENCES
    blocks = scraper.extract(html, url="https://korandesa.id/berita/1", embeds=True).body
    assert [block.kind for block in blocks].count("quote") >= 1
    assert any("sudah bisa dilewati" in block.text for block in blocks)


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC), datetime(2024, 5, 3)]
)
def test_a_moment_that_no_page_was_fetched_at_is_refused(moment: datetime) -> None:
    with pytest.raises(ValueError, match="fetched_at"):
        scraper.extract(page(prose()), fetched_at=moment)
    with pytest.raises(ValueError, match="fetched_at"):
        explain(page(prose()), fetched_at=moment)


@pytest.mark.parametrize("box", ["<div id='isi'>{}</div>", "{}"])
def test_a_piece_of_a_page_without_any_title_is_read_with_its_first_words_for_one(box: str) -> None:
    sentences = [*SENTENCES, *(f"Menurut warga, {each[0].lower()}{each[1:]}" for each in SENTENCES), *SENTENCES[:2]]
    article = scraper.extract(box.format(prose(*sentences)), url="https://korandesa.id/berita/1")
    assert (
        article.headline
        == "Warga desa membangun jembatan gantung sepanjang empat puluh meter, lalu meresmikannya bersama."
    )
    assert (article.provenance["headline"], "headline_weak" in article.warnings) == ("text (unsure)", True)
    for html in (prose(*SENTENCES), " ".join(sentences), json.dumps({"text": sentences})):  # too short, no page, data
        with pytest.raises(ExtractError, match="no headline"):
            scraper.extract(html, url="https://korandesa.id/berita/1")


def test_readers_comments_are_no_text_however_long_they_are() -> None:
    comment = f"<li class='comment even'><div class='comment-content'>{prose(*SENTENCES * 6)}</div></li>"
    named = f"<div id='comment-box'><ul><li>{SENTENCES[0] * 9}</li></ul></div>"
    for around in ("<div class='isi'>{}{}</div>", "<div class='isi'>{}</div>{}"):
        for comments in (f"<ol>{comment * 2}</ol>", named):
            assert texts(page(around.format(prose(), comments))) == SENTENCES


def test_the_commentary_of_a_match_is_text() -> None:
    minutes = "".join(f"<div class='comment'><p class='comment-text'>{each}</p></div>" for each in SENTENCES)
    assert texts(page(f"<div class='live-match-comments'>{minutes}</div>")) == SENTENCES


@pytest.mark.parametrize(
    ("language", "name", "is_kept"),
    [("id", "box-iklan", False), ("es", "publicidad", False), ("id", "publicidad", True), ("de", "lea-tambien", True)],
)
def test_class_names_are_words_of_the_pages_languages(language: str, name: str, *, is_kept: bool) -> None:
    line = "Panen raya di kampung sebelah berlangsung sampai malam."
    html = page(
        f"<article>{prose(*SENTENCES[:2])}<div class='{name}'><p>{line}</p></div>{prose(*SENTENCES[2:])}</article>"
    )
    assert (line in texts(html.replace("lang='id'", f"lang='{language}'"), url=None)) == is_kept


@pytest.mark.parametrize("name", ["post-cta", "blog-cta-box", "ez-table-of-contents", "tableOfContent", "jump-links"])
def test_appeals_and_tables_of_contents_are_furniture_by_their_names(name: str) -> None:
    assert (
        texts(
            page(
                f"<article>{prose(*SENTENCES[:2])}<div class='{name}'><p>Hubungi kami hari ini.</p></div>{prose(*SENTENCES[2:])}</article>"
            )
        )
        == SENTENCES
    )


def test_a_paragraph_beside_a_picture_in_one_box_is_text_and_a_caption_is_not() -> None:
    long = f"{SENTENCES[1][:-1]}, dan warga mengangkutnya berhari-hari dengan perahu."
    assert len(long) >= 120
    several = "Kayu dipilih di hulu. Tali dibeli di kota. Lampu dipasang belakangan oleh para pemuda dari empat dusun di sepanjang sungai kecil."

    def read(box: str) -> list[str]:
        return texts(page(f"<article>{prose(*SENTENCES[:2])}{box}{prose(*SENTENCES[2:])}</article>"))

    for text, box in (
        (long, f"<div class='row'><img src='a.jpg'><p>{long}</p></div>"),
        (several, f"<div><img src='a.jpg'>{several}</div>"),
    ):
        assert read(box) == [*SENTENCES[:2], text, *SENTENCES[2:]]
    for caption in (
        f"<div class='photo-box'><img src='a.jpg'><p>{long}</p></div>",
        f"<div class='row'><img src='a.jpg'><p><a href='/2'>{long}</a></p></div>",
        f"<div class='row'><img src='a.jpg'><p>{SENTENCES[1]}</p></div>",
    ):
        assert read(caption) == SENTENCES


@pytest.mark.parametrize(
    ("own", "other", "rank"),
    [
        ("article class='post single'", "article class='post single'", "h1"),
        ("article", "article", "h2"),
        ("div class='post lead'", "div class='post'", "h2"),
    ],
)
def test_a_second_headline_ends_the_first_article(own: str, other: str, rank: str) -> None:
    later = [f"Di kampung sebelah, {each[0].lower()}{each[1:]}" for each in SENTENCES * 3]
    second = f"<{other}><{rank}>Panen raya di kampung sebelah</{rank}><div class='isi'>{prose(*later)}</div></{other.split(maxsplit=1)[0]}>"
    first = f"<{own}><h1>Jembatan gantung diresmikan warga</h1><div class='isi'>{prose()}</div></{own.split(maxsplit=1)[0]}>"
    html = page("").replace("<h1>Jembatan gantung diresmikan warga</h1>", f"<div>{first}{second}</div>")
    assert texts(html) == SENTENCES


@pytest.mark.parametrize("rank", ["h1", "h2"])
def test_sections_of_one_article_are_no_articles(rank: str) -> None:
    later = [f"Di kampung sebelah, {each[0].lower()}{each[1:]}" for each in SENTENCES]
    second = f"<section class='block'><{rank}>Panen raya</{rank}>{prose(*later)}</section>"
    first = f"<section class='block'><h1>Jembatan gantung diresmikan warga</h1>{prose()}</section>"
    html = page("").replace("<h1>Jembatan gantung diresmikan warga</h1>", f"<div>{first}{second}</div>")
    assert texts(html) == [*SENTENCES, "Panen raya", *later]
