"""Identity: which customers the retailer can join across its channels, and so knows as one person.

What is known differs from what is true: a customer who is not recognised and buys in a store and online
stands in the books as two. Whether somebody lets itself be known is fixed luck of the customer, so the share
of buyers who are recognised is the share that the retailer's data can join, whoever buys more often.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.parameters import Parameter

PARAMETERS = (
    Parameter(
        "recognised",
        "share of customers whose purchases are joined across channels, at the start",
        0.22,
        0.05,
        0.60,
        "T",
        "78 % of firms do not share POS and shop data: a plan",
        "logit",
    ),
)
# Bits of the state's `flags`; those from NEXT on count who has lived in this place of the population before.
RECOGNISED, REFERRED, NEXT = 1, 2, 4


def next_flags(flags: Any) -> Any:
    """Return the flags of the prospect who takes the place of a lost customer."""
    return (flags // NEXT + 1) % 64 * NEXT


def joined_share(start: float, gained: float) -> float:
    """Return the share of buyers whom the retailer recognises.

    ``start`` is the share without investment, ``gained`` the share of the rest that data capability joins.
    """
    return start + (1.0 - start) * gained


def is_recognised(luck: float, share: float) -> bool:
    """Whether a buyer is recognised at an order; ``luck`` is the customer's own, the same at every order."""
    return luck < share


def order_number(orders: int, flags: int) -> int:
    """Return the address of an order's luck - its basket, whether the customer stays - among a customer's.

    ``orders`` is the number of orders. The k-th order has the same luck on whatever day it is placed, so two
    scenarios with one seed lose the same customers by it. Who takes the place of a lost customer starts anew.
    """
    return int(np.int64(orders)) + (int(np.int64(flags)) // NEXT << 16)
