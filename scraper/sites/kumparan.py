"""kumparan.com: one host for the house's own desks and for local partner papers, which publish as accounts."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

SITE = Site(
    name="kumparan",
    title="kumparan",
    portals=(Portal(slug="kumparan-com", brand="kumparan", hosts=("kumparan.com", "www.kumparan.com", "m.kumparan.com")),),
    # /account/slug-24AbC1dEfGh: the identifier has eleven characters
    article_path=re.compile(r"^/(?:amp/)?[a-z0-9_.-]+/[a-z0-9-]+-[A-Za-z0-9]{11}(?:/full)?/?$"),
    other_path=re.compile(r"^/(?:topic|channel|trending|search|tag|user|polling)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="kumparan/2026",
            signature=("[data-qa-id=story-paragraph]",),
            headline=("[data-qa-id=story-title]", "h1"),
            published=("[data-qa-id=publish-date]",),
            byline=("[data-qa-id=editor-name]",),  # the account above it is the paper's; the writer is in the JSON-LD
            body=("article:has([data-qa-id=story-paragraph])", "[data-qa-id=story-paragraph]"),
            image=("[data-qa-id=image-figure] img@src",),
            caption=("[data-qa-id=image-caption]",),
            tags=("[data-qa-id=label-tag-topic]", "[data-qa-id=tag-topic]"),
            related=("[data-qa-id=related-story]", "[data-qa-id=inline-related]"),
            drop=(
                "header", "footer", "aside", "[data-qa-id=image-figure]", "[data-qa-id=story-footer]", "[data-qa-id=story-author]",
                "[data-qa-id=reading-time]", "[data-qa-id*=billboard]",
            ),
            confidence="reported",
            source="notes on kumparan.com",
            checked=date(2026, 7, 24),
        ),
    ),
    note="Channel lists come by GraphQL only; start from the front page, accounts or given URLs.",
)  # fmt: skip
