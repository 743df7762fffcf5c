"""What customers see of a day, and what they leave behind: the shapes that the compiled loops exchange."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.chunks import CHUNK
from sim.setup import MAX_CHANNELS

WALK_IN, DIRECT, REFERRAL, PRIVATE, QR = 0, 1, 4, 5, 9
NEEDS, SOURCE_COUNT = 5, 10
STREAMS = (
    *("visit", "open", "source", "look", "buy", "funnel", "basket", "dropout", "experience"),
    *("goods", "visit rest"),
)
VISIT, OPEN, SOURCE, LOOK, BUY, FUNNEL, BASKET, DROPOUT, EXPERIENCE = range(9)
ORDERED, MISSED, SENT_BACK = range(3)  # what is counted of goods
GOODS = 9  # for which group of goods a visit is made
VISIT_REST = 10  # what refines the sixteen bits of luck that open the gate
# Places of the alternatives within the "buy" stream, and of the steps within "funnel".
NOWHERE, RIVAL, NEST_ANGLE, NEST_TAIL, FIRST_CHANNEL = 0, 1, 2, 3, 4
AT_BOUNCE, AT_DEVICE, AT_COMPLETION, AT_REGISTRATION, AT_PAYMENT, AT_STOCK, AT_RETURN = range(7)
SECOND_DAYS = 90  # a second order counts as a new customer's repurchase up to this many days after the first
NO_BONDS, NO_LUCK = np.zeros(0), np.zeros(0, np.uint64)
NO_STEPS, NO_ARMS, NOBODY = np.zeros(0), np.zeros((0, 0)), np.zeros(0, np.uint8)
EVENTS = [
    "bounces",
    "new_visitors",
    "carts",
    "checkouts",
    "mobile_checkouts",
    "mobile_orders",
    "registrations",
    "submitted",
    "orders",
    "stockouts",
    "rival_orders",
    "new_customers",
    "repeat_orders",
    "list_sales",
    "discounts",
    "returned_sales",
    "returns",
    "lost",
    "coupons_issued",
    "coupons_redeemed",
    "points_earned",
    "points_redeemed",
    "referred_orders",
    "care_costs",
    "page_views",
    "searches",
    "failed_searches",
    "gave_up",
    "search_orders",
    "favourites",
]
(
    BOUNCES,
    NEW_VISITORS,
    CARTS,
    CHECKOUTS,
    MOBILE_CHECKOUTS,
    MOBILE_ORDERS,
    REGISTRATIONS,
    SUBMITTED,
    ORDERS,
    STOCKOUTS,
    RIVAL_ORDERS,
    NEW_CUSTOMERS,
    REPEAT_ORDERS,
    LIST_SALES,
    DISCOUNTS,
    RETURNED_SALES,
    RETURNS,
    LOST,
    COUPONS_ISSUED,
    COUPONS_REDEEMED,
    POINTS_EARNED,
    POINTS_REDEEMED,
    REFERRED_ORDERS,
    CARE_COSTS,
    PAGE_VIEWS,
    SEARCHES,
    FAILED_SEARCHES,
    GAVE_UP,
    SEARCH_ORDERS,
    FAVOURITES,
) = range(30)
# What a trial does to those treated, by channel [5, C]: utility added, factors on bouncing and on success of
# searches, share off the price; and whether the trial counts the channel's visits and orders.
ADDED_WORTH, BOUNCE_FACTOR, SEARCH_FACTOR, OFF_PRICE, COUNTED = range(5)
TALLIED_VISITS, TALLIED_ORDERS, TALLIED_SALES = range(3)


class Rules(NamedTuple):
    """Parameter values that the customers' rules take; see ``PARAMETERS`` beside each rule."""

    habit_pull: float
    distance_decay: float
    winback: float
    borrow_days: float
    nest: float
    price_weight: float
    habit_weight: float
    satisfaction_weight: float
    delay_weight: float
    switching: float
    cart_margin: float
    mobile_share: float
    store_membership: float
    habit_gain: float
    satisfaction_gain: float
    dropout_relief: float
    borrowed_share: float
    basket_within: float
    experience_spread: float
    unfairness: float
    tolerated_gap: float


class Offer(NamedTuple):
    """Today's offer and reach as customers see them.

    ``attraction`` [5] of the need sources; ``stimulus`` [S] visits per need beyond needs, for a fully digital
    customer, both when all is open; ``look`` [S, C] log weight of a channel as landing place, -inf where
    unreachable, and ``landing`` [S, C] the shares that follow; ``intent`` [S] utility that visitors of a
    source bring; ``access`` (chance to find it open), ``delay, bounce, registration, payment,
    mobile_completion, desktop_completion`` and ``online`` (0/1) [C]; ``worth`` (-inf where not sold),
    ``price_term, discount, basket`` (minor units), ``stockout, return_rate`` by group of goods [G, C];
    ``demand`` multiplier of needs; ``reach`` bound on visits per unit of a customer's rate; ``rival_edge``
    [C] utility of rivals beyond ``rival_worth`` for who looks at a channel; ``needs`` [G] weights of the
    groups among needs; ``listed`` [C] log list price, which customers compare between channels where
    ``compared`` is 1; ``confusion`` log price gap as which two positions of one brand are seen; ``day``
    of the run; ``bonds`` what ties customers to us beside the offer, packed (none: empty), and ``luck`` the
    keys that go with it; ``steps`` what happens on the pages, packed (:mod:`sim.customers.browsing`; none:
    empty); ``arms`` [5, C] what a trial does, and ``treated`` [N] to whom (0/1; no trial: both empty);
    ``response`` [C] factor on what price and promotion do to the decision.
    """

    attraction: NDArray[np.float64]
    stimulus: NDArray[np.float64]
    look: NDArray[np.float64]
    landing: NDArray[np.float64]
    intent: NDArray[np.float64]
    access: NDArray[np.float64]
    worth: NDArray[np.float64]
    price_term: NDArray[np.float64]
    delay: NDArray[np.float64]
    discount: NDArray[np.float64]
    basket: NDArray[np.float64]
    bounce: NDArray[np.float64]
    registration: NDArray[np.float64]
    payment: NDArray[np.float64]
    mobile_completion: NDArray[np.float64]
    desktop_completion: NDArray[np.float64]
    stockout: NDArray[np.float64]
    return_rate: NDArray[np.float64]
    online: NDArray[np.int64]
    rival_worth: float
    demand: float
    reach: float
    rival_edge: NDArray[np.float64]
    needs: NDArray[np.float64]
    listed: NDArray[np.float64]
    confusion: float
    compared: int
    day: int = 0
    bonds: NDArray[np.float64] = NO_BONDS
    luck: NDArray[np.uint64] = NO_LUCK
    response: NDArray[np.float64] = NO_BONDS
    steps: NDArray[np.float64] = NO_STEPS
    arms: NDArray[np.float64] = NO_ARMS
    treated: NDArray[np.uint8] = NOBODY


def total(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts by chunk [K, ...] summed in order; those of a single chunk as they stand, not copied."""
    merged: NDArray[np.int64] = counts[0] if len(counts) == 1 else np.add.reduce(counts, axis=0)
    return merged


GUEST = np.dtype(
    [
        ("place", np.uint16),  # within the chunk
        ("source", np.uint8),
        ("opened", np.uint8),  # channels open to the customer, a bit mask
        ("channel", np.uint8),
        ("group", np.uint8),
    ]
)


class Trade(NamedTuple):
    """What a day's shopping leaves: counts by chunk, and who ordered where.

    ``visits`` [K, S, C]; ``events`` [K, C, E] (money in minor units); ``credited`` [K, S, 2] orders and sales
    after discount by last-click source; ``second`` [K, 91] customers whose second order came today, by days
    since their first; ``guests`` [N] of :data:`GUEST`, from the start of each chunk: who looks in, then,
    written behind the reader, who has bought where; ``filled`` [K] buyers; ``goods`` [K, G, C, 3] units
    ordered (an order is one unit of its group), asked for in vain and sent back; ``takings`` [K, G, C, 3]
    list value, discounts and returned sales; ``tally`` [N, 3] each customer's visits, orders and sales after
    discount in the channels of a trial, summed over days (no trial: empty).
    """

    visits: NDArray[np.int64]
    events: NDArray[np.int64]
    credited: NDArray[np.int64]
    second: NDArray[np.int64]
    guests: NDArray[np.void]
    filled: NDArray[np.int64]
    goods: NDArray[np.int64]
    takings: NDArray[np.int64]
    tally: NDArray[np.int64]

    @classmethod
    def blank(
        cls, customers: int, chunks: int, channels: int, groups: int = 1, tallied: bool = False
    ) -> Trade:
        """Return empty books of a day for ``customers`` agents in ``chunks`` and ``groups`` of goods."""
        return cls(
            visits=np.zeros((chunks, SOURCE_COUNT, channels), np.int64),
            events=np.zeros((chunks, channels, len(EVENTS)), np.int64),
            credited=np.zeros((chunks, SOURCE_COUNT, 2), np.int64),
            second=np.zeros((chunks, SECOND_DAYS + 1), np.int64),
            guests=np.zeros(chunks * CHUNK, GUEST),
            filled=np.zeros(chunks, np.int64),
            goods=np.zeros((chunks, groups, channels, 3), np.int64),
            takings=np.zeros((chunks, groups, channels, 3), np.int64),
            tally=np.zeros((customers if tallied else 0, 3), np.int64),
        )

    def orders(self) -> list[tuple[int, int, int]]:
        """Return the day's orders as (customer, channel, group of goods), in the order of customers."""
        found: list[tuple[int, int, int]] = []
        for chunk, filled in enumerate(self.filled.tolist()):
            start = chunk * CHUNK
            bought = self.guests[start : start + filled]
            columns = (bought["place"] + start, bought["channel"], bought["group"])
            found += zip(*(column.tolist() for column in columns), strict=True)
        return found


class Scratch(NamedTuple):
    """Room for one thread's work on a chunk.

    ``words`` [1024] and ``slices`` [4096] are the same memory, as are ``marks`` [4096] and ``eights`` [512];
    ``found`` [4097] places in the chunk; ``rates`` [S], ``draws`` [3, S], ``drawn`` [5], ``favours`` [8];
    ``touched`` [1] takes what is read in advance.
    """

    words: NDArray[np.uint64]
    slices: NDArray[np.uint16]
    marks: NDArray[np.uint8]
    eights: NDArray[np.uint64]
    found: NDArray[np.int64]
    rates: NDArray[np.float64]
    draws: NDArray[np.float64]
    drawn: NDArray[np.float64]
    favours: NDArray[np.float64]
    touched: NDArray[np.int64]

    @classmethod
    def blank(cls) -> Scratch:
        """Return empty room."""
        words, marks = np.zeros(CHUNK // 4, np.uint64), np.zeros(CHUNK, np.uint8)
        return cls(
            words=words,
            slices=words.view(np.uint16),
            marks=marks,
            eights=marks.view(np.uint64),
            found=np.zeros(CHUNK + 1, np.int64),
            rates=np.zeros(SOURCE_COUNT),
            draws=np.zeros((3, SOURCE_COUNT)),
            drawn=np.array([1.0, 1.0, 1.0, 1.0, 0.0]),
            favours=np.zeros(MAX_CHANNELS),
            touched=np.zeros(1, np.int64),
        )
