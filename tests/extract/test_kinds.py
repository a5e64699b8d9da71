"""Galleries, videos and live reports, and the pictures in a text: by what a page shows and what it says about itself."""

from __future__ import annotations

import json

import pytest

import scraper
from tests.extract.makers import prose

HEADLINE = "Jembatan gantung diresmikan warga"


def figure(number: int, caption: str | None = None, attributes: str = "src=/{}.jpg") -> str:
    shown = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"<figure><img {attributes.format(number)}>{shown}</figure>"


def article(
    body: str, *, data: dict[str, object] | None = None, head: str = "", path: str = "berita/1"
) -> scraper.Article:
    node = (
        f"<script type=application/ld+json>{json.dumps({'@context': 'https://schema.org', **data})}</script>"
        if data
        else ""
    )
    html = f"<html lang=id><head><title>{HEADLINE}</title>{head}{node}</head><body><main><article><h1>{HEADLINE}</h1>{body}</article></main></body></html>"
    return scraper.extract(html, url=f"https://koran.example/{path}")


LONG = prose(
    *(
        f"Pada hari ke-{number} warga menggelar kerja bakti dan kepala desa mengatakan jembatan itu aman dilalui."
        for number in range(14)
    )
)
PICTURES = "".join(
    figure(number, f"Warga melintas di jembatan pada hari ke-{number}. (Foto: Ana Putri)") for number in range(4)
)
GALLERY = {"@type": "ImageGallery", "headline": HEADLINE}


@pytest.mark.parametrize(
    ("path", "body", "data", "head", "kind"),
    [
        # A word in the address is one sign; a text without pictures, or with a film's player nowhere, speaks against it.
        ("photo/damaged-bridge", LONG, None, "", "article"),
        ("tv/2024/jembatan", LONG, None, "", "article"),
        ("photo/damaged-bridge", LONG + PICTURES, None, "", "gallery"),
        ("video/jembatan", LONG, {"@type": "VideoObject", "name": HEADLINE}, "", "video"),
        ("video/jembatan", LONG, None, "<meta property=og:video content=https://koran.example/1.mp4>", "video"),
        ("video/jembatan", prose(), None, "", "video"),  # a description and little more
        # What the page says of itself needs no address.
        ("berita/1", "<p>Warga melintas di jembatan.</p>" + PICTURES, GALLERY, "", "gallery"),
        ("berita/1", prose(), {"@type": "VideoObject", "name": HEADLINE}, "", "video"),
        ("berita/1", prose(), {"@type": "LiveBlogPosting", "headline": HEADLINE}, "", "live"),
        ("berita/1", LONG + PICTURES, None, "", "article"),
    ],
)
def test_the_kind_of_a_page(path: str, body: str, data: dict[str, object] | None, head: str, kind: str) -> None:
    assert article(body, data=data, head=head, path=path).kind == kind


def test_the_pictures_in_a_text_with_their_captions() -> None:
    lead = "<meta property=og:image content=https://koran.example/jembatan-utama-640x480.jpg>"
    body = (
        figure(0, "Jembatan dari udara.", "src=/jembatan-utama-1200x800.jpg")  # the lead picture in another size
        + prose()
        + figure(1, "Warga melintas. (Foto: Ana Putri)")
        + figure(2, None, "src=data:image/gif;base64,R0 data-src=/{}.jpg")
        + figure(1, "Warga melintas lagi.")
        + f"<aside>{figure(3, 'Berita lain')}</aside><div class=related-posts>{figure(4, 'Berita lain')}</div>"
        + prose()
    )
    found = article(body, head=lead)
    assert [(image.url, image.caption, image.credit) for image in found.images] == [
        ("https://koran.example/1.jpg", "Warga melintas", "Ana Putri"),
        ("https://koran.example/2.jpg", None, None),
    ]
    assert found.provenance["images"] == "generic:figure"
