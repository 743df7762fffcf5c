"""Impossible plans are refused when they are read: file, line, field, value and what was expected instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from results.problems import BadInput
from scenarios.plan import load_plan

PLAN = """name: small
start: 2027-01-01
months: 12
market: {population: 10_000}
channels:
  shop: {kind: own, share: 0.4, gross_margin: 0.4, cost_per_order: 8}
  store: {kind: store, share: 0.6}
products:
  plain: {role: profit, share: 0.6}
  web: {role: event, share: 0.4}
budget:
  year_1: {total: 1000, split: {technology: 0.5, marketing: 0.5}}
phases:
  - {name: pilot, start_month: 1, months: 6}
policies:
  promotion: {depth: 0.1}
initiatives:
  care: {lever: service, effects: {service: 1.1}, phase: pilot}
risks:
  storm: {kind: operational, probability: 0.1, impact: {access.store: 0}}
"""
POLICY, RISK, CARE = "promotion: {depth: 0.1}", "probability: 0.1", "phase: pilot}"
WEB = "web: {role: event, share: 0.4}"
STOCK, SERVICE = "policies.inventory", "policies.service"
# What is written instead, the field that is told, the value found and what was expected, in part.
OUT_OF_RANGE = [
    (POLICY, "promotion: {depth: 0.95}", "policies.promotion.depth", "0.95", "at most 0.9"),
    (POLICY, "promotion: {days_per_month: 32}", "policies.promotion.days_per_month", "32", "at most 31"),
    (POLICY, "promotion: {coupons: {days: 0}}", "policies.promotion.coupons.days", "0", "at least 1"),
    (POLICY, "pricing: {level: 0}", "policies.pricing.level", "0", "more than 0"),
    (POLICY, "pricing: {level: 11}", "policies.pricing.level", "11", "at most 10"),
    (POLICY, "pricing: {policy: dynamic, bound: 0.6}", "policies.pricing.bound", "0.6", "at most 0.5"),
    (POLICY, "service: {response: 1.2}", f"{SERVICE}.response", "1.2", "at most 1"),
    (POLICY, "service: {delivery_days: 0}", f"{SERVICE}.delivery_days", "0", "more than 0"),
    (POLICY, "service: {return_days: -1}", f"{SERVICE}.return_days", "-1", "at least 0"),
    (POLICY, "service: {peak_headroom: 0}", f"{SERVICE}.peak_headroom", "0", "more than 0"),
    (POLICY, "crm: {effort: 11}", "policies.crm.effort", "11", "at most 10"),
    (POLICY, "content: {themes_per_month: -1}", "policies.content.themes_per_month", "-1", "at least 0"),
    (POLICY, "loyalty: {points_rate: 1.5}", "policies.loyalty.points_rate", "1.5", "at most 1"),
    (POLICY, "testing: {page_tests_per_month: -2}", "policies.testing.page_tests_per_month", "-2", "at"),
    (POLICY, "dealers: {share: 1}", "policies.dealers.share", "1", "less than 1"),
    ("total: 1000", "total: -1000", "budget.year_1.total", "-1000", "at least 0"),
    ("margin: 0.4", "margin: 1.4", "channels.shop.gross_margin", "1.4", "at most 1"),
    ("order: 8", "order: -8", "channels.shop.cost_per_order", "-8", "at least 0"),
    ("service: 1.1", "service: -0.1", "initiatives.care.effects.service", "-0.1", "at least 0"),
    (RISK, "probability: -0.1", "risks.storm.probability", "-0.1", "at least 0"),
]  # fmt: skip
NEGATIVE_STOCK = [
    (POLICY, "inventory: {days: -5}", f"{STOCK}.days", "-5", "at least 0"),
    (POLICY, "inventory: {days: .nan}", f"{STOCK}.days", "nan", "finite"),
    (POLICY, "inventory: {days: none}", f"{STOCK}.days", "none", "a plain number"),
]
CONTRADICTIONS = [
    (WEB, "web: {role: event, share: 0.4, online_only: true, channels: [shop, store]}",
     "products.web.channels.1", "store", "online channels, or online_only: false"),
    (POLICY, "pricing: {policy: online_only}", "policies.pricing.policy", "online_only", "online_only: true"),
    (POLICY, "pricing: {online_gap: -0.1}", "policies.pricing", "online_gap -0.1", "online_gap 0"),
    (POLICY, "dealers: {share: 0.4, channel: shop}", "policies.dealers.channel", "shop", "of kind store"),
    (POLICY, "dealers: {share: 0.9, channel: store}", "policies.dealers.share", "0.9", "0.6"),
    (POLICY, "promotion: {calendar: [{name: fair, month: 5, holiday: mid_autumn, depth: 0.1}]}",
     "policies.promotion.calendar.0", "month 5 and holiday mid_autumn", "month or holiday"),
    (CARE, "phase: pilot, start_month: 2}", "initiatives.care", "pilot", "start_month or phase"),
    (CARE, "phase: pilot, opens: [store]}", "initiatives.care.opens.0", "store", "open: false"),
]  # fmt: skip
TOO_LATE = [
    (CARE, "start_month: 13}", "initiatives.care.start_month", "13", "1 to 12"),
    ("start_month: 1,", "start_month: 13,", "phases.0.start_month", "13", "1 to 12"),
    (RISK, f"{RISK}, month: 13", "risks.storm.month", "13", "1 to 12"),
    ("population: 10_000", "population: 10_000, rivals: [{name: r, kind: online, entry_month: 13}]",
     "market.rivals.0.entry_month", "13", "1 to 12"),
    ("share: 0.4, gross", "share: 0.4, opens: 2028-02-01, gross", "channels.shop.opens", "2028", "up to"),
]  # fmt: skip

# Parts of the policies with a month of their own.
LATE_POLICIES = [
    (POLICY, "inventory: {abc: true, start_month: 13}", f"{STOCK}.start_month", "13", "1 to 12"),
    (POLICY, "service: {pick_up: true, start_month: 13}", f"{SERVICE}.start_month", "13", "1 to 12"),
    (POLICY, "service: {booking: {response: 0.9, start_month: 13}}", f"{SERVICE}.booking.start_month", "13",
     "1 to 12"),
    (POLICY, "packaging: {green: true, start_month: 13}", "policies.packaging.start_month", "13", "1 to 12"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "field", "value", "expected"),
    [
        *OUT_OF_RANGE,
        *NEGATIVE_STOCK,
        *CONTRADICTIONS,
        *TOO_LATE,
        *LATE_POLICIES,
    ],
)
def test_it_is_refused_by_file_line_field_value_and_what_was_expected(
    tmp_path: Path, old: str, new: str, field: str, value: str, expected: str
) -> None:
    assert PLAN.count(old) == 1
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.replace(old, new), encoding="utf-8")
    line = PLAN[: PLAN.index(old)].count("\n") + 1
    with pytest.raises(BadInput) as bad:
        load_plan(file)
    own = [problem for problem in bad.value.problems if problem.field == field]
    assert len(own) == 1, bad.value.problems
    assert (own[0].file, own[0].line) == (str(file), line)
    assert value in str(own[0].value)
    assert expected in own[0].expected
    assert str(file) in str(bad.value) and field in str(bad.value)


def test_the_plan_itself_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    assert load_plan(file).name == "small"
