"""Plans from files: read, inherited, checked; bundled plans listed and copied."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from results.problems import BadInput, Problem, nearest
from scenarios.plan import trees
from scenarios.plan.checking import inspect
from scenarios.plan.complaints import odd_keys
from scenarios.plan.model import Plan
from scenarios.reading import Document, read_yaml

LIBRARY = Path(__file__).parents[1] / "library"
SCHEMA = Path(__file__).parents[1] / "plan.schema.json"


@dataclass(frozen=True)
class Layers:
    """A plan's data with all it inherits, and the file and line of every value."""

    data: dict[str, Any]
    lines: dict[trees.Path, tuple[str, int]]
    file: str

    def where(self, path: trees.Path) -> tuple[str, int | None]:
        """Return the file and line of the value at ``path``, or of its nearest parent's."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return self.file, None


@cache
def bundled() -> tuple[str, ...]:
    """Return the names of the plans that come with the product."""
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def load_plan(name_or_path: str | Path) -> Plan:
    """Return a bundled plan, or the plan in a YAML file, with all it inherits.

    Raises
    ------
    BadInput
        With every problem of the file, each with its file, line and field.
    """
    plan, problems = _loaded(name_or_path)
    if plan is None:
        raise BadInput(problems)
    return plan


def check_plan(path_or_name: str | Path) -> dict[str, Any]:
    """Return what is wrong with a plan, what of it is not modelled yet, and what deserves a second look.

    Returns
    -------
    dict
        ``name``, ``errors`` (each with file, line, field, value, expected, message), ``not_modelled`` and
        ``warnings``; never raises for bad input.
    """
    from scenarios.plan.modelled import warnings

    try:
        plan, problems = _loaded(path_or_name)
    except BadInput as bad:
        plan, problems = None, list(bad.problems)
    return {
        "name": plan.name if plan else Path(path_or_name).stem,
        "errors": [problem.to_dict() for problem in problems],
        "not_modelled": plan.not_modelled() if plan else [],
        "warnings": warnings(plan) if plan else [],
    }


def copy_plan(name: str, directory: str | Path) -> Path:
    """Copy a bundled plan, and the schema its editor uses, to ``directory``; return the plan's file.

    Raises
    ------
    BadInput
        If there is no such plan, or a file would be overwritten.
    """
    source = _file(name) if name in bundled() else None
    if source is None:
        raise BadInput(_unknown(name))
    folder = Path(directory)
    copy, schema = folder / source.name, folder / SCHEMA.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if copy.exists():
            said = "exists already and is not overwritten"
            raise BadInput(Problem(str(copy), None, "", copy.name, "a new folder", said))
        text = source.read_text(encoding="utf-8").replace(f"../{SCHEMA.name}", SCHEMA.name)
        with copy.open("x", encoding="utf-8") as file:
            file.write(text)
        if not schema.exists():
            shutil.copyfile(SCHEMA, schema)
    except OSError as error:
        said = f"cannot be written: {error.strerror}"
        raise BadInput(Problem(str(copy), None, "", str(folder), "a folder to write to", said)) from None
    return copy


def _loaded(name_or_path: str | Path) -> tuple[Plan | None, list[Problem]]:
    layers = read_layers(_file(name_or_path))
    odd = list(odd_keys(layers.data, (), layers.where))
    plan, problems = inspect(trees.with_text_keys(layers.data), layers.where)
    fields = {problem.field for problem in odd}
    problems = [*odd, *(problem for problem in problems if problem.field not in fields)]
    return (None, problems) if problems else (plan, [])


def _file(name_or_path: str | Path) -> Path:
    """Return the file of a bundled plan or of a path."""
    text = str(name_or_path)
    if isinstance(name_or_path, str) and text in bundled():
        return LIBRARY / f"{text}.yaml"
    path = Path(name_or_path)
    if not path.suffix and len(path.parts) <= 1 and not path.exists():
        raise BadInput(_unknown(text))
    return path


def _unknown(name: str) -> Problem:
    said = f"no bundled plan is called {name!r}{nearest(name, bundled())}"
    return Problem(name, None, "plan", name, "a YAML file or one of " + ", ".join(bundled()), said)


def read_layers(path: Path) -> Layers:
    """Read a plan's file and all it extends, the inherited first, each laid on the one before.

    Raises
    ------
    BadInput
        If a file cannot be read or the chain comes back to itself.
    """
    chain = _chain(path, ())
    data: dict[str, Any] = {}
    lines: dict[trees.Path, tuple[str, int]] = {}
    for document in chain:
        data = trees.merged(data, document.data)
        # A list stands for itself: what it leaves out is missing here, not in the plan it extends.
        lists = [keys for keys in document.lines if _is_list(document.data, keys)]
        lines = {
            keys: place for keys, place in lines.items() if not any(keys[: len(one)] == one for one in lists)
        }
        lines |= {keys: (str(document.path), line) for keys, line in document.lines.items() if keys}
    return Layers(data, lines, str(path))


def _is_list(data: Any, keys: trees.Path) -> bool:
    """Tell whether a list stands at a place; a bare ``on`` or ``no`` is a key by another name in the data."""
    try:
        return isinstance(trees.value_at(data, keys), list)
    except (KeyError, IndexError, TypeError):
        return False


def _chain(path: Path, seen: tuple[Path, ...]) -> list[Document]:
    document = _read(path)
    parent = document.data.get("extends")
    if parent is None:
        return [document]
    line, expected = document.line("extends"), "a bundled plan, or a file relative to this one"
    if not isinstance(parent, str):
        raise BadInput(Problem(str(path), line, "extends", str(parent), expected, "is not text"))
    source = LIBRARY / f"{parent}.yaml" if parent in bundled() else path.parent / parent
    chain = (*seen, path.resolve())
    if source.resolve() in chain:
        said = "the plans extend each other in a circle"
        raise BadInput(Problem(str(path), line, "extends", parent, "a plan that does not extend this", said))
    if not source.is_file():
        said = f"there is no plan {parent!r} to extend{nearest(parent, bundled())}"
        raise BadInput(Problem(str(path), line, "extends", parent, expected, said))
    return [*_chain(source, chain), document]


def _read(path: Path) -> Document:
    """Read a file; a date that is none, such as 2027-02-30, is reported at its line."""
    try:
        return read_yaml(path)
    except BadInput as bad:
        if any(problem.line is not None for problem in bad.problems):
            raise
        found = _impossible_dates(path)
        if not found:
            raise
        raise BadInput(found) from None


def _impossible_dates(path: Path) -> list[Problem]:
    import yaml

    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return []
    maker, found = yaml.SafeLoader(""), []
    stack: list[tuple[Any, trees.Path]] = [(root, ())]
    while stack:
        node, keys = stack.pop()
        if isinstance(node, yaml.MappingNode):
            stack.extend((value, (*keys, key.value)) for key, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            stack.extend((value, (*keys, i)) for i, value in enumerate(node.value))
        elif node.tag == "tag:yaml.org,2002:timestamp":
            try:
                maker.construct_yaml_timestamp(node)
            except ValueError as error:
                line, expected = node.start_mark.line + 1, "a date such as 2027-01-01"
                said = f"is not a date: {error}"
                found.append(Problem(str(path), line, trees.dotted(keys), node.value, expected, said))
    return sorted(found, key=lambda problem: problem.line or 0)
