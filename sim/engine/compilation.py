"""Compile plain functions into a loop, and keep the machine code.

A rule is an ordinary Python function: tests and Mesa models call it as it stands. :func:`compiled` makes a
compiled twin of a kernel, and of every plain function it calls, without touching the originals. Numba's own
file cache does not see a change in *another* file's rule, so the cache folder is keyed by the hash of all
sources that the kernel reaches, a user's own rules included.
"""

from __future__ import annotations

import functools
import hashlib
import os
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Kernels get all their memory from the caller. Without the runtime that counts references, a call of a rule
# does not touch the count of every array it is handed, which cost more than most rules.
OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
_TWINS: dict[tuple[types.FunctionType, str], Any] = {}
_CALLEES: dict[tuple[types.FunctionType, str], Any] = {}
_HASHES: dict[types.FunctionType, tuple[str, list[tuple[Callable[[], Any], Any]]]] = {}


def cache_root() -> Path:
    """Return the folder of compiled code: ``OMOLAB_CACHE`` or the user's cache folder."""
    chosen = os.environ.get("OMOLAB_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "omolab"


def compiled(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return the compiled twin of ``kernel``; it releases the interpreter lock while it runs."""
    if not isinstance(kernel, types.FunctionType):
        raise TypeError(f"compiled: expected a plain function, got {kernel!r}")
    key = sources_hash(kernel)
    if (kernel, key) not in _TWINS:
        _TWINS[kernel, key] = _jit(_rewired(kernel), cache_root() / key[:16])
    return _TWINS[kernel, key]  # type: ignore[no-any-return]


def sources_hash(kernel: types.FunctionType) -> str:
    """Return a hash over code, defaults and constants of ``kernel`` and all plain functions it reaches.

    Worked out again only when one of them, or what one of their names stands for, is another object: a small
    market lives for less time than hashing takes. Arrays written into in the meantime go unseen.
    """
    known = _HASHES.get(kernel)
    if known is None or any(look_up() is not found for look_up, found in known[1]):
        known = _HASHES[kernel] = (_worked_out(kernel), _looked_up(kernel))
    return known[0]


def _looked_up(kernel: types.FunctionType) -> list[tuple[Callable[[], Any], Any]]:
    """Return what the hash rests on: how to look each thing up again, and what was found."""
    found: list[tuple[Callable[[], Any], Any]] = []
    for function in _reached(kernel):
        for part in ("__code__", "__defaults__", "__kwdefaults__"):
            found.append((functools.partial(getattr, function, part), getattr(function, part)))
        for name in _names(function):
            value = function.__globals__.get(name)
            found.append((functools.partial(function.__globals__.get, name), value))
    return found


def _worked_out(kernel: types.FunctionType) -> str:
    digest = hashlib.sha256()
    for function in sorted(_reached(kernel), key=lambda f: (f.__module__, f.__qualname__)):
        digest.update(f"{function.__module__}.{function.__qualname__}".encode())
        digest.update(repr((function.__defaults__, function.__kwdefaults__)).encode())
        for code in _codes(function.__code__):
            digest.update(code.co_code + repr((_constants(code), code.co_names)).encode())
        for name in _names(function):
            digest.update(_constant_bytes(name, function.__globals__.get(name)))
    return digest.hexdigest()


def _codes(code: types.CodeType) -> list[types.CodeType]:
    """Return a function's code and that of the comprehensions and functions inside it."""
    inner = [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return [code, *(found for c in inner for found in _codes(c))]


def _constants(code: types.CodeType) -> list[Any]:
    return [c for c in code.co_consts if not isinstance(c, types.CodeType)]


def _constant_bytes(name: str, value: Any) -> bytes:
    """Return what a global contributes: compiled code freezes numbers, texts, tuples and arrays."""
    import numpy as np

    if isinstance(value, np.ndarray):
        return f"{name}={value.dtype}{value.shape}".encode() + value.tobytes()
    if isinstance(value, int | float | str | tuple | np.generic):
        return f"{name}={value!r}".encode()
    return b""


def _reached(function: types.FunctionType) -> set[types.FunctionType]:
    found: set[types.FunctionType] = set()
    waiting = [function]
    while waiting:
        current = waiting.pop()
        found.add(current)
        waiting.extend(callee for callee in _callees(current).values() if callee not in found)
    return found


def _names(function: types.FunctionType) -> list[str]:
    """Return the names that ``function``, and what is defined inside it, looks up."""
    return sorted({name for code in _codes(function.__code__) for name in code.co_names})


def _callees(function: types.FunctionType) -> dict[str, types.FunctionType]:
    """Return the plain functions among the global names that ``function`` uses."""
    used = {name: function.__globals__.get(name) for name in _names(function)}
    return {name: value for name, value in used.items() if isinstance(value, types.FunctionType)}


def _rewired(function: types.FunctionType) -> types.FunctionType:
    """Return a copy of ``function`` that calls compiled copies of the plain functions it calls.

    Kernels share these: a rule is compiled once a process, whoever calls it.
    """
    numba = _numba()
    scope = dict(function.__globals__)
    for name, callee in _callees(function).items():
        key = (callee, sources_hash(callee))
        if key not in _CALLEES:
            _CALLEES[key] = numba.njit(**OPTIONS)(_rewired(callee))
        scope[name] = _CALLEES[key]
    copy = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
    copy.__module__, copy.__qualname__ = function.__module__, function.__qualname__
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _jit(function: types.FunctionType, folder: Path) -> Any:
    """Compile with a cache in ``folder``, or without one where the folder cannot be written."""
    numba = _numba()
    before = numba.config.CACHE_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        numba.config.CACHE_DIR = str(folder)
        return numba.njit(cache=True, **OPTIONS)(function)
    except (OSError, RuntimeError):
        return numba.njit(**OPTIONS)(function)
    finally:
        numba.config.CACHE_DIR = before


def _numba() -> Any:
    """Import numba when it is needed: it takes a second."""
    import numba

    return numba
