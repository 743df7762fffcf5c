"""The desk for relations with customers: sets the week's terms, counts what is outstanding, and pays for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.customers.bonds import (
    AT_NEIGHBOURS,
    FIXED,
    NO_BONDS,
    NO_CARE,
    NO_COUPONS,
    NO_POINTS,
    NO_TALK,
    Bonds,
    packed,
)
from sim.customers.care import (
    BIRTHDAY_DAYS,
    FIRST_DAYS,
    GROUPS,
    LAPSING_DAYS,
    LEAST_GAP,
    PROSPECT,
    SINGLE_GAP,
    YEAR_DAYS,
    CareTerms,
    groups_of,
    most_response,
)
from sim.customers.coupons import (
    FOR_ONLINE,
    FOR_STORE,
    KINDS,
    LAST_CODE,
    ONLINE_AGAIN,
    STORE_AGAIN,
    CouponTerms,
)
from sim.customers.exchange import (
    CARE_COSTS,
    COUPONS_ISSUED,
    COUPONS_REDEEMED,
    POINTS_EARNED,
    POINTS_REDEEMED,
    PRIVATE,
    QR,
    REFERRED_ORDERS,
    Offer,
)
from sim.customers.identity import RECOGNISED, joined_share
from sim.customers.loyalty import POINT, PointTerms
from sim.customers.word_of_mouth import TalkTerms
from sim.engine.randomness import stream_key
from sim.parameters import Parameter, Values

if TYPE_CHECKING:
    from sim.customers.population import KeptTraits, State, Traits
    from sim.setup import Channel, Setup

PARAMETERS = (
    Parameter("message_rate", "messages a month to a member at today's effort", 4.0, 1.0, 12.0, "A", "-", "log"),
    Parameter("message_price", "currency per message beyond today's effort", 0.05, 0.01, 0.2, "A", "-", "log"),
    Parameter("persona_cost", "currency a month to serve one more persona", 2_000.0, 300.0, 10_000.0, "A", "-", "log"),
)  # fmt: skip
MONTH_DAYS, MINOR = 365.0 / 12.0, 100.0
LARGE_REWARD = 0.1  # of the mean order: a reward at which six tenths of the response are reached
COLUMNS = (
    "coupons_expired",
    "coupons_held",
    "points_forfeited",
    "points_owed",
    "messages",
    "relations_costs",
)
YEAR_MASK = np.uint32(0xFFF)


class RelationsDesk:
    """Runs :class:`~sim.retailer.relations.Relations` day by day.

    Attributes
    ----------
    bonds
        Today's terms, as customers see them.
    held, owed
        Coupons held by customers, and points owed to them (agents' units).
    """

    def __init__(self, setup: Setup, values: Values, seed: int) -> None:
        if setup.relations is None:
            raise ValueError("relations: the market declares none")
        self.relations, self.channels, self.weight = setup.relations, setup.channels, setup.weight
        self.values, self.origin = values, setup.burn_in + 1
        coupons = self.relations.coupons
        if coupons is not None and setup.days + self.origin + coupons.days > LAST_CODE:
            raise ValueError(f"coupons: horizon and burn-in of {setup.days + setup.burn_in} days; "
                             f"expected fewer than {LAST_CODE - coupons.days}")  # fmt: skip
        self.keys = np.array([stream_key(seed, name) for name in FIXED], np.uint64)
        self.begins = set(self.relations.starts.values()) | {0}
        self.bonds, self.packed, self.stale = NO_BONDS, packed(NO_BONDS), True
        self.effort, self.mean_factor, self.members, self.reached = np.ones(len(GROUPS)), 1.0, 0, 0
        self.held, self.owed, self.most, self.basket = 0, 0, 1.0, 1.0
        self.landing = (np.zeros((0, 0)), np.zeros((0, 0)))

    def adopt(self, values: Values) -> None:
        """Work with ``values`` from now on."""
        self.values, self.stale = values, True

    def join(self, offer: Offer, day: int, effects: dict[str, float]) -> Offer:
        """Return the day's offer with what ties customers to us, and its bound on visits made good for it."""
        if self.stale or day in self.begins:
            self.basket = float(np.add.reduce(offer.basket, axis=None)) / offer.basket.size
            self.bonds = self._bonds(day, effects["data_identity"])
            response = self.bonds.points.response * max(self.bonds.points.tiers - 1, 0)
            self.most = most_response(self.bonds.care) * (1.0 + response)
            self.packed, self.landing = packed(self.bonds), self._codes_lead(offer)
            self.stale = False
        extra = float(offer.stimulus[PRIVATE]) * max(self.most - 1.0, 0.0) + self.bonds.coupons.codes
        bound = offer.reach + extra
        return offer._replace(
            bonds=self.packed,
            luck=self.keys,
            day=day,
            reach=bound,
            look=self.landing[0],
            landing=self.landing[1],
        )

    def observe(self, day: int, state: State, traits: Traits | KeptTraits) -> None:
        """Look once a week at who is reachable: effort is shared among the groups there are."""
        crm, self.stale = self.relations.crm, True
        if crm is None:
            return
        known = (state.registered == 1) & (state.flags & RECOGNISED != 0)
        self.members, self.reached = int(state.registered.sum()), int(known.sum())
        if self.reached == 0:
            return
        orders, last = state.orders[known], state.last_order[known]
        months = np.bitwise_count(state.recent[known] & YEAR_MASK)
        groups = groups_of(orders, months, day - last, traits.basket[known])
        if crm.rfm and self.relations.begun("rfm", day):
            shares = np.bincount(groups, minlength=len(GROUPS)) / self.reached
            wanted = np.ones(len(GROUPS))
            wanted[PROSPECT + 1 :] = [self.values[f"rfm_effort.{name}"] for name in GROUPS[1:]]
            self.effort = wanted / float(shares @ wanted)
        self.mean_factor = self._mean_factor(day, orders, state.first_order[known], last, groups)

    def close(self, day: int, private: float, events: NDArray[np.int64], state: State, row: Any) -> float:
        """Book the day in ``row`` [6] of :data:`COLUMNS`; return what relations cost, real currency.

        ``private`` is the day's effort against today's, ``events`` [C, E] the day's.
        """
        totals = events.sum(axis=0).tolist()
        expired = self._expire(day, state) if self.held else 0
        self.held += totals[COUPONS_ISSUED] - totals[COUPONS_REDEEMED] - expired
        self.owed += totals[POINTS_EARNED] - totals[POINTS_REDEEMED]
        loyalty, crm = self.relations.loyalty, self.relations.crm
        cost, messages = totals[CARE_COSTS] / MINOR * self.weight, 0.0
        if loyalty is not None and self.relations.begun("referral_reward", day):
            cost += loyalty.referral_reward * totals[REFERRED_ORDERS] * self.weight
        if crm is not None and day >= 0:
            messages = self._messages(private)
            cost += messages * self.values["message_price"]
            if self.relations.begun("personas", day):
                cost += crm.personas * self.values["persona_cost"] / MONTH_DAYS
        row[:] = (expired, self.held, 0.0, self.owed, messages, cost)
        return float(cost)

    def forget(self, before: tuple[int, int], state: State, row: Any) -> None:
        """Book what replaced customers leave behind: ``before`` counts coupons and points held until then."""
        coupons, points = before[0] - self.count(state)[0], before[1] - self.count(state)[1]
        self.held, self.owed = self.held - coupons, self.owed - points
        row[:4] = (row[0] + coupons, self.held, row[2] + points, self.owed)

    @staticmethod
    def count(state: State) -> tuple[int, int]:
        """Return the coupons held and the points owed, agents' units."""
        return int(np.count_nonzero(state.coupon)), int(state.points.sum(dtype=np.int64))

    def lift(self, day: int) -> float:
        """Return the share by which reward and community make content recognised members talk more."""
        loyalty, crm, found = self.relations.loyalty, self.relations.crm, 0.0
        if loyalty is not None and self.relations.begun("referral_reward", day):
            large = loyalty.referral_reward * MINOR / (LARGE_REWARD * self.basket)
            found += self.values["reward_response"] * float(1.0 - np.exp(-large))
        if crm is not None and crm.community and self.relations.begun("community", day):
            found += self.values["community_voice"]
        return found

    @property
    def ties(self) -> np.uint64:
        """Key of the fixed luck of whom customers hear."""
        key: np.uint64 = self.keys[AT_NEIGHBOURS]
        return key

    def _expire(self, day: int, state: State) -> int:
        due = (state.coupon >> 3) == np.uint16(day + self.origin)
        expired = int(np.count_nonzero(due))
        if expired:
            state.coupon[due] = 0
        return expired

    def _messages(self, private: float) -> float:
        """Return the day's messages beyond today's effort, real ones: more effort, and occasions."""
        beyond = self.members * (private - 1.0) + self.reached * private * (self.mean_factor - 1.0)
        return self.weight * self.values["message_rate"] / MONTH_DAYS * max(beyond, 0.0)

    def _mean_factor(self, day: int, orders: Any, first: Any, last: Any, groups: Any) -> float:
        """Return the mean factor on messages over the reachable: groups, and occasions that are due."""
        care = self.bonds.care
        factor = np.full(len(orders), 1.0 + (care.birthday - 1.0) * BIRTHDAY_DAYS / YEAR_DAYS)
        if care.first_order > 1.0:
            factor[(orders == 1) & (day - last <= FIRST_DAYS)] = care.first_order
        if care.lapsing > 1.0:
            gap = np.maximum((last - first) / np.maximum(orders - 1, 1), LEAST_GAP)
            late = day - last - care.gaps * np.where(orders < 2, SINGLE_GAP, gap)
            factor[(orders > 0) & (late >= 0) & (late < LAPSING_DAYS)] = care.lapsing
        return float((factor * self.effort[groups]).mean())

    def _bonds(self, day: int, identity: float) -> Bonds:
        network = self.relations.network
        talk = NO_TALK
        if network is not None:
            talk = TalkTerms(network.neighbours, float(network.rewired), self.values["referral_trust"])
        recognised = joined_share(self.values["recognised"], float(identity))
        coupons, points, care = self._coupons(day), self._points(day), self._care(day)
        return Bonds(self.keys, recognised, coupons, points, care, talk)

    def _codes_lead(self, offer: Offer) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return log weights and shares of landing places [S, C]: stores' codes with coupons lead to own shops."""
        own = np.array([channel.kind == "own" for channel in self.channels])
        if self.bonds.coupons.codes <= 0.0 or not own.any():
            return offer.look, offer.landing
        look, landing = offer.look.copy(), offer.landing.copy()
        look[QR, ~own] = -np.inf
        weights = np.exp(look[QR])
        landing[QR] = weights / weights.sum()
        return look, landing

    def _coupons(self, day: int) -> CouponTerms:
        declared, values = self.relations.coupons, self.values
        if declared is None or day < 0 or not self.relations.begun("coupons", day):
            return NO_COUPONS._replace(origin=self.origin)
        depth = np.zeros(KINDS)
        depth[FOR_STORE], depth[FOR_ONLINE] = declared.online_to_store, declared.store_to_online
        depth[[STORE_AGAIN, ONLINE_AGAIN]] = declared.within_channel
        codes = values["code_visits"] if declared.store_to_online > 0.0 else 0.0
        lure, pull, taken = (values[n] for n in ("promotion_weight", "coupon_pull", "coupon_taken"))
        return CouponTerms(depth, int(declared.days), self.origin, lure, pull, taken, codes)

    def _points(self, day: int) -> PointTerms:
        declared, values, begun = self.relations.loyalty, self.values, self.relations.begun
        if declared is None or day < 0:
            return NO_POINTS
        home = home_of_points(self.channels)
        near = [any((home >> c) & 1 and x.online == on for c, x in enumerate(self.channels)) for on in (0, 1)]
        rewards = declared.rewards if begun("new_customer_rewards", day) else ()
        tiers = declared.tiers if begun("tiers", day) else 0
        return PointTerms(
            rate=float(declared.points_rate) if begun("points", day) else 0.0,
            rewards=np.rint(np.array(rewards, float) * MINOR / POINT),
            threshold=max(round(values["points_threshold"] * MINOR / POINT), 1),
            most=values["points_most"],
            pull=values["points_pull"],
            basket=self.basket,
            shared=int(declared.shared and begun("shared_points", day)),
            home=home,
            near=np.array(near, float),
            tiers=int(tiers),
            step=max(round(values["tier_months"]), 1),
            worth=values["tier_worth"],
            response=values["tier_response"] if tiers > 1 else 0.0,
            cost=values["tier_cost"],
        )

    def _care(self, day: int) -> CareTerms:
        crm, values, begun = self.relations.crm, self.values, self.relations.begun
        if crm is None or day < 0:
            return NO_CARE

        def boost(name: str) -> float:
            return values[f"{name}_boost"] if name in crm.triggers and begun(name, day) else 1.0

        personas = values["persona_effect"] * (1.0 - crm.personas**-0.5) if crm.personas > 0 else 0.0
        return CareTerms(
            effort=self.effort if crm.rfm and begun("rfm", day) else np.ones(len(GROUPS)),
            first_order=boost("first_order"),
            birthday=boost("birthday"),
            lapsing=boost("lapsing"),
            gaps=values["lapse_gaps"],
            personas=float(personas) if begun("personas", day) else 0.0,
        )


def home_of_points(channels: tuple[Channel, ...]) -> int:
    """Return the bit mask of channels where unshared points count: own shops, else stores, else all."""
    for kinds in (("own",), ("store",), ("marketplace", "social")):
        mask = sum(1 << c for c, channel in enumerate(channels) if channel.kind in kinds)
        if mask:
            return mask
    return 0
