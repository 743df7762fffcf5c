"""The tutorial's figures: what its commands print, written into the page from the runs they made.

``python benchmarks/tutorial.py`` replaces every block of ``docs/tutorial.md`` under a comment
``printed: ...`` by what that command prints of the runs in ``results/runs``: of the demo and of the five
plans, which are those of the worked cases (``benchmarks/cases.py``); what is missing is made first (minutes
each). It then names the figures of the prose that no block holds any more: these are mended by hand, and a
test asks for it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import cases  # noqa: E402

if TYPE_CHECKING:
    from results.store import Run

PAGE = ROOT / "docs" / "tutorial.md"
ASKED = "repurchase >= 45% by 2029"
BLOCK = re.compile(r"(<!-- printed: (?P<what>\w+) -->\n+```text\n)(?P<text>.*?)(```)", re.DOTALL)
FIGURE = re.compile(r"\d+(?:\.\d+)?(?= ?(?:%|to \d|points|futures))|(?<=to )\d+(?:\.\d+)?(?= %)")


def main() -> None:
    """Write the page anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, default=ROOT / "results" / "runs", help="folder of the runs")
    runs = parser.parse_args().runs
    text = BLOCK.sub(
        lambda found: found[1] + printed(found["what"], runs) + found[4], PAGE.read_text("utf-8")
    )
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print("wrote docs/tutorial.md")
    for figure, sentence in unfounded(text):
        print(f"to be mended: {figure} stands in no table: ... {sentence} ...")


def printed(what: str, runs: Path) -> str:
    """Return what a command of the page prints."""
    from omolab.printed.answers import targets

    if what == "plans":
        return _caught(_plans)
    run = _demo(runs) if what == "demo" else _asked(runs)
    return _caught(lambda: targets(run))


def unfounded(page: str) -> Iterator[tuple[str, str]]:
    """Yield the figures of the prose that no printed block holds, each with the words around it."""
    known = set(re.findall(r"\d+(?:\.\d+)?", "\n".join(found["text"] for found in BLOCK.finditer(page))))
    prose = re.sub(r"```.*?```|<!--.*?-->|`[^`\n]*`", "", page, flags=re.DOTALL)
    for found in FIGURE.finditer(prose):
        if found[0] not in known:
            around = prose[max(found.start() - 30, 0) : found.end() + 20]
            yield found[0], " ".join(around.split())


def _demo(runs: Path) -> Run:
    import omolab

    there = (runs / "demo" / "manifest.json").exists()
    return omolab.open_run(runs / "demo") if there else omolab.demo(out=runs / "demo")


def _asked(runs: Path) -> Run:
    import shutil

    import omolab

    kept = [cases.kept(name, runs).path for name in sorted(cases.ORDER)]
    shutil.rmtree(runs / "asked", ignore_errors=True)
    return omolab.compare(kept, targets=[ASKED], out=runs / "asked")


def _plans() -> None:
    from typer.testing import CliRunner

    from omolab.cli import app

    print(CliRunner().invoke(app, ["plans"]).stdout)


def _caught(show: Callable[[], None]) -> str:
    """Return what a function prints, without blanks at the ends of lines and blank lines around."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        show()
    return "\n".join(line.rstrip() for line in said.getvalue().strip().splitlines()) + "\n"


if __name__ == "__main__":
    main()
