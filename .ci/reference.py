"""``docs/reference/``: commands, the fields of both files, indicators and parameters, from the code."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, get_args

from typer.models import OptionInfo

MADE = "Written by `make schema` from {source}; do not edit.\n"
BAR = "\\|"  # in a table's cell
GRADES = (
    ("E", "an experiment or a meta-analysis"),
    ("O", "an observational study, or field data"),
    ("T", "the trade press"),
    ("A", "an assumption"),
)


def command_line() -> str:
    """Return the page of the commands, their arguments and options.

    Read off the functions' own signatures: what the command line's library makes of them differs by version.
    """
    from omolab.cli import app

    parts = [
        "# Command line\n",
        MADE.format(source="the commands themselves (`omolab COMMAND --help`)"),
        "How they end: [exit codes and logs](../howto/logs.md). An option with several values is repeated.\n",
    ]
    for command in app.registered_commands:
        assert command.callback is not None
        parts += _command(command.name or command.callback.__name__, command.callback, command.epilog or "")
    return _joined(parts)


def _command(name: str, callback: Callable[..., Any], epilog: str) -> Iterator[str]:
    short, _, more = inspect.cleandoc(callback.__doc__ or "").partition("\n\n")
    yield from (f"## omolab {name}\n", " ".join(short.split()) + "\n")
    if more:
        yield " ".join(more.split()) + "\n"
    arguments, options = [], []
    for parameter in inspect.signature(callback, eval_str=True).parameters.values():
        kind, info = get_args(parameter.annotation)
        if isinstance(info, OptionInfo):
            if not info.hidden:
                options.append(
                    (_option(kind, info), _default(kind, parameter.default), _plain(info.help or ""))
                )
        else:
            many = "..." if "list" in str(kind) else ""
            said = f"{info.metavar}{many}"
            needed = parameter.default is inspect.Parameter.empty
            arguments.append((f"`{said if needed else f'[{said}]'}`", "", info.help or ""))
    usage = ["omolab", name, *(row[0].strip("`") for row in arguments), "[OPTIONS]"]
    yield f"```text\n{' '.join(usage)}\n```\n"
    yield from _table(("Argument or option", "Default", "What it is"), [*arguments, *options])
    if epilog:
        yield f"Example:\n\n```text\n{epilog.removeprefix('Example: ')}\n```\n"


def _option(kind: Any, info: OptionInfo) -> str:
    first = [info.default] if isinstance(info.default, str) else []
    names = ", ".join([*first, *(info.param_decls or ())])
    choices = [one for one in (kind, *get_args(kind)) if isinstance(one, type) and issubclass(one, Enum)]
    if choices:
        return f"`{names} {BAR.join(one.value for one in choices[0])}`"
    return f"`{names}`" if kind is bool else f"`{names} {info.metavar}`"


def _default(kind: Any, value: Any) -> str:
    if kind is bool or value is None or value is inspect.Parameter.empty:
        return ""
    return f"`{value.value if isinstance(value, Enum) else value}`"


def plan_fields() -> str:
    """Return the page of the fields of ``plan.yaml``."""
    from scenarios.schema import text

    return _fields("plan.yaml", text, PLAN, "`scenarios/plan.schema.json`")


def history_fields() -> str:
    """Return the page of the fields of ``history.yaml``."""
    from calibration.history.mapping import schema_text

    return _fields("history.yaml", schema_text, HISTORY, "`calibration/history.schema.json`")


PLAN = """\
A plan says only what differs from what it `extends`. Unknown keys are refused. `omolab check FILE` lists
every mistake with its line. Editors that read JSON schemas complete and check the file as you type. How to
begin: [write your own plan](../howto/plan.md).
"""
HISTORY = """\
A history maps your tables; any table may be absent. `omolab history FILE...` drafts it. Paths are relative
to the file. How to begin: [bring your own numbers](../howto/history.md).
"""


KEYS = """\
The keys that targets, bounds, objectives and tables use. Shares and rates run from 0 to 1; money is in the
plan's currency. Each is reported by calendar month and for the trailing year that ends with it. In Chinese:
the [glossary](../glossary.md). *Of several runs*: it follows from runs with and without something.
"""
PRIORS = """\
What the market's rules take as given. The range is the middle 90 % of what is believed before any history is
seen (the prior). A calibration narrows those that your history speaks of; the others keep it, and are named.
Members of a family such as `appeal.{store, own}` count one by one.
"""


def _fields(name: str, schema: Callable[[], str], about: str, source: str) -> str:
    import json

    root = json.loads(schema())
    inner: Mapping[str, Any] = root["$defs"]
    parts = [f"# {name}\n", MADE.format(source=source), about, "## Top level\n", *_object(root)]
    for key in sorted(inner):
        if "properties" not in inner[key]:
            continue
        parts.append(f"## {key}\n")
        if said := inner[key].get("description"):
            parts.append(_plain(" ".join(said.split("\n\n")[0].split())) + "\n")
        parts += _object(inner[key])
    return _joined(parts)


def _object(schema: Mapping[str, Any]) -> Iterator[str]:
    needed = schema.get("required", ())
    rows = []
    for key, field in schema["properties"].items():
        default = field.get("default")
        told = (
            "needed"
            if key in needed
            else ""
            if default in (None, "") or isinstance(default, (dict, list))
            else f"`{_value(default)}`"
        )
        rows.append((f"`{key}`", _kind(field), told, _plain(field.get("description", ""))))
    yield from _table(("Field", "Kind", "Default", "What it is"), rows)


def _value(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _kind(field: Mapping[str, Any]) -> str:
    """Return a field's kind in words, with links to the parts of the file."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    for many in ("anyOf", "oneOf", "allOf"):
        if many in field:
            kinds = [_kind(one) for one in field[many] if one.get("type") != "null"]
            return " or ".join(dict.fromkeys(kinds))
    kind = field.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(field.get('items', {}))}"
    if kind == "object":
        inner = next(iter(field.get("patternProperties", {}).values()), field.get("additionalProperties"))
        told = isinstance(inner, Mapping) and inner.get("type") != "object"
        return f"mapping to {_kind(inner)}" if told else "mapping"
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "nothing"}
    return plain.get(kind, kind) + _ends(field)


def _ends(field: Mapping[str, Any]) -> str:
    low = field.get("minimum", field.get("exclusiveMinimum"))
    high = field.get("maximum", field.get("exclusiveMaximum"))
    above = "above " if "exclusiveMinimum" in field else ""
    below = "below " if "exclusiveMaximum" in field else ""
    if low is not None and high is not None:
        return f", {above}{low:g} to {below}{high:g}"
    if low is not None:
        return f", {above}{low:g}" + ("" if above else " or more")
    return "" if high is None else f", {below}{high:g}" + ("" if below else " or less")


def indicators() -> str:
    """Return the page of indicators."""
    from scenarios.plan.vocabulary import ALIASES
    from sim.indicators import INDICATORS

    other = {key: name for name, key in ALIASES.items()}
    rows = [
        (
            f"`{one.key}`" + (f", `{other[one.key]}`" if one.key in other else ""),
            one.en,
            one.unit,
            {"none": ""}.get(one.better, one.better),
            "yes" if one.by_channel else "",
            "of several runs" if one.derived else "" if one.formula else "not computed yet",
        )
        for one in INDICATORS.values()
    ]
    return _joined(
        [
            "# Indicators\n",
            MADE.format(source="`sim/indicators.py`"),
            KEYS,
            *_table(("Key", "Indicator", "Unit", "Better", "By channel", "Note"), rows),
        ]
    )


def parameters() -> str:
    """Return the page of parameters, by evidence."""
    from sim.parameters import modules
    from sim.tables import parameters_table

    grades = [one.grade for module in modules() for one in module.PARAMETERS]
    counted = [(grade, said, str(grades.count(grade))) for grade, said in GRADES]
    return _joined(
        [
            "# Parameters\n",
            MADE.format(source="the rules in `sim/`"),
            PRIORS,
            *_table(("Grade", "Evidence", "Parameters"), counted),
            parameters_table(),
        ]
    )


def _plain(text: str) -> str:
    """Keep a text's own signs from being read as Markdown's."""
    return (
        " ".join(text.split())
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("[", "\\[")
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [*(f"| {' | '.join(line)} |" for line in lines), ""]


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(parts).rstrip("\n") + "\n"
