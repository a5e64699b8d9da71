"""What tests of the pages share: which pages there are, and that a page harms nobody."""

from __future__ import annotations

from scraper.html import parse

PAGES = [
    "/",
    "/search",
    "/search?q=banjir",
    "/sites",
    "/sites/contoh-pontianak",
    "/authors",
    "/authors/1",
    "/regions",
    "/regions/61",
    "/regions/61.10",
    "/changes",
    "/changes?kind=headline&sort=silent",
    "/copies",
    "/copies?within=1&sort=papers",
    "/copies?kind=quote",
    "/trends?q=banjir&q=sungai&split=province&as=share",
    "/concordance?q=banjir&sort=left",
    "/words?q=banjir&how=pairs",
    "/names",
    "/spread",
    "/network",
    "/runs",
    "/tables",
    "/kliping",
    "/kliping/articles?_sort=id&headline__contains=sungai",
    "/kliping/articles/1",
    "/kliping/copies",
]


def assert_harmless(page: str) -> None:
    """Nothing in a page runs or leads out: no script, no handler, no link but to http(s) and here, no turned text."""
    tree = parse(page)
    assert not tree.css("script, iframe, object, embed, base")
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on")
            if name in ("href", "src", "action"):
                assert (value or "").startswith(("/", "?", "#", "http://", "https://", "data:,")), value
    assert not set(page) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
