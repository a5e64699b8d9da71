"""Pages for tests of the reader: plain sentences, an article of them, a page around it."""

from __future__ import annotations

from scraper.extract.structure.blocks import RawBlock, RawLink

SENTENCES = [
    "Warga desa membangun jembatan gantung sepanjang empat puluh meter, lalu meresmikannya bersama.",
    "Bahan kayunya datang dari kebun tua di hulu, kata kepala dusun yang memimpin pekerjaan itu.",
    "Setiap pagi anak sekolah menyeberang di sana, sehingga perjalanan mereka lebih singkat satu jam.",
    "Pemerintah kecamatan berjanji menambah lampu, sebab jembatan itu gelap pada malam hari.",
]


def page(body: str, head: str = "", headline: str = "Jembatan gantung diresmikan warga") -> str:
    return (
        f"<!DOCTYPE html><html lang='id'><head><title>{headline} | Koran Desa</title>{head}</head><body>"
        f"<nav><a href='/'>Beranda</a></nav><h1>{headline}</h1>{body}<footer><p>Hak cipta Koran Desa, semua hak dilindungi undang-undang.</p></footer></body></html>"
    )


def prose(*sentences: str) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences or SENTENCES)


def block(text: str, *, links: tuple[tuple[str, str], ...] = (), bold: str = "") -> RawBlock:
    return RawBlock(
        "paragraph", text, tuple(text.split("\n")), tuple(RawLink(href, label) for href, label in links), bold
    )
