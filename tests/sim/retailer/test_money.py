"""Money: capital wears off, cash comes later, tax is held, and every day the books balance."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.indicators import evaluate
from sim.ledger import Ledger
from sim.market import Market
from sim.retailer.money import BudgetLine, Finance, booked_lines, cash_book, depreciation
from tests.sim.identities import assert_cash_balances
from tests.sim.markets import eventful

LINES = (
    BudgetLine("promotion", 20_000.0, "marketing"),
    BudgetLine("fee", 700.0, "reserve"),
    BudgetLine("deposit", 900.0, "reserve", deposit=True),
)


def lived(finance: Finance | None, **changes: Any) -> Ledger:
    return Market.from_setup(eventful(customers=300, days=70, burn_in=40, finance=finance, **changes)).run()


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return lived(None)


def under(ledger: Ledger, finance: Finance) -> Ledger:
    """Return the same books kept another way: finance moves no customer."""
    other = Ledger(dataclasses.replace(ledger.setup, finance=finance))
    for name, values in vars(ledger).items():
        if name != "setup":
            setattr(other, name, values)
    return other


def test_without_finance_profit_is_cash(ledger: Ledger) -> None:
    book = cash_book(ledger)
    np.testing.assert_allclose(book["cash"], book["profit"])
    kpis = evaluate(ledger, [(0, 69)]).query("channel == 'all'").set_index("kpi").value
    assert kpis["cash_flow"] == pytest.approx(kpis["operating_profit"])
    assert (kpis["capital_spend"], kpis["budget_variance"]) == (0.0, pytest.approx(0.0157, abs=0.02))


@settings(max_examples=40, deadline=None)
@given(
    vat=st.floats(0, 0.3),
    capitalised=st.floats(0, 1),
    life=st.floats(1, 2000),
    payout=st.tuples(*[st.integers(0, 60)] * 3),
    supplier=st.integers(0, 90),
)
def test_cash_balances_for_any_terms(
    ledger: Ledger, vat: float, capitalised: float, life: float, payout: Any, supplier: int
) -> None:
    assert_cash_balances(under(ledger, Finance(vat, capitalised, life, payout, supplier, lines=LINES)))


def test_terms_move_no_customer(ledger: Ledger) -> None:
    finance = Finance(vat=0.13, capitalised=0.6, payout_days=(0, 2, 14), supplier_days=30)
    other = lived(finance)
    assert np.array_equal(other.events, ledger.events) and np.array_equal(other.visits, ledger.visits)
    profit = {
        book: evaluate(b, [(0, 69)], ["net_sales"]).value[0] for book, b in (("a", other), ("b", ledger))
    }
    assert profit["a"] == profit["b"]


def test_capital_wears_off_evenly_and_wholly() -> None:
    spent = np.zeros(20)
    spent[3] = 50.0
    worn = depreciation(spent, 0.0, 5.0)
    assert worn.tolist() == pytest.approx([0.0] * 4 + [10.0] * 5 + [0.0] * 11)


def test_who_goes_on_as_before_shows_the_same_profit_however_it_is_booked() -> None:
    assert depreciation(np.full(30, 7.0), 7.0, 1095.0) == pytest.approx(np.full(30, 7.0))


def test_paid_later_means_less_cash_at_first(ledger: Ledger) -> None:
    slow, fast = (cash_book(under(ledger, Finance(payout_days=(d, d, d)))) for d in (30, 0))
    assert slow["cash"][:30].sum() < fast["cash"][:30].sum()
    assert slow["receivable"][-1] > 0 == fast["receivable"][-1]
    credit = cash_book(under(ledger, Finance(supplier_days=45)))
    assert credit["cash"].sum() > fast["cash"].sum()
    assert credit["profit"] == pytest.approx(fast["profit"])


def test_tax_is_no_cost_but_is_held_until_it_is_settled(ledger: Ledger) -> None:
    plain, taxed = (cash_book(under(ledger, Finance(vat=rate))) for rate in (0.0, 0.13))
    assert taxed["profit"] == pytest.approx(plain["profit"])
    assert np.abs(taxed["tax"]).max() > 0
    np.testing.assert_allclose(np.cumsum(taxed["cash"]) - taxed["tax"], np.cumsum(plain["cash"]), atol=1e-4)


def test_lines_are_booked_one_by_one(ledger: Ledger) -> None:
    other = under(ledger, Finance(lines=LINES))
    lines = booked_lines(other)
    assert lines["fee"].sum() == 700.0 and lines["deposit"].sum() == 900.0
    horizon = slice(other.offset, None)
    planned = other.setup.drivers.spend.sum(axis=1).mean() * 365
    expected = other.spend[horizon].sum() * 20_000.0 / max(planned, 20_000.0)
    assert lines["promotion"].sum() == pytest.approx(expected)
    assert cash_book(other)["deposits"][-1] == 900.0
    daily = other.daily()
    assert {"money_cash", "money_fee", "money_promotion"} <= set(daily)


def test_a_weaker_foreign_currency_costs_margin_not_orders(ledger: Ledger) -> None:
    rates = np.ones((70, 3))
    rates[:, 2] = 0.8
    weak = under(ledger, Finance(exchange=rates))
    ours, theirs = ledger.money(), weak.money()
    horizon = slice(ledger.offset, None)
    assert theirs["net_sales"][horizon, 2] == pytest.approx(0.8 * ours["net_sales"][horizon, 2])
    assert theirs["goods"] == pytest.approx(ours["goods"])
    assert theirs["margin"][:, :2] == pytest.approx(ours["margin"][:, :2])
    assert theirs["margin"][horizon, 2].sum() < ours["margin"][horizon, 2].sum()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"vat": 1.2}, "finance.vat"),
        ({"capitalised": -0.1}, "finance.capitalised"),
        ({"life_days": 0.0}, "finance.life_days"),
        ({"supplier_days": -1}, "finance.supplier_days"),
        ({"payout_days": (1, -1, 0)}, "finance.payout_days"),
        ({"exchange": np.zeros((2, 1))}, "finance.exchange"),
    ],
)
def test_impossible_terms_are_refused_by_name(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Finance(**given)


def test_terms_must_fit_the_market() -> None:
    with pytest.raises(ValueError, match="payout_days"):
        eventful(finance=Finance(payout_days=(1, 2)))
    with pytest.raises(ValueError, match="exchange"):
        eventful(finance=Finance(exchange=np.ones((5, 3))))
    with pytest.raises(ValueError, match="purpose"):
        BudgetLine("x", 1.0, "fun")
