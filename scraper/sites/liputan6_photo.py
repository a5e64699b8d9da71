"""Photo galleries of Liputan6 (photo.liputan6.com): pages of captioned pictures, without a text."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Layout, Portal, Site

SITE = Site(
    name="liputan6-photo",
    title="Photo Liputan6",
    portals=(Portal(slug="photo-liputan6", brand="Photo Liputan6.com", hosts=("photo.liputan6.com",)),),
    article_path=re.compile(r"^/(?:[a-z0-9-]+/)+[^/]+-\d{5,9}/?$|^/read/\d{5,9}/"),  # /musik/slug-2437247
    other_path=re.compile(r"^/(?:tag|indeks|search)(?:/|$)"),
    layouts=(
        Layout(
            name="liputan6-photo/2016",
            kind="gallery",
            signature=("div.read-page--photo-gallery",),
            headline=("h1.read-page--header__title",),
            published=("time.read-page--header__datetime@datetime",),
            byline=(".read-page--header__author [itemprop=author]", ".read-page--header__author"),
            editors=("#credits_editor + li .read-page--credits__name",),
            body=("div.read-page--photo-gallery",),
            image=("figure.read-page--photo-gallery--item@data-image",),
            caption=("figure.read-page--photo-gallery--item@data-description",),
            tags=(".read-page--tags__link",),
            section=(".read-page--breadcrumb [itemprop=name]",),
            drop=("figure", ".read-page--photo-gallery--item"),
            source="saved page of photo.liputan6.com, February 2016",
            checked=date(2016, 2, 16),
        ),
    ),
)
