"""Alerts: searches that somebody is told the news of, now and then."""
