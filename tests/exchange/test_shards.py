"""Many WARC files at once: one process, two, a Dask cluster, and one that loses a worker give the same result, byte for
byte.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import runpy
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.archive.file.connection import open_archive
from scraper.archive.keep import verify
from scraper.cli import cli
from scraper.cluster import Ended, Place, local_options, work_on
from scraper.errors import ClusterError
from tests.exchange.dying import dies, lose_a_worker_once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

pytest.importorskip("fastwarc")
if find_spec("distributed") is None:
    pytest.skip("distributed is not installed", allow_module_level=True)
ROOT = Path(__file__).parent.parent.parent
from scraper.exchange.shards import Form, WarcShard, import_in_shards  # noqa: E402


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Those that deploy/ makes for a cluster."""
    directory = tmp_path_factory.mktemp("certificates")
    subprocess.run(["/bin/sh", str(ROOT / "deploy" / "certificates.sh"), str(directory)], check=True)
    return directory


@pytest.fixture(scope="module")
def cluster(certificates: Path) -> Iterator[Any]:
    """A cluster as deploy/slurm.py starts it: everybody shows the certificate."""
    import distributed  # noqa: PLC0415  (half a second, whoever collects the tests)

    slurm = runpy.run_path(str(ROOT / "deploy" / "slurm.py"))
    security = distributed.Security(**slurm["certificates"](certificates))  # type: ignore[no-untyped-call]
    options = local_options(2) | {"security": security, "scheduler_port": 0}
    with distributed.LocalCluster(**options) as cluster:  # type: ignore[no-untyped-call]
        yield cluster


@pytest.fixture(scope="module")
def place(cluster: Any, certificates: Path) -> Place:
    return Place(cluster=cluster.scheduler_address, certificates=certificates)


@pytest.fixture(scope="module")
def warcs(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Our own export in two files, of a paper each."""
    home = tmp_path_factory.mktemp("warcs")
    found = []
    for name, site in (("satu", "tribun-pontianak"), ("dua", "beritajatim")):
        asked = ["export", "warc", "--to", str(home / name), "--archive", str(filled), "--site", site]
        assert CliRunner().invoke(cli, asked).exit_code == 0
        source = next((home / name / "archive").glob("*.warc.gz"))
        found.append(source.rename(home / f"{name}.warc.gz"))
    return found


def shards(warcs: Sequence[Path], target: Path, forms: tuple[Form, ...] = ("archive", "parquet")) -> list[WarcShard]:
    return [
        WarcShard(source=each, target=target, hosts=(), forms=forms, version="0", arguments="", sites=(), min_free_bytes=0)
        for each in warcs
    ]  # fmt: skip


def outcome(target: Path) -> tuple[dict[str, str], dict[str, int], list[Any]]:
    """What must be the same wherever it was made: the Parquet files' digests, the counts, the articles of the archives."""
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    for each in manifest["outputs"]:
        data = (target / each["path"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (each["bytes"], each["sha256"])
    rows = []
    for path in sorted(target.glob("*.db")):
        with open_archive(path) as db:
            assert list(verify.verify(db)) == []
            rows += db.execute("SELECT url, content_hash, revision FROM articles ORDER BY url").fetchall()
    parquet = {each["path"]: each["sha256"] for each in manifest["outputs"] if each["path"].endswith(".parquet")}
    assert not list(target.rglob(".*"))
    return parquet, manifest["counts"], rows


@pytest.fixture(scope="module")
def expected(warcs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    target = tmp_path_factory.mktemp("one")
    done = import_in_shards(shards(warcs, target), Place(jobs=1))
    assert (done.done, done.known, done.failures) == (2, 0, [])
    return outcome(target)


def test_two_processes_and_a_cluster_make_the_same(
    warcs: list[Path], expected: Any, place: Place, tmp_path: Path
) -> None:
    parquet, counts, rows = expected
    assert parquet
    assert counts["kept"] >= 10
    assert rows
    assert import_in_shards(shards(warcs, tmp_path / "b"), place).done == 2
    assert outcome(tmp_path / "b") == expected
    again = import_in_shards(shards(warcs, tmp_path / "b"), place)
    assert (again.done, again.known, dict(again.counts)) == (0, 2, {**counts})
    next((tmp_path / "b").glob("satu-*.db")).unlink()
    again = import_in_shards(shards(warcs, tmp_path / "b"), Place(jobs=1))
    assert (again.done, again.known) == (1, 1), "what is missing is made again, and nothing else"
    assert outcome(tmp_path / "b") == expected


def test_archives_of_shards_merge_into_what_one_import_gives(warcs: list[Path], tmp_path: Path) -> None:
    runner = CliRunner()
    ask = ["import", "warc", *map(str, warcs)]
    assert runner.invoke(cli, [*ask, "--archive", str(tmp_path / "one.db")]).exit_code == 0
    sharded = runner.invoke(cli, [*ask, "--to", str(tmp_path / "s"), "--jobs", "2", "--json"])
    assert sharded.exit_code == 0, sharded.output
    assert json.loads(sharded.stdout)["done"] == 2
    parts = [str(path) for path in sorted((tmp_path / "s").glob("*.db"))]
    assert runner.invoke(cli, ["merge", *parts, "--to", str(tmp_path / "all.db")]).exit_code == 0
    found = []
    for name in ("one.db", "all.db"):
        with open_archive(tmp_path / name) as db:
            found.append(
                (
                    db.execute("SELECT url, content_hash FROM articles ORDER BY url").fetchall(),
                    db.execute("SELECT u.url, c.captured_at, b.sha256 FROM captures AS c JOIN urls AS u ON u.id = c.url_id JOIN bodies AS b ON b.id = c.body_id ORDER BY 1, 2, 3").fetchall(),
                )
            )  # fmt: skip
    assert found[0] == found[1]


def test_what_cannot_be_read_is_named_and_the_rest_is_done(warcs: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "rusak.warc.gz"
    broken.write_bytes(warcs[0].read_bytes()[:3000])
    asked = ["import", "warc", str(broken), str(warcs[1]), "--to", str(tmp_path / "s"), "--jobs", "1"]
    done = CliRunner().invoke(cli, asked)
    assert done.exit_code == 3, done.output
    assert "2 files read, 0 were there before, 0 failed" in done.stderr
    assert "records were broken" in done.stderr
    gone = import_in_shards(shards([tmp_path / "tidak-ada.warc.gz"], tmp_path / "s"), Place(jobs=1))
    assert gone.done == 0
    assert "No such file" in gone.failures[0][1]


@pytest.mark.parametrize("is_cluster", [False, True])
def test_a_lost_worker_costs_its_shard_another_try(tmp_path: Path, place: Place, *, is_cluster: bool) -> None:
    place = place if is_cluster else Place(jobs=2)
    marks = [tmp_path / f"{number}{'.dies' if number == 1 else ''}" for number in range(4)]
    ended: list[Ended[Path, str]] = list(work_on(lose_a_worker_once, marks, place))
    assert sorted((each.result or "", each.failure) for each in ended) == sorted((mark.name, None) for mark in marks)


def test_a_shard_that_kills_every_worker_is_given_up() -> None:
    assert [each.failure for each in work_on(dies, [1], Place(jobs=1))] == ["its process died"]


def test_a_cluster_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="must begin with tls"):
        Place(cluster="scheduler")
    asked = CliRunner().invoke(cli, ["import", "warc", __file__, "--to", str(tmp_path), "--cluster", "b.warc.gz"])
    assert asked.exit_code == 2
    asked = CliRunner().invoke(cli, ["import", "warc", __file__, "--cluster"])
    assert asked.exit_code == 2
    assert "--to" in asked.output


def is_answered(address: str, certificate: Path | None) -> bool:
    """Whether a Dask process says anything to who shows a certificate, or none."""
    host, port = address.removeprefix("tls://").split(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is they who must know us
    if certificate is not None:
        context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with socket.create_connection((host, int(port)), 10) as connection:
        try:
            with context.wrap_socket(connection) as secured:
                return secured.recv(1) != b""
        except ssl.SSLError:
            return False


def living_worker(cluster: Any) -> str:
    """The address of a worker that can be connected to: one that has ended is replaced in a moment."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for address in list(cluster.scheduler.workers):
            host, port = address.removeprefix("tls://").split(":")
            with contextlib.suppress(OSError), socket.create_connection((host, int(port)), 10):
                return str(address)
        time.sleep(0.05)
    raise AssertionError("no worker is there")


def test_who_has_no_certificate_is_let_in_nowhere(cluster: Any, certificates: Path, tmp_path: Path) -> None:
    """Neither by a scheduler's address nor by a worker's, where whoever is let in runs code as the user."""
    subprocess.run(["/bin/sh", str(ROOT / "deploy" / "certificates.sh"), str(tmp_path)], check=True)
    for address in (cluster.scheduler_address, living_worker(cluster)):
        assert address.startswith("tls://127.0.0.1:")
        assert [is_answered(address, each) for each in (certificates, tmp_path, None)] == [True, False, False]


def test_what_is_open_to_others_is_told(tmp_path: Path) -> None:
    asked = ["reextract", "--archive", str(tmp_path / "none.db")]  # which is not there, so that nobody is asked
    for address, is_told in (
        ("tcp://192.0.2.7:8786", True),
        ("tcp://127.0.0.1:1", False),
        ("tls://192.0.2.7:8786", False),
    ):
        danger = Place(cluster=address).danger
        assert (danger is not None and "runs code" in danger) is is_told, address
    done = CliRunner().invoke(cli, [*asked, "--cluster", "tcp://192.0.2.7:8786"])
    assert "runs code" in done.stderr
    for address in ("tcp://127.0.0.1:1", "local"):
        with pytest.raises(ClusterError, match="tls"):
            Place(cluster=address, certificates=tmp_path)
    with pytest.raises(ClusterError, match=r"no ca\.pem"):
        Place(cluster="tls://127.0.0.1:1", certificates=tmp_path)
    own = local_options(2)
    assert (own["host"], own["security"].require_encryption) == ("127.0.0.1", True)


@pytest.mark.parametrize("name", ["pickle.py", "selectors.py", "multiprocessing/__init__.py"])
def test_what_lies_in_the_current_directory_is_run_by_no_process(tmp_path: Path, name: str) -> None:
    """As the command that is installed runs: a file of another directory, without any option for the interpreter."""
    here, command = tmp_path / "here", tmp_path / "command.py"
    strange = here / name
    strange.parent.mkdir(parents=True)
    strange.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    command.write_text(
        "from math import sqrt\nfrom scraper.cluster import Place, work_on\n"
        "if __name__ == '__main__':\n    print([each.result for each in work_on(sqrt, [4.0], Place(jobs=1))])"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(command)], cwd=here, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[2.0]\n", done.stderr
    assert not (tmp_path / "ran").exists()


def test_a_worker_killed_in_the_middle_of_a_shard(
    warcs: list[Path], expected: Any, cluster: Any, place: Place, tmp_path: Path
) -> None:
    """SIGKILL to the worker that is reading, from outside, as soon as there is one."""
    import distributed  # noqa: PLC0415

    with distributed.Client(cluster) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(2)  # one may just have been lost
        pids = client.run(os.getpid)
    killed: list[int] = []

    def kill_one() -> None:
        until = time.monotonic() + 20
        while not killed and time.monotonic() < until:
            for pid in pids.values():
                children = Path(f"/proc/{pid}/task").glob("*/children")
                if any(path.read_text("ascii").strip() for path in children):  # its reading process
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
                    return
            time.sleep(0.005)

    thread = threading.Thread(target=kill_one)
    thread.start()
    done = import_in_shards(shards(warcs, tmp_path / "k"), place)
    thread.join()
    assert killed
    assert (done.done, done.failures) == (2, [])
    assert outcome(tmp_path / "k") == expected
