"""Crawls indefinitely according to a plan file. The sole importer of prometheus_client, which the extra [metrics]
brings.
"""

from scraper.schedule.happenings import Happening, Watcher, heartbeat, json_lines, log_handler, text_lines
from scraper.schedule.metrics import Metrics
from scraper.schedule.run import AfterCrawl, Schedule, ScheduleClock, ScheduleOptions
from scraper.schedule.service import SERVICES, service

__all__ = [
    "SERVICES",
    "AfterCrawl",
    "Happening",
    "Metrics",
    "Schedule",
    "ScheduleClock",
    "ScheduleOptions",
    "Watcher",
    "heartbeat",
    "json_lines",
    "log_handler",
    "service",
    "text_lines",
]
