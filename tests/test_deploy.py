"""deploy/ and docs/operations.md are true: the units are valid, the plan can be carried out, and the drill ends well."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from scraper.cli import cli
from scraper.plan.timetable import parse_timetable, turns_of
from tests.archive.made import article, opened, save
from tests.exchange.conftest import fill

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
NEWEST = "https://contoh.id/berita/terbaru"


def test_the_example_names_twenty_papers() -> None:
    done = CliRunner().invoke(cli, ["schedule", str(DEPLOY / "plan.toml"), "--check"])
    assert done.exit_code == 0, done.output
    assert "20 targets" in done.stderr
    timetable = parse_timetable((DEPLOY / "plan.toml").read_text("utf-8"))
    assert len({turn.target for turn in turns_of(timetable)}) == 20


ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="systemd is not installed")
def test_the_units_are_valid(tmp_path: Path) -> None:
    program = tmp_path / "kliping"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = []
    for unit in sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")]):
        made = tmp_path / unit.name
        made.write_text(unit.read_text("utf-8").replace("/opt/kliping/bin/kliping", str(program)))
        units.append(str(made))
    assert len(units) == 4
    done = subprocess.run([ANALYZE or "", "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "kliping" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


def test_the_container_file_copies_what_the_build_needs() -> None:
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for name in source.split():
            assert (ROOT / name).exists(), name


def pinned(lock: Path) -> dict[str, str]:
    """Name → version with its digests."""
    found = {}
    for entry in re.split(r"\n(?=[a-z])", lock.read_text("utf-8").strip()):
        name, _, rest = entry.partition("==")
        assert "--hash=sha256:" in rest, name
        found[name] = rest
    return found


def test_the_container_is_built_from_digests_alone() -> None:
    """Of the versions that the tests run with; everything that kliping needs with the extras of the container, and hatchling."""
    own, tested = pinned(DEPLOY / "requirements.lock"), pinned(ROOT / "requirements-dev.lock")
    for name, entry in own.items():
        assert entry.partition(" ")[0] == tested[name].partition(" ")[0], name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(each for name in ("serve", "parquet", "warc", "near", "metrics", "cluster") for each in extras[name]), "cython", "hatchling"]  # fmt: skip
    assert {re.match(r"[a-z0-9-]+", each)[0] for each in wanted} <= set(own)  # type: ignore[index]
    installs = re.findall(r"pip install (.+)", (DEPLOY / "Containerfile").read_text("utf-8"))
    assert installs
    assert all("--require-hashes" in line or {"--no-deps", "--no-index"} <= set(line.split()) for line in installs)


def test_the_cluster_lets_in_who_shows_its_certificate() -> None:
    """In deploy/kubernetes.yaml: each Dask process has TLS and the certificates, and a policy keeps other pods out."""
    yaml = pytest.importorskip("yaml")
    parts = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text("utf-8")))
    policy = next(part["spec"] for part in parts if part["kind"] == "NetworkPolicy")
    ours = {"podSelector": {"matchLabels": {"app": "kliping"}}}
    assert policy["podSelector"] == ours["podSelector"]
    assert (policy["ingress"], sorted(policy["policyTypes"])) == ([{"from": [ours]}], ["Egress", "Ingress"])
    pods = [part["spec"]["template"] for part in parts if part["kind"] == "Deployment"]
    assert len(pods) == 2
    for pod in pods:
        assert pod["metadata"]["labels"]["app"] == "kliping"
        (container,) = pod["spec"]["containers"]
        command = container["command"]
        assert "tls" in command or command[2].startswith("tls://")
        for option in ("--tls-ca-file", "--tls-cert", "--tls-key"):
            assert command[command.index(option) + 1].startswith("/certificates/")
        assert {"name": "certificates", "mountPath": "/certificates", "readOnly": True} in container["volumeMounts"]


def commands(part: str) -> list[str]:
    """The lines of the shell block under a heading of docs/operations.md."""
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    block = re.search(rf"^## {part}$.*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block is not None, part
    return block[1].splitlines()


def crawl_and_die(path: Path) -> None:
    """Crawl on after the backup, and leave the files as kill -9 leaves them: the newest page stands in the log alone."""
    with opened(path) as db:
        save(db, article(url=NEWEST), b"<p>terbaru</p>", url=NEWEST)
        left = {name: path.with_name(name).read_bytes() for name in (path.name, f"{path.name}-wal")}
    for name, data in left.items():
        path.with_name(name).write_bytes(data)


def test_the_restore_drill_ends_with_an_archive_that_is_sound(tmp_path: Path) -> None:
    """Every command of the page's drill, as it stands there, with the paths of a test."""
    fill(tmp_path / "koran.db")
    (tmp_path / "backup").mkdir()
    lines = [line.partition("  #")[0].strip() for line in commands("Backup and restore drill")]
    ran = 0
    for line in filter(None, lines):
        here = line.replace("/srv/kliping", str(tmp_path)).replace("/backup/kliping", str(tmp_path / "backup"))
        words = here.replace("$(date +%u)", "3").split()
        if words[0] == "kliping":
            done = CliRunner().invoke(cli, words[1:])
            assert done.exit_code == 0, f"{line}: {done.output}"
            ran += 1
        else:
            assert words[0] in ("sudo", "mkdir", "mv", "cp"), line
            if words[0] == "mv":
                crawl_and_die(tmp_path / "koran.db")
            if words[0] != "sudo":  # that is systemctl
                subprocess.run(["/bin/sh", "-c", " ".join(words)], check=True)
    assert ran >= 5
    assert not (tmp_path / "koran.db-wal").exists() or (tmp_path / "koran.db-wal").stat().st_size == 0
    assert CliRunner().invoke(cli, ["verify", "--archive", str(tmp_path / "koran.db")]).exit_code == 0
    found = CliRunner().invoke(cli, ["show", NEWEST, "--archive", str(tmp_path / "koran.db")])
    assert found.exit_code == 0, "what was crawled after the backup is not lost"
