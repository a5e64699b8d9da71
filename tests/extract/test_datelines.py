"""Every form of dateline that Indonesian and neighbouring papers print, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.text.clean import clean_blocks
from scraper.extract.text.dateline import split_dateline
from scraper.language import vocabulary
from scraper.regions import is_known
from tests.extract.makers import block

WORDS = vocabulary("id", "en")
S = "Warga menanam bakau."


@pytest.mark.parametrize(
    ("text", "bold", "place", "brand"),
    [
        ("PONTIANAK -Kepala desa datang.", "", "Pontianak", None),
        ("TRIBUNPONTIANAK.CO.ID, PONTIANAK - " + S, "", "Pontianak", "TRIBUNPONTIANAK.CO.ID"),
        ("TRIBUNPONTIANAK.CO.ID – Komedian itu tampil.", "", None, "TRIBUNPONTIANAK.CO.ID"),
        ("TRIBUN-TIMUR.COM - " + S, "", None, "TRIBUN-TIMUR.COM"),
        ("TRIBUN-MEDAN.com, SIANTAR - " + S, "", "Siantar", "TRIBUN-MEDAN.com"),
        ("TRIBUNTRAVEL.COM - " + S, "", None, "TRIBUNTRAVEL.COM"),
        ("TRIBUNNEWS.COM, SANGATTA Warga desa datang.", "", "Sangatta", "TRIBUNNEWS.COM"),
        ("TRIBUNNEWS.COM - " + S, "TRIBUNNEWS.COM", None, "TRIBUNNEWS.COM"),
        ("TRIBUNNEWS.COM - " + S, "TRIBUNNEWS.COM -", None, "TRIBUNNEWS.COM"),
        ("TRIBUNSOLO.COM, JAKARTA --Hingga kini warga menanam.", "", "Jakarta", "TRIBUNSOLO.COM"),
        ("SURYA.CO.ID - " + S, "", None, "SURYA.CO.ID"),
        ("SURYA.co.id - " + S, "", None, "SURYA.co.id"),
        ("SURYA.co.id, - " + S, "", None, "SURYA.co.id"),
        ("SURYA.CO.ID, KOTA KEDIRI - " + S, "", "Kota Kediri", "SURYA.CO.ID"),
        ("SURYA.co.id | SURABAYA - " + S, "", "Surabaya", "SURYA.co.id"),
        ("SURYA.co.id|SURABAYA – " + S, "", "Surabaya", "SURYA.co.id"),
        ("SURYA.co.id I - " + S, "", None, "SURYA.co.id"),
        ("SURYA.co.id l LAMONGAN - " + S, "", "Lamongan", "SURYA.co.id"),
        ("SURYA.co.id I LAMONGAN - " + S, "", "Lamongan", "SURYA.co.id"),
        ("SURYA.co.id | GIANYAR- " + S, "", "Gianyar", "SURYA.co.id"),
        ("SURYA.co.id SURABAYA - " + S, "", "Surabaya", "SURYA.co.id"),
        ("SURYA.CO.ID, BANGKALAN – " + S, "", "Bangkalan", "SURYA.CO.ID"),
        ("Berita SurabayaSURYA.co.id | SURABAYA - " + S, "", "Surabaya", "SURYA.co.id"),
        ("Berita PersebayaSURYA.co.id | BALI - " + S, "", "Bali", "SURYA.co.id"),
        ("JAKARTA, KOMPAS.com - " + S, "", "Jakarta", "KOMPAS.com"),
        ("KOMPAS.com- " + S, "", None, "KOMPAS.com"),
        ("JAKARTA, KOMPAS.com — " + S, "", "Jakarta", "KOMPAS.com"),
        ("KOMPAS.com - " + S, "", None, "KOMPAS.com"),
        ("JAKARTA KOMPAS.com -" + S, "", "Jakarta", "KOMPAS.com"),
        ("KLATEN, KOMPAS com-" + S, "", "Klaten", "KOMPAS com"),
        ("PONTIANAK, KOMPAS.com -" + S, "", "Pontianak", "KOMPAS.com"),
        ("Liputan6.com, Jakarta Kabar baik datang.", "Liputan6.com, Jakarta", "Jakarta", "Liputan6.com"),
        ("Liputan6.com, Jakarta - " + S, "", "Jakarta", "Liputan6.com"),
        ("Liputan6.com, Jakarta- " + S, "", "Jakarta", "Liputan6.com"),
        ("Liputan6.com, Tel Aviv - " + S, "", "Tel Aviv", "Liputan6.com"),
        ("Pontianak (ANTARA) - " + S, "", "Pontianak", "ANTARA"),
        ("Mataram, NTB (ANTARA News) - " + S, "", "Mataram, NTB", "ANTARA News"),
        ("Bandarlampung, Lampung (ANTARA News) - " + S, "", "Bandarlampung, Lampung", "ANTARA News"),
        ("ISTANBUL, 23 Februari 2016 (Antara/PRNewswire) -- " + S, "", "Istanbul", "Antara/PRNewswire"),
        ("ISTANBUL, 23 Februari 2016 (Antara/PRNewswire) --", "", "Istanbul", "Antara/PRNewswire"),
        ("JAKARTA- " + S, "", "Jakarta", None),
        ("JAKARTA– " + S, "", "Jakarta", None),
        ("JAKARTA -" + S, "", "Jakarta", None),
        ("CIREBON– " + S, "", "Cirebon", None),
        ("REPUBLIKA.CO.ID, JAKARTA -- " + S, "", "Jakarta", "REPUBLIKA.CO.ID"),
        ("REPUBLIKA.CO.ID,JAKARTA— " + S, "", "Jakarta", "REPUBLIKA.CO.ID"),
        ("REPUBLIKA.CO.ID, CIREBON--" + S, "", "Cirebon", "REPUBLIKA.CO.ID"),
        ("REPUBLIKA.CO.ID, TANJUNG RAJA -- " + S, "", "Tanjung Raja", "REPUBLIKA.CO.ID"),
        ("REPUBLIKA.CO.ID, OKI -- " + S, "", "OKI", "REPUBLIKA.CO.ID"),
        ("TEMPO.CO,Jakarta- " + S, "", "Jakarta", "TEMPO.CO"),
        ("TEMPO.CO, Jakarta - " + S, "", "Jakarta", "TEMPO.CO"),
        ("TEMPO.CO,Banyuwangi-" + S, "", "Banyuwangi", "TEMPO.CO"),
        ("INFO NASIONAL - " + S, "", None, "INFO NASIONAL"),
        ("INFO BISNIS– " + S, "", None, "INFO BISNIS"),
        ("TEMPO.CO, Jakarta - " + S, "TEMPO.CO", "Jakarta", "TEMPO.CO"),
        ("TEMPO.CO , Jakarta - " + S, "", "Jakarta", "TEMPO.CO"),
        ("TEMPO Interaktif, Jakarta - " + S, "", "Jakarta", "TEMPO Interaktif"),
        ("Jakarta - " + S, "Jakarta", "Jakarta", None),
        ("Jakarta - " + S, "", "Jakarta", None),
        ("Amurang – " + S, "", "Amurang", None),
        ("Jakarta, CNN Indonesia -- " + S, "", "Jakarta", "CNN Indonesia"),
        ("Medan, Beritasatu.com - " + S, "", "Medan", "Beritasatu.com"),
        ("VIVA.co.id - " + S, "", None, "VIVA.co.id"),
        ("VIVA – " + S, "", None, "VIVA"),
        ("VIVAnews - " + S, "", None, "VIVAnews"),
        ("Bisnis.com, JAKARTA - " + S, "", "Jakarta", "Bisnis.com"),
        ("Solopos.com, SOLO — " + S, "", "Solo", "Solopos.com"),
        ("SOLOPOS.COM - " + S, "", None, "SOLOPOS.COM"),
        ("Harianjogja.com, KEDIRI—" + S, "", "Kediri", "Harianjogja.com"),
        ("KEDIRI—" + S, "", "Kediri", None),
        ("jpnn.com, JAKARTA - " + S, "", "Jakarta", "jpnn.com"),
        ("jatim.jpnn.com, SURABAYA - " + S, "", "Surabaya", "jatim.jpnn.com"),
        ("KONTAN.CO.ID - SURABAYA. " + S, "", "Surabaya", "KONTAN.CO.ID"),
        ("KBRN, Bandung : " + S, "", "Bandung", "KBRN"),
        ("JP Bogor – " + S, "", "Bogor", "JP"),
        ("RMOL. " + S, "", None, "RMOL"),
        ("TVRINews, Palu " + S, "", "Palu", "TVRINews"),
        ("TVRINews, Banda Aceh " + S, "", "Banda Aceh", "TVRINews"),
        ("MEDAN | " + S, "", "Medan", None),
        ("AMBON, Kabarlama.com | " + S, "", "Ambon", "Kabarlama.com"),
        ("Jakarta: " + S, "", "Jakarta", None),
        ("tirto.id - " + S, "", None, "tirto.id"),
        ("Galamedianews - " + S, "", None, "Galamedianews"),
        ("DESKJABAR – " + S, "", None, "DESKJABAR"),
        ("Denpasar, Bali Express - " + S, "", "Denpasar", "Bali Express"),
        ("DENPASAR, BALI EXPRESS - " + S, "", "Denpasar", "BALI EXPRESS"),
        ("JP Radar Kediri – " + S, "", None, "JP Radar Kediri"),
        ("Samarinda.Niaga.Asia - " + S, "", None, "Samarinda.Niaga.Asia"),
        ("PROKAL.COTANA PASER - " + S, "", "Tana Paser", "PROKAL.CO"),
        ("PROKAL.CO, TANA PASER - " + S, "", "Tana Paser", "PROKAL.CO"),
        ("SAMARINDA – " + S, "", "Samarinda", None),
        ("TAKALAR, (PEDOMAN KARYA). " + S, "", "Takalar", "PEDOMAN KARYA"),
        ("KabarMakassar.com — " + S, "", None, "KabarMakassar.com"),
        ("Aceh (SL) – " + S, "", "Aceh", "SL"),
        ("Kitasulsel, Makassar—" + S, "", "Makassar", "Kitasulsel"),
        ("Mangupura, (Metrobali.com)- " + S, "", "Mangupura", "Metrobali.com"),
        ("Ale Ale TV News – KETAPANG, KALBAR,- Sabtu 15 Oktober 2022, warga menanam.", "", "Ketapang, Kalbar", "Ale Ale TV News"),
        ("Suara.com - " + S, "", None, "Suara.com"),
        ("Merdeka.com - " + S, "", None, "Merdeka.com"),
        ("Kapanlagi.com - " + S, "Kapanlagi.com", None, "Kapanlagi.com"),
        ("GEORGE TOWN:Keadaan masih terkawal.", "GEORGE TOWN:", "George Town", None),
        ("KUALA LUMPUR, 9 Okt (Bernama) -- " + S, "", "Kuala Lumpur", "Bernama"),
        ("KUALA LUMPUR: " + S, "KUALA LUMPUR:", "Kuala Lumpur", None),
        ("MANADO, BeritaManado.com — " + S, "", "Manado", "BeritaManado.com"),
        ("RATATOTOK, BeritaManado.com – " + S, "", "Ratatotok", "BeritaManado.com"),
        ("Ratatotok, BeritaManado.com – " + S, "", "Ratatotok", "BeritaManado.com"),
        ("BANDUNG, iNews.id - " + S, "", "Bandung", "iNews.id"),
        ("BANDUNG, AYOBANDUNG.COM - " + S, "", "Bandung", "AYOBANDUNG.COM"),
        ("PIKIRAN RAKYAT - " + S, "", None, "PIKIRAN RAKYAT"),
        ("PR CIREBON - " + S, "", None, "PR CIREBON"),
        ("JawaPos.com - " + S, "", None, "JawaPos.com"),
        ("RADAR MALANG - " + S, "", None, "RADAR MALANG"),
        ("SINDOnews - " + S, "", None, "SINDOnews"),
        ("JAKARTA, SINDOnews - " + S, "", "Jakarta", "SINDOnews"),
        ("IDN Times - " + S, "", None, "IDN Times"),
        ("Jakarta, IDN Times - " + S, "", "Jakarta", "IDN Times"),
        ("Surabaya, IDN Times - " + S, "", "Surabaya", "IDN Times"),
        ("FAJAR.CO.ID, MAKASSAR — " + S, "", "Makassar", "FAJAR.CO.ID"),
        ("WASPADA.co.id, MEDAN: " + S, "", "Medan", "WASPADA.co.id"),
        ("MEDAN (Waspada): " + S, "", "Medan", "Waspada"),
        ("SURABAYA (beritajatim.com) – " + S, "", "Surabaya", "beritajatim.com"),
        ("Surabaya (beritajatim.com) - " + S, "", "Surabaya", "beritajatim.com"),
        ("SERANG – " + S, "", "Serang", None),
        ("DENPASAR, NusaBali.com - " + S, "", "Denpasar", "NusaBali.com"),
        ("DENPASAR, NusaBali - " + S, "", "Denpasar", "NusaBali"),
        ("DENPASAR, BALIPOST.com – " + S, "", "Denpasar", "BALIPOST.com"),
        ("Denpasar (Bisnis Bali) – " + S, "", "Denpasar", "Bisnis Bali"),
        ("KALBARONLINE.com - " + S, "", None, "KALBARONLINE.com"),
        ("KalbarOnline, Pontianak - " + S, "", "Pontianak", "KalbarOnline"),
        ("Pontianak (Suara Kalbar) - " + S, "", "Pontianak", "Suara Kalbar"),
        ("Merdeka.com, Jakarta - " + S, "", "Jakarta", "Merdeka.com"),
        ("BANDA ACEH | SERAMBINEWS.COM - " + S, "", "Banda Aceh", "SERAMBINEWS.COM"),
        ("SERAMBINEWS.COM, BANDA ACEH - " + S, "", "Banda Aceh", "SERAMBINEWS.COM"),
        ("BANJARMASINPOST.CO.ID, BANJARMASIN- " + S, "", "Banjarmasin", "BANJARMASINPOST.CO.ID"),
        ("POS-KUPANG.COM, KUPANG - " + S, "", "Kupang", "POS-KUPANG.COM"),
        ("POS-KUPANG.COM | KUPANG - " + S, "", "Kupang", "POS-KUPANG.COM"),
        ("BANGKAPOS.COM, BANGKA -- " + S, "", "Bangka", "BANGKAPOS.COM"),
        ("TRIBUNMANADO.CO.ID, Manado - " + S, "", "Manado", "TRIBUNMANADO.CO.ID"),
        ("TRIBUN-BALI.COM, DENPASAR - " + S, "", "Denpasar", "TRIBUN-BALI.COM"),
        ("Tribun-Papua.com, Jayapura – " + S, "", "Jayapura", "Tribun-Papua.com"),
        ("TRIBUNJATENG.COM, KAB. PEKALONGAN – " + S, "", "Kab. Pekalongan", "TRIBUNJATENG.COM"),
    ],
)  # fmt: skip
def test_a_dateline_is_taken_off(text: str, bold: str, place: str | None, brand: str | None) -> None:
    split = split_dateline(text, bold=bold)
    assert split is not None
    assert (split.dateline.place, split.dateline.brand) == (place, brand)
    assert text.endswith(split.rest)
    assert split.rest == "" or split.rest[0].isalpha()


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("Bandung - Jakarta ditempuh tiga jam.", ""),
        ("Koperasi - " + S, ""),
        ("Suara Kalbar- " + S, ""),
        ("Laporan Wartawan", ""),
        ("JADWALTimnas Indonesia U-23 hari ini.", ""),
        ("ALIH-alih menanam, warga menebang.", ""),
        ("Siap-siap " + S, ""),
        ("Mary Anne-Smith mencetak gol.", ""),
        ("Bela-Belain antre.", ""),
        ("TNI-AL menanam bakau.", ""),
        ("PT PLN - Persero itu untung.", ""),
        ("KPK - Polri bekerja sama.", ""),
        ("COVID-19 masih ada.", ""),
        ("UMKM - Koperasi tumbuh.", ""),
        ("BPBD - Basarnas mencari korban.", ""),
        ("DEPRESI jadi satu momok.", ""),
        ("INDEKS Harga Saham Gabungan naik.", ""),
        ("H-1 Lebaran, jalan macet.", ""),
        ("SMK-PP Negeri menanam bakau.", ""),
        ("Zubereitungszeit: 25 Minuten", "Zubereitungszeit:"),
        ("Definisi: bakau adalah tumbuhan pantai.", "Definisi:"),
        ("SMKN-1 menanam bakau.", ""),
        ("PERHATIAN: jalan ditutup.", ""),
        ("UPDATE: jalan dibuka.", ""),
        ("Jakarta sedang menanam bakau.", "Jakarta"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_dateline_stays(text: str, bold: str) -> None:
    assert split_dateline(text, bold=bold) is None


def test_capitals_before_a_dash_are_a_place_if_they_can_be_one() -> None:
    for place in ("SAMBAS", "RATATOTOK", "KHAN YOUNIS", "LONDON"):
        assert split_dateline(f"{place} - {S}") is not None, place
    for office in ("BPBD", "UMKM", "PERSIB", "PT PLN", "KPU", "POLRI"):
        assert split_dateline(f"{office} - {S}") is None, office
    assert is_known("Ratatotok")
    assert not is_known("Persib")


@given(
    st.from_regex(
        r"[A-Z]{2,12}( [A-Z]{2,8})?,? ?[A-Za-z]{0,10}(\.com)?[ |,]{0,2}[-–—:] ?[A-Za-z\"“]{0,12}", fullmatch=True
    )
)
def test_nothing_is_lost_of_any_head(text: str) -> None:
    split = split_dateline(text)
    assert split is None or (text.endswith(split.rest) and split.dateline.text in text)


def test_a_summary_above_the_dateline_goes() -> None:
    texts = [
        "Bakau ditanam di pantai.",
        "Warga ikut semua.",
        "KORANDESA.ID, SAMBAS - Warga menanam bakau pagi ini.",
        "Mereka pulang siang.",
    ]
    found = clean_blocks([block(text) for text in texts], base_url=None, headline=None, vocabulary=WORDS)
    assert [each.text for each in found.body] == ["Warga menanam bakau pagi ini.", "Mereka pulang siang."]
    assert found.dateline is not None
    assert found.dateline.place == "Sambas"


def test_an_outlet_named_later_in_a_text_is_part_of_it() -> None:
    texts = [
        "SAMBAS - Warga menanam bakau pagi ini.",
        "KORANDESA.ID - begitu nama situs warga itu.",
        "Mereka pulang siang.",
    ]
    found = clean_blocks([block(text) for text in texts], base_url=None, headline=None, vocabulary=WORDS)
    assert [each.text for each in found.body] == ["Warga menanam bakau pagi ini.", *texts[1:]]


@pytest.mark.parametrize(
    ("head", "place", "brand"),
    [
        ("WASHINGTON, May 3 (Reuters) - ", "Washington", "Reuters"),
        ("RAJSHAHI, Dec 20, 2025 (BSS) - ", "Rajshahi", "BSS"),
        ("NEW YORK (AP) — ", "New York", "AP"),
        ("NEW DELHI, July 12 (PTI): ", "New Delhi", "PTI"),
        ("THE HAGUE, Netherlands (AP) — ", "The Hague, Netherlands", "AP"),
        ("LAWRENCEVILLE, Ga. (AP) — ", "Lawrenceville, Ga", "AP"),
        ("BERLIN, 3. Mai (dpa) – ", "Berlin", "dpa"),
        ("Hamburg/Berlin (dpa) - ", "Hamburg/Berlin", "dpa"),
        ("PARIS, 3 mai (AFP) - ", "Paris", "AFP"),
        ("Madrid, 3 may (EFE).- ", "Madrid", "EFE"),
        ("JAKARTA, May 3 (ANTARA) - ", "Jakarta", "ANTARA"),
    ],
)
def test_agencies_print_the_day_behind_the_place(head: str, place: str, brand: str) -> None:
    split = split_dateline(head + S)
    assert split is not None
    assert (split.dateline.place, split.dateline.brand, split.rest) == (place, brand, S)


@pytest.mark.parametrize(
    "text",
    [
        "May 3 (Reuters) - Shares rose in the village.",
        "BOSTON, May 3 was a cold day - the council met.",
        "THE BRIDGE (Jembatan) - what the village built in a year.",
        "THE BRIDGE opened - New York sent its regards.",
        "Berlin (dpa) meldet Regen - und Sturm.",
    ],
)
def test_what_only_looks_like_an_agencys_dateline_stays(text: str) -> None:
    assert split_dateline(text) is None
