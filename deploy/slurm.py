"""Reads many WARC files on a Slurm cluster: pip install 'kliping[cluster,warc]' dask-jobqueue, then

    python deploy/slurm.py 40 warc /scratch/cc-news/*.warc.gz --to /scratch/shards

starts 40 workers of one core, each a job of its own, and gives the rest of the line to `kliping import`. kliping and the
directories must be at the same paths on every node. What is interrupted goes on when the same line is given again.

A Dask scheduler runs what it is sent. So it, the workers and `kliping import` show each other a certificate that is made
for this run, in a directory of yours that every node sees and nobody else can read.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates.sh"


def main(workers: int, arguments: list[str]) -> int:
    """The exit code of `kliping import`."""
    from dask_jobqueue import SLURMCluster  # noqa: PLC0415  (only here)
    from distributed import Security  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix=".kliping-", dir=Path.home()) as directory:
        subprocess.run(["/bin/sh", str(CERTIFICATES), directory], check=True)
        # Each worker has a child that reads; both take turns, so one core is enough. Its scratch is $TMPDIR of the node.
        with SLURMCluster(
            cores=1, processes=1, memory="3GB", walltime="12:00:00",
            protocol="tls://", security=Security(**certificates(Path(directory))),
            python=f"{sys.executable} -P",  # what lies in the directory of a job is not run
            job_script_prologue=["export PYTHONSAFEPATH=1"],
        ) as cluster:  # fmt: skip
            cluster.scale(jobs=workers)
            line = [sys.executable, "-P", "-m", "scraper", "import", *arguments]
            line += ["--cluster", cluster.scheduler_address, "--certificates", directory]
            return subprocess.run(line, check=False).returncode


def certificates(directory: Path) -> dict[str, object]:
    """What distributed.Security is to know: everybody shows the same certificate."""
    ca, cert, key = (str(directory / name) for name in ("ca.pem", "cert.pem", "key.pem"))
    roles = ("scheduler", "worker", "client")
    shown = {f"tls_{role}_{kind}": path for role in roles for kind, path in (("cert", cert), ("key", key))}
    return {"require_encryption": True, "tls_ca_file": ca, **shown}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
