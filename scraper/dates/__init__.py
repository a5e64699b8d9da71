"""Dates as news pages print them, in the languages of a page, made aware, and honest about what was assumed."""

from scraper.dates.read import NOON, Moment, beside_date, date_in_url, parse_date

__all__ = ["NOON", "Moment", "beside_date", "date_in_url", "parse_date"]
