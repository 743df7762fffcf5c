"""TestU01 (L'Ecuyer & Simard 2007, ACM TOMS 33:4) on draws in one of the orders, from its shared library.

``python -m benchmarks.luck.testu01 ORDER BATTERY`` prints ``{"tests": [[name, p], ...], "seconds": ...}``.
The library prints as it likes and ends the process when unhappy: each battery runs in its own process.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.luck.addresses import BLOCK, NAMED, Order, fill
from benchmarks.luck.debian import libraries, unpacked
from sim.engine.compilation import compiled

BITS = {"SmallCrush": 0.0, "Rabbit": 2.0**27, "Alphabit": 2.0**28, "Crush": 0.0}
PACKAGE = "libtestu01-0"


def library() -> Path | str:
    """Return where the library lies: the system's own, or Debian's package unpacked.

    Raises
    ------
    Missing
        Where it cannot be had.
    """
    return ctypes.util.find_library("testu01") or libraries(unpacked(PACKAGE, "non-free")) / "libtestu01.so.0"


class Generator(ctypes.Structure):
    """``unif01_Gen`` of the library."""

    _fields_ = (
        ("state", ctypes.c_void_p), ("param", ctypes.c_void_p), ("name", ctypes.c_char_p),
        ("unit", ctypes.c_void_p), ("bits", ctypes.c_void_p), ("write", ctypes.c_void_p),
    )  # fmt: skip


def callbacks() -> tuple[Any, Any]:
    """Return the compiled functions by which the library draws: 32 bits, and a uniform of 32 bits.

    The state is an array of 64-bit words: place in the block, next number, order, bases, then the block.
    """
    import numba
    from numba import types

    write, block = compiled(fill), BLOCK

    @numba.njit
    def draw(at: Any) -> Any:
        state = numba.carray(at, 4, np.uint64)
        bases = numba.carray(at, 4 + state[3], np.uint64)[4:]
        out = numba.carray(at, 4 + state[3] + block // 2, np.uint64)[4 + np.int64(state[3]) :].view(np.uint32)
        if state[0] == block:
            write(np.int64(state[2]), state[1], bases, out)
            state[0], state[1] = 0, state[1] + np.uint64(block)
        drawn = out[np.int64(state[0])]
        state[0] += np.uint64(1)
        return np.uint64(drawn)

    @numba.cfunc(types.uint64(types.voidptr, types.voidptr))
    def bits(param: Any, state: Any) -> Any:
        return draw(state)

    @numba.cfunc(types.float64(types.voidptr, types.voidptr))
    def unit(param: Any, state: Any) -> Any:
        return draw(state) * 2.0**-32

    return bits, unit


def run(order: Order, battery: str) -> list[tuple[str, float]]:
    """Return the p-values of a battery on an order, by test."""
    where = Path(library())
    if where.parent.exists() and where.parent != Path():
        for part in ("libtestu01mylib", "libtestu01probdist"):
            ctypes.CDLL(str(where.parent / f"{part}.so.0"), mode=ctypes.RTLD_GLOBAL)
    tests = ctypes.CDLL(str(where), mode=ctypes.RTLD_GLOBAL)
    ctypes.c_byte.in_dll(tests, "swrite_Basic").value = 0
    bits, unit = callbacks()
    state = np.zeros(4 + len(order.bases) + BLOCK // 2, np.uint64)
    state[:4] = BLOCK, 0, order.number, len(order.bases)
    state[4 : 4 + len(order.bases)] = order.bases
    nothing = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: None)
    generator = Generator(state.ctypes.data, None, order.name.encode(), unit.address, bits.address, 0)
    generator.write = ctypes.cast(nothing, ctypes.c_void_p).value
    at = ctypes.byref(generator)
    if battery == "Alphabit":
        tests.bbattery_Alphabit(at, ctypes.c_double(BITS[battery]), 0, 32)
    elif battery == "Rabbit":
        tests.bbattery_Rabbit(at, ctypes.c_double(BITS[battery]))
    else:
        getattr(tests, f"bbattery_{battery}")(at)
    count = ctypes.c_int.in_dll(tests, "bbattery_NTests").value
    names = (ctypes.c_char_p * count).in_dll(tests, "bbattery_TestNames")
    levels = (ctypes.c_double * count).in_dll(tests, "bbattery_pVal")
    return [(names[k].decode(), float(levels[k])) for k in range(count)]


def main() -> None:
    """Run one battery and print its p-values as the last line."""
    order, battery = NAMED[sys.argv[1]], sys.argv[2]
    kept, started = os.dup(1), time.perf_counter()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    found = run(order, battery)
    ctypes.CDLL(None).fflush(None)
    os.dup2(kept, 1)
    print(json.dumps({"tests": found, "seconds": round(time.perf_counter() - started, 1)}))


if __name__ == "__main__":
    main()
