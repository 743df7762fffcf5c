"""Try another rule: put a function of one's own where the compiled loops look for one of theirs.

A rule is a plain function that the loops of ``sim.customers`` call by its name; what they call is compiled
when a market is made, and compiled anew where a name stands for something else (`sim.engine.compilation`).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

PLACE = "sim.customers"


@contextmanager
def replaced(rule: Callable[..., Any], by: Callable[..., Any]) -> Iterator[None]:
    """Let ``by`` stand for ``rule``: markets made inside obey it, also after the end.

    It acts in this process alone; worker processes of ensembles have the rules as they are written.

    Parameters
    ----------
    rule
        A function of a module of ``sim.customers``.
    by
        A plain function with as many positional arguments, numbers in and a number out, that compiles: it may
        call ``math`` and functions like itself.

    Raises
    ------
    TypeError
        If ``by`` is not a plain function, or takes other arguments than ``rule``.
    ValueError
        If no module of ``sim.customers`` calls ``rule``.

    Examples
    --------
    >>> from sim.customers import lifecycle
    >>> def nothing_borrowed(discount: float, borrowed_share: float) -> float:
    ...     return 0.0
    >>> with replaced(lifecycle.borrowed_need, nothing_borrowed):
    ...     lifecycle.borrowed_need(0.2, 0.5)
    0.0
    """
    if not inspect.isfunction(by):
        raise TypeError(f"replaced: by: expected a plain function, got {by!r}")
    asked, given = (len(inspect.signature(function).parameters) for function in (rule, by))
    if asked != given:
        raise TypeError(f"replaced: by: expected {asked} arguments as {_name(rule)} takes, got {given}")
    named = ((module, name, found) for module in _modules() for name, found in vars(module).items())
    places = [(module, name) for module, name, found in named if found is rule]
    if not places:
        raise ValueError(f"replaced: rule: expected a rule of {PLACE}, got {_name(rule)}")
    for module, name in places:
        setattr(module, name, by)
    try:
        yield
    finally:
        for module, name in places:
            setattr(module, name, rule)


def _modules() -> list[ModuleType]:
    """Return the modules that hold rules or call them."""
    package = importlib.import_module(PLACE)
    names = [f"{PLACE}.{found.name}" for found in pkgutil.iter_modules(package.__path__)]
    return [importlib.import_module(name) for name in names]


def _name(rule: Callable[..., Any]) -> str:
    return f"{getattr(rule, '__module__', '?')}.{getattr(rule, '__qualname__', rule)}"
