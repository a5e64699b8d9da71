"""Bytes in, Article out: pure, so that a rule can be replayed over the whole archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.lazy import offer

if TYPE_CHECKING:
    from scraper.extract.entry import explain, extract, extract_capture
    from scraper.extract.explain import Explanation

offer(__name__)
