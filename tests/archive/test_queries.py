"""Every SQL question in docs/queries.md returns something on an archive made by a real crawl."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.file.connection import open_archive
from scraper.demo import DemoResponse, newspaper
from scraper.duplicates import update_clusters
from tests.crawl.makers import paper_run

if TYPE_CHECKING:
    from scraper.demo import Newspaper

ROOT = Path(__file__).parent.parent.parent
QUESTIONS = re.findall(
    r"### (\d+\. .*?)\n.*?```sql\n(.*?)```", (ROOT / "docs" / "queries.md").read_text("utf-8"), re.DOTALL
)
HOST, SISTER = "pontianak.tribunnews.com", "makassar.tribunnews.com"
STORY = "/2019/10/07/sekolah-di-bantaran-sungai-libur-dua-hari"
COPIED = "/2019/10/07/pelatihan-arsip-digital-untuk-pegawai-kecamatan-dibuka"


def with_copy(paper: Newspaper) -> Newspaper:
    """The paper, with one of its stories on a sister portal as well."""
    page = paper.routes[HOST, COPIED]
    copy = DemoResponse(page.body.replace(HOST.encode(), SISTER.encode()), page.content_type)
    return replace(paper, routes=paper.routes | {(SISTER, COPIED): copy})


def with_change(paper: Newspaper) -> Newspaper:
    """The paper after it has changed a number in a story."""
    page = paper.routes[HOST, STORY]
    changed = page.body.replace(b"delapan sekolah", b"sembilan sekolah")
    assert changed != page.body
    return replace(paper, routes=paper.routes | {(HOST, STORY): DemoResponse(changed, page.content_type)})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("queries") / "demo.db"
    with with_copy(newspaper()) as paper:
        paper_run(path, paper, "tribun-pontianak", f"https://{SISTER}{COPIED}")
    with with_change(newspaper()) as paper:
        paper_run(path, paper, f"https://{HOST}{STORY}", again=True)
    with open_archive(path, mode="write") as db:
        update_clusters(db, now=datetime(2026, 3, 1, tzinfo=UTC))
    return path


def test_there_are_twenty_questions() -> None:
    assert len(QUESTIONS) >= 20
    assert [int(title.partition(".")[0]) for title, _ in QUESTIONS] == list(range(1, len(QUESTIONS) + 1))


@pytest.mark.parametrize(("title", "sql"), QUESTIONS, ids=[title for title, _ in QUESTIONS])
def test_a_question_has_an_answer(demo: Path, title: str, sql: str) -> None:
    with open_archive(demo) as db:
        rows = db.execute(sql.strip().rstrip(";")).fetchall()
    assert rows, title
    assert any(value is not None for value in rows[0])
