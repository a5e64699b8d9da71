"""A paper on WordPress, crawled with nothing but its definition of three lines: the feed, and the archive of a day page
by page.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from scraper.demo import newspaper
from scraper.reasons import Reason
from tests.crawl.makers import paper_run, query

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "/petani-rawa-danau-uji-padi-apung-di-lahan-bekas-banjir/"
OTHER = "/pasar-rau-tambah-kios-ikan-dan-sayur/"


def test_the_feed_leads_to_the_articles(tmp_path: Path) -> None:
    with newspaper() as paper:
        summary = paper_run(tmp_path / "a.db", paper, "banten-news")
    assert summary.exit_code == 0
    assert summary.new_articles == 1
    assert {"/robots.txt", "/feed/", "/news-sitemap.xml", ARTICLE} <= set(paper.asked)
    assert query(tmp_path / "a.db", "SELECT site, layout FROM articles") == [("banten-news", "wordpress/tagdiv")]


def test_the_archive_of_a_day_is_walked_to_its_last_page(tmp_path: Path) -> None:
    day = date(2025, 2, 11)
    with newspaper() as paper:
        summary = paper_run(tmp_path / "a.db", paper, "banten-news", since=day, until=day)
    asked = [path for path in paper.asked if path not in ("/robots.txt", "/.well-known/tdmrep.json", "/feed/")]
    assert sorted(asked) == sorted(["/2025/02/11/page/1/", "/2025/02/11/page/2/", ARTICLE, OTHER])
    assert summary.new_articles == 1
    assert summary.reasons[Reason.GONE] == 1  # the other article is not served here
