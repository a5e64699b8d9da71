"""After a redesign: what changed, a layout for it, and a trial of that over all stored pages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from scraper.archive.file.connection import open_archive
from scraper.cli import cli
from scraper.cli.own_sites import read_own_sites
from scraper.errors import SiteError
from scraper.extract import extract_capture
from scraper.health.definition import as_toml
from scraper.health.heal import halves, healed, template_change, using
from scraper.sites import Layout
from scraper.sites.definition import parse_sites
from scraper.sites.registry import by_slug, find_portal, own_sites, use_sites
from scraper.typed import replace
from tests.health.papers import PAPERS, Series, redesigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    from scraper.archive.file.library import Archive
    from scraper.health.suggest import Suggestion

BREAK = 6  # days after the first
# Fields that the suggested layout reads on none of the held-out pages, of those that are known there.
NOT_RECOVERED = {
    "www.suarakalbar.co.id/2024-08-18-perpustakaan-perahu": {"section"},
    "www.liputan6.com/2026-07-24-rumah-tenun": {"editors", "section"},
    "www.merdeka.com/2026-07-20-perpustakaan-gerobak": {"editors"},
    "regional.kompas.com/": {"editors"},
}


@pytest.fixture(autouse=True)
def _no_own_sites() -> Iterator[None]:
    yield
    use_sites(())


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Series]]:
    """The archive of a redesigned paper, to be read only, made when it is first asked for."""
    home = tmp_path_factory.mktemp("papers")
    return cache(lambda name: _redesigned(home / f"{PAPERS.index(name)}.db", name))


def _redesigned(path: Path, name: str) -> tuple[Path, Series]:
    """A paper that was redesigned, with eight articles that were captured before and after."""
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
        db.execute("PRAGMA synchronous = OFF")
        series = Series(db, name)
        for day in range(BREAK):
            series.day(day)
        series.again(BREAK, change=redesigned)
        for day in range(BREAK, BREAK + 3):
            series.day(day, change=redesigned)
    return path, series


def suggestion_for(db: Archive, series: Series) -> Suggestion:
    found = halves(db, series.site, series.start + timedelta(days=BREAK))
    suggestion = healed(series.site, found)
    assert suggestion is not None
    return suggestion


@pytest.mark.parametrize("name", PAPERS)
def test_a_layout_is_recovered(name: str, paper: Callable[[str], tuple[Path, Series]]) -> None:
    """Measured on pages that it was not made from, whose articles are known from before the redesign."""
    path, series = paper(name)
    with open_archive(path) as db:
        suggestion = suggestion_for(db, series)
    assert (suggestion.pages, suggestion.paired, suggestion.is_measured_apart) == (4, 8, True)
    partly = {field for field, (agreeing, known) in suggestion.agreement.items() if agreeing < known}
    assert partly == NOT_RECOVERED.get(name, set())
    assert {"headline", "published_at", "authors", "body"} <= suggestion.agreement.keys()


def test_a_misread_redesign_is_healed_too(paper: Callable[[str], tuple[Path, Series]]) -> None:
    """Another layout of the site reads the new pages, wrongly: the day of the change is all that is known."""
    path, series = paper("regional.kompas.com/")
    with open_archive(path) as db:
        assert halves(db, series.site, None).after == []
        suggestion = suggestion_for(db, series)
        found = halves(db, series.site, series.start + timedelta(days=BREAK))
    site, _ = by_slug(series.site) or (None, None)
    assert site is not None
    with using(replace(site, layouts=(suggestion.layout, *site.layouts))):
        assert {extract_capture(capture).layout for capture, _ in found.after} == {suggestion.layout.name}
        assert not {extract_capture(capture).layout for capture in found.before} & {suggestion.layout.name}


def test_what_changed_in_a_template(paper: Callable[[str], tuple[Path, Series]]) -> None:
    path, series = paper(PAPERS[0])
    with open_archive(path) as db:
        rows = template_change(halves(db, series.site, None))
    assert {(each.before, each.after) for each in rows} == {(1.0, 0.0), (0.0, 1.0)}
    assert "div.txt-article" in {each.name for each in rows if each.after == 0}
    assert "div.nx-elcitra-txt" in {each.name for each in rows if each.before == 0}


def test_from_a_redesign_to_a_tried_layout_on_the_command_line(
    paper: Callable[[str], tuple[Path, Series]], tmp_path: Path
) -> None:
    made_at, series = paper(PAPERS[0])
    path = str(made_at)
    run = CliRunner().invoke
    day = f"{series.start + timedelta(days=BREAK + 1):%Y-%m-%d}"
    shown = run(cli, ["sites", "diff", series.site, "--on", path, "--since", day])
    assert shown.exit_code == 0
    assert "gone" in shown.stdout
    own = tmp_path / "sites"
    suggest = ["sites", "suggest", series.site, "--on", path]
    made = run(cli, [*suggest, "--to", str(own)])
    assert made.exit_code == 0, made.output
    assert "headline" in made.stderr
    file, *fixtures = made.stdout.split("\n")[:-1]
    assert file == str(own / "tribun.toml")
    assert (own / "tribun.toml").read_text("utf-8") == run(cli, suggest).stdout
    assert len(fixtures) == 2
    for case in fixtures:
        assert json.loads((tmp_path / case / "article.json").read_text("utf-8"))["layout"] == "tribun/2026-07"
    checked = run(cli, ["fixture", "check", "--fixtures", str(own / "fixtures"), "--sites", str(own)])
    assert (checked.exit_code, checked.stderr) == (0, "2 fixtures, 0 read differently from their records\n")
    use_sites(())
    assert "exists already" in run(cli, [*suggest, "--to", str(own)]).output, "what was corrected by hand is not lost"
    tried = run(cli, ["sites", "try", str(own / "tribun.toml"), "--on", path, "--jobs", "1", "--json"])
    assert tried.exit_code == 0, tried.output
    changes = [json.loads(line) for line in tried.stdout.splitlines()]
    assert {each["kind"] for each in changes} == {"changed"}
    assert all(each["fields"]["layout"]["after"] == "tribun/2026-07" for each in changes)
    assert own_sites() == (), "a trial leaves nothing behind"
    again = run(cli, ["reextract", "--dry-run", "--sites", str(own), "--archive", path, "--jobs", "1", "--json"])
    assert len(again.stdout.splitlines()) == len(changes), "the same file works with --sites"


def test_a_definition_is_tried_in_place_of_the_catalogues_and_what_is_lost_is_told(
    paper: Callable[[str], tuple[Path, Series]], tmp_path: Path
) -> None:
    path, _ = paper(PAPERS[0])
    file = tmp_path / "tribun.toml"
    own = files("scraper.sites").joinpath("catalogue", "tribun.toml").read_text("utf-8")
    file.write_text(re.sub(r"^tags = .*$", "", own, flags=re.MULTILINE), "utf-8")
    done = CliRunner().invoke(cli, ["sites", "try", str(file), "--on", str(path), "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert "nothing was changed" in done.stderr
    file.write_text("name = 1\n", "utf-8")
    done = CliRunner().invoke(cli, ["sites", "try", str(file), "--on", str(path)])
    assert isinstance(done.exception, SiteError)


def test_a_layout_as_text_is_that_layout_again() -> None:
    layout = Layout(
        name="tribun/2030", body=("div.isi", "div.a b"), lede=('p[x="y"]',), checked=None, confidence="inferred"
    )
    [site] = parse_sites(as_toml(layout, site="tribun"))
    assert site.layouts[0] == layout
    assert site.portals == by_slug("tribun")[1]  # type: ignore[index]
    use_sites([site])
    found, _ = find_portal("https://pontianak.tribunnews.com/a")
    assert found is not None
    assert found.layouts[0] == layout


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('extends = "nobody"', "extends: 'nobody' is not a site"),
        ('extends = "tribun"\nslug = "x"', "slug: with `extends` there are layouts"),
    ],
)
def test_an_extension_that_is_wrong(text: str, why: str) -> None:
    with pytest.raises(SiteError, match=why):
        parse_sites(text)


OWN_SITE = """
slug = "muara"
brand = "Harian Muara"
hosts = ["www.muara.example"]
province = "Kalimantan Timur"
article_path = '^/berita/'
[[layouts]]
name = "muara/2020"
headline = ["h1.judul"]
lede = [".ringkasan"]
published = [".tanggal"]
byline = [".penulis"]
body = ["div.isi"]
tags = [".topik a"]
source = "twelve pages saved in 2021"
"""
OWN_PAGE = (
    "<html lang='id'><head><title>Galangan Tua Buka Kembali</title></head><body><div class='kepala'><h1 class='judul'>Galangan Tua Buka Kembali</h1>"
    "<p class='ringkasan'>Galangan di muara itu membuat kapal kayu lagi setelah sembilan tahun.</p><div class='tanggal'>3 Maret 2026 09:20 WITA</div>"
    "<div class='penulis'>Ratna Dewi</div></div><div class='isi'>"
    + "".join(
        f"<p>Tukang kayu {name} memeriksa lunas pertama yang dipasang pagi itu bersama dua orang muridnya.</p>"
        for name in ("tua", "muda")
    )
    + "</div><div class='topik'><a>Galangan</a> <a>Kapal kayu</a></div></body></html>"
)


def test_a_redesign_of_a_site_of_ones_own_is_seen_suggested_tried_and_checked(tmp_path: Path) -> None:
    """Every step that the one before prints can be taken as printed; captures of the same addresses tell what the articles say."""

    def run(*arguments: object) -> Result:
        use_sites(())  # each command is a process of its own
        return CliRunner().invoke(cli, [str(each) for each in arguments])

    own, fixtures, db = tmp_path / "sites", tmp_path / "fixtures", tmp_path / "muara.db"
    own.mkdir()
    (own / "muara.toml").write_text(OWN_SITE, "utf-8")
    page = tmp_path / "page.html"
    page.write_text(OWN_PAGE, "utf-8")
    url = "https://www.muara.example/berita/galangan-tua-buka-kembali"
    added = run(
        "fixture", "add", page, "--url", url, "--fetched-at", "2026-03-03", "--sites", own, "--fixtures", fixtures
    )
    assert added.exit_code == 0, added.output
    read_own_sites(own)
    _, series = _redesigned(db, added.stdout.strip())
    day = f"{series.start + timedelta(days=BREAK + 1):%Y-%m-%d}"
    shown = run("sites", "diff", "muara", "--sites", own, "--on", db, "--since", day)
    assert "div.isi" in shown.stdout
    made = run("sites", "suggest", "muara", "--sites", own, "--on", db, "--to", own)
    assert made.exit_code == 0, made.output
    step = made.stderr.rpartition("kliping ")[2].split()
    tried = run(*step, "--jobs", "1", "--json")
    assert tried.exit_code == 0, tried.output
    changes = [json.loads(line) for line in tried.stdout.splitlines()]
    assert {each["fields"]["layout"]["after"] for each in changes} == {"muara/2026"}
    checked = run("sites", "check", "--sites", own, "--fixtures", fixtures, "--fixtures", own / "fixtures")
    assert (checked.exit_code, checked.stdout) == (0, ""), checked.output
    again = run("reextract", "--sites", own, "--archive", db, "--jobs", "1")
    assert again.exit_code == 0, again.output
    with open_archive(db) as kept:
        layouts = {row[0] for row in kept.execute("SELECT DISTINCT layout FROM articles")}
    assert layouts == {"muara/2020", "muara/2026"}
