"""The examples of the documentation's pages, as they stand between their fences.

`sh` blocks are commands, `python` blocks share one set of names a page, `yaml` blocks that begin with
``# <path>`` are files to be written. `text` is what comes back, and is not looked at. A comment above a block
may say ``<!-- not run: why -->`` or ``<!-- ends with: 2 -->``; above a `text` block
``<!-- printed: what -->`` names what `benchmarks/tutorial.py` writes there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([DOCS / "tutorial.md", *(DOCS / "howto").glob("*.md"), DOCS / "reference/python/index.md"])
_FENCE = re.compile(
    r"(?:<!-- (?P<note>[^>]*?) -->\n+)?^(?P<indent> *)```(?P<kind>[a-z]+)\n(?P<text>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
NOT_RUN, ENDS, PRINTED = "not run: ", "ends with: ", "printed: "


class Example(NamedTuple):
    """A block: its kind, text, first line (1-based), and what the comment above it says."""

    kind: str
    text: str
    line: int
    note: str

    @property
    def left_out(self) -> str:
        """Why it is not run; empty where it is."""
        return self.note.removeprefix(NOT_RUN) if self.note.startswith(NOT_RUN) else ""

    @property
    def codes(self) -> set[int]:
        """The exit codes that its last command may end with."""
        told = self.note.removeprefix(ENDS) if self.note.startswith(ENDS) else "0"
        return {int(code) for code in told.split(" or ")}


def examples(page: Path) -> Iterator[Example]:
    """Yield a page's blocks in order."""
    told = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(told):
        text = "\n".join(line.removeprefix(found["indent"]) for line in found["text"].splitlines()) + "\n"
        line = told.count("\n", 0, found.start("kind")) + 2
        yield Example(found["kind"], text, line, found["note"] or "")


def commands(text: str) -> list[str]:
    """Return a shell block's commands, lines that end with a backslash joined."""
    joined = re.sub(r"\\\n\s*", "", text)
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]
