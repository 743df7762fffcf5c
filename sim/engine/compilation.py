"""Compile plain functions into a loop, and keep the machine code.

A rule is an ordinary Python function: tests and Mesa models call it as it stands. :func:`compiled` makes a
compiled twin of a kernel, and of every plain function it calls, without touching the originals. Numba's own
file cache does not see a change in *another* file's rule, so the cache folder is keyed by the hash of all
sources that the kernel reaches, a user's own rules included.
"""

from __future__ import annotations

import hashlib
import os
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

_TWINS: dict[tuple[types.FunctionType, str], Any] = {}


def cache_root() -> Path:
    """Return the folder of compiled code: ``OMOLAB_CACHE`` or the user's cache folder."""
    chosen = os.environ.get("OMOLAB_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "omolab"


def compiled(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return the compiled twin of ``kernel``; it releases the interpreter lock while it runs."""
    assert isinstance(kernel, types.FunctionType)
    key = sources_hash(kernel)
    if (kernel, key) not in _TWINS:
        _TWINS[kernel, key] = _twin(kernel, cache_root() / key[:16], {})
    return _TWINS[kernel, key]  # type: ignore[no-any-return]


def sources_hash(kernel: types.FunctionType) -> str:
    """Return a hash over the code and constants of ``kernel`` and every plain function it reaches."""
    digest = hashlib.sha256()
    for function in sorted(_reached(kernel), key=lambda f: (f.__module__, f.__qualname__)):
        digest.update(f"{function.__module__}.{function.__qualname__}".encode())
        digest.update(_code_bytes(function.__code__))
        for name in function.__code__.co_names:
            value = function.__globals__.get(name)
            if isinstance(value, int | float | str | tuple):
                digest.update(f"{name}={value!r}".encode())
    return digest.hexdigest()


def _code_bytes(code: types.CodeType) -> bytes:
    constants = [c for c in code.co_consts if not isinstance(c, types.CodeType)]
    return code.co_code + repr(constants).encode() + repr(code.co_names).encode()


def _reached(function: types.FunctionType) -> set[types.FunctionType]:
    found: set[types.FunctionType] = set()
    waiting = [function]
    while waiting:
        current = waiting.pop()
        found.add(current)
        waiting.extend(callee for callee in _callees(current).values() if callee not in found)
    return found


def _callees(function: types.FunctionType) -> dict[str, types.FunctionType]:
    """Return the plain functions among the global names that ``function`` uses."""
    used = {name: function.__globals__.get(name) for name in function.__code__.co_names}
    return {name: value for name, value in used.items() if isinstance(value, types.FunctionType)}


def _twin(function: types.FunctionType, folder: Path, made: dict[types.FunctionType, Any]) -> Any:
    import numba

    if function not in made:
        scope = dict(function.__globals__)
        for name, callee in _callees(function).items():
            scope[name] = _twin(callee, folder, made)
        copy = types.FunctionType(function.__code__, scope, function.__name__, function.__defaults__)
        copy.__module__, copy.__qualname__ = function.__module__, function.__qualname__
        made[function] = _jit(copy, folder, numba)
    return made[function]


def _jit(function: types.FunctionType, folder: Path, numba: Any) -> Any:
    """Compile with a cache in ``folder``, or without one where the folder cannot be written."""
    before = numba.config.CACHE_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        numba.config.CACHE_DIR = str(folder)
        return numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    except (OSError, RuntimeError):
        return numba.njit(nogil=True, error_model="numpy")(function)
    finally:
        numba.config.CACHE_DIR = before
