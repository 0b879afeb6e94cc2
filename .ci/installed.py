"""The tests against the package that is installed: `python .ci/installed.py [PYTEST OPTIONS]`.

They run in a copy of the repository that has no `reader/`, so that what is imported is what a user
gets. The environment holds the package with the extra `test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
NEEDED = (
    *("tests", "training", "benchmarks", "texts", "examples", "docs", "glossary.csv"),
    *("README.md", "CHANGELOG.md", "CITATION.cff", "pyproject.toml"),
)


def main(options: list[str]) -> int:
    """Run them; the exit status of pytest."""
    with TemporaryDirectory() as folder:
        for name in NEEDED:
            source, target = ROOT / name, Path(folder) / name
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        code = "import reader; print(reader.__version__, 'in', reader.__file__)"
        subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests", *options]
        return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
