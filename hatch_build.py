"""Compiles the walk through a page (scraper/native) where Cython and a C compiler are; without them the package is pure Python.

python hatch_build.py        # in place, for a checkout that is not installed
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path("scraper", "native", "_walk.pyx")


class CompileWalk(BuildHookInterface):  # type: ignore[type-arg]
    """Puts what could be compiled into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        built = compile_walk(Path(self.root))
        if built is not None:
            build_data["artifacts"].append(built.relative_to(self.root).as_posix())
            build_data["pure_python"], build_data["infer_tag"] = False, True


def compile_walk(root: Path) -> Path | None:
    """The compiled module, beside its source; None, said on stderr, where it cannot be built."""
    source = root / SOURCE
    built = source.with_name(f"_walk{sysconfig.get_config_var('EXT_SUFFIX')}")
    built.unlink(missing_ok=True)
    try:
        if sys.platform == "win32":
            raise OSError("not on Windows")
        from Cython.Compiler.Main import compile as translate  # noqa: PLC0415  (it may not be there)

        made = source.with_suffix(".c")
        if translate(str(source), output_file=str(made)).num_errors:
            raise OSError("Cython refuses it")
        subprocess.run(_command(made, built), check=True)  # noqa: S603  (the compiler that Python was built with)
        made.unlink()
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"kliping: pages will be read without the compiled walk: {error}\n")
        return None
    return built


def _command(made: Path, built: Path) -> list[str]:
    compiler = shlex.split(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc")
    shared = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared"]
    headers = [f"-I{made.parent}", f"-I{sysconfig.get_path('include')}"]
    return [*compiler, *shared, "-fPIC", "-O2", "-DNDEBUG", *headers, str(made), "-o", str(built)]


if __name__ == "__main__":
    sys.exit(0 if compile_walk(Path(__file__).parent) else 1)
