"""Loads every command; see tests/command.py."""

from __future__ import annotations

from importlib import import_module

from scraper.cli import COMMANDS

for module in sorted({module for module, _ in COMMANDS.values()}):
    if module != "serve":  # an extra, with threads of its own
        import_module(f"scraper.cli.{module}")
