"""Compiles the core in `native/` while the package is built or installed.

Without a C compiler the package is installed without it, which is slower and gives the same;
with `READER_CORE=require` in the environment that is an error, with `READER_CORE=skip` nothing
is tried.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OPTIONS = {
    "unix": ["-O2", "-std=c11", "-fno-strict-aliasing"],
    "msvc": ["/O2", "/std:c11"],
}
"""For the compiler, by its kind."""


class CustomBuildHook(BuildHookInterface[Any]):
    """Adds the compiled module to a wheel, or puts it beside the sources for an editable one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        wanted = os.environ.get("READER_CORE", "")
        if self.target_name != "wheel" or wanted == "skip":
            return
        root = Path(self.root)
        try:
            module = compiled(root)
        except Exception as error:
            if wanted == "require":
                raise
            self.app.display_warning(f"the core is not compiled, so reading is slower: {error}")
            return
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        build_data["force_include"][str(module)] = f"reader/{module.name}"


def compiled(root: Path) -> Path:
    """The module made of `native/*.c`, in the package's folder of this tree."""
    from setuptools._distutils.ccompiler import new_compiler
    from setuptools._distutils.sysconfig import customize_compiler

    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    module = root / "reader" / f"_core{suffix}"
    compiler = new_compiler()
    customize_compiler(compiler)
    compiler.add_include_dir(sysconfig.get_paths()["include"])
    with tempfile.TemporaryDirectory() as folder:
        options = OPTIONS.get(compiler.compiler_type, [])
        sources = sorted(str(path.relative_to(root)) for path in (root / "native").glob("*.c"))
        objects = compiler.compile(sources, output_dir=folder, extra_postargs=options)
        made = Path(folder) / module.name
        compiler.link_shared_object(objects, str(made), libraries=libraries())
        # Beside it and renamed: a running process keeps the one that it has mapped.
        beside = module.with_suffix(".new")
        beside.write_bytes(made.read_bytes())
        beside.replace(module)
    return module


def libraries() -> list[str]:
    return [] if sys.platform == "win32" else ["m"]
