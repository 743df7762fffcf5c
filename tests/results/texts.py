"""Every sentence that the code may hand to a reader, found in its source: fields stand as ``x1``.

A sentence is followed from where a problem, a fault, a finding or a note is made back through names,
conditions and the callers of the function, as far as it is written down somewhere.
"""

from __future__ import annotations

import ast
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from results.problems import NEAREST

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("sim", "scenarios", "results", "calibration", "omolab")
FIELD = "x1"
DEEPEST, MOST = 6, 60  # steps that a sentence is followed back; variants taken of one
Function = ast.FunctionDef
Sayer = tuple[str, dict[int, str]]  # a callable, and which of its arguments are said

PROBLEMS: tuple[Sayer, ...] = (
    ("Problem", {4: "expected", 5: "message"}),
    ("Fault", {2: "expected", 3: "message"}),
    ("refusal", {0: "message", 1: "expected"}),
    ("_refusal", {0: "message", 1: "expected"}),
)
FINDINGS: tuple[Sayer, ...] = (("note", {2: "message"}), ("Issue", {4: "note"}))
TASKS: tuple[Sayer, ...] = (("shown", {1: "label"}), ("task", {0: "label"}))


class Call(NamedTuple):
    """A call, and the function it stands in."""

    file: str
    node: ast.Call
    owner: Function | None


class Source:
    """The project's code, read once."""

    def __init__(self) -> None:
        self.calls: dict[str, list[Call]] = defaultdict(list)
        self.constants: dict[str, ast.expr] = {}
        self._names: dict[tuple[str, Function], list[ast.expr]] = {}
        for room in ROOMS:
            for path in sorted((ROOT / room).rglob("*.py")):
                tree = ast.parse(path.read_text("utf-8"))
                self._constants(tree)
                self._calls(str(path.relative_to(ROOT)), tree, None)

    def said(self, sayers: Iterable[Sayer]) -> Iterator[tuple[str, str]]:
        """Yield each sentence of the given callables' arguments, and where it is said."""
        for name, arguments in sayers:
            for call in self.calls[name]:
                for place, key in arguments.items():
                    node = _argument(call.node, place, key)
                    for text in self._texts(node, call.owner, 0) if node is not None else ():
                        yield text, f"{call.file}:{call.node.lineno}"

    def _constants(self, tree: ast.Module) -> None:
        for node in tree.body:
            for target, value in _assigned(node):
                self.constants[target] = value

    def _calls(self, file: str, node: ast.AST, owner: Function | None) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                name = getattr(child.func, "id", getattr(child.func, "attr", ""))
                self.calls[name].append(Call(file, child, owner))
            self._calls(file, child, child if isinstance(child, ast.FunctionDef) else owner)

    def _texts(self, node: ast.expr, owner: Function | None, depth: int) -> set[str]:
        """Return what an expression may say; nothing where that is not written in the code."""

        def inside(part: ast.expr) -> set[str]:
            return self._texts(part, owner, depth + 1)

        match node:
            case _ if depth > DEEPEST:
                return set()
            case ast.Constant(value=str() as text):
                return {text}
            case ast.JoinedStr(values=parts):
                variants = [self._part(part, owner, depth) for part in parts]
                return {"".join(one) for one in itertools.islice(itertools.product(*variants), MOST)}
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return {a + b for a in inside(left) or {FIELD} for b in inside(right) or {FIELD}}
            case ast.IfExp(body=first, orelse=other):
                return inside(first) | inside(other)
            case ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
                return set().union(*map(inside, parts))
            case ast.NamedExpr(value=value):
                return inside(value)
            case ast.Call(func=ast.Name(id="nearest")):
                return {NEAREST}
            case (
                ast.Subscript(value=ast.Name(id=name)) | ast.Call(func=ast.Attribute(value=ast.Name(id=name)))
            ):
                table = self.constants.get(name)
                return set().union(*map(inside, table.values)) if isinstance(table, ast.Dict) else set()
            case ast.Name(id=name):
                return self._named(name, owner, depth)
        return set()

    def _part(self, part: ast.expr, owner: Function | None, depth: int) -> list[str]:
        """Return what a part of an f-string may be; the code's own words where it chooses among them."""
        if isinstance(part, ast.Constant):
            return [str(part.value)]
        assert isinstance(part, ast.FormattedValue)
        match part.value:
            case ast.IfExp():
                return sorted(self._texts(part.value, owner, depth + 1)) or [FIELD]
            case ast.Name():
                known = self._texts(part.value, owner, depth + 1)
                return sorted(known) if any(" " in one for one in known) else [FIELD]
            case ast.Call(func=ast.Name(id="nearest")):
                return [NEAREST]
        return [FIELD]

    def _named(self, name: str, owner: Function | None, depth: int) -> set[str]:
        found: set[str] = set()
        if owner is not None:
            for value in self._values(name, owner):
                found |= self._texts(value, owner, depth + 1)
            found |= self._given(name, owner, depth)
        if not found and name in self.constants:
            found = self._texts(self.constants[name], None, depth + 1)
        return found

    def _values(self, name: str, owner: Function) -> list[ast.expr]:
        """Return what a function gives to a name."""
        if (name, owner) not in self._names:
            given = [pair for node in ast.walk(owner) for pair in _assigned(node)]
            self._names[name, owner] = [value for target, value in given if target == name]
        return self._names[name, owner]

    def _given(self, name: str, owner: Function, depth: int) -> set[str]:
        """Return what callers give for a parameter, and its default."""
        names = [arg.arg for arg in (*owner.args.posonlyargs, *owner.args.args)]
        if name not in names:
            return set()
        defaults = dict(zip(reversed(names), reversed(owner.args.defaults), strict=False))
        found = self._texts(defaults[name], owner, depth + 1) if name in defaults else set()
        place = names.index(name) - (names[0] in ("self", "cls"))
        for call in self.calls[owner.name]:
            node = _argument(call.node, place, name)
            if node is not None:
                found |= self._texts(node, call.owner, depth + 1)
        return found


def _argument(call: ast.Call, place: int, key: str) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == key:
            return keyword.value
    if len(call.args) <= place or any(isinstance(arg, ast.Starred) for arg in call.args[: place + 1]):
        return None
    return call.args[place]


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a statement gives values to."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            pairs: Iterable[tuple[ast.expr, ast.expr]] = zip(names, values, strict=True)
        case ast.Assign(targets=targets, value=value):
            pairs = [(target, value) for target in targets]
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
            | ast.AugAssign(target=target, value=value)
        ):
            pairs = [(target, value)]
        case _:
            return
    for target, value in pairs:
        if isinstance(target, ast.Name):
            yield target.id, value
