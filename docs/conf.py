"""How the documentation is built: `sphinx-build -W --keep-going docs build/docs`.

The API pages are made of docstrings. The build fails when a public name has no page, or a page
names what there is not: `_all_public_names` asks the inventory that Sphinx writes.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

import reader

project = "annotated-reader"
author = "the authors of reader"
project_copyright = "the authors of reader, MIT licence"
release = version = reader.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.intersphinx"]
html_theme = "furo"
html_title = f"reader {version}"
exclude_patterns = ["images/*.html"]
# Docstrings are plain text with `code` in single backticks, as comments have them.
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
maximum_signature_line_length = 88
myst_heading_anchors = 3
# Nothing is fetched while the pages are built: names of other libraries stand without a link.
intersphinx_mapping: dict[str, tuple[str, None]] = {}


def _all_public_names(app: Sphinx, error: Exception | None) -> None:
    """Fail when a name of `reader` stands on no page."""
    if error is not None or app.builder.name != "html":
        return
    described = {entry[0] for entry in app.env.get_domain("py").get_objects()}
    public = {f"reader.{name}" for name in reader.__all__} - {"reader.__version__"}
    if missing := public - described:
        raise ExtensionError(f"public names without a page: {', '.join(sorted(missing))}")
    top = {name for name in described if name.count(".") == 1}
    if gone := top - public:
        raise ExtensionError(f"pages of what is no public name: {', '.join(sorted(gone))}")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("build-finished", _all_public_names)
