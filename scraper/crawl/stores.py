"""What a crawl's client remembers from run to run is in the archive: robots.txt, reservations, the pace of publishers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive.write import origin_files, publishers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.archive.file.library import Archive
    from scraper.crawl.group import Group
    from scraper.records import PublisherState, RobotsFile, TdmFile


@dataclass(frozen=True, slots=True)
class RobotsEvidence:
    """Stores robots.txt evidence in the archive."""

    db: Archive

    def load(self, origin: str) -> RobotsFile | None:
        return origin_files.load_robots(self.db, origin)

    def save(self, robots: RobotsFile) -> RobotsFile:
        return origin_files.save_robots(self.db, robots)


@dataclass(frozen=True, slots=True)
class Reservations:
    """Stores what a tdmrep.json reserves in the archive."""

    db: Archive

    def load(self, origin: str) -> TdmFile | None:
        return origin_files.load_tdm(self.db, origin)

    def save(self, file: TdmFile) -> None:
        origin_files.save_tdm(self.db, file)


@dataclass(frozen=True, slots=True)
class Paces:
    """Stores the pace of publishers in the archive, at once: not even a killed run forgets who asked to be left alone."""

    db: Archive
    group: Group

    def load(self, publisher: str) -> PublisherState | None:
        return publishers.load_publisher(self.db, publisher)

    def save(self, states: Sequence[PublisherState]) -> None:
        publishers.save_publishers(self.db, states)
        self.group.commit()
