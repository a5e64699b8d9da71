"""Loads every command; see tests/command.py."""

from __future__ import annotations

from importlib import import_module

from scraper.cli import COMMANDS

for place in sorted({each.partition(":")[0] for each in COMMANDS.values()}):
    if place != "serve":  # an extra, with threads of its own
        import_module(f"scraper.cli.{place}")
