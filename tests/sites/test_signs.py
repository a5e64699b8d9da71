"""How a paper signs, what lines it puts into its texts and what its addresses mean are data of its site."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import scraper
from scraper.errors import SiteError
from scraper.sites.definition import parse_sites
from scraper.sites.registry import use_sites
from scraper.urls import article_url, canonical_url
from tests.extract.makers import SENTENCES, page, prose

PAPER = """
profile = "wordpress"
slug = "rawa"
brand = "Suara Rawa"
hosts = ["suararawa.example"]
credit_names = ["Rawa*", "Rawa *"]
dateline_names = ["SUARA RAWA"]
sign_offs = ["~ RAWA ~"]
lines = ["kabar dari tepian:?"]

[urls]
clicks = ["kotak="]
whole = ["utuh=1"]

[[urls.desktop]]
host = "m.suararawa.example"
path = "/amp(?P<path>/.+)"
to = "suararawa.example"
"""
URL = "https://suararawa.example/2026/05/01/panen"
BODY = (
    f"SUARA RAWA, MARABAHAN - {SENTENCES[0]}",
    "Laporan Wartawan Rawa Pos, Sari Lestari",
    SENTENCES[1],
    "Kabar dari tepian:",
    f"{SENTENCES[2]} ~ RAWA ~",
)


def test_a_paper_signs_as_its_site_says() -> None:
    html = page(f"<div class='entry-content'>{prose(*BODY)}</div>")
    before = scraper.extract(html, url=URL)
    assert "Kabar dari tepian:" in [block.text for block in before.body]
    use_sites(parse_sites(PAPER))
    try:
        article = scraper.extract(html, url=URL)
        elsewhere = scraper.extract(html, url="https://korandesa.id/berita/1")
    finally:
        use_sites(())
    assert [block.text for block in article.body] == SENTENCES[:3]
    assert (article.dateline and article.dateline.brand, article.sign_off) == ("SUARA RAWA", "~ RAWA ~")
    assert [(author.name, author.affiliation) for author in article.authors] == [("Sari Lestari", "Rawa Pos")]
    # A text is signed so wherever it is printed again; the lines of a paper are its own.
    assert elsewhere.sign_off == "~ RAWA ~"
    assert "Kabar dari tepian:" in [block.text for block in elsewhere.body]


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("https://pontianak.tribunnews.com/2019/10/07/panen", "Ringkasan Berita:"),
        ("https://www.suara.com/news/2020/10/09/100000/panen", "Baca 10 detik"),
        ("https://www.fimela.com/lifestyle/read/4301234/panen", "What's On Fimela"),
    ],
)
def test_the_lines_of_a_paper_of_the_catalogue_go(url: str, line: str) -> None:
    html = page(f"<div class='artikel'>{prose(*SENTENCES[:2], line, *SENTENCES[2:])}</div>")
    assert line not in [block.text for block in scraper.extract(html, url=url).body]
    assert line in [block.text for block in scraper.extract(html, url="https://korandesa.id/berita/1").body]


def test_addresses_mean_what_their_site_says() -> None:
    url = "https://m.suararawa.example/amp/2026/05/panen?kotak=3&id=7&utuh=1"
    use_sites(parse_sites(PAPER))
    try:
        assert canonical_url(url) == "https://suararawa.example/2026/05/panen?id=7&utuh=1"
        assert article_url(url) == "https://suararawa.example/2026/05/panen?id=7"
        assert canonical_url("https://korandesa.id/a?kotak=3") == "https://korandesa.id/a?kotak=3"
    finally:
        use_sites(())
    assert canonical_url(url) == url


def test_the_rules_of_the_catalogue_hold_wherever_urls_are_read() -> None:
    """Also in a process that asks for nothing else: one address has one identity."""
    code = "from scraper.urls import canonical_url; print(canonical_url('https://m.tribunnews.com/amp/seleb/2020/05/04/judul?ct=x'))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "https://www.tribunnews.com/seleb/2020/05/04/judul"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('credit_names = ["Rawa*", "Rawa *"]', 'credit_names = ["*"]'),
        ('lines = ["kabar dari tepian:?"]', 'lines = ["("]'),
        ('lines = ["kabar dari tepian:?"]', 'lines = [".*"]'),
        ('path = "/amp(?P<path>/.+)"', 'path = "/amp(/.+)"'),
        ('host = "m.suararawa.example"', 'host = "https://m.suararawa.example"'),
        ('clicks = ["kotak="]', "clicks = 3"),
    ],
)
def test_signs_that_would_fit_anything_are_refused(change: str, told: str) -> None:
    assert change in PAPER
    with pytest.raises(SiteError):
        parse_sites(PAPER.replace(change, told))


def test_no_paper_is_named_in_the_code_that_reads() -> None:
    """Patterns and words of the reader and of URLs; comments and docstrings may say where a form was seen."""
    root = Path(scraper.__file__).parent
    named = re.compile(
        r"tribun(?!e)|kompas|detik(?!\|)|okezone|jpnn|surya|sindonews|liputan6|idn times|nusabali|pikiran",
        re.IGNORECASE,
    )
    strays = []
    for path in [*(root / "extract").rglob("*.py"), root / "urls.py"]:
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and isinstance(node.body[0], ast.Expr)
        }
        strays += [
            f"{path.name}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and named.search(node.value)
        ]
    assert not strays
