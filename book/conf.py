# SPDX-License-Identifier: MIT
# The book's Sphinx configuration. Nothing here needs a network. `make book` builds it.

project = "Trapeze"
author = "The Trapeze authors"
copyright = "The Trapeze authors. Text under CC BY 4.0, code under the MIT licence"

extensions = [
    "myst_parser",
    "sphinx.ext.graphviz",
    "sphinxcontrib.bibtex",
    "sphinx_copybutton",
]
exclude_patterns = ["_static", "figures", "README.md"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
graphviz_output_format = "svg"
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True

html_theme = "furo"
html_title = "Trapeze"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "default"
