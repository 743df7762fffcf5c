"""The till: baskets, discounts, coupons, points and returns."""

from __future__ import annotations

from sim.customers.bonds import AT_COUPON, AT_RECOGNISED, unpacked
from sim.customers.browsing import trial_cut
from sim.customers.coupons import coupon_cut, coupon_for, coupon_kind, coupon_until, valid_in
from sim.customers.exchange import AT_RETURN, DIRECT, OFF_PRICE, REFERRAL, WALK_IN, Offer
from sim.customers.funnel import basket_value, succeeds
from sim.customers.habit import moved, narrow, widen
from sim.customers.identity import RECOGNISED, REFERRED, order_number
from sim.customers.loyalty import (
    POINT,
    PointTerms,
    has_account,
    points_for,
    points_paid,
    tier_expense,
    tier_of,
)
from sim.engine.randomness import normal, stream_key, unit, word
from tests.reference.shopping import Shopper


class Payer(Shopper):
    """Who pays: basket, discount, coupon, points, and perhaps sends it back."""

    def order(self, steps: int, source: int, g: int, c: int, offer: Offer) -> int:
        """Place an order: a log-normal basket, its discount, perhaps its return; return what is paid."""
        number = order_number(self.orders, self.flags)
        luck = word(word(stream_key(self.model.seed, "basket"), self.number), number)
        z = normal(word(luck, 0), word(luck, 1))
        listed = basket_value(offer.basket[g][c], self.basket, z, self.model.rules.basket_within)
        discount = int(float(listed) * offer.discount[g][c] + 0.5)
        if self.treated(offer):
            discount += trial_cut(listed - discount, offer.arms[OFF_PRICE][c])
        book = self.model.book
        if offer.bonds:
            discount += self.settle(steps, source, c, listed - discount, offer)
        book.orders.append((self.number, source, c, listed))
        book.goods.append(g)
        book.pieces["ordered", g, c] += 1
        book.credited[source, "orders"] += 1
        book.credited[source, "sales"] += listed - discount
        book.events[c, "orders"] += 1
        book.events[c, "new_customers" if self.orders == 0 else "repeat_orders"] += 1
        book.events[c, "list_sales"] += listed
        book.events[c, "discounts"] += discount
        book.takings["list_sales", g, c] += listed
        book.takings["discounts", g, c] += discount
        if succeeds(unit(word(steps, AT_RETURN)), offer.return_rate[g][c]):
            book.events[c, "returns"] += 1
            book.pieces["returned", g, c] += 1
            book.events[c, "returned_sales"] += listed - discount
            book.takings["returned_sales", g, c] += listed - discount
        return listed - discount

    def settle(self, steps: int, source: int, c: int, paid: int, offer: Offer) -> int:
        """Be recognised, pay with coupon and points, take new ones; return what comes off the price."""
        bonds, events, online = unpacked(offer.bonds, offer.luck), self.model.book.events, offer.online[c]
        if unit(word(bonds.keys[AT_RECOGNISED], self.number)) < bonds.recognised:
            self.flags |= RECOGNISED
        off, kind = 0, coupon_kind(self.coupon)
        if valid_in(kind, online):
            off, self.coupon = coupon_cut(paid, bonds.coupons.depth[kind]), 0
            events[c, "coupons_redeemed"] += 1
        terms = bonds.points
        if has_account(self.registered, self.recognised, bool(terms.home >> c & 1), terms.shared):
            off += self.use_points(c, paid - off, terms)
        kind = coupon_for(online, self.recognised, bonds.coupons.depth)
        if kind and not self.coupon and succeeds(unit(word(steps, AT_COUPON)), bonds.coupons.taken):
            self.coupon = coupon_until(kind, self.model.day, bonds.coupons)
            events[c, "coupons_issued"] += 1
        if source == REFERRAL and self.orders == 0:
            self.flags |= REFERRED
            events[c, "referred_orders"] += 1
            trust = bonds.talk.trust
            self.satisfaction = [narrow(moved(widen(q), 1.0, trust)) for q in self.satisfaction]
        return off

    def use_points(self, c: int, paid: int, terms: PointTerms) -> int:
        """Pay with points and earn others; return what they take off."""
        events, months = self.model.book.events, bin(self.recent & 0xFFF).count("1")
        used = points_paid(self.points, paid, terms)
        earned = points_for(paid - used * POINT, terms.rate)
        earned += int(terms.rewards[self.orders]) if self.orders < len(terms.rewards) else 0
        before, self.points = self.points, min(self.points - used + earned, 65_535)
        events[c, "points_redeemed"] += used
        events[c, "points_earned"] += self.points - before + used
        tier = tier_of(months, terms.tiers, terms.step)
        events[c, "care_costs"] += tier_expense(paid - used * POINT, tier, terms.cost)
        return used * POINT

    def enter(self, c: int, offer: Offer) -> None:
        """Make the first order that history knows of, by an unknown source: directly, or on foot."""
        book, source = self.model.book, DIRECT if offer.online[c] else WALK_IN
        book.visits.append((self.number, source, c))
        if offer.online[c]:
            self.register(c)
            for step in ("new_visitors", "carts", "checkouts", "submitted"):
                book.events[c, step] += 1
        self.aware |= 1 << c
        self.order(self.luck("funnel"), source, self.want(offer, c), c, offer)
