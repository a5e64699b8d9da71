"""Compiles the walk through a page (scraper/native) if Cython and a C compiler are present; without them the package is
pure Python.

python hatch_build.py        # in place, for a checkout that is not installed
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("scraper", "native", "_walk.pyx")
NAME = f"_walk{sysconfig.get_config_var('EXT_SUFFIX')}"


class CompileWalk(BuildHookInterface):  # type: ignore[type-arg]
    """Puts what could be compiled into the wheel; for an editable install, beside its source."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            compile_in_place(Path(self.root))
            return
        self._made = tempfile.TemporaryDirectory(prefix="kliping-build-")  # a build changes nothing in the checkout
        built = compile_walk(Path(self.root), Path(self._made.name))
        if built is not None:
            build_data["force_include"][str(built)] = (SOURCE.parent / NAME).as_posix()
            build_data["pure_python"], build_data["infer_tag"] = False, True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if version != "editable":
            self._made.cleanup()


def compile_walk(root: Path, into: Path) -> Path | None:
    """The compiled module, in a directory; None, with a message on stderr, if it cannot be built."""
    source, built = root / SOURCE, into / NAME
    try:
        if sys.platform == "win32":
            raise OSError("not on Windows")
        from Cython.Compiler.Main import compile as translate  # noqa: PLC0415  (it may not be there)

        made = built.with_name("_walk.c")
        if translate(str(source), output_file=str(made)).num_errors:
            raise OSError("Cython refuses it")
        subprocess.run(_command(made, source.parent, built), check=True)  # noqa: S603  (the compiler that Python was built with)
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"kliping: pages will be read without the compiled walk: {error}\n")
        return None
    return built


def compile_in_place(root: Path) -> bool:
    """Put the compiled module beside its source, or remove an old one; returns whether it could be built."""
    beside = root / SOURCE.with_name(NAME)
    with tempfile.TemporaryDirectory(
        prefix="_walk-", dir=beside.parent
    ) as made:  # on the same disk, so that it is moved in one step
        built = compile_walk(root, Path(made))
        if built is None:
            beside.unlink(missing_ok=True)
            return False
        built.replace(beside)
    return True


def _command(made: Path, headers: Path, built: Path) -> list[str]:
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    shared = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
    include = [f"-I{headers}", f"-I{sysconfig.get_path('include')}"]
    return [*compiler, *shared, "-fPIC", "-O2", "-DNDEBUG", *include, str(made), "-o", str(built)]


if __name__ == "__main__":
    sys.exit(0 if compile_in_place(Path(__file__).parent) else 1)
