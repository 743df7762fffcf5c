"""The table of parameters in ``docs/model.md``: ``python -m sim.tables`` writes it, ``--check`` compares."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from sim.parameters import Parameter, modules

PAGE = Path(__file__).resolve().parents[1] / "docs" / "model.md"
BEGIN, END = "<!-- parameters: begin -->", "<!-- parameters: end -->"
HEAD = "| parameter | unit | default | range | grade | source |\n|---|---|---|---|---|---|\n"


def parameters_table() -> str:
    """Return the market's parameters in Markdown, a table a rule's file; like members share a row."""
    parts = []
    for module in modules():
        rows = [_row(list(alike)) for _, alike in groupby(module.PARAMETERS, key=_likeness)]
        title = module.__name__.removeprefix("sim.").replace(".", "/")
        parts.append(f"**`sim/{title}.py`**\n\n{HEAD}" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _likeness(parameter: Parameter) -> tuple[object, ...]:
    family = parameter.name.split(".")[0] if "." in parameter.name else parameter.name
    return (family, parameter.default, parameter.low, parameter.high)


def _row(alike: list[Parameter]) -> str:
    first = alike[0]
    members = [parameter.name.partition(".")[2] for parameter in alike]
    name = first.name if len(alike) == 1 else f"{first.name.split('.')[0]}.{{{', '.join(members)}}}"
    source = "assumption" if first.source == "-" else first.source
    span = f"{first.low:g} to {first.high:g}"
    return f"| `{name}` | {first.unit} | {first.default:g} | {span} | {first.grade} | {source} |"


def page(text: str) -> str:
    """Return the page's ``text`` with the table between its marks renewed."""
    before, found, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    if not found or END not in rest:
        raise ValueError(f"the page lacks the marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{parameters_table()}\n{END}{after}"


def main() -> None:
    """Write the page, or tell whether it is current."""
    text = PAGE.read_text(encoding="utf-8")
    current = page(text)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(current, encoding="utf-8", newline="\n")
    elif current != text:
        sys.exit("docs/model.md is not current: run `python -m sim.tables`")


if __name__ == "__main__":
    main()
