"""Blocks that are little more than links: teasers are removed, and lists within the text stay."""

from __future__ import annotations

import scraper
from tests.extract.makers import SENTENCES, page, prose

URL = "https://korandesa.id/berita/1"
LONG = "Panitia menilai setiap peserta selama tiga hari, lalu mengumumkan hasilnya di balai desa pada Minggu malam."


def texts(body: str) -> list[str]:
    return [block.text for block in scraper.extract(page(f"<article>{body}</article>"), url=URL).body]


def linked(*names: str, site: str = "", tag: str = "li") -> str:
    return "".join(f"<{tag}><a href='{site}/{name.split()[-1].lower()}'>{name}</a></{tag}>" for name in names)


def test_linked_headings_of_a_list_are_its_sections() -> None:
    names = ("Warung Melati", "Warung Kenanga", "Warung Mawar", "Warung Cempaka")

    def sections(site: str = "") -> str:
        return "".join(f"{linked(name, site=site, tag='h3')}<p>{LONG} ({name})</p>" for name in names)

    for inside in (
        prose() + sections("https://peta.example"),
        sections(),
        f"{prose()}{sections()}<h2>Penutup</h2><p>{LONG}</p>",
    ):
        assert set(names) <= set(texts(inside))
    assert not set(names) & set(texts(prose(*SENTENCES, *(f"Lalu {each}" for each in SENTENCES)) + sections()))  # cards


def test_linked_headings_without_text_below_and_single_ones_are_teasers() -> None:
    names = ("Gempa di Laut Banda", "Harga Cabai Turun Lagi")
    found = texts(prose() + linked(*names, tag="h3") + prose(*(f"Lalu {each}" for each in SENTENCES)))
    assert not set(names) & set(found)
    single = f"{prose()}{linked('Gempa di Laut Banda', tag='h3')}<p>{LONG}</p>{prose(*(f'Lalu {each}' for each in SENTENCES))}"
    assert "Gempa di Laut Banda" not in texts(single)


def test_a_list_of_links_that_the_text_announces_is_text() -> None:
    names = ("Kursus Menjahit", "Kursus Memasak", "Kursus Mengetik")
    rest = f"<p>{LONG}</p>"
    announced = f"{prose()}<p>Balai latihan membuka kursus berikut:</p><ul>{linked(*names)}</ul>{rest}"
    assert set(names) <= set(texts(announced))
    elsewhere = f"{prose()}<p>{LONG}</p><ul>{linked(*names, site='https://kursus.example')}</ul>{rest}"
    assert set(names) <= set(texts(elsewhere))
    for teasers in (
        f"{prose()}<h3>Berita lain</h3><ul>{linked(*names)}</ul>{rest}",
        f"{prose()}<p>Kursus:</p><ul>{linked(*names)}</ul>",
    ):
        assert not set(names) & set(texts(teasers))


def test_a_sentence_of_links_is_text_and_a_row_of_them_is_not() -> None:
    links = [f"<a href='/{name}'>{name}</a>" for name in ("Kabupaten Sumedang", "Kota Bandung", "Kabupaten Garut")]
    sentence = f"<p>Peserta datang dari {', '.join(links)}.</p>"
    assert any(text.startswith("Peserta datang") for text in texts(prose() + sentence + f"<h3>Hasil</h3><p>{LONG}</p>"))
    among = f"<p>{LONG}</p><p>Lihat {' dan '.join(links)}</p><p>{LONG} Juri setuju.</p>"
    assert any(text.startswith("Lihat") for text in texts(prose() + among))
    row = f"<h3>Daerah</h3><p>{' | '.join(links)}</p>"
    assert not any("Garut" in text for text in texts(prose() + row))


def test_lines_that_a_plan_repeats_stay_and_a_doubled_paragraph_goes() -> None:
    step = "Berlari pelan selama dua puluh menit di tepi sawah, lalu berjalan kaki sampai ke balai desa"
    plan = "".join(f"<h3>Hari {day}</h3><ul><li>{step}</li><li>Istirahat</li></ul>" for day in ("Senin", "Rabu"))
    assert texts(prose() + plan + f"<p>{LONG}</p>").count(step) == 2
    assert texts(f"{prose()}<p>{LONG}</p><h3>Hasil</h3><p>{LONG}</p>").count(LONG) == 1


def test_a_double_goes_where_more_than_its_words_says_that_it_is_one() -> None:
    said = [
        *SENTENCES,
        *(f"Menurut warga, {each[0].lower()}{each[1:]}" for each in SENTENCES),
        *(f"Lalu {each}" for each in SENTENCES),
    ]
    half = said[6]
    assert texts(prose(*said[:8], half, *said[8:])) == [*said[:8], half, *said[8:]]  # written twice
    for doubled in (
        [*said[:7], half, *said[7:]],  # right below
        [*said[:7], said[5], half, *said[7:]],  # a copy for another width of screen
        [*said, half],  # at the end
    ):
        assert texts(prose(*doubled)) == said
    call = "Unduh aplikasi warga untuk mengetahui jadwal ronda di kampung anda hari ini"
    assert texts(prose(*said[:5], call, *said[5:8], call, *said[8:])).count(call) == 1  # no sentence


def test_a_sentence_that_is_one_link_stays_among_others() -> None:
    link = "<p><a href='/2'>Jadwal ronda malam sudah disusun pengurus desa.</a></p>"
    label = "<p><a href='/3'>Jadwal ronda malam</a></p>"
    kept = "Jadwal ronda malam sudah disusun pengurus desa."
    assert texts(prose(*SENTENCES[:2]) + link + prose(*SENTENCES[2:])) == [*SENTENCES[:2], kept, *SENTENCES[2:]]
    for teasers in (label, link + label, label + link, link.upper().replace("HREF", "href")):
        assert texts(prose(*SENTENCES[:2]) + teasers + prose(*SENTENCES[2:])) == SENTENCES


def test_a_story_may_open_with_a_link_and_a_heading_with_its_mark() -> None:
    first = "Jembatan gantung yang roboh tahun lalu dibuka kembali pada Kamis, kata pemerintah desa."
    assert texts(f"<p><a href='/1'>{first}</a></p>" + prose()) == [first, *SENTENCES]
    headed = (
        f"{prose(*SENTENCES[:2])}<h2 id='a'>Pekerjaan C#<a href='#a'> ¶</a></h2><h2>Jalur #</h2>{prose(*SENTENCES[2:])}"
    )
    assert texts(headed)[2:4] == ["Pekerjaan C#", "Jalur #"]


def test_the_mark_of_a_note_is_no_word() -> None:
    noted = "<p>Jembatan itu<sup><a href='#n1'>1</a></sup> panjangnya 41 m<sup>2</sup>, lebih luas<a href='#n2'><sup>[2]</sup></a> dari balai desa.</p>"
    found = texts(noted + prose())
    assert found[0] == "Jembatan itu panjangnya 41 m2, lebih luas dari balai desa."
    assert texts("<p>Lihat pasal<sup><a href='/pasal/3'>3</a></sup> dari aturan desa itu.</p>" + prose())[0].startswith(
        "Lihat pasal3"
    )


def test_a_link_to_another_site_amid_the_text_is_what_it_tells_of_and_a_button_is_not() -> None:
    address, title = (
        "https://arsip.example/laporan/2024",
        "Laporan akhir panitia tentang lomba memasak antardesa tahun ini",
    )
    for text, href, is_text in (
        (address, address, True),
        (title, address, True),
        ("Beli di toko", "https://toko.example/1", False),
        (title, "/berita/2", False),
    ):
        link = f"<p><a href='{href}'>{text}</a></p>"
        assert (text in texts(f"{prose()}{link}<p>{LONG}</p>")) is is_text
        assert text not in texts(prose() + link)  # nothing of the text behind it


def test_a_heading_that_links_to_itself_heads_the_heading_below_too() -> None:
    headed = f"{prose()}<h2><a href='#{{}}'>Perlombaan</a></h2><h3>Hari Pertama</h3><p>{LONG}</p>"
    assert "Perlombaan" in texts(headed.format("lomba"))
    assert "Perlombaan" not in texts(headed.replace("#{}", "/berita/2"))
