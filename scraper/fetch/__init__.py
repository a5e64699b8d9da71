"""Fetching: the sole importer of httpx, h11, tenacity and protego."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.lazy import offer

if TYPE_CHECKING:
    from scraper.fetch.answer import Limits, media_type
    from scraper.fetch.client import Fetcher
    from scraper.fetch.hosts import PublisherStore
    from scraper.fetch.mining import TdmStore, reservation_of
    from scraper.fetch.post import post_json
    from scraper.fetch.ranges import RemoteFile, RobotsMemory, open_parts
    from scraper.fetch.rights import rights_of
    from scraper.fetch.robots import RobotsStore
    from scraper.fetch.settings import FetchSettings, Proxy, parse_allow_net, parse_proxy, user_agent

offer(__name__)
