"""Which paper a page is from: by its URL, by what it says about itself, by where its links lead."""

from __future__ import annotations

import pytest

from scraper.extract import extract

TEXT = "".join(
    f"<p>Kalimat nomor {number} tentang pasar yang buka lebih pagi dari biasanya.</p>" for number in range(5)
)


def links(host: str, count: int) -> str:
    return "".join(f'<a href="https://{host}/kabar-{number}">{number}</a>' for number in range(count))


def site(head: str, nav: str, url: str | None = None) -> str | None:
    return extract(
        f"<html><head>{head}</head><body><nav>{nav}</nav><h1>Pasar Buka Lebih Pagi</h1><article>{TEXT}</article></body></html>",
        url=url,
    ).site


@pytest.mark.parametrize(
    ("head", "nav", "url", "slug"),
    [
        ("", "", "https://bali.tribunnews.com/2024/05/02/pasar", "tribun-bali"),
        ('<link rel="canonical" href="https://bali.tribunnews.com/2024/05/02/pasar">', "", None, "tribun-bali"),
        ('<meta property="og:url" content="https://bali.tribunnews.com/2024/05/02/pasar">', "", None, "tribun-bali"),
        ("", links("bali.tribunnews.com", 12) + links("facebook.com", 3), None, "tribun-bali"),
        ("", links("otomotif.antaranews.com", 6) + links("www.antaranews.com", 8), None, "antara-nasional"),
        ("", links("bali.tribunnews.com", 4), None, None),  # too few to say anything
        ("", links("bali.tribunnews.com", 12) + links("contoh.example", 13), None, None),  # most lead elsewhere
        # What it says of itself goes before where it links to.
        ('<link rel="canonical" href="https://contoh.example/pasar">', links("bali.tribunnews.com", 12), None, None),
        ("", links("bali.tribunnews.com", 12), "https://contoh.example/pasar", None),
    ],
)
def test_whose_a_page_is(head: str, nav: str, url: str | None, slug: str | None) -> None:
    assert site(head, nav, url) == slug
