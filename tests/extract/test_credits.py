"""Who wrote, reported, photographed and edited: the credits of Indonesian papers, on their own and on whole pages."""

from __future__ import annotations

import pytest

import scraper
from scraper.extract.text.clean import clean_blocks
from scraper.extract.text.credits import parse_credit, parse_head, people_of, split_names, split_running_on
from scraper.language import vocabulary
from tests.extract.makers import block, page, prose

WRITER, REPORTER, CONTRIBUTOR = "writer", "reporter", "contributor"


WORDS = vocabulary("id", "en")


@pytest.mark.parametrize(
    ("text", "authors", "editors"),
    [
        ("Penulis : Anita Rahma", [("Anita Rahma", WRITER)], []),
        ("Penulis | : Kontributor Sambas, Anita Rahma", [("Anita Rahma", CONTRIBUTOR)], []),  # a row of a table
        ("Editor | : Joko Suryana", [], ["Joko Suryana"]),
        ("Penulis:  Anita Rahma  | Editir:  Joko Suryana", [("Anita Rahma", WRITER)], ["Joko Suryana"]),
        ("Penulis :Nama : Anita Rahma Mahasiswa Ilmu Komunikasi", [("Anita Rahma", WRITER)], []),
        ("Rep: Anita Rahma/ Red: Joko", [("Anita Rahma", REPORTER)], ["Joko"]),
        ("Pewarta : Anita Rahma", [("Anita Rahma", REPORTER)], []),
        ("Pewarta: Anita dan Budi", [("Anita", REPORTER), ("Budi", REPORTER)], []),
        ("Pewarta : Anita Uploader : Joko", [("Anita", REPORTER)], []),
        ("Redaktur & Reporter : Anita", [("Anita", REPORTER)], ["Anita"]),
        ("Oleh : Anita Rahma / FMB", [("Anita Rahma", WRITER)], []),
        ("Oleh : A. Rahma", [("A. Rahma", WRITER)], []),
        ("Fotografer: Budi Harsono", [("Budi Harsono", "photographer")], []),
        ("Kontributor : Anita", [("Anita", CONTRIBUTOR)], []),
        ("Wartawan : Anita", [("Anita", REPORTER)], []),
        ("Penerjemah: Anita", [("Anita", "translator")], []),
        ("Penulis: Drs. H. Budi Harsono, M.Si", [("Drs. H. Budi Harsono, M.Si", WRITER)], []),
        ("Penulis: dr. Anita Rahma, Sp.PD", [("dr. Anita Rahma, Sp.PD", WRITER)], []),
        ("Reporter: Anita, S.Sos, Drs. H. Budi, M.Si", [("Anita, S.Sos", REPORTER), ("Drs. H. Budi, M.Si", REPORTER)], []),
        ("Editor : Anita Rahma, S.H., M.H.", [], ["Anita Rahma, S.H., M.H."]),
        ("Penulis: Tim Redaksi", [], []),
    ],
)  # fmt: skip
def test_labelled_credits(text: str, authors: list[tuple[str, str]], editors: list[str]) -> None:
    credit = parse_credit(text)
    assert credit is not None
    assert [(author.name, author.role) for author in credit.authors] == authors
    assert list(credit.editors) == editors


@pytest.mark.parametrize(
    ("text", "name", "role", "affiliation"),
    [
        ("Laporan Wartawan Tribun Pontianak, Anita Rahma", "Anita Rahma", REPORTER, "Tribun Pontianak"),
        ("Laporan Wartawan Tribun Timur Anita Rahma", "Anita Rahma", REPORTER, "Tribun Timur"),
        ("Laporan Wartawan Tribun Medan / Anita Rahma", "Anita Rahma", REPORTER, "Tribun Medan"),
        ("Laporan Wartawan TribunKaltim.co, Anita Rahma", "Anita Rahma", REPORTER, "TribunKaltim.co"),
        ("Laporan Reporter Kontan Anita Rahma", "Anita Rahma", REPORTER, "Kontan"),
        ("Laporan Jurnalis KOMPAS TV Anita Rahma", "Anita Rahma", REPORTER, "KOMPAS TV"),
        ("Laporan Tim Tribun Jabar, Anita", "Anita", REPORTER, "Tribun Jabar"),
        ("Laporan Kontributor Tribun Jabar, Anita", "Anita", CONTRIBUTOR, "Tribun Jabar"),
        ("Citizen Reporter, Humas Kota, Anita, S.Sos", "Anita, S.Sos", "citizen_reporter", "Humas Kota"),
    ],
)
def test_bylines_at_the_head_of_a_text(text: str, name: str, role: str, affiliation: str) -> None:
    byline = parse_head((text,))
    assert byline is not None
    assert [(each.name, each.role, each.affiliation) for each in byline.authors] == [(name, role, affiliation)]


@pytest.mark.parametrize(
    ("byline", "rest"),
    [
        ("Laporan wartawan Tribunnews.com, Anita Rahma", "TRIBUNNEWS.COM, JAKARTA - Warga menanam bakau."),
        ("Laporan Reporter Kontan Anita Rahma", "TRIBUNNEWS.COM, JAKARTA - Warga menanam bakau."),
        ("Penulis:  Anita Rahma  | Editir:  Joko Suryana", "SURYA.co.id | KEDIRI - Warga menanam bakau."),
    ],
)
def test_a_byline_that_runs_on_into_the_dateline(byline: str, rest: str) -> None:
    assert split_running_on(f"{byline} {rest}") == (byline, rest)
    found = clean_blocks([block(f"{byline} {rest}")], base_url=None, headline=None, vocabulary=WORDS)
    assert [each.text for each in found.body] == ["Warga menanam bakau."]
    assert [each.name for each in found.authors] == ["Anita Rahma"]
    assert found.dateline is not None
    assert split_running_on(rest) is None


@pytest.mark.parametrize(
    "text",
    [
        "Reporter: Bagaimana menurut Anda?",
        "Penulis: Terima kasih",
        "Editor: tidak, Pak!",
        "Wartawan: Apa kabar warga desa",
    ],
)
def test_what_is_said_in_an_interview_is_no_credit(text: str) -> None:
    assert parse_credit(text) is None
    texts = [f"Warga menanam bakau nomor {number}." for number in range(8)]
    found = clean_blocks(
        [block(each) for each in (*texts[:4], text, *texts[4:])], base_url=None, headline=None, vocabulary=WORDS
    )
    assert [each.text for each in found.body] == [*texts[:4], text, *texts[4:]]


def test_names_in_lists_without_a_label() -> None:
    assert split_names("Anita, Jurnalis-Rabu, 18 Juni 2025 |20:27 WIB") == ("Anita",)
    assert split_names("Anita Rahma, Budi Harsono -detikOto") == ("Anita Rahma", "Budi Harsono")
    stationed = people_of("Kontributor Sambas, Anita Rahma")
    assert [(each.name, each.role, each.affiliation) for each in stationed] == [("Anita Rahma", CONTRIBUTOR, "Sambas")]


@pytest.mark.parametrize(
    ("below", "authors", "editors"),
    [
        ("<div>Penulis : Anita Rahma</div><div>Editor : Joko Suryana</div>", ["Anita Rahma"], ["Joko Suryana"]),
        ("<table><tr><td>Penulis</td><td>: Anita Rahma</td></tr><tr><td>Editor</td><td>: Joko Suryana</td></tr></table>", ["Anita Rahma"], ["Joko Suryana"]),
        ("<p>Editor: Joko Suryana</p><p>Berita ini hanya promosi yang berdiri di bawah nama editor, bukan lagi isi artikelnya.</p>", [], ["Joko Suryana"]),
        ("<div><span>Red:</span> <b>Joko Suryana</b></div>", [], ["Joko Suryana"]),
        ("<p>Redaktur &amp; Reporter : Joko Suryana</p>", ["Joko Suryana"], ["Joko Suryana"]),
    ],
)  # fmt: skip
def test_credits_anywhere_on_a_page_without_rules(below: str, authors: list[str], editors: list[str]) -> None:
    article = scraper.extract(page(prose() + below), url="https://korandesa.id/berita/1")
    assert [each.name for each in article.authors] == authors
    assert list(article.editors) == editors
    assert not [each for each in article.body if "Joko" in each.text or "promosi" in each.text]
