"""An archive with everything that the pages show: two papers, a change, links, a copy, regions, failures, and a hostile article."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file import connection
from scraper.archive.file.articles import SiteRow
from scraper.archive.write import frontier
from scraper.archive.write.pageresult import PageResult
from scraper.archive.write.save import save_page
from scraper.reasons import Reason
from scraper.records import Author, Dateline, Image, Outcome, RelatedLink
from scraper.serve import counting
from scraper.serve.app import make
from scraper.urls import host_of
from tests.archive.made import article, capture, link, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.serve.app import Served

ROOT = "https://pontianak.contoh.id/2026/03/0"
FIRST, SECOND, COPY, HOSTILE = (
    f"{ROOT}1/sungai-naik",
    f"{ROOT}2/sekolah-libur",
    "https://kabar.contoh.com/sungai",
    f"{ROOT}3/jahat",
)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SITE = SiteRow(
    slug="contoh-pontianak",
    network="contoh",
    name="Contoh Pontianak",
    host="pontianak.contoh.id",
    zone="Asia/Pontianak",
    province="Kalimantan Barat",
)
OTHER = SiteRow(slug="kabar", network="kabar", name="Kabar Contoh", host="kabar.contoh.com", zone="Asia/Jakarta")
EVIL = '<script>alert(1)</script>\u202eterbalik" onmouseover="alert(2)'
LONG = "Kalimat yang sangat panjang sekali. " * 60_000  # 2 MB


def lease(db: Any, url: str) -> tuple[int, int]:
    run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
    frontier.add_links(db, [link(url)], due_at=NOW)
    frontier.make_due(db, [url], at=NOW)
    queued = frontier.lease(db, run, host=host_of(url), now=NOW + timedelta(days=9))
    assert queued is not None
    return run, queued.url_id


def save(db: Any, what: Any, body: bytes, *, url: str, site: SiteRow, at: datetime) -> None:
    run, url_id = lease(db, url)
    outcome = Outcome(url=url, reason=Reason.OK, at=at, status=200)
    save_page(
        db,
        PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=capture(body, url, at), article=what, site=site),
    )


def fill(path: Path) -> None:
    """Write the archive."""
    with opened(path) as db:
        _save_articles(db)
        _save_hostile(db)
        run, url_id = lease(db, f"{ROOT}9/hilang")
        gone = Outcome(url=f"{ROOT}9/hilang", reason=Reason.GONE, at=NOW, status=410, detail="HTTP 410")
        save_page(db, PageResult(url_id=url_id, run_id=run, outcome=gone))
        with connection.transaction(db):
            _note_health(db)
            _note_copies(db)


def _save_articles(db: Any) -> None:
    """An article, the one that it links to, a copy by another paper, and what the paper made of the first a day later."""
    texts = ("Air sungai naik dua meter sejak Minggu malam.", "Warga tiga desa mengungsi ke balai pertemuan.")
    first = article(
        *texts,
        url=FIRST,
        site=SITE.slug,
        headline="Air Sungai Naik, Warga Mengungsi",
        lede="Banjir merendam tiga desa.",
        kicker="Banjir",
        correction_notice="Ralat: tiga desa, bukan dua.",
        byline="Ratna Wulandari",
        authors=(Author(name="Ratna Wulandari", role="reporter"),),
        editors=("Bima Saragih",),
        dateline=Dateline(text="MELAWI", place="Melawi"),
        published_at=NOW - timedelta(hours=2),
        related_links=(RelatedLink(label="Baca", text="Sekolah Libur", url=SECOND, after_block=1),),
        image=Image(url="https://contoh.id/a.jpg", caption="Warga di tepi sungai.", credit="Istimewa"),
        tags=("banjir", "Melawi"),
        section=("Daerah",),
        language="id",
        provenance={"headline": "layout:h1"},
    )
    later = NOW + timedelta(days=1)
    second = article(
        "Delapan sekolah libur karena banjir.", url=SECOND, site=SITE.slug, headline="Sekolah Libur", published_at=later, tags=("banjir",)
    )  # fmt: skip
    soon = NOW + timedelta(hours=1)
    copy = article(*texts, url=COPY, site=OTHER.slug, headline="Sungai Naik", published_at=soon)
    now = ("Air sungai naik tiga meter sejak Minggu malam.", texts[1], "Bantuan datang dari kota.")
    changed = replace(first, body=article(*now).body)
    save(db, first, b"<p>satu</p>", url=FIRST, site=SITE, at=NOW)
    save(db, second, b"<p>dua</p>", url=SECOND, site=SITE, at=later)
    save(db, copy, b"<p>tiga</p>", url=COPY, site=OTHER, at=NOW)
    save(db, changed, b"<p>empat</p>", url=FIRST, site=SITE, at=later)


def _save_hostile(db: Any) -> None:
    """An article that would run in the reader's browser, if it could."""
    evil = article(
        EVIL,
        LONG,
        url=HOSTILE,
        site=SITE.slug,
        headline=EVIL,
        lede=EVIL,
        authors=(Author(name="Jahat <b>Sekali</b>"),),
        tags=(EVIL,),
        related_links=(RelatedLink(label=EVIL, text=EVIL, url="javascript:alert(3)", after_block=0),),
        published_at=NOW,
    )
    save(db, evil, b"<script>alert(4)</script>", url=HOSTILE, site=SITE, at=NOW)


def _note_health(db: Any) -> None:
    """An alarm, what the papers say of their rights, and days of a walk."""
    db.execute(
        "INSERT INTO alarms (scope, name, kind, level, opened_at, last_seen_at, days, cases, expected, observed, chance, detail)"
        " VALUES ('site', ?, 'read', 'alarm', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', 3, 40, 0.9, 0.1, 0.0, '10% pages')",
        [SITE.slug],
    )
    db.execute(
        "UPDATE fetches SET robots_tags = 'noarchive', tdm_reservation = 1, tdm_policy = 'https://contoh.id/tdm.json'"
    )
    for day, state in ((1, "done"), (2, "empty"), (3, "blocked"), (4, "waiting")):
        db.execute(
            "INSERT INTO coverage (site, day, host, state, links, asked_at) VALUES (?, ?, ?, ?, 5, '2026-03-02T00:00:00Z')",
            [SITE.slug, f"2025-12-0{day}", SITE.host, state],
        )


def _note_copies(db: Any) -> None:
    """The copy and what it is a copy of."""
    ids = {url: db.execute("SELECT id FROM articles WHERE url = ?", [url]).fetchone()[0] for url in (FIRST, COPY)}
    db.execute(
        "INSERT INTO clusters (id, first_article_id, first_site, articles, sites, updated_at) VALUES (1, ?, ?, 2, 2, ?)",
        [ids[FIRST], SITE.slug, "2026-03-02T00:00:00Z"],
    )
    for article_id in ids.values():
        db.execute(
            "INSERT INTO cluster_members (article_id, cluster_id, kind, similarity, containment) VALUES (?, 1, 'same', 0.96, 1.0)",
            [article_id],
        )


@pytest.fixture(scope="session", autouse=True)
def _patient() -> Iterator[None]:
    """On a busy machine no page says that it is still counting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "PATIENCE_S", 60.0)
        yield


@pytest.fixture(scope="session")
def archive_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("serve") / "kliping.db"
    fill(path)
    return path


@pytest.fixture(scope="session")
def datasette(archive_path: Path) -> Served:
    served = make(archive_path, taken_at=NOW)
    asyncio.run(served.invoke_startup())
    return served


@pytest.fixture(scope="session")
def get(datasette: Served) -> Callable[..., Any]:
    """Ask for a path, in process; keyword `language` is the browser's."""

    def ask(path: str, *, language: str = "en", **options: Any) -> Any:
        return asyncio.run(datasette.client.get(path, headers={"accept-language": language}, **options))

    return ask


@pytest.fixture(scope="session")
def ids(archive_path: Path) -> dict[str, int]:
    with opened(archive_path, "read") as db:
        return dict(db.execute("SELECT url, id FROM articles").fetchall())
