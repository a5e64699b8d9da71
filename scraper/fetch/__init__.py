"""Fetching: the sole importer of httpx, h11, tenacity and protego."""

from scraper.fetch.answer import Limits, media_type
from scraper.fetch.client import Fetcher
from scraper.fetch.hosts import PublisherStore
from scraper.fetch.mining import TdmStore, reservation_of
from scraper.fetch.parts import RemoteFile, RobotsMemory, open_parts
from scraper.fetch.post import post_json
from scraper.fetch.rights import rights_of
from scraper.fetch.robots import RobotsStore
from scraper.fetch.settings import FetchSettings, Proxy, parse_allow_net, parse_proxy, user_agent

__all__ = [
    "FetchSettings",
    "Fetcher",
    "Limits",
    "Proxy",
    "PublisherStore",
    "RemoteFile",
    "RobotsMemory",
    "RobotsStore",
    "TdmStore",
    "media_type",
    "open_parts",
    "parse_allow_net",
    "parse_proxy",
    "post_json",
    "reservation_of",
    "rights_of",
    "user_agent",
]
