"""How the pages become a site: `make docs`. Nothing is fetched to build or to read it (decision 45)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from omolab import __version__

project = "omolab"
author = "The omolab developers"
copyright = "the omolab developers, Apache-2.0"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
root_doc = "index"

# Pages are Markdown; headings can be linked to as `page.md#its-words`.
myst_enable_extensions = ["attrs_inline", "deflist", "fieldlist", "smartquotes"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # generated pages may begin a part one level deeper

# Python pages come from the docstrings. Names in single backticks are looked up, and literal where unknown.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True
add_module_names = False
autosummary_generate = False
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "omolab"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_search_summary = False  # it fetches pages, which browsers refuse to pages opened as files
html_theme_options = {
    "navigation_with_keys": True,
    "light_css_variables": {"color-brand-primary": "#0b5394", "color-brand-content": "#0b5394"},
    "dark_css_variables": {"color-brand-primary": "#8ab8e6", "color-brand-content": "#8ab8e6"},
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def setup(app: Any) -> None:
    """Let the keyboard reach what scrolls by itself: blocks and wide tables."""
    app.connect("html-page-context", _reachable)


def _reachable(app: Any, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    body = context.get("body", "")
    for tag, rest in (("<pre", ""), ("<div", ' class="table-wrapper')):
        body = body.replace(f"{tag}{rest}", f'{tag} tabindex="0"{rest}')
    context["body"] = body
