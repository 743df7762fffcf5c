"""Check the types of the examples: Python blocks of the documentation's pages, and those of docstrings.

They are written to ``build/examples``, a module a page and a module's docstrings each, for mypy to read.
"""

from __future__ import annotations

import ast
import doctest
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "examples"
ROOMS = ("sim", "results", "scenarios", "calibration", "omolab")
# What examples may do: look at a value, or use what `test_docstrings` gives them.
HEAD = '# mypy: disable-error-code="no-untyped-def,import-untyped"\nfrom results.store import Run\n'
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Write the examples and let mypy judge them."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    count = 0
    for name, text in (*of_pages(), *of_docstrings()):
        (OUT / f"{name}.py").write_text(text, encoding="utf-8")
        count += 1
    print(f"{count} files of examples", flush=True)
    files = [str(path) for path in sorted(OUT.glob("*.py"))]
    sys.exit(subprocess.run([sys.executable, "-m", "mypy", *files], cwd=ROOT, check=False).returncode)


def of_pages() -> Iterator[tuple[str, str]]:
    """Yield name and text of each page's Python blocks."""
    from tests.docs.pages import DOCS, PAGES, examples

    for page in PAGES:
        blocks = [one.text for one in examples(page) if one.kind == "python"]
        if blocks:
            name = "_".join(page.relative_to(DOCS).with_suffix("").parts).replace("-", "_")
            yield f"page_{name}", "\n".join(blocks)


def of_docstrings() -> Iterator[tuple[str, str]]:
    """Yield name and text of each module's docstring examples, a function each."""
    parser = doctest.DocTestParser()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            if ">>> " not in source or "runs" in path.parts:
                continue
            inner = path.relative_to(ROOT).with_suffix("").parts
            module = ".".join(inner).removesuffix(".__init__")
            parts = [HEAD, *_imports(ast.parse(source), module)]
            for number, said in enumerate(_docstrings(ast.parse(source))):
                lines = "".join(one.source for one in parser.get_examples(said))
                if lines:
                    parts.append(f"def example_{number}(run: Run):\n{textwrap.indent(lines, '    ')}")
            yield "of_" + "_".join(inner), "\n".join(parts)


def _imports(tree: ast.Module, module: str) -> Iterator[str]:
    """Yield what an example finds around it: the module's own imports and names."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom) and getattr(node, "module", "") != "__future__":
            yield ast.unparse(node)
    # Not `run`: examples get a run of that name.
    names = [one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.ClassDef)]
    for node in tree.body:
        for target in node.targets if isinstance(node, ast.Assign) else ():
            names += [target.id] if isinstance(target, ast.Name) and not target.id.startswith("__") else []
    names = [name for name in names if name != "run"]
    if names:
        yield f"from {module} import {', '.join(names)}"


def _docstrings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""


if __name__ == "__main__":
    main()
