"""Alerts: what counts as news; it is reported once, and nothing is lost if the process is killed in between."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from defusedxml.ElementTree import fromstring

from scraper.alerts.definition import Alert, add_alert, alerts_file, alerts_of, remove_alert
from scraper.alerts.telling import message_of, run_alerts
from scraper.archive.ask import alert_news
from scraper.archive.ask.alert_news import open_news
from scraper.archive.file.connection import open_archive
from scraper.cli import cli
from scraper.errors import AlertError
from tests.archive.made import article, opened, save

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WRITES = "import sys, pathlib; pathlib.Path({out!r}).open('a').write(sys.stdin.read())"
KILLS = "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"


def url(number: int) -> str:
    return f"https://contoh.id/2026/03/01/berita-{number}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with one article about a flood."""
    with opened(tmp_path / "a.db") as db:
        save(db, article("Banjir merendam tiga desa.", url=url(1), headline="Banjir pertama"), url=url(1))
    return tmp_path / "a.db"


def keep(path: Path, number: int, text: str, **changes: Any) -> None:
    with opened(path) as db:
        save(
            db,
            article(text, url=url(number), headline=f"Berita {number}", **changes),
            url=url(number),
            body=text.encode(),
        )


def run(path: Path, at: datetime, **how: Any) -> Any:
    with open_archive(path) as db:
        [told] = run_alerts(db, path, at=at, **how)
    return told


def heard(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []


def to_file(file: Path) -> tuple[str, ...]:
    return (sys.executable, "-c", WRITES.format(out=str(file)))


def test_news_are_what_came_since_and_are_told_once(path: Path, tmp_path: Path) -> None:
    add_alert(path, "banjir", Alert(query="banjir", every="day", command=to_file(tmp_path / "out"), atom="feed.xml"))
    assert run(path, NOW).found is None
    keep(path, 2, "Banjir kembali datang.")
    keep(path, 3, "Jembatan dibuka.")
    told = run(path, NOW + HOUR)
    assert (told.found, told.items) == (1, 0), "a day has not passed"
    keep(path, 4, "Kebanjiran lagi.")
    told = run(path, NOW + 25 * HOUR)
    assert (told.found, told.items, told.ways) == (1, 2, ("command",))
    assert [(each["event"], each["headline"]) for each in heard(tmp_path / "out")] == [
        ("new", "Berita 2"),
        ("new", "Berita 4"),
    ]
    assert run(path, NOW + 60 * HOUR).items == 0
    assert len(heard(tmp_path / "out")) == 2
    feed = fromstring((tmp_path / "feed.xml").read_text("utf-8"))
    titles = [each.text for each in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["kliping: banjir", "Berita 2", "Berita 4"]


def test_changes_and_withdrawals_are_news_and_what_only_we_read_otherwise_is_not(path: Path, tmp_path: Path) -> None:
    add_alert(path, "banjir", Alert(query="banjir", every="crawl", command=to_file(tmp_path / "out")))
    run(path, NOW)
    with opened(path) as db:
        for number, by in ((1, "publisher"), (2, "extractor")):
            db.execute(
                "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, replaced_by, layout, headline, body, content_hash)"
                " VALUES (1, ?, '2026-03-01T13:00:00Z', '2026-03-01T13:00:00Z', ?, 'a', 'lama', 'lama', x'00')",
                [number, by],
            )
        db.execute("UPDATE articles SET withdrawn_at = '2026-03-01T14:00:00Z'")
    assert run(path, NOW + 3 * HOUR).items == 2
    assert [(each["event"], each["revision"]) for each in heard(tmp_path / "out")] == [("changed", 2), ("withdrawn", 1)]
    assert run(path, NOW + 4 * HOUR).found == 0


def test_a_digest_says_what_a_publisher_changed(path: Path) -> None:
    alert = Alert(query="banjir", every="crawl", command=("true",))
    add_alert(path, "banjir", alert)
    run(path, NOW)
    with opened(path) as db:
        [(headline, body)] = db.execute("SELECT headline, body FROM articles WHERE id = 1").fetchall()
        db.execute(
            "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, replaced_by, kinds, layout, headline, body, content_hash)"
            " VALUES (1, 1, '2026-03-01T13:00:00Z', '2026-03-01T13:00:00Z', 'publisher', '[\"headline\", \"numbers\"]', 'a', 'Judul lama', ?, x'00')",
            [f"Tiga {body}"],
        )
        db.execute("UPDATE articles SET revision = 2 WHERE id = 1")
    with opened(path, "read") as db, open_news(path) as news:
        assert news.look(db, "banjir", alert.selection(path), at=NOW + 3 * HOUR) == 1
        news.collect("banjir", ["command"], every=timedelta(0), at=NOW + 3 * HOUR)
        message = message_of(db, news.digests("banjir", last=1)[-1], alert)
    lines = [line.strip() for line in message.text.splitlines()]
    assert "1 change for banjir" in lines[0]
    assert {headline, "changed: headline, numbers", "before: Judul lama", "[-Tiga-]"} <= set(lines)
    [value] = message.values
    assert (value["kinds"], value["headline_before"]) == (["headline", "numbers"], "Judul lama")


def test_what_failed_in_one_way_is_told_in_that_way_alone_and_new_ways_get_no_old_news(
    path: Path, tmp_path: Path
) -> None:
    good, bad = to_file(tmp_path / "out"), "http://127.0.0.1:1/kunci-rahasia"
    add_alert(path, "banjir", Alert(query="banjir", every="crawl", command=good, webhook=bad))
    run(path, NOW)
    keep(path, 2, "Banjir kembali datang.")
    told = run(path, NOW + HOUR)
    assert (told.ways, [each.way for each in told.untold]) == (("command",), ["webhook"])
    assert "kunci-rahasia" not in repr(told)
    told = run(path, NOW + 2 * HOUR)
    assert (told.ways, [each.way for each in told.untold]) == ((), ["webhook"])
    assert len(heard(tmp_path / "out")) == 1
    remove_alert(path, "banjir")
    add_alert(path, "banjir", Alert(query="banjir", every="crawl", email=("desk@example.org",), smtp="127.0.0.1:1"))
    assert run(path, NOW + 3 * HOUR).untold == ()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_who_is_killed_between_finding_and_telling_tells_it_once_later(path: Path, tmp_path: Path) -> None:
    add_alert(path, "banjir", Alert(query="banjir", every="crawl", command=(sys.executable, "-c", KILLS)))
    command = [sys.executable, "-m", "scraper", "alert", "run", "--archive", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    keep(path, 2, "Banjir kembali datang.")
    assert subprocess.run(command, check=False, capture_output=True).returncode == -signal.SIGKILL
    file = alerts_file(path)
    file.write_text(
        file.read_text("utf-8").replace(json.dumps(KILLS), json.dumps(to_file(tmp_path / "out")[2])), "utf-8"
    )
    for _ in range(2):
        subprocess.run(command, check=True, capture_output=True)
    assert [each["headline"] for each in heard(tmp_path / "out")] == ["Berita 2"]


def test_one_damaged_article_takes_no_other_news_with_it(
    path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    add_alert(path, "banjir", Alert(query="banjir", every="crawl", command=to_file(tmp_path / "out"), atom="feed.xml"))
    run(path, NOW)
    keep(path, 2, "Banjir kembali datang.")
    keep(path, 3, "Kebanjiran lagi.")
    with opened(path) as db:
        db.execute("UPDATE articles SET blocks = '[{' WHERE url = ?", [url(2)])
    told = run(path, NOW + HOUR)
    assert (told.found, told.ways) == (2, ("command",))
    assert [each["headline"] for each in heard(tmp_path / "out")] == ["Berita 3"]
    assert "alert banjir: article 2 cannot be read" in caplog.text
    with open_archive(path) as db, alert_news.open_news(path) as news:
        [digest] = news.digests("banjir", last=1)
        text = message_of(db, digest, alerts_of(path)["banjir"]).text
    assert "1 article of this digest cannot be read: `kliping verify` names the damage" in text


def test_the_command_adds_lists_previews_and_removes(path: Path) -> None:
    def ask(*arguments: str) -> Any:
        return CliRunner().invoke(cli, ["alert", *arguments, "--archive", str(path)])

    added = ask("add", "banjir Sintang", "--atom", "banjir.xml", "--every", "crawl")
    assert (added.exit_code, "alert banjir begins" in added.stderr) == (0, True)
    assert stat.S_IMODE(alerts_file(path).stat().st_mode) == 0o600
    assert "already" in ask("add", "banjir", "--atom", "x.xml").output + str(
        ask("add", "banjir", "--atom", "x").exception
    )
    keep(path, 2, "Banjir di Sintang. \u202e")
    preview = ask("run", "--dry-run").stdout
    assert "Berita 2" in preview
    assert "\u202e" not in preview
    assert json.loads(ask("list", "--json").stdout) == {
        "alert": "banjir", "query": "banjir Sintang", "every": "crawl", "waiting": 1, "digests": 0, "last_at": None, "owed": 0,
    }  # fmt: skip
    assert ask("run").exit_code == 0
    assert json.loads(ask("list", "--json").stdout)["digests"] == 1
    assert (path.parent / "banjir.xml").exists()
    assert ask("remove", "banjir").exit_code == 0
    assert ask("list").exit_code == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\nquery = 'x'\n", "it reaches nobody"),
        ("[a]\nquery = 'x'\nevery = 'year'\natom = 'f'\n", "every"),
        ("[a]\nquery = 'x'\nemial = ['a@b']\n", "did you mean email"),
        ("[a]\nquery = 3\natom = 'f'\n", "query"),
        ("['a b']\nquery = 'x'\natom = 'f'\n", "cannot name"),
        ("[a]\nquery = ''\natom = 'f'\n", "empty"),
        ("[a]\nquery = 'x'\nwebhook = 'ftp://x'\n", "http"),
        ("[a\n", "a.alerts.toml"),
    ],
)
def test_a_wrong_definition_is_named(path: Path, text: str, said: str) -> None:
    alerts_file(path).write_text(text, "utf-8")
    with pytest.raises(AlertError, match=said):
        alerts_of(path)


def test_taking_an_alert_out_leaves_the_rest_of_the_file_as_it_is(path: Path) -> None:
    others = "# mine\n[satu]\nquery = 'x'  # why\natom = 'f'\n"
    alerts_file(path).write_text(others, "utf-8")
    add_alert(path, "dua", Alert(query='kata "dua"', atom="g"))
    add_alert(path, "tiga", Alert(query="tiga\\", atom="h"))
    assert alerts_of(path)["dua"].query == 'kata "dua"'
    remove_alert(path, "dua")
    assert list(alerts_of(path)) == ["satu", "tiga"]
    assert alerts_file(path).read_text("utf-8").startswith(others)
    with pytest.raises(AlertError, match="no alert"):
        remove_alert(path, "dua")
