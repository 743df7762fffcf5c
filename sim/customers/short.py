"""Sixteen bits for a positive number: what a trait is kept in.

Five bits of exponent and eleven of mantissa hold 5e-7 to 2,047 to within 0.03 %, finer than any trait is
known; below is zero, above is the highest. The float32 of the same leading bits is had back by one shift.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_SHIFT = 12  # of float32's 23 bits of mantissa, 11 are kept
_LOWEST = (127 - 21) << 23  # bits of 2**-21 as float32


def shortened(values: Any) -> NDArray[np.uint16]:
    """Return positive ``values`` as sixteen bits each, the nearest that there are."""
    bits = np.asarray(values, np.float32).view(np.uint32).astype(np.int64)
    codes = (bits - _LOWEST + (1 << (_SHIFT - 1))) >> _SHIFT
    return np.asarray(np.clip(codes, 0, 0xFFFF), np.uint16)


def lengthened(codes: Any) -> NDArray[np.float32]:
    """Return the float32 that each of ``codes`` stands for."""
    bits = (np.asarray(codes).astype(np.uint32) << np.uint32(_SHIFT)) + np.uint32(_LOWEST)
    return np.where(np.asarray(codes) == 0, np.float32(0.0), bits.view(np.float32))


def full(code: int) -> float:
    """Return the number that one code stands for, as :func:`lengthened` does."""
    if code == 0:
        return 0.0
    return float(np.uint32((np.int64(code) << _SHIFT) + _LOWEST).view(np.float32))
