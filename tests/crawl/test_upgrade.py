"""The package is replaced on disk during a crawl: the crawl continues with what it began with, or ends and says why."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import scraper
from scraper.archive.file.connection import open_archive
from tests.crawl.papers import paragraphs, story
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from tests.faultserver import Request

GERMAN = [
    f"Am {day} haben die Bewohner von Neustadt über die Brücke gesprochen, die seit Wochen für Autos gesperrt ist, sagte der Bürgermeister."
    for day in ("Montag", "Dienstag", "Mittwoch", "Donnerstag")
]
PAGES = {
    "/berita/100001/tanggul-jebol": story("Tanggul jebol di Sungai Raya", paragraphs("tanggul")),
    "/berita/100002/die-bruecke-von-neustadt": story("Die Brücke von Neustadt", GERMAN).replace(b"'id'", b"'de'"),
    "/berita/100003/pasar-ramai": story("Pasar Flamboyan ramai", paragraphs("pasar")),
}
INDEX = f"<html><title>Kabar Kapuas</title>{''.join(f'<a href={target}>{target[15:]} dan lainnya</a>' for target in PAGES)}</html>".encode()


def upgrade(package: Path) -> None:
    """Every file is one of a version that has nothing in common with this one."""
    for file in package.rglob("*"):
        if file.suffix == ".py":
            file.write_text("raise RuntimeError('of another version')\n")
        elif file.suffix in (".toml", ".html", ".md", ".tsv"):
            file.write_text("[[of]]]another = version\n")


def end_reading(crawl: subprocess.Popen[bytes]) -> None:
    """Kill all processes that read pages for a crawl, so that it needs new ones."""
    mothers = Path(f"/proc/{crawl.pid}/task/{crawl.pid}/children").read_text("ascii").split()
    for mother in mothers:
        children = Path(f"/proc/{mother}/task/{mother}/children").read_text("ascii").split()
        for pid in (mother, *children):
            os.kill(int(pid), signal.SIGKILL)


def crawled(package: Path, path: Path, then: Callable[[subprocess.Popen[bytes]], object]) -> tuple[int, str]:
    """The exit code and the words of a crawl by that package; `then` is done when it has read a page and asks for the next one."""
    running: list[subprocess.Popen[bytes]] = []
    asked: list[str] = []

    def answering(body: bytes) -> Callable[[Request, asyncio.StreamWriter], Any]:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            asked.append(request.path)
            if len(asked) == 2:
                then(running[0])
            writer.write(response(body))

        return answer

    with FaultServer({"/": response(INDEX)} | {target: answering(body) for target, body in PAGES.items()}) as paper:
        words = [
            "crawl",
            f"{paper.origin}/",
            "--delay",
            "0",
            "--archive",
            str(path),
            "--allow-net",
            f"127.0.0.1:{paper.port}",
        ]
        running.append(
            subprocess.Popen(
                [sys.executable, "-P", "-m", "scraper", *words],
                env=os.environ | {"PYTHONPATH": str(package.parent)},
                cwd=path.parent,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        )
        _, said = running[0].communicate()
    return running[0].returncode, said.decode()


def state(path: Path) -> tuple[list[str], int]:
    """The outcomes of article pages, and how many of them still wait to be asked for the first time."""
    with open_archive(path) as db:
        reasons = (
            "SELECT f.reason FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'article' ORDER BY f.id"
        )
        waiting = "SELECT count(*) FROM frontier JOIN urls AS u ON u.id = url_id WHERE u.kind = 'article' AND last_reason IS NULL"
        return [reason for (reason,) in db.execute(reasons).fetchall()], db.execute(waiting).fetchall()[0][0]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An installation of its own."""
    home = Path(scraper.__file__).parent
    made = Path(shutil.copytree(home, tmp_path / "installed" / "scraper"))
    shutil.copytree(home.parent / "schemas", made / "_schemas")
    return made


def test_a_crawl_goes_on_as_it_began(package: Path, tmp_path: Path) -> None:
    code, said = crawled(package, tmp_path / "a.db", lambda _: upgrade(package))
    assert (code, state(tmp_path / "a.db")) == (0, (["ok"] * 3, 0)), said


@pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="tells the processes of a crawl by /proc"
)
def test_a_crawl_that_needs_what_is_gone_ends_and_no_page_is_judged(package: Path, tmp_path: Path) -> None:
    def replaced(crawl: subprocess.Popen[bytes]) -> None:
        upgrade(package)
        end_reading(crawl)

    code, said = crawled(package, tmp_path / "a.db", replaced)
    assert code == 71
    assert "start it again" in said
    assert state(tmp_path / "a.db") == (["ok"], 2)
