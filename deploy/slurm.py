"""Reads many WARC files on a Slurm cluster: pip install 'kliping[cluster,warc]' dask-jobqueue, then

    python deploy/slurm.py 40 warc /scratch/cc-news/*.warc.gz --to /scratch/shards

starts 40 workers of one core, each a job of its own, and gives the rest of the line to `kliping import`. kliping and the
directories must be at the same paths on every node. What is interrupted goes on when the same line is given again.
"""

from __future__ import annotations

import subprocess
import sys

from dask_jobqueue import SLURMCluster

if __name__ == "__main__":
    workers, arguments = int(sys.argv[1]), sys.argv[2:]
    # Each worker has a child that reads; both take turns, so one core is enough. Its scratch is $TMPDIR of the node.
    with SLURMCluster(cores=1, processes=1, memory="3GB", walltime="12:00:00") as cluster:
        cluster.scale(jobs=workers)
        line = [sys.executable, "-m", "scraper", "import", *arguments, "--cluster", cluster.scheduler_address]
        sys.exit(subprocess.run(line, check=False).returncode)
