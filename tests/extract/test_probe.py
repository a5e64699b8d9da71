"""Ordinary news sentences with words that papers also set around texts: none of them is dropped, wherever it stands."""

from __future__ import annotations

import pytest

import scraper
from scraper.extract import explain
from tests.extract.test_reader import SENTENCES, page, prose

SENTENCES_OF_NEWS = {
    "en": (
        "Follow-up checks on Facebook found that the accounts had been opened in March.",
        "Follow the money on Twitter, the prosecutor told the court, and the network becomes visible.",
        "Get vaccinated before the newsletter of the clinic reaches every inbox, the mayor joked.",
        "Subscribe to no theory too early, said the detective whose newsletter made him famous.",
        "Sign up sheets for the newsletter were stolen from the town hall overnight.",
        "Share prices fell for a third day after the bank published its report.",
        "Read more books, the minister told pupils at the opening of the library.",
        "Related charges against the two brothers were dropped in October.",
        "Click here to vote was the only sentence on the forged page, investigators said.",
        "Advertisement revenue fell by a fifth, the publisher told its staff on Monday.",
        "Comments by the president drew protests in the capital on Saturday.",
        "Contact tracing with an app called @trace was stopped last summer.",
        "Three universities contributed research on the flood to the parliament.",
        "The storm contributed to this story of loss, the author writes in her book.",
        "Posted in 2019, the video had been seen by millions before it was deleted.",
        "Download the app and you become the product, the consumer group warned.",
        "Recommended doses were exceeded in four of the ten hospitals.",
        "Copyright 1984 was printed on the stolen page, the archive said.",
        "Photo: that single word was all the envelope said, according to the police.",
        "Previous post offices in the district had closed without any notice.",
    ),
    "id": (
        "Dilarang mengambil foto di dalam ruang sidang, kata petugas pengadilan kepada wartawan.",
        "Ikuti arahan petugas di saluran irigasi, kata bupati kepada warga yang mengungsi.",
        "Simak baik-baik aturan Instagram sebelum memasang iklan, kata pegiat konsumen itu.",
        "Baca doa bersama lewat WhatsApp menjadi kebiasaan baru warga desa.",
        "Update data korban lewat Telegram dilakukan setiap jam oleh relawan.",
        "Cek fakta di Facebook menunjukkan video itu direkam tiga tahun lalu.",
        "Dapatkan informasi yang benar setiap hari, kata dokter puskesmas itu.",
        "Berita terkait kematian pekerja tambang itu masih simpang siur.",
        "Selanjutnya: polisi akan memeriksa tiga saksi dari perusahaan itu.",
        "Halaman rumah sakit itu penuh dengan kendaraan keluarga pasien.",
        "Komentar gubernur soal banjir itu menuai protes warga.",
        "Lihat juga anak-anak yang putus sekolah, kata kepala dinas itu.",
        "Iklan rokok dilarang di sekitar sekolah mulai bulan depan.",
        "Klik kamera terdengar ketika tersangka keluar melalui saluran air.",
    ),
    "de": (
        "Werbung für Tabak wird ab dem kommenden Jahr ganz verboten.",
        "Teilen wollten die Erben das Haus am See nicht.",
        "Mehr zum Thema Rente will die Ministerin erst im Herbst sagen.",
        "Kommentare zu dem Urteil lehnte der Anwalt am Freitag ab.",
        "Fotos: so lautete das Passwort des Einbrechers, wie die Polizei mitteilte.",
        "Anzeige erstattete die Gemeinde erst nach drei Wochen.",
        "Geschrieben am Küchentisch, wurde der Brief zum Beweisstück im Prozess.",
        "Vorheriger Artikel war die Überschrift des Absatzes, den das Gericht strich.",
    ),
    "fr": (
        "Lire aussi vite que possible ne sert à rien, rappelle la bibliothécaire.",
        "Publicité et éducation ne font pas bon ménage, estime le syndicat.",
        "Imprimer des billets ne résoudra pas la crise, prévient la banque centrale.",
        "Commentaires et rumeurs ont circulé toute la nuit dans le village.",
    ),
    "es": (
        "Publicidad engañosa fue el cargo que aceptó la empresa el martes.",
        "Lee también poesía en voz alta, dice su hija, y nunca olvida un verso.",
        "Comentarios del alcalde provocaron la protesta de los vecinos.",
        "Te puede interesar la política aunque no vayas a votar, dijo la candidata.",
    ),
    "pt": (
        "Leia também os contratos, pediu o juiz aos vereadores na sessão.",
        "Publicidade de apostas será proibida nos estádios a partir de janeiro.",
        "Comentários do ministro irritaram os produtores de leite na segunda-feira.",
    ),
    "it": (
        "Leggi anche severe non fermano chi guida ubriaco, dice il comandante.",
        "Pubblicità elettorale è stata affissa sulla facciata della scuola.",
        "Stampa e televisione hanno ignorato il caso per dieci anni.",
    ),
    "nl": (
        "Reclame voor gokken verdwijnt deze zomer uit het straatbeeld.",
        "Lees ook de kleine letters, waarschuwt de bond van consumenten.",
        "Reacties op het besluit bleven donderdag uit in het dorp.",
    ),
    "pl": (
        "Reklama lekarstw zostanie ograniczona, zapowiedział minister zdrowia.",
        "Czytaj też między wierszami, radził swoim uczniom stary nauczyciel.",
        "Komentarze sąsiadów nagrała kamera przy wejściu do sklepu.",
    ),
    "tr": (
        "Reklam gelirleri bu yıl yüzde on azaldı, dedi genel müdür.",
        "Yorumlar mahkeme kararından sonra günlerce sürdü.",
        "İlgili haberler gelene kadar köylüler okulda bekledi.",
    ),
}
ALL = [(language, sentence) for language, sentences in SENTENCES_OF_NEWS.items() for sentence in sentences]
AROUND = (*SENTENCES, *(f"Pada hari berikutnya {sentence[0].lower()}{sentence[1:]}" for sentence in SENTENCES))


def test_the_probe_is_large_enough() -> None:
    assert len(ALL) >= 60
    assert len(SENTENCES_OF_NEWS) >= 10
    assert len({sentence for _, sentence in ALL}) == len(ALL)


@pytest.mark.parametrize("place", [0, len(AROUND) // 2, len(AROUND)], ids=["first", "middle", "last"])
def test_no_ordinary_sentence_is_dropped(place: int) -> None:
    dropped = []
    for language, sentence in ALL:
        texts = (*AROUND[:place], sentence, *AROUND[place:])
        html = page(f"<article>{prose(*texts)}</article>").replace("<html", f'<html lang="{language}"', 1)
        found = explain(html, url="https://kabar.example/2026/05/panen")
        if found.article is None or sentence not in [block.text for block in found.article.body]:
            dropped.append((language, sentence, [removal for removal in found.removals if removal.text == sentence]))
    assert not dropped


@pytest.mark.parametrize(
    "heading", ["Comments", "Komentar", "Kommentare", "About the author", "Related", "Video", "Berita Terkait"]
)
def test_a_sub_heading_in_the_text_does_not_end_it(heading: str) -> None:
    """What such a heading opens stands below a text: more than the text itself is the text."""
    html = page(
        f"<article>{prose(*AROUND)}<h2>{heading}</h2>{prose(*(f'Lagi: {each}' for each in AROUND))}{prose(*AROUND[::-1])}</article>"
    )
    html = html.replace("<html", '<html lang="de"', 1) if heading == "Kommentare" else html
    article = scraper.extract(html, url="https://kabar.example/2026/05/panen")
    texts = [block.text for block in article.body]
    assert heading in texts
    assert texts[-1] == AROUND[0] or set(AROUND) <= set(texts)
    assert "block_doubtful" in article.warnings


@pytest.mark.parametrize(
    "headline",
    [
        "404 Kepala Keluarga Mengungsi", "404 houses flooded in the delta", "404 Häuser nach dem Sturm ohne Strom", "Page from lost Bible found in attic wall",
        "Artikel Kesehatan yang Hilang Ditemukan Lagi",
    ],
)  # fmt: skip
def test_a_number_in_a_headline_is_no_error_page(headline: str) -> None:
    html = f"<html><head><title>{headline}</title></head><body><h1>{headline}</h1><article>{prose(*SENTENCES)}</article></body></html>"
    assert scraper.extract(html, url="https://kabar.example/2026/05/panen").headline == headline
