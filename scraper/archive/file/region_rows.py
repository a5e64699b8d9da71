"""The table of regions in an archive, and the region of articles that are already stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.regions import locate, regions

if TYPE_CHECKING:
    from sqlite_utils import Database

_COLUMNS = ("code", "name", "level", "parent", "province")


def is_current(db: Database) -> bool:
    """Whether the table holds the regions that this kliping knows, under the same names."""
    kept = {tuple(row) for row in db.execute(f"SELECT {', '.join(_COLUMNS)} FROM regions")}  # noqa: S608
    return kept >= set(_rows())


def fill_regions(db: Database) -> None:
    """Write the regions, and locate every article again; a region that is no longer in the list stays, for what was
    counted by it.
    """
    updates = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])
    db.conn.executemany(
        f"INSERT INTO regions ({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
        f" ON CONFLICT (code) DO UPDATE SET {updates}",
        _rows(),  # provinces first, since the others refer to them
    )
    db.conn.create_function("region_code_of", 2, lambda *place: region_of(*place)[0], deterministic=True)
    db.conn.create_function("region_source_of", 2, lambda *place: region_of(*place)[1], deterministic=True)
    province = "(SELECT province FROM sites WHERE id = articles.site_id)"
    db.execute(
        f"UPDATE articles SET region_code = region_code_of(dateline_place, {province}),"  # noqa: S608
        f" region_source = region_source_of(dateline_place, {province})"
    )


def region_of(place: str | None, province: str | None) -> tuple[str | None, str | None]:
    """The columns `region_code` and `region_source` of an article, from its dateline's place and its paper's province."""
    found = locate(place, province)
    return (found.code, found.source) if found else (None, None)


def _rows() -> list[tuple[str, str, str, str | None, str]]:
    return [(each.code, each.name, each.level, each.parent, each.province) for each in regions().values()]
