"""What customers see of a day, and what they leave behind: the shapes that the compiled loops exchange."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WALK_IN, DIRECT, REFERRAL, PRIVATE, QR = 0, 1, 4, 5, 9
NEEDS, SOURCE_COUNT = 5, 10
STREAMS = ("visit", "open", "source", "look", "buy", "funnel", "basket", "dropout", "experience", "goods")
VISIT, OPEN, SOURCE, LOOK, BUY, FUNNEL, BASKET, DROPOUT, EXPERIENCE = range(9)
ORDERED, MISSED, SENT_BACK = range(3)  # what is counted of goods
GOODS = 9  # for which group of goods a visit is made
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


class Trade(NamedTuple):
    """What a day's shopping leaves: counts by chunk, and who ordered where.

    ``visits`` [K, S, C]; ``events`` [K, C, E] (money in minor units); ``credited`` [K, S, 2] orders and sales
    after discount by last-click source; ``second`` [K, 91] customers whose second order came today, by days
    since their first; ``buyers`` and ``bought`` [N] filled from the start of each chunk, ``filled`` [K]
    of them; ``opened`` [N] scratch: the channels open to who looked in, as a bit mask; ``wanted`` [N] the
    group of goods that each of ``buyers`` bought; ``goods`` [K, G, C, 3] units ordered (an order is one unit
    of its group), asked for in vain and sent back; ``takings`` [K, G, C, 3] list value, discounts and
    returned sales; ``scratch`` [K, 4, S] room for a chunk's work; ``tally`` [N, 3] each customer's visits,
    orders and sales after discount in the channels of a trial, summed over days (no trial: empty).
    """

    visits: NDArray[np.int64]
    events: NDArray[np.int64]
    credited: NDArray[np.int64]
    second: NDArray[np.int64]
    buyers: NDArray[np.int64]
    bought: NDArray[np.int64]
    filled: NDArray[np.int64]
    opened: NDArray[np.int64]
    wanted: NDArray[np.uint8]
    goods: NDArray[np.int64]
    takings: NDArray[np.int64]
    scratch: NDArray[np.float64]
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
            buyers=np.zeros(customers, np.int64),
            bought=np.zeros(customers, np.int64),
            filled=np.zeros(chunks, np.int64),
            opened=np.zeros(customers, np.int64),
            wanted=np.zeros(customers, np.uint8),
            goods=np.zeros((chunks, groups, channels, 3), np.int64),
            takings=np.zeros((chunks, groups, channels, 3), np.int64),
            scratch=np.zeros((chunks, 4, SOURCE_COUNT)),
            tally=np.zeros((customers if tallied else 0, 3), np.int64),
        )
