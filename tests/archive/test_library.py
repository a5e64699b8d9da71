"""Which modules are loaded with the archive."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_the_archive_loads_without_pandas() -> None:
    """A command's start would take twice as long; what imports pandas afterwards gets it."""
    pytest.importorskip("pandas")
    code = (
        "import sys, scraper.archive.file.library; assert 'pandas' not in sys.modules; import pandas; pandas.DataFrame"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
