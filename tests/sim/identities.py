"""What must add up in every market on every day: people, orders, goods, coupons, points and money."""

from __future__ import annotations

import itertools

import numpy as np

from sim.customers.exchange import EVENTS, MISSED, ORDERED, SENT_BACK
from sim.customers.population import State
from sim.customers.stages import STAGES
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.money import SETTLED_AFTER, TEAM, TECHNOLOGY, cash_book
from sim.retailer.operations import MEASURES as FIRM
from sim.retailer.relations_desk import COLUMNS, RelationsDesk
from sim.retailer.stock import Stock
from sim.setup import SOURCES, Drivers

CLOSE = 1e-9


class Witness:
    """Lives a market's days and checks at each day's end that nothing has come from, or gone to, nowhere."""

    def __init__(self, market: Market) -> None:
        self.market, self.weight = market, market.setup.weight
        self.online = np.array([channel.online for channel in market.setup.channels])
        stock = self.stock
        places = 0 if stock is None else len(stock.piles[0])
        groups = len(market.setup.products) or 1
        self.asked, self.back = np.zeros((groups, places)), np.zeros((groups, places))
        self.held, self.handed = np.zeros((groups, places)), 0.0
        self.came = 0.0

    @property
    def stock(self) -> Stock | None:
        """The firm's stock, where it keeps any."""
        operations = self.market.retailer.operations
        return None if operations is None else operations.stock

    def run(self) -> Ledger:
        """Live all days; return the books."""
        while self.market.running:
            self.step()
        return self.market.ledger

    def step(self) -> None:
        """Live a day and check it."""
        market = self.market
        before = State(*(column.copy() for column in market.customers.state))
        market.step()
        self.events = dict(zip(EVENTS, market.trade.events.sum(axis=0).T, strict=True))
        self.goods = market.trade.goods.sum(axis=0)
        place = market.day - 1 + market.setup.burn_in
        self.month_ends = bool(market.month_ends[place])
        bought = self.buyers()
        replaced = (before.orders + bought > 0) & (market.customers.state.orders == 0)
        self.check_people(before, bought, replaced)
        if market.relations is not None:
            self.check_possessions(before, bought, replaced, market.ledger.relations[place])
        self.check_goods()
        self.check_orders()

    def buyers(self) -> np.ndarray:
        """Return whether each customer has bought today, from the day's list of buyers: nobody does twice."""
        trade, bought = self.market.trade, np.zeros(self.market.setup.customers, np.int64)
        for customer, _, _ in trade.orders():
            bought[customer] += 1
        assert bought.max(initial=0) <= 1
        assert bought.sum() == self.events["orders"].sum()
        return bought

    def check_people(self, before: State, bought: np.ndarray, replaced: np.ndarray) -> None:
        """Prospects become customers, customers are lost, the lost come back or are replaced by prospects."""
        now, events = self.market.customers.state, {name: n.sum() for name, n in self.events.items()}
        renewed = replaced.sum()
        assert renewed == 0 or self.month_ends
        prospects, lost, members = (
            [(state.orders == 0).sum() for state in (before, now)],
            [state.lost.sum() for state in (before, now)],
            [state.registered.sum() for state in (before, now)],
        )
        assert prospects[1] == prospects[0] - events["new_customers"] + renewed
        returned = (before.lost * bought).sum()
        assert lost[1] == lost[0] - returned + events["lost"] - renewed
        gone = members[0] + events["registrations"] - members[1]
        assert before.registered[replaced].sum() <= gone <= renewed
        np.testing.assert_array_equal(now.orders[~replaced], (before.orders + bought)[~replaced])
        assert not ((now.orders == 0) & (now.lost == 1)).any(), "prospects cannot be lost"
        assert ((now.used == 0) == (now.orders == 0)).all()
        assert (now.last_order >= now.first_order).all()
        assert np.isfinite(now.gate).all() and (now.gate >= 0).all()

    def check_possessions(
        self, before: State, bought: np.ndarray, replaced: np.ndarray, row: np.ndarray
    ) -> None:
        """Coupons are redeemed, run out or are held; points are paid with, forfeited or owed."""
        now, events = self.market.customers.state, {name: n.sum() for name, n in self.events.items()}
        booked = dict(zip(COLUMNS, row, strict=True))
        (held, owed), (holding, owing) = RelationsDesk.count(before), RelationsDesk.count(now)
        assert (booked["coupons_held"], booked["points_owed"]) == (holding, owing)
        issued = events["coupons_issued"] - events["coupons_redeemed"]
        assert holding == held + issued - booked["coupons_expired"]
        earned = events["points_earned"] - events["points_redeemed"]
        assert owing == owed + earned - booked["points_forfeited"]
        assert min(booked.values()) >= 0
        same = (bought == 0) & ~replaced
        np.testing.assert_array_equal(now.points[same], before.points[same])
        taken = now.coupon[same] != before.coupon[same]
        assert (now.coupon[same][taken] == 0).all(), "without an order a coupon can only run out"

    def check_goods(self) -> None:
        """Every order is a piece of its group; piles hold what came in and has not left, pool by pool."""
        counted = self.goods.sum(axis=0)
        np.testing.assert_array_equal(counted[:, ORDERED], self.events["orders"])
        np.testing.assert_array_equal(counted[:, MISSED], self.events["stockouts"])
        np.testing.assert_array_equal(counted[:, SENT_BACK], self.events["returns"])
        stock = self.stock
        if stock is None:
            return
        assert_conserved(stock)
        places = len(stock.piles[0])
        if self.asked.shape[1] > places:  # places were pooled
            self.asked, self.back = (each.sum(axis=1, keepdims=True) for each in (self.asked, self.back))
        for c, place in enumerate(stock.place):
            self.asked[:, place] += self.goods[:, c, ORDERED] * self.weight
            self.back[:, place] += self.goods[:, c, SENT_BACK] * self.weight
        for name, expected in (("asked", self.asked), ("returned", self.back)):
            kept = [[getattr(pile, name) for pile in row] for row in stock.piles]
            np.testing.assert_allclose(kept, expected, rtol=CLOSE, atol=1e-6)

    def check_orders(self) -> None:
        """Online orders have been handled, or are in hand."""
        operations = self.market.retailer.operations
        if operations is None or operations.desk is None:
            return
        self.came += float(self.events["orders"][self.online].sum()) * self.weight
        self.handed += operations.book["handled_orders"]
        in_hand = operations.desk.backlog + operations.desk.lumps
        assert abs(self.came - self.handed - in_hand) <= CLOSE * (1.0 + self.came)
        assert operations.desk.backlog >= 0.0


def assert_conserved(stock: Stock) -> None:
    """Goods in are goods out and on hand; orders are shipped or owed; nothing is negative."""
    for row in stock.piles:
        for pile in row:
            assert min(pile.useful, pile.idle, pile.owed, pile.coming, pile.left, pile.spread) >= 0.0
            whole = CLOSE * (1.0 + pile.shipped + pile.returned + pile.left + pile.on_hand)
            balance = pile.received + pile.returned - pile.shipped - pile.left - pile.on_hand
            assert abs(balance) <= whole
            assert abs(pile.asked - pile.shipped - pile.owed) <= whole
            assert abs(pile.coming - sum(pile.due.values())) <= whole
            assert all(
                pile.punctual[day] <= units + whole for day, units in pile.due.items() if day in pile.punctual
            )


def assert_everything_balances(market: Market) -> None:
    """Check the books of a run that is over."""
    ledger = market.ledger
    assert_books_balance(ledger)
    assert_money_balances(ledger)
    assert_products_add_up(ledger)
    assert_cash_balances(ledger)
    assert_tax_balances(ledger)
    assert_people_add_up(ledger)
    assert_firm_is_sound(ledger)
    assert_no_more_is_paid_than_budgeted(ledger, market.drivers)


def assert_books_balance(ledger: Ledger) -> None:
    """Check the identities of a run's books."""
    events = {name: ledger.events[:, :, e] for e, name in enumerate(EVENTS)}
    online = np.array([channel.online for channel in ledger.setup.channels])
    for name, counts in events.items():
        assert (counts >= 0).all(), name
    np.testing.assert_array_equal(events["orders"], events["new_customers"] + events["repeat_orders"])
    funnel = ("carts", "checkouts", "submitted", "orders")
    for wide, narrow in itertools.pairwise(funnel):
        assert (events[wide] >= events[narrow])[:, online].all(), (wide, narrow)
    assert (events["submitted"] >= events["orders"] + events["stockouts"])[:, online].all()
    assert (events["mobile_checkouts"] <= events["checkouts"]).all()
    assert (events["mobile_orders"] <= events["mobile_checkouts"]).all()
    assert (events["returns"] <= events["orders"]).all()
    assert (events["lost"] <= events["orders"]).all()
    visits = ledger.visits.sum(axis=1)
    assert (events["bounces"] + events["rival_orders"] <= visits).all()
    assert (events["new_visitors"] <= visits).all()
    walk_in = SOURCES.index("walk_in")
    assert ledger.visits[:, walk_in, online].sum() == 0
    assert np.delete(ledger.visits, walk_in, axis=1)[:, :, ~online].sum() == 0
    # Buying happens on a visit: at most one order a visit, credited to the visit's source.
    assert (events["orders"].sum(axis=1) <= visits.sum(axis=1)).all()
    assert (ledger.credited[:, :, 0] <= ledger.visits.sum(axis=2)).all()
    np.testing.assert_array_equal(ledger.credited[:, :, 0].sum(axis=1), events["orders"].sum(axis=1))
    sold = events["list_sales"] - events["discounts"]
    np.testing.assert_array_equal(ledger.credited[:, :, 1].sum(axis=1), sold.sum(axis=1))
    assert (events["returned_sales"] <= sold).all()


def assert_money_balances(ledger: Ledger) -> None:
    """Check the profit and loss lines of each day and channel."""
    money = ledger.money()
    net = money["gross_sales"] - money["discounts"] - money["returned_sales"]
    np.testing.assert_allclose(money["net_sales"], net, atol=1e-6)
    assert (net >= -1e-6).all()
    spent = money["goods"] + money["commission"] + money["fulfilment"] + money["margin"]
    np.testing.assert_allclose(money["net_sales"], spent, rtol=CLOSE, atol=1e-6)
    for values in (*money.values(), ledger.operations, ledger.levels, ledger.spend):
        assert np.isfinite(values).all()
    assert (ledger.operations >= 0).all()
    assert ((ledger.levels >= 0) & (ledger.levels < 1)).all()


def assert_products_add_up(ledger: Ledger) -> None:
    """Check that product groups' units and money are the channels', every day."""
    if not ledger.setup.products:
        return
    for k, name in enumerate(("list_sales", "discounts", "returned_sales")):
        booked = ledger.events[:, :, EVENTS.index(name)]
        np.testing.assert_array_equal(ledger.takings[..., k].sum(axis=1), booked)
    np.testing.assert_array_equal(ledger.goods.sum(axis=1), ledger.events[:, :, EVENTS.index("orders")])


def assert_cash_balances(ledger: Ledger) -> None:
    """What came in and what is open add up to the profit earned, on every single day."""
    book = cash_book(ledger)
    open_ = book["receivable"] - book["payable"] - book["tax"] + book["assets"] + book["deposits"]
    scale = np.abs(book["cash"]).sum() + 1.0
    np.testing.assert_allclose(np.cumsum(book["cash"]) + open_, np.cumsum(book["profit"]), atol=CLOSE * scale)
    lines = ledger.money()["margin"].sum(axis=1) - book["operating"] - book["depreciation"] - book["running"]
    dealers = ledger.setup.dealers
    wholesale = 0.0 if dealers is None else ledger.dealers[:, 0] * dealers.margin
    np.testing.assert_allclose(
        book["profit"], lines + wholesale - ledger.loss, rtol=CLOSE, atol=CLOSE * scale
    )
    spent = ledger.spend.sum(axis=1) + ledger.invest.sum(axis=1) + ledger.costs
    np.testing.assert_allclose(book["capital"] + book["operating"], spent, rtol=CLOSE, atol=1e-6)
    assert (book["receivable"] >= -1e-6 * scale).all() and (book["payable"] >= -1e-6 * scale).all()


def assert_tax_balances(ledger: Ledger) -> None:
    """Check that value-added tax is held from the day it arises to the day its month is settled."""
    finance = ledger.setup.finance
    if finance is None:
        return
    money = {name: values.sum(axis=1) for name, values in ledger.money().items()}
    paid = money["goods"] + money["commission"] + money["fulfilment"] + ledger.spend.sum(axis=1)
    arisen = finance.vat * (money["net_sales"] - paid - ledger.invest[:, TECHNOLOGY].sum(axis=1))
    first = np.datetime64(ledger.setup.start, "D") - ledger.offset
    months = (first + np.arange(len(arisen))).astype("datetime64[M]")
    due = (months + 1).astype("datetime64[D]") - 1 + SETTLED_AFTER
    held, scale = cash_book(ledger)["tax"], np.abs(arisen).sum() + 1.0
    for day in range(len(arisen)):
        open_ = arisen[: day + 1][due[: day + 1] > first + day]
        assert abs(held[day] - open_.sum()) <= CLOSE * scale


def assert_people_add_up(ledger: Ledger) -> None:
    """Check that every count of people at a month's end is a count of all of them."""
    everybody = ledger.setup.customers
    for counted in ledger.snapshots.values():
        assert sum(counted[f"stage_{name}"] for name in STAGES) == everybody
        assert sum(n for name, n in counted.items() if name.startswith("rfm_")) == everybody
        assert counted["promoters"] + counted["detractors"] <= counted["opinions"] + CLOSE * everybody
    assert all(moved.sum() == everybody for moved in ledger.moves.values())


def assert_firm_is_sound(ledger: Ledger) -> None:
    """Check what the firm's operations, where declared, say of themselves."""
    firm = dict(zip(FIRM, ledger.firm.T, strict=True))
    assert all(np.isfinite(values).all() for values in firm.values())
    parts = firm["cycle_stock"] + firm["safety_stock"] + firm["idle_stock"]
    np.testing.assert_allclose(parts, firm["stock"], rtol=CLOSE, atol=1e-6)
    for part, whole in (
        ("answered", "contacts"),
        ("bookings_answered", "bookings"),
        ("punctual", "arrived"),
        ("late_orders", "handled_orders"),
    ):
        assert (firm[part] <= firm[whole] * (1 + CLOSE) + 1e-9).all(), part
        assert (firm[part] >= 0.0).all(), part
    assert ((ledger.dealers[:, 1] >= 0.0) & (ledger.dealers[:, 1] <= 1.0)).all()


def assert_no_more_is_paid_than_budgeted(ledger: Ledger, drivers: Drivers | None = None) -> None:
    """Check that media have never been paid more than was budgeted for them up to that day.

    ``drivers`` are those that policies left behind, where there were any.
    """
    setup = ledger.setup
    lived = drivers or setup.drivers
    budget, invested = (
        np.vstack([np.repeat(before, setup.burn_in, axis=0), after[: setup.days]])
        for before, after in (
            (setup.customary().spend, lived.spend),
            (setup.customary().invest, lived.invest),
        )
    )
    assert (ledger.spend >= 0).all() and (ledger.invest[:, TEAM] >= 0).all()
    assert (ledger.spend.cumsum(axis=0) <= budget.cumsum(axis=0) * (1 + CLOSE) + 1e-6).all()
    np.testing.assert_array_equal(ledger.invest, invested)
