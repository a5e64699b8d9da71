"""When to ask again, where to look, whose turn it is: pure decisions, with `now` as an argument."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.lazy import offer

if TYPE_CHECKING:
    from scraper.plan.days import (
        brings_more,
        goes_back,
        index_page,
        index_pages,
        is_not_yet_past,
        is_of,
        is_past,
        is_short,
        listed_day,
        lists_other_days,
        page_after,
        page_in,
        paging_ends,
        source_key,
    )
    from scraper.plan.evidence import CLAIMS, Claim, UrlHistory, conclusion, is_in_trouble
    from scraper.plan.freshness import fresh_for
    from scraper.plan.looks import Next, after_attempt
    from scraper.plan.network import CAPTIVE_STATUS, OUT_OF_REACH, our_fault, our_gate
    from scraper.plan.rhythm import CEILING, Look, Rhythm, interval_after, learned

offer(__name__)
