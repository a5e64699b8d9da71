"""Texts whose pieces stand in different elements, and figures that hold text."""

from __future__ import annotations

import pytest

from scraper import extract

HEAD = (
    '<html lang="id"><head><title>Sepuluh Jembatan Diperiksa</title></head><body><header><a href="/">Koran</a></header>'
)
SENTENCES = [
    f"Jembatan nomor {number} diperiksa oleh tim dari dinas pekerjaan umum, yang mencatat keretakan pada tiang bagian hulu."
    for number in range(1, 11)
]


def texts(page: str) -> list[str]:
    return [block.text for block in extract(page, url="https://koran.example/berita/jembatan-1").body]


def test_a_text_in_pieces_of_many_kinds_is_read_whole() -> None:
    kinds = ("intro", "kutipan-ahli", "penilaian", "cara-kerja", "hasil")
    pieces = "".join(
        f'<section class="bagian-{kind}"><div class="isi-{kind}"><h2>Bagian {kind}</h2><p>{SENTENCES[2 * number]}</p><p>{SENTENCES[2 * number + 1]}</p></div></section>'
        for number, kind in enumerate(kinds)
    )
    page = f"{HEAD}<main><h1>Sepuluh Jembatan Diperiksa</h1>{pieces}</main></body></html>"
    assert [text for text in texts(page) if text.endswith("hulu.")] == SENTENCES


def test_one_of_several_whole_articles_stays_alone() -> None:
    others = "".join(
        f"<article><h2>Berita Lain {number}</h2>{''.join(f'<p>{number} {text}</p>' for text in SENTENCES)}</article>"
        for number in range(3)
    )
    own = "".join(f"<p>{text}</p>" for text in SENTENCES[:6])
    page = f"{HEAD}<main><article><h1>Sepuluh Jembatan Diperiksa</h1>{own}</article>{others}</main></body></html>"
    assert texts(page) == SENTENCES[:6]


TABLE = "<table><tr><th>Jembatan</th><th>Nilai</th></tr><tr><td>Hulu</td><td>7</td></tr></table>"


@pytest.mark.parametrize(
    ("figure", "kept"),
    [
        (f'<figure class="wp-block-table">{TABLE}<figcaption>Hasil pemeriksaan</figcaption></figure>', ["Jembatan | Nilai", "Hulu | 7"]),
        ("<figure><blockquote><p>Kami akan menutupnya.</p></blockquote><figcaption>Kepala dinas</figcaption></figure>", ["Kami akan menutupnya."]),
        ("<figure><pre>beban = massa * g</pre></figure>", ["beban = massa * g"]),
        ('<figure><img src="a.jpg"><figcaption>Jembatan dari arah hulu.</figcaption></figure>', []),
        ('<figure><table><tr><td><img src="a.jpg"></td></tr><tr><td>Jembatan dari arah hulu</td></tr></table></figure>', []),
        ('<figure><blockquote class="twitter-tweet"><p>Jembatan ditutup!</p></blockquote></figure>', []),
    ],
)  # fmt: skip
def test_figures_with_text_and_figures_with_pictures(figure: str, kept: list[str]) -> None:
    around = [f"<p>{text}</p>" for text in SENTENCES]
    page = f"{HEAD}<main><article><h1>Sepuluh Jembatan Diperiksa</h1>{''.join(around[:5])}{figure}{''.join(around[5:])}</article></main>"
    assert texts(page) == [*SENTENCES[:5], *kept, *SENTENCES[5:]]


@pytest.mark.parametrize(
    "frame", ["<iframe src='x' />", "<iframe src='x'>", "<IFRAME SRC='x'/>", "<iframe></iframe><iframe/>"]
)
@pytest.mark.parametrize("encoded", [True, False])
def test_an_open_frame_in_noscript_swallows_nothing(frame: str, *, encoded: bool) -> None:
    body = "".join(f"<p>{text}</p>" for text in SENTENCES)
    page = f"{HEAD}<noscript>{frame}</noscript><main><h1>Sepuluh Jembatan Diperiksa</h1>{body}</main>"
    found = extract(page.encode() if encoded else page, url="https://koran.example/berita/jembatan-1")
    assert [block.text for block in found.body] == SENTENCES
