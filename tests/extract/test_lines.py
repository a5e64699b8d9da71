"""Lines that papers set into every text: adverts, follow-us lines, page markers, notes of origin, sign-offs, link lists, captions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scraper
from scraper.extract.text.captions import is_caption, split_caption
from scraper.extract.text.clean import clean_blocks
from scraper.extract.text.credits import parse_source
from scraper.extract.text.furniture import is_end, known_furniture, syndicated_from
from scraper.extract.text.related import heading_label, is_related_block, known_label, mark_lists, related_of
from scraper.extract.text.sign_off import split_sign_off
from scraper.language import vocabulary
from tests.extract.makers import SENTENCES, block, page, prose

WORDS = vocabulary("id", "en", "de", "fr", "it", "pl", "pt", "es", "nl", "sv", "nb", "da", "tr", "cs", "ja", "ko", "ru")
CAPTIONS = vocabulary("id", "vi", "th", "en")


@pytest.mark.parametrize(
    "text",
    [
        # Tribun
        "Ikuti kami di", "KOMENTAR", "BERITA TERKINI", "Berita Rekomendasi", "Sesuai Minatmu", "Video Pilihan", "All Right Reserved",
        "© 2019 TRIBUNnews.com Network,a subsidiary of KG Media.", "Dapatkan Berita Pilihan di WhatsApp Anda", "Baca WhatsApp Tribunnews",
        "Baca Berita Terbaru Lainnya di GOOGLE NEWS", "Dapatkan Berita Viral Via Saluran WhatsApp", ">>>Ikuti Berita Lainnya di News Google SURYA.co.id",
        "Update berita lainnya di Google News SURYA.co.id", ">> Ikuti Berita Persebaya Surabaya", "Update berita terkini Persebaya", "lihat foto", "zoom-in",
        # Kompas, detik, CNN
        "Dapatkan update berita pilihan setiap hari dari Contoh.com di grup Telegram kami.", "Simak breaking news dan berita pilihan kami langsung di ponselmu.",
        "A post shared by Contoh (@contoh)", "ADVERTISEMENT", "SCROLL TO CONTINUE WITH CONTENT", "[Gambas:Video 20detik]", "[Gambas:Video CNN]", "[Gambas:Instagram]",
        # Antara, Republika, Suara, JPNN, Liputan6 and others
        "COPYRIGHT © ANTARA News Kalimantan Barat 2019", "| 699 Views", "Ikuti Whatsapp Channel Republika", "Loading...", "Loading…",
        "Mau konten menarik lainnya?", "Yuk, Simak Juga Video ini!", "+ Baca Selengkapnya", "Berita selengkapnya >>>", "Baca selengkapnya di sini.",
        "Berita selengkapnya bisa dibaca di sini.", "Selengkapnya", ">>>Berikut video selengkapnya", "TOPIK TERKAIT", "* BACA BERITA TERKINI Contoh",
        "(Selenngkapnya di halaman dua)", "Berita Terkait :#bakau", "Butuh bibit? Klik di sini", "Harga cabai kembali naik di pasar, pedagang ... » Selanjutnya",
        # page markers
        "Halaman", "Halaman 123", "Halaman 1 2 3 4", "Halaman 1/2", "Halaman selanjutnya", "Halaman: 1 2 3 Selanjutnya", "Halaman Selanjutnya Warga menanam",
        "Selanjutnya: Warga menanam", "Show All", "Lihat Semua", "2 dari 4 halaman", "Simak berita selengkapnya di halaman selanjutnya.", "Selanjutnya", "Sebelumnya",
    ],
)  # fmt: skip
def test_lines_of_the_paper_are_dropped(text: str) -> None:
    assert known_furniture(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Ikuti jejak petani muda yang menanam kopi di lereng.", "Dikutip dari channel YouTube miliknya, ia menolak tawaran itu.", "Simak penjelasan dokter berikut ini.",
        "Update data dilakukan setiap hari oleh petugas.", "Halaman rumahnya luas.", "Baca doa sebelum tidur.", "Komentar warga beragam.",
        "Ikuti arahan petugas di lapangan, kata bupati.", "Artikel ini membahas cara menanam bakau.", "Selanjutnya polisi memeriksa saksi.",
        "Selanjutnya, warga menanam bakau di pantai utara.", "Sebelumnya, banjir merendam ratusan rumah warga.", "Iklan rokok dilarang di dekat sekolah.",
        "Dapatkan informasi yang benar dari petugas kesehatan.",
    ],
)  # fmt: skip
def test_sentences_with_the_same_words_stay(text: str) -> None:
    assert not known_furniture(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Ähnliche Beiträge", "Weiterführender Link", "Weiterlesen:", "Über den Autor", "Zum Newsletter anmelden", "Titelbild: Agentur/Sari", "(Alle Angaben ohne Gewähr)",
        "Kommentarfeed | Kommentare geschlossen | Trackback-URL", "Der Beitrag wurde am Montag, den 2. Mai 2019 um 15:21 Uhr veröffentlicht und wurde unter Kopi abgelegt.",
        "Veja Também:", "Saiba mais", "Sobre la autora", "Imprimir", "Dowiedz się więcej:", "drukuj", "Crédits photos : Agence", "About the author", "Explore further",
        "Comments are closed.", "DON'T MISS", "Don’t miss:", "This entry was posted on Monday in Coffee", "© 2022, Contoh.com. This article is the property of Contoh.",
    ],
)  # fmt: skip
def test_lines_of_papers_in_other_languages_go(text: str) -> None:
    assert known_furniture(text, WORDS) or is_end(text, WORDS) or known_label(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "Über den Autor des Anschlags ist wenig bekannt, sagte die Polizei.", "Themen waren der Haushalt und die Wahl.", "Imprimir cuesta más cada año.",
        "Weiterlesen lohnt sich, fand die Jury.", "Comments by the minister drew criticism.", "Don't miss the point, she said.", "See more birds at dawn.",
    ],
)  # fmt: skip
def test_sentences_with_the_same_words_in_other_languages_stay(text: str) -> None:
    assert not known_furniture(text, WORDS)


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Quelle: Landesregierung", "Landesregierung"),
        ("Fuente: Agencia", "Agencia"),
        ("Quellen des Flusses: drei.", None),
    ],
)
def test_a_source_line_names_the_source_in_any_of_the_languages(text: str, outlet: str | None) -> None:
    assert parse_source(text) == outlet


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Artikel ini telah tayang di TribunSumsel.com dengan judul Jalan Baru", "TribunSumsel.com"),
        ('Sebagian artikel ini telah tayang di Kompas.com dengan judul "Jalan Baru"', "Kompas.com"),
        ("Artikel ini sebelumnya tayang di Sriwijaya Post berjudul: Jalan Baru", "Sriwijaya Post"),
        ("Artikel ini telah naik di detikJabar, baca selengkapnya di sini", None),  # no capital, no outlet that we know
        ("Artikel ini membahas Jalan Baru", None),
    ],
)
def test_a_note_of_origin_names_the_outlet(text: str, outlet: str | None) -> None:
    assert syndicated_from(text) == outlet


@pytest.mark.parametrize(
    "code",
    [
        "(*)", "****", "*****", "***", "(frh/fsr)", "(rep/fsr/hls)", "(Amn)", "(hms)", "(tribunnews)", "(TribunJabar)", "(Tribunnews.com/Kompas.com)",
        "(tribunnews/wikipedia)", "(*/adv)", "(adv)", "(isa)", "(antara/jpnn)", "(ant/jpnn)", "(boy/jpnn)", "(kha)", "(Anita Rahma )", "(SIS)", "(H-4)", "(P-3)",
        "— TRIBUN", "(***/Anita Rahma)", "[sc]",
    ],
)  # fmt: skip
def test_sign_offs_behind_a_finished_sentence(code: str) -> None:
    assert split_sign_off(f"Warga menanam bakau. {code}") == ("Warga menanam bakau.", code)


@pytest.mark.parametrize(
    "words",
    ["(Tottenham Hotspur)", "(HR Muslim)", "(Pengganti)", "(DPS)", "(7/10/2019)", "(15/2)", "(tiga)", "(SIS)", "(Amn)"],
)
def test_words_in_brackets_within_a_sentence_are_text(words: str) -> None:
    assert split_sign_off(f"Ia membela klubnya {words}") == (f"Ia membela klubnya {words}", None)


def test_what_stands_behind_a_sign_off_of_its_own_goes() -> None:
    texts = [f"Warga menanam bakau nomor {number}." for number in range(6)]
    found = clean_blocks(
        [block(text) for text in (*texts, "(***/Anita Rahma)", "Pasang iklan murah?")],
        base_url=None,
        headline=None,
        vocabulary=WORDS,
    )
    assert [each.text for each in found.body] == texts
    assert found.sign_off == "(***/Anita Rahma)"


@pytest.mark.parametrize(
    "text",
    ["Baca Juga", "BACA JUGA:", "Jangan Lewatkan!", "Lihat juga", "Berita Terkait", "Simak juga:", "Artikel Lainnya"],
)
def test_headings_of_link_lists(text: str) -> None:
    assert heading_label(text, WORDS)
    links = (("/a", "Jalan baru"),)
    marked = mark_lists(
        [
            block(text),
            block("Jalan baru", links=links),
            block("Warga menanam bakau."),
            block("Jalan baru", links=links),
        ],
        WORDS,
    )
    assert [each.is_related for each in marked] == [False, True, False, False]
    assert related_of(marked[1], "https://contoh.id/b", WORDS)[0].label == heading_label(text, WORDS)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Baca: Jalan baru", "Baca"), ("Baca juga: Jalan baru", "Baca juga"), ("BACA JUGA : Jalan baru", "BACA JUGA"), ("Lihat Juga : Jalan baru", "Lihat Juga"),
        ("Baca juga Jalan baru", "Baca juga"), ("Baca JugaJalan baru", "Baca Juga"), ("Promosi Jalan baru", "Promosi"), ("• Jalan baru", None),
        ("Simak juga: Jalan baru", "Simak juga"),
    ],
)  # fmt: skip
def test_labels_of_related_links(text: str, label: str | None) -> None:
    found = block(text, links=(("/a", "Jalan baru"),))
    assert is_related_block(found, WORDS)
    assert [(each.label, each.text) for each in related_of(found, "https://contoh.id/b", WORDS)] == [
        (label, "Jalan baru")
    ]


A_LINK = '<a href="https://contoh.id/read/5001234/kapal-kayu-dibuat">Lima Kapal Kayu Dibuat di Sungai Rengas</a>'
SET_IN = f"""<div class="{{}}"><div class="title">Baca Juga</div><div><h3>{A_LINK}</h3></div></div>"""


@pytest.mark.parametrize(
    "form",
    [
        f"<p>{{FIRST}} <strong>Baca juga: {A_LINK}</strong></p>",
        f"<p>{{FIRST}}<br>Baca juga: {A_LINK}</p>",
        f"<p>{{FIRST}} (Baca Juga: {A_LINK})</p>",
        f"<p>{{FIRST}}</p><p>\u2022 {A_LINK}</p>",
        f"<p>{{FIRST}}</p><ul><li>Baca juga: {A_LINK}</li></ul>",
        f"<p>{{FIRST}}</p><p>\U0001f449 Baca Selanjutnya: {A_LINK}</p>",
        "<p>{FIRST}</p>" + SET_IN.format("gmr-related-post-onlytitle"),
        "<p>{FIRST}</p>" + SET_IN.format("jnews_inline_related_post left"),
        '<p>{FIRST}</p><a class="read-also" href="/read/5001234/kapal-kayu-dibuat"><span>Baca Juga</span><h4>Lima Kapal Kayu Dibuat di Sungai Rengas</h4></a>',
    ],
)
def test_a_link_set_into_a_text_is_related_and_no_text(form: str) -> None:
    texts = [
        " ".join([f"Warga {each} menanam bakau bersama anak sekolah setiap Sabtu pagi sejak awal bulan."] * 2)
        for each in ("Rengas", "Muara", "Kuala")
    ]
    body = form.replace("{FIRST}", texts[0]) + "".join(f"<p>{text}</p>" for text in texts[1:])
    article = scraper.extract(
        f'<html lang="id"><body><h1>Bakau ditanam lagi</h1><article>{body}</article></body></html>',
        url="https://contoh.id/read/5009999/bakau",
    )
    assert [block.text for block in article.body] == texts
    assert [(link.text, link.url) for link in article.related_links] == [
        ("Lima Kapal Kayu Dibuat di Sungai Rengas", "https://contoh.id/read/5001234/kapal-kayu-dibuat")
    ]


def test_what_only_looks_like_a_label_within_a_paragraph_stays() -> None:
    """A short link, a sentence about reading, a box of many links beside the text, one below it, a link to another site."""
    text = " ".join(["Warga Muara menanam bakau bersama anak sekolah setiap Sabtu pagi sejak awal bulan."] * 2)
    for tail in (
        'Baca juga: <a href="/aturan">aturannya</a>',
        f"Ibu itu membaca {A_LINK}",
        A_LINK.replace("contoh.id", "lain.example").join(["Baca juga: ", ""]),
    ):
        article = scraper.extract(
            f"<h1>Bakau</h1><article><p>{text}</p><p>{text[:90]} lagi. {tail}</p></article>", url="https://contoh.id/b"
        )
        assert article.related_links == ()
        assert article.body[-1].text.endswith(("aturannya", "Rengas"))
    links = "".join(f"<li>{A_LINK.replace('5001234', str(number))}</li>" for number in range(5))
    box = f'<div class="related"><h3>Berita Terkait</h3><ul>{links}</ul></div>'
    for body in (f"<p>{text}</p>{box}<p>{text} Begitu.</p>", f"<p>{text}</p><p>{text} Begitu.</p>{box}"):
        assert (
            scraper.extract(f"<h1>Bakau</h1><article>{body}</article>", url="https://contoh.id/b").related_links == ()
        )


def test_a_sentence_with_a_link_is_no_related_link() -> None:
    assert not is_related_block(
        block("Baca puisi Jalan baru di panggung kampung", links=(("/a", "Jalan baru"),)), WORDS
    )
    assert heading_label("Baca Juga bersama warga", WORDS) is None


@pytest.mark.parametrize(
    "box",
    [
        '<p class="baca">Baca juga: <a href="/berita/2">Jalan baru dibuka</a></p>',
        '<table class="linksisip"><tr><td>Baca juga: <a href="/berita/2">Jalan baru dibuka</a></td></tr></table>',
        '<div class="article-read-baca"><ul><li>Baca Juga</li><li><a href="/berita/2">Jalan baru dibuka</a></li></ul></div>',
        '<h2>Jangan Lewatkan!</h2><a href="/berita/2">Jalan baru dibuka</a><br>',
    ],
)
def test_related_links_in_the_text_of_a_page_without_rules(box: str) -> None:
    article = scraper.extract(page(prose() + box + prose()), url="https://korandesa.id/berita/1")
    assert [(link.text, link.url) for link in article.related_links] == [
        ("Jalan baru dibuka", "https://korandesa.id/berita/2")
    ]
    assert not [each for each in article.body if "Jalan baru dibuka" in each.text]


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Warga menanam bakau, Senin (7/10/2019), ", "Warga menanam bakau, Senin (7/10/2019)", None),
        ("Warga. (TRIBUN/Budi Harsono)", "Warga", "TRIBUN/Budi Harsono"),
        ("Warga. (BUDI HARSONO)", "Warga", "BUDI HARSONO"),
        ("Warga. (KOMPAS.com/BUDI)", "Warga", "KOMPAS.com/BUDI"),
        ("Warga. (Foto: Budi/detikcom)", "Warga", "Budi/detikcom"),
        ("Warga. (sumber: Instagram/budi)", "Warga", "Instagram/budi"),
        ("Foto: Warga menanam. (Vico-Biro Pers Sekretariat Presiden).", "Warga menanam", "Vico-Biro Pers Sekretariat Presiden"),
        ("Warga menanam bakau / Xinhua", "Warga menanam bakau", "Xinhua"),
        ("Pantai Desa(Auriga Nusantara)", "Pantai Desa", "Auriga Nusantara"),
        ("Wisuda.(Dok.IGI )", "Wisuda", "Dok.IGI"),
        ("Warga bersorak. (Grammy)", "Warga bersorak", "Grammy"),
        ("Warga menanam (IST)", "Warga menanam", "IST"),
        ("Warga menanam (tangkapan layar YouTube)", "Warga menanam", "tangkapan layar YouTube"),
        ("Warga menanam. Foto: BUDI/Pontianak Post/JPNN.com", "Warga menanam", "BUDI/Pontianak Post/JPNN.com"),
        ("Warga (kiri) dan bupati (kanan)", "Warga (kiri) dan bupati (kanan)", None),
        ("Warga menanam (tengah)", "Warga menanam (tengah)", None),
        ("Benih lada./copyright shutterstock", "Benih lada", "shutterstock"),
        ("Panen lada (Copyright by Pixabay)", "Panen lada", "Pixabay"),
        ("Pasar terapung | unsplash.com/@ana", "Pasar terapung", "unsplash.com/@ana"),
        ("Pasar terapung. Sumber gambar: Pexels", "Pasar terapung", "Pexels"),
        ("Panggung desa (credit: instagram.com/ana)", "Panggung desa", "instagram.com/ana"),
        ("Foto/Ilustrasi: Freepik", None, "Freepik"),
        ("ANTARA FOTO/Ana Putri/aww", None, "ANTARA FOTO/Ana Putri/aww"),
        ("WhatsApp Image 2023-05-06 at 12.00.00", None, None),
        ("photo-1.jpg", None, None),
        ("Foto udara | pasar 24/7", "Foto udara | pasar 24/7", None),
        ("Istimewa", None, "Istimewa"),
        ("Sumber: Pixabay", None, "Pixabay"),
        ("unsplash.com/@ana", None, "unsplash.com/@ana"),
        ("Foto: Dok. Humas", None, "Dok. Humas"),
        ("Korandesa.com/Budi Santoso", None, "Korandesa.com/Budi Santoso"),
        ("REUTERS/Ann Lee", None, "REUTERS/Ann Lee"),
        ("Ảnh: Lê Mai", None, "Lê Mai"),
        ("ภาพจาก : Ana Putri", None, "Ana Putri"),
        ("Istimewa ©2021 Korandesa.com", None, "Istimewa ©2021 Korandesa.com"),
        ("Tribun penonton", "Tribun penonton", None),
        ("Instagram Live bupati bersama warga", "Instagram Live bupati bersama warga", None),
        ("Sumber air di desa", "Sumber air di desa", None),
        ("Antara dua jembatan", "Antara dua jembatan", None),
        ("Foto: Bupati meninjau jembatan", "Bupati meninjau jembatan", None),
    ],
)  # fmt: skip
def test_captions_and_credits(text: str, caption: str, credit: str | None) -> None:
    assert split_caption(text, CAPTIONS) == (caption, credit)


@pytest.mark.parametrize(
    ("languages", "text", "caption", "credit"),
    [
        ("de", "Fischer warten am Kai. Bildquelle: Hafenamt", "Fischer warten am Kai", "Hafenamt"),
        ("id", "Fischer warten am Kai. Bildquelle: Hafenamt", "Fischer warten am Kai. Bildquelle: Hafenamt", None),
        ("fr", "Des pêcheurs au port (Crédit photo : Anne Lind)", "Des pêcheurs au port", "Anne Lind"),
        ("en", "Fishermen at the quay. Photograph: Ann Lind/AGENCY", "Fishermen at the quay", "Ann Lind/AGENCY"),
        ("en", "Credit: Ann Lind", None, "Ann Lind"),
        ("en", "Image credits: Ann Lind", None, "Ann Lind"),
        ("en", "Source of the river, in May", "Source of the river, in May", None),
        ("id", "Ilustrasi/Foto: Istimewa", "Ilustrasi", "Istimewa"),
    ],
)  # fmt: skip
def test_captions_are_read_in_the_languages_of_their_page(
    languages: str, text: str, caption: str | None, credit: str | None
) -> None:
    assert split_caption(text, vocabulary(languages, "en")) == (caption, credit)


@pytest.mark.parametrize(
    ("box", "caption", "credit"),
    [
        ('<div id="pic"><img src="/foto/pantai-bakau.jpg"><div id="caption_news">Warga menanam. (Koran/Budi)</div></div>', "Warga menanam", "Koran/Budi"),
        ('<div class="photo"><img src="/foto/pantai-bakau780x390.jpg"><span class="author">KORAN/BUDI</span> Warga menanam.</div>', "Warga menanam.", "KORAN/BUDI"),
        ('<div><div><img src="/foto/pantai-bakau.jpg"></div><div class="x">AFP/BUDI</div><div class="y">Warga menanam. (Foto Budi / AFP)</div></div>', "Warga menanam. (Foto Budi / AFP)", "AFP/BUDI"),
        ('<div><div class="i"><img src="/foto/pantai-bakau.jpg"></div></div><div class="deskripsi">Warga menanam. Doc. Desa</div>', "Warga menanam", "Desa"),
        ('<div><img src="/foto/pantai-bakau.jpg"></div>', None, None),
        ('<div><img src="/foto/pantai-bakau.jpg"><a href="/x">Warga menanam bakau</a></div>', None, None),
    ],
)  # fmt: skip
def test_the_caption_stands_below_the_lead_picture(box: str, caption: str | None, credit: str | None) -> None:
    head = '<meta property="og:image" content="https://korandesa.id/foto/pantai-bakau_600x400.jpg">'
    image = scraper.extract(page(box + prose(), head), url="https://korandesa.id/berita/1").image
    assert image is not None
    assert (image.caption, image.credit) == (caption, credit)


def test_a_caption_in_the_text_is_no_paragraph() -> None:
    assert is_caption("Warga menanam bakau di pantai. Foto: Budi", WORDS)
    assert is_caption("Warga menanam bakau di pantai (Foto: Koran/Budi)", WORDS)
    assert is_caption("Villagers plant mangroves on the beach (Image: AGENCY )", WORDS)
    paragraphs = ["Warga " + "ikut " * (words - 2) + "gotong. Foto: Budi Santoso" for words in (28, 29)]
    assert [is_caption(each, WORDS) for each in paragraphs] == [True, False]
    assert not is_caption("Warga menanam bakau di pantai.", WORDS)
    assert not is_caption("The image (see below) shows villagers on the beach.", WORDS)
    assert not is_caption("Ia berkata tentang foto: semua orang suka foto itu, dan bertanya apa artinya?", WORDS)


@pytest.mark.parametrize(
    ("text", "count"),
    [("2 dari 8 halaman", 8), ("Halaman 1/3", 3), ("Halaman 2 dari 3", 3), ("9 dari 3 halaman", 1), ("8 halaman", 1)],
)
def test_an_article_may_say_how_many_pages_it_has(text: str, count: int) -> None:
    article = scraper.extract(page(f"{prose()}<div class=x>{text}</div>"), url="https://korandesa.id/berita/1")
    assert article.page_count == count


def test_a_bold_line_above_its_paragraph_is_a_heading() -> None:
    article = scraper.extract(
        page(prose() + "<p><b>Kurang Air</b><br>Warga menggali sumur baru di tepi desa.</p>" + prose())
    )
    position = next(number for number, each in enumerate(article.body) if each.text == "Kurang Air")
    assert article.body[position].kind == "subheading"
    assert article.body[position + 1].text == "Warga menggali sumur baru di tepi desa."


@given(st.text(max_size=160))
def test_any_text_is_survived(text: str) -> None:
    caption, credit = split_caption(text, WORDS)
    assert caption is None or caption.strip() == caption
    assert credit is None or credit in text
    rest, code = split_sign_off(text)
    assert text.startswith(rest)
    assert code is None or code in text
    known_furniture(text, WORDS)
    is_caption(text, WORDS)
    heading_label(text, WORDS)


def test_of_two_copies_of_a_description_the_whole_one_is_the_lede() -> None:
    cut = '<meta name="description" content="Warga desa menanam ribuan bakau di pantai yang ...">'
    whole = '<meta property="og:description" content="Warga desa menanam ribuan bakau di pantai yang terkikis ombak.">'
    text = prose("Ribuan bakau ditanam warga desa di pantai utara.", *SENTENCES)
    assert (
        scraper.extract(page(text, cut + whole)).lede
        == "Warga desa menanam ribuan bakau di pantai yang terkikis ombak."
    )
    found = scraper.extract(page(prose(), cut))
    assert found.lede is None
    assert "lede_truncated" in found.warnings
