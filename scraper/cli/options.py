"""Options that several commands share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

DAY = click.DateTime(["%Y-%m-%d"])

archive_option = click.option(
    "--archive",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("kliping.db"),
    show_default=True,
    envvar="KLIPING_ARCHIVE",
    help="The archive file.",
)
json_option = click.option("--json", "as_json_lines", is_flag=True, help="Print JSON, one value a line.")
site_option = click.option("--site", help="Only this portal, by its slug.")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many at most."
)


def start_of(day: datetime | None) -> datetime | None:
    """The beginning of a day given by hand, UTC."""
    return day.replace(tzinfo=UTC) if day else None


def end_of(day: datetime | None) -> datetime | None:
    """The end of a day given by hand (exclusive), UTC."""
    return day.replace(tzinfo=UTC) + timedelta(days=1) if day else None
