"""`kliping fixture`, `--sites` and `sites check` as a person uses them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from scraper.cli.fixture_files import load_expected
from scraper.demo import newspaper
from tests.command import kliping

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs" / "sites.md"
HOST = "pontianak.tribunnews.com"
CASE = ROOT / "fixtures" / HOST / "2019-10-07-pelatihan-arsip-digital"
NAME = f"{HOST}/2019-10-07-pelatihan-arsip-digital"
URL = json.loads((CASE / "capture.json").read_text("utf-8"))["final_url"]

PAGE = """<!DOCTYPE html>
<html lang="id"><head><title>Dermaga Muara Dipagari Bambu - Harian Muara</title></head><body>
<h1>Dermaga Muara Dipagari Bambu</h1>
<script id="artikel" type="application/json">{"artikel": {"judul": "Dermaga Muara Dipagari Bambu", "terbit": "2025-05-20 09:10:00",
"penulis": [{"nama": "Ida Wardani"}], "topik": ["dermaga"], "foto": {"url": "https://harianmuara.example/a.jpg", "keterangan": "Pagar di dermaga"},
"isi": "<p>TENGGARONG - Dermaga di muara dipagari bambu setelah dua perahu hanyut.</p><div class='iklan'>Iklan</div><p>Pagar itu dipasang warga dalam satu malam.</p><p class='baca'>Baca juga: <a href='/2025/05/01/perahu-hanyut'>Dua Perahu Hanyut</a></p><p>Bambunya diambil dari kebun desa dan diikat dengan ijuk yang direndam air garam.</p>"}}</script>
</body></html>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory with one fixture of the project."""
    target = tmp_path / "fixtures" / HOST / CASE.name
    shutil.copytree(CASE, target)
    return tmp_path / "fixtures"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documented definitions, as files."""
    directory = tmp_path_factory.mktemp("sites")
    for name, text in re.findall(r"```toml\n# my-sites/([a-z-]+\.toml)\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL):
        (directory / name).write_text(text, "utf-8")
    (directory / "tribun.toml").unlink()  # new layouts for a site of the catalogue: another test's
    assert len(list(directory.iterdir())) == 2
    return directory


def test_a_saved_page_becomes_a_fixture(root: Path, tmp_path: Path) -> None:
    page = tmp_path / "halaman.html"
    page.write_bytes((CASE / "page.html").read_bytes())
    done = kliping("fixture", "add", str(page), "--url", URL, "--fetched-at", "2019-10-08", "--fixtures", str(root))
    assert done.returncode == 0, done.stderr
    made = Path(done.stdout.decode().strip())
    assert made.parent.name == HOST
    assert (made / "page.html").read_bytes() == page.read_bytes()
    assert json.loads((made / "article.json").read_text("utf-8")) == json.loads(
        (CASE / "article.json").read_text("utf-8")
    )
    facts = json.loads((made / "capture.json").read_text("utf-8"))
    assert (facts["final_url"], facts["fetched_at"]) == (URL, "2019-10-08T00:00:00+00:00")
    assert kliping("fixture", "check", "--fixtures", str(root)).returncode == 0
    again = kliping("fixture", "add", str(page), "--url", URL, "--fixtures", str(root))
    assert again.returncode == 64
    assert b"exists already" in again.stderr


def test_a_saved_page_says_its_address_itself(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes((CASE.parent.parent / "www.jpnn.com/2021-07-18-angkot-lansia/page.html").read_bytes())
    done = kliping("fixture", "add", str(page), "--fixtures", str(tmp_path / "mine"), "--slug", "angkot")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "mine/www.jpnn.com/2021-07-18-angkot/article.json").exists()


def test_a_page_of_the_web_is_fetched_after_its_robots_file(tmp_path: Path) -> None:
    with newspaper() as paper:
        options = (
            "--allow-net",
            f"127.0.0.1:{paper.port}",
            "--replay",
            f"https://{HOST}=http://127.0.0.1:{paper.port}",
        )
        done = kliping("fixture", "add", URL, "--fixtures", str(tmp_path / "f"), *options)
        assert done.returncode == 0, done.stderr
        assert list(paper.asked) == ["/robots.txt", URL.removeprefix(f"https://{HOST}")]
        gone = kliping(
            "fixture", "add", f"https://{HOST}/2019/10/07/tidak-ada", "--fixtures", str(tmp_path / "f"), *options
        )
        refused = kliping("fixture", "add", f"https://{HOST}/search?q=x", "--fixtures", str(tmp_path / "f"), *options)
    made = Path(done.stdout.decode().strip())
    assert json.loads((made / "article.json").read_text("utf-8"))["headline"]
    assert json.loads((made / "capture.json").read_text("utf-8"))["request_headers"] == []
    assert (gone.returncode, gone.stdout) == (3, b"")
    assert b": gone (HTTP 404)" in gone.stderr
    assert (refused.returncode, refused.stdout) == (3, b"")
    assert b": robots (disallowed)" in refused.stderr


def test_a_capture_of_the_archive_becomes_a_fixture(tmp_path: Path) -> None:
    archive = tmp_path / "kliping.db"
    with newspaper() as paper:
        crawled = kliping(
            "crawl", URL, "--archive", str(archive), "--delay", "0",
            "--allow-net", f"127.0.0.1:{paper.port}", "--replay", f"https://{HOST}=http://127.0.0.1:{paper.port}",
        )  # fmt: skip
    assert crawled.returncode == 0, crawled.stderr
    by_id = kliping("fixture", "add", "1", "--archive", str(archive), "--fixtures", str(tmp_path / "a"))
    by_url = kliping("fixture", "add", URL, "--archive", str(archive), "--fixtures", str(tmp_path / "b"))
    for done in (by_id, by_url):
        assert done.returncode == 0, done.stderr
        assert (Path(done.stdout.decode().strip()) / "page.html").read_bytes() == (CASE / "page.html").read_bytes()
    for key in ("999", "9" * 30, "https://contoh.id/x"):
        none = kliping("fixture", "add", key, "--archive", str(archive), "--fixtures", str(tmp_path / "c"))
        assert none.returncode == 64
        assert b"no such capture" in none.stderr


def test_check_shows_each_field_and_accept_takes_over_the_named_only(root: Path) -> None:
    article = root / HOST / CASE.name / "article.json"
    record = json.loads(article.read_text("utf-8"))
    right = dict(record)
    record["headline"], record["tags"] = "Judul yang Salah", ["salah"]
    record["body"] = [*record["body"], {"kind": "paragraph", "text": "Satu kalimat terlalu banyak."}]
    article.write_text(json.dumps(record), "utf-8")
    shown = kliping("fixture", "check", HOST, "--fixtures", str(root))
    assert shown.returncode == 3
    text = shown.stdout.decode()
    assert f"{NAME}  headline" in text
    assert '  - "Judul yang Salah"' in text
    assert f"  + {json.dumps(right['headline'])}" in text
    assert f"  - [{len(right['body'])}] " in text
    assert b"1 fixtures, 1 read differently from their records" in shown.stderr
    found = [
        json.loads(line) for line in kliping("fixture", "check", "--json", "--fixtures", str(root)).stdout.splitlines()
    ]
    assert {each["field"] for each in found} == {"headline", "body", "tags"}

    done = kliping("fixture", "accept", NAME, "--field", "tags", "--field", "body", "--fixtures", str(root))
    assert done.returncode == 0, done.stderr
    assert json.loads(article.read_text("utf-8")) == right | {"headline": "Judul yang Salah"}
    assert kliping("fixture", "accept", NAME, "--field", "headline", "--fixtures", str(root)).returncode == 0
    assert kliping("fixture", "check", "--fixtures", str(root)).returncode == 0


def test_a_page_that_is_an_article_no_longer_is_told_and_taken_over_whole(root: Path) -> None:
    case = root / HOST / CASE.name
    (case / "article.json").rename(case / "error.json")
    (case / "error.json").write_text('{"reason": "soft_404"}', "utf-8")
    shown = kliping("fixture", "check", "--fixtures", str(root))
    assert shown.returncode == 3
    assert b'  - "soft_404"\n  + null' in shown.stdout
    alone = kliping("fixture", "accept", NAME, "--field", "headline", "--fixtures", str(root))
    assert alone.returncode == 64
    assert b"only --field reason" in alone.stderr
    assert kliping("fixture", "accept", NAME, "--field", "reason", "--fixtures", str(root)).returncode == 0
    assert not (case / "error.json").exists()
    assert kliping("fixture", "check", "--fixtures", str(root)).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("fixture", "add", "{tmp}/none.html"), "No such file"),
        (("fixture", "add", "{tmp}/page.html"), "give --url"),
        (("fixture", "add", "{tmp}/page.html", "--url", "ftp://x"), "not an http or https URL"),
        (("fixture", "add", "{tmp}/page.html", "--url", "https://muara.example/", "--slug", "!"), "no letter"),
        (("fixture", "check", "--fixtures", "{tmp}"), "there is no fixture"),
        (("fixture", "check", "--fixtures", "{tmp}/broken"), "exactly one of"),
        (("fixture", "check", "--fixtures", "{tmp}/cut"), "no capture"),
        (("fixture", "accept", "a/b", "--field", "tags", "--fixtures", "{tmp}"), "no such fixture"),
        (("fixture", "accept", NAME, "--field", "colour"), "not a field of the record"),
        (("fixture", "accept", NAME), "Missing option"),
        (("sites", "--sites", "{tmp}"), "there is no *.toml file"),
        (("sites", "--sites", "{tmp}/none"), "does not exist"),
        (("sites", "--sites", "{tmp}/wrong"), "a.toml: line 7: layouts[0].body: '[=' is not a CSS selector"),
        (("sites", "check", "--sites", "{tmp}/taken"), "a.toml: x: the host 'beritajatim.com' is taken by beritajatim"),
        (("extract", "{tmp}/page.html", "--sites", "{tmp}/latin"), "a.toml: not UTF-8"),
        (("crawl", "x", "--archive", "{tmp}/a.db", "--sites", "{tmp}/unknown"), "a.toml: line 1: colour: there is no such key"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_line_and_exit_64(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>x</p>", "utf-8")
    for name, text in (
        ("wrong", 'slug="x"\nbrand="X"\nhosts=["x.example"]\narticle_path="/"\n[[layouts]]\nname="x/1"\nbody=["[="]'),
        ("taken", 'profile="wordpress"\nslug="x"\nbrand="X"\nhosts=["beritajatim.com"]'),
        ("latin", 'brand = "é"'),
        ("unknown", 'colour = "red"'),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.toml").write_text(text, "latin-1")
    for name in ("broken", "cut"):
        (tmp_path / name / "h" / "d").mkdir(parents=True)
        (tmp_path / name / "h" / "d" / "capture.json").write_text("{}", "utf-8")
    (tmp_path / "cut" / "h" / "d" / "article.json").write_text('{"headline": "x"}', "utf-8")
    (tmp_path / "cut" / "h" / "d" / "page.html").write_text("x", "utf-8")
    done = kliping(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert done.returncode == 64, done.stderr
    assert done.stdout == b""
    assert told in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert sum(told in line for line in done.stderr.decode().splitlines()) == 1


def test_a_site_of_ones_own_is_read_listed_crawled_and_checked(sites: Path, tmp_path: Path) -> None:
    """The documented example, from definition to test, without touching the package."""
    page, url = tmp_path / "halaman.html", "https://www.harianmuara.example/2025/05/20/dermaga-muara-dipagari-bambu"
    page.write_text(PAGE, "utf-8")
    own = ("--sites", str(sites))
    record = json.loads(kliping("extract", str(page), "--url", url, *own).stdout)
    assert (record["layout"], record["site"]) == ("harian-muara/2025", "harian-muara-pusat")
    assert record["published_at"] == "2025-05-20T09:10:00+08:00"
    assert [block["text"] for block in record["body"]] == [
        "Dermaga di muara dipagari bambu setelah dua perahu hanyut.",
        "Pagar itu dipasang warga dalam satu malam.",
        "Bambunya diambil dari kebun desa dan diikat dengan ijuk yang direndam air garam.",
    ]
    assert record["related_links"][0]["url"] == "https://www.harianmuara.example/2025/05/01/perahu-hanyut"
    assert record["image"]["caption"] == "Pagar di dermaga"
    without = json.loads(kliping("extract", str(page), "--url", url).stdout or "null")
    assert without is None or without["layout"] == "generic/1"

    assert b"suara-rawa" in kliping("sites", env={"KLIPING_SITES": str(sites)}).stdout
    shown = kliping("sites", "harian-muara", *own).stdout.decode()
    assert "three pages saved in May 2025" in shown
    assert "https://{host}/indeks?date=" in shown
    assert json.loads(kliping("sites", "harian-muara", "--json", *own).stdout)["portals"][0]["zone"] == "Asia/Makassar"

    fixtures = tmp_path / "fixtures"
    assert kliping("fixture", "add", str(page), "--url", url, "--fixtures", str(fixtures), *own).returncode == 0
    checked = kliping("sites", "check", "--fixtures", str(fixtures), *own)
    assert checked.returncode == 0, checked.stdout
    assert b"note: harian-muara/2019: no fixture is read by it" in checked.stderr
    assert kliping("sites", "check", "--fixtures", str(fixtures)).returncode == 3  # the page is not read as recorded

    with newspaper(fixtures) as paper:
        archive = ("--archive", str(tmp_path / "a.db"))
        crawled = kliping(
            "crawl", "harian-muara-pusat", url, "--delay", "0", *archive, *own,
            "--allow-net", f"127.0.0.1:{paper.port}", "--replay", f"https://www.harianmuara.example=http://127.0.0.1:{paper.port}",
        )  # fmt: skip
    assert crawled.returncode == 0, crawled.stderr
    assert b"1 new article," in crawled.stderr
    assert json.loads(kliping("show", record["url"], "--json", *archive).stdout) == record


def test_the_catalogue_is_well(root: Path) -> None:
    done = kliping("sites", "check")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"0 problems" in done.stderr
    article = root / HOST / CASE.name / "article.json"
    article.write_text(json.dumps(json.loads(article.read_text("utf-8")) | {"headline": "Salah"}), "utf-8")
    done = kliping("sites", "check", "--fixtures", str(root))
    assert done.returncode == 3
    assert done.stdout.decode().splitlines() == [
        f"{NAME}: headline is not read as recorded (`kliping fixture check` shows it)"
    ]
    assert b"1 problems" in done.stderr


def test_a_day_without_a_zone_is_a_day() -> None:
    done = kliping("extract", str(CASE / "page.html"), "--url", URL, "--fetched-at", "2019-10-08")
    assert json.loads(done.stdout) | {"confidence": {}} == load_expected(CASE)
