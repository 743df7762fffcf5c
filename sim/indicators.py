"""Indicators: one registry of names, formulas, units and better directions, over the ledger's windows.

Indicators are read off the books; nothing in the market ever writes one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.books import PAID as PAID
from sim.books import Books as Books
from sim.setup import SOURCES

if TYPE_CHECKING:
    import pandas as pd

    from sim.ledger import Ledger

Better = Literal["higher", "lower", "none"]
ORGANIC = tuple(SOURCES.index(name) for name in ("direct", "organic_search", "content", "referral"))
PRIVATE = (SOURCES.index("private_domain"),)
NEW_CUSTOMER_WINDOW = 90


class Window:
    """Sums of the ledger over days ``first`` to ``last`` (both counted, from the horizon's start) for channels."""

    def __init__(self, books: Books, first: int, last: int, channels: Sequence[int]) -> None:
        self.books, self.first, self.last = books, first, last
        self.channels = list(channels)
        self.online: list[int] = [c for c in self.channels if books.ledger.setup.channels[c].online]
        snapshots = books.ledger.snapshots
        days = [day for day in snapshots if day <= last]
        self.snapshot = snapshots[max(days)] if days else {}

    def sum(self, name: str, online: bool = False) -> float:
        """Return a measure summed over the window and channels (only online ones if asked), real units."""
        values = self.books.between(name, self.first, self.last)
        return float(values[self.online if online else self.channels].sum())

    def all(self, name: str) -> float:
        """Return a measure that has no channel, summed over the window."""
        return float(self.books.between(name, self.first, self.last).sum())

    def from_sources(self, name: str, sources: Iterable[int]) -> float:
        """Return ``visits_by_source`` or ``credited_sales`` of some sources."""
        return float(self.books.between(name, self.first, self.last)[list(sources)].sum())

    def state(self, name: str, by_channel: bool = False) -> float:
        """Return a customer count (agents) at the last month's end in the window.

        Where one of several channels is asked for and it is counted ``by_channel``: of those who have bought there.
        """
        if by_channel and len(self.channels) == 1:
            name = f"{name}.{self.channels[0]}"
        return self.snapshot.get(name, float("nan"))

    def told(self, name: str) -> float:
        """Return a state of :data:`sim.retailer.traffic.MEASURES` on the window's last day; NaN if undeclared."""
        from sim.retailer.traffic import MEASURES

        ledger = self.books.ledger
        return float(ledger.told[max(self.last + ledger.offset, 0), MEASURES.index(name)])

    @property
    def visits(self) -> float:
        """Online visits; footfall where only stores are asked for."""
        return self.sum("visits", online=True) if self.online else self.sum("visits")

    @property
    def media_spend(self) -> float:
        """Advertising, currency."""
        return self.all("spend")

    @property
    def days(self) -> int:
        """Days in the window."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    Parameters
    ----------
    key, en, zh
        Key of the interface; labels in English and Chinese.
    unit
        ``share``, ``currency``, ``count``, ``ratio``, ``hours``, ``days`` or ``index``.
    better
        Which direction is better.
    formula
        From a window to a value (NaN where undefined); ``None``: the market cannot compute it yet.
    by_channel
        Whether it is also reported channel by channel.
    derived
        Whether it follows from indicators of several runs or from a plan's targets, not from one ledger.
    """

    key: str
    en: str
    zh: str
    unit: str
    better: Better
    formula: Callable[[Window], float] | None = None
    by_channel: bool = False
    derived: bool = False

    @property
    def modelled(self) -> bool:
        """Whether the market, or a comparison of its runs, computes it."""
        return self.derived or self.formula is not None


def share(part: float, whole: float) -> float:
    """Return ``part / whole``, NaN where there is no whole."""
    return part / whole if whole > 0 else float("nan")


def _contribution(w: Window) -> float:
    """Margin less media; a channel bears as much of these as of the visits that did not just walk in."""
    if len(w.channels) == len(w.books.ledger.setup.channels):
        return w.sum("margin") - w.media_spend
    visits = share(w.sum("sought_visits"), w.all("sought_visits"))
    return w.sum("margin") - w.media_spend * (visits if np.isfinite(visits) else 0.0)


def _profit(w: Window) -> float:
    spent = w.all("invest") + w.all("costs") + w.all("loss") + w.all("operations")
    return _contribution(w) + w.all("dealer_margin") - spent + w.all("deferred")


def _new_repurchase(w: Window) -> float:
    """Share of customers won up to 90 days ago, over the window's length, who ordered again within 90 days."""
    first, last = w.first - NEW_CUSTOMER_WINDOW, w.last - NEW_CUSTOMER_WINDOW
    books = w.books
    if first + books.ledger.offset < 0:
        return float("nan")
    won = float(books.between("new_customers", first, last).sum())
    return share(float(books.between("second", first, last).sum()), won)


def _retention(w: Window) -> float:
    return share(w.state("kept"), w.state("active_before"))


def _ltv(w: Window) -> float:
    """Yearly margin per active customer over yearly churn (Gupta & Lehmann 2003, infinite horizon, no discount)."""
    yearly = w.sum("margin") * 365.0 / w.days
    per_customer = share(yearly, w.state("active") * w.books.ledger.setup.weight)
    return share(per_customer, 1.0 - _retention(w))


def _paid_costs(w: Window) -> float:
    spent = w.sum("commission") + w.sum("fulfilment") + w.media_spend + w.all("invest") + w.all("costs")
    return spent + w.all("operations") - w.all("deferred")


def _trained(w: Window) -> float:
    """Share of staff trained on the window's last day."""
    ledger = w.books.ledger
    if ledger.setup.organisation is None:
        return float("nan")
    from sim.retailer.execution import SKILL, trained_share

    return trained_share(
        ledger.setup.organisation.trained, float(ledger.levels[w.last + ledger.offset, SKILL])
    )


def _maturity(w: Window) -> float:
    """Mean level of the capabilities on the window's last day."""
    ledger: Ledger = w.books.ledger
    return float(np.mean(ledger.levels[w.last + ledger.offset]))


def _delay(w: Window) -> float:
    """Days that what was begun so far ends later than planned, on average."""
    between = w.books.between
    return share(float(between("late_days", 0, w.last).sum()), float(between("begun", 0, w.last).sum()))


def _platform_share(w: Window) -> float:
    """Share of online sales through the largest mall or social platform: what we depend on it."""
    channels = w.books.ledger.setup.channels
    rented = [c for c in w.online if channels[c].kind in ("marketplace", "social")]
    sales = w.books.between("net_sales", w.first, w.last)
    return share(float(max((sales[c] for c in rented), default=0.0)), float(sales[w.online].sum()))


def _weight(w: Window) -> float:
    return w.books.ledger.setup.weight


def _awareness(w: Window) -> float:
    """Share of people who know the brand; without a brand state, of agents who know an online channel."""
    known = w.told("awareness")
    return known if known == known else w.state("aware") / w.books.ledger.setup.customers


def _sentiment(w: Window) -> float:
    """Mean review on -1 to 1; where nobody reviews in public, buyers' mean satisfaction on that scale."""
    heard = w.told("sentiment")
    return heard if heard == heard else 2.0 * w.state("satisfaction") - 1.0


def _followed(w: Window) -> bool:
    """Whether visits are followed over the pages of an online channel of the window."""
    return w.books.ledger.setup.funnel is not None and bool(w.online)


def _net(w: Window) -> float:
    return w.sum("net_sales")


def _declared(w: Window, name: str) -> float:
    """Return a measure of the firm's operations; NaN where their part is not declared and so counts nothing."""
    found = w.all(name)
    return found if found != 0.0 else float("nan")


def _firm_share(w: Window, name: str, whole: float) -> float:
    return share(_declared(w, name), whole)


def _source_share(sources: Sequence[int]) -> Callable[[Window], float]:
    return lambda w: share(w.from_sources("visits_by_source", sources), w.visits)


def _nps(w: Window) -> float:
    """Promoters less detractors among active customers, in points: -100 to 100."""
    return 100.0 * share(w.state("promoters") - w.state("detractors"), w.state("opinions"))


INDICATOR_LIST: tuple[Indicator, ...] = (
    Indicator("visits", "Online visits", "线上访问量", "count", "higher", lambda w: w.visits, True),
    Indicator("page_views", "Page views", "页面浏览量", "count", "higher", lambda w: w.sum("page_views", True) if _followed(w) else float("nan"), True),
    Indicator("traffic_cost", "Traffic cost per visit", "单次访问成本", "currency", "lower", lambda w: share(w.media_spend, w.visits)),
    Indicator("organic_share", "Organic share of visits", "自然流量占比", "share", "higher", _source_share(ORGANIC)),
    Indicator("paid_share", "Paid share of visits", "付费流量占比", "share", "none", _source_share(PAID)),
    Indicator("private_domain_share", "Private-domain share of visits", "私域流量占比", "share", "higher", _source_share(PRIVATE)),
    Indicator("new_visitor_share", "New-visitor share", "新访客占比", "share", "none", lambda w: share(w.sum("new_visitors", True), w.visits)),
    Indicator("bounce_rate", "Bounce rate", "跳出率", "share", "lower", lambda w: share(w.sum("bounces", True), w.visits), True),
    Indicator("conversion", "Conversion", "转化率", "share", "higher", lambda w: share(w.sum("orders", bool(w.online)), w.visits), True),
    Indicator("mobile_conversion", "Mobile conversion", "移动端转化率", "share", "higher", lambda w: share(w.sum("mobile_orders", True), w.sum("mobile_checkouts", True))),
    Indicator("add_to_cart_rate", "Add-to-cart rate", "加购率", "share", "higher", lambda w: share(w.sum("carts", True), w.visits)),
    Indicator("favourite_rate", "Favourite rate", "收藏率", "share", "higher", lambda w: share(w.sum("favourites", True), w.visits * _followed(w))),
    Indicator("registration_rate", "Registrations per visit", "注册率", "share", "higher", lambda w: share(w.sum("registrations", True), w.visits)),
    Indicator("payment_success", "Payment success", "支付成功率", "share", "higher", lambda w: share(w.sum("orders", True) + w.sum("stockouts", True), w.sum("submitted", True))),
    Indicator("orders", "Orders", "订单数", "count", "higher", lambda w: w.sum("orders"), True),
    Indicator("basket", "Basket", "客单价", "currency", "higher", lambda w: share(w.sum("gross_sales") - w.sum("discounts"), w.sum("orders")), True),
    Indicator("gross_sales", "Gross sales", "销售总额", "currency", "higher", lambda w: w.sum("gross_sales"), True),
    Indicator("net_sales", "Net sales", "净销售额", "currency", "higher", _net, True),
    Indicator("online_share", "Online share of sales", "线上销售占比", "share", "higher", lambda w: share(w.sum("net_sales", True), _net(w) + w.all("dealer_sales"))),
    Indicator("discount_rate", "Discount rate", "折扣率", "share", "lower", lambda w: share(w.sum("discounts"), w.sum("gross_sales")), True),
    Indicator("return_rate", "Return rate", "退货率", "share", "lower", lambda w: share(w.sum("returns"), w.sum("orders")), True),
    Indicator("gross_margin", "Gross margin", "毛利率", "share", "higher", lambda w: share(_net(w) - w.sum("goods"), _net(w)), True),
    Indicator("contribution", "Contribution after media", "边际贡献", "currency", "higher", _contribution, True),
    Indicator("operating_profit", "Operating profit", "营业利润", "currency", "higher", _profit),
    Indicator("operating_margin", "Operating margin", "营业利润率", "share", "higher", lambda w: share(_profit(w), _net(w) + w.all("dealer_sales"))),
    Indicator("active_customers", "Active customers (12 months)", "活跃客户数", "count", "higher", lambda w: w.state("active") * _weight(w)),
    Indicator("new_customers", "New customers", "新客户数", "count", "higher", lambda w: w.sum("new_customers"), True),
    Indicator("members", "Members", "会员数", "count", "higher", lambda w: w.state("known_members") * _weight(w)),
    Indicator("repurchase_365", "Repurchase within 365 days", "365天复购率", "share", "higher", lambda w: share(w.state("repeated", True), w.state("active_before", True)), True),
    Indicator("new_customer_repurchase_90", "New customers' repurchase, 90 days", "新客90天复购率", "share", "higher", _new_repurchase),
    Indicator("retention", "Customer retention", "客户留存率", "share", "higher", _retention),
    Indicator("churn", "Customer churn", "客户流失率", "share", "lower", lambda w: 1.0 - _retention(w)),
    Indicator("ltv", "Lifetime value", "客户终身价值", "currency", "higher", _ltv),
    Indicator("value_per_user", "Net sales per active customer, a year", "用户年均价值", "currency", "higher", lambda w: share(_net(w) * 365.0 / w.days, w.state("active") * _weight(w))),
    Indicator("satisfaction", "Satisfaction", "满意度", "share", "higher", lambda w: w.state("satisfaction")),
    Indicator("nps", "Net promoter score", "净推荐值", "index", "higher", _nps),
    Indicator("complaint_rate", "Complaint rate", "投诉率", "share", "lower", lambda w: _firm_share(w, "complaints", w.sum("orders"))),
    Indicator("referral_share", "Referral share of visits", "推荐流量占比", "share", "higher", _source_share((SOURCES.index("referral"),))),
    Indicator("multichannel_share", "Multichannel customers", "跨渠道客户占比", "share", "higher", lambda w: share(w.state("multichannel"), w.state("active"))),
    Indicator("awareness", "Awareness", "知晓度", "share", "higher", _awareness),
    Indicator("sentiment", "Brand sentiment", "品牌口碑", "index", "higher", _sentiment),
    Indicator("cac", "Acquisition cost per new customer", "获客成本", "currency", "lower", lambda w: share(w.media_spend, w.sum("new_customers"))),
    Indicator("cpc", "Cost per paid visit", "单次点击成本", "currency", "lower", lambda w: share(w.all("click_spend"), w.from_sources("visits_by_source", PAID))),
    Indicator("roas", "Net sales per advertising", "广告支出回报率", "ratio", "higher", lambda w: share(_net(w), w.media_spend)),
    Indicator("paid_roi", "Attributed sales per paid advertising", "付费投产比", "ratio", "higher", lambda w: share(w.from_sources("credited_sales", PAID), w.all("click_spend"))),
    Indicator("acos", "Advertising cost of attributed sales", "广告销售成本比", "share", "lower", lambda w: share(w.all("click_spend"), w.from_sources("credited_sales", PAID))),
    Indicator("incremental_roas", "Incremental ROAS", "增量广告回报率", "ratio", "higher", derived=True),
    Indicator("synergy", "Synergy of online and offline spend", "线上线下协同", "currency", "higher", derived=True),
    Indicator("content_interaction", "Content interaction", "内容互动", "count", "higher", lambda w: w.all("interactions")),
    Indicator("order_hours", "Order handling", "订单处理时长", "hours", "lower", lambda w: share(w.sum("order_hours", True), w.sum("orders", True))),
    Indicator("delivery_days", "Delivery", "配送天数", "days", "lower", lambda w: share(w.sum("delivery_days", True), w.sum("orders", True))),
    Indicator("on_time_rate", "On-time rate", "准时率", "share", "higher", lambda w: 1.0 - _firm_share(w, "late_orders", w.all("handled_orders"))),
    Indicator("response_rate", "Response rate", "响应率", "share", "higher", lambda w: share(w.all("answered"), w.all("contacts"))),
    Indicator("booking_response", "Booking response", "预约响应率", "share", "higher", lambda w: share(w.all("bookings_answered"), w.all("bookings"))),
    Indicator("stockout_rate", "Stock-out rate", "缺货率", "share", "lower", lambda w: share(w.sum("stockouts"), w.sum("stockouts") + w.sum("orders")), True),
    Indicator("supplier_on_time", "Supplier on-time rate", "供应商准时率", "share", "higher", lambda w: share(w.all("punctual"), w.all("arrived"))),
    Indicator("inventory_days", "Inventory days", "库存周转天数", "days", "lower", lambda w: share(w.all("stock"), w.all("units_sold"))),
    Indicator("repetitive_hours", "Repetitive labour", "重复性工时", "hours", "lower", lambda w: _declared(w, "handling_hours") / w.days),
    Indicator("labour_hours_per_order", "Labour per order", "单均工时", "hours", "lower", lambda w: share(_declared(w, "handling_hours") + w.all("service_hours"), w.sum("orders"))),
    Indicator("service_cost", "Service cost", "客服成本", "currency", "lower", lambda w: _declared(w, "service_cost")),
    Indicator("operating_cost_ratio", "Operating cost ratio", "运营成本率", "share", "lower", lambda w: share(_paid_costs(w), _net(w))),
    Indicator("skill_share", "Staff trained", "技能达标率", "share", "higher", _trained),
    Indicator("project_delay", "Project delay", "项目延期", "days", "lower", _delay),
    Indicator("programme_roi", "Programme return", "项目回报率", "ratio", "higher", derived=True),
    Indicator("payback_months", "Payback", "回收期（月）", "count", "lower", derived=True),
    Indicator("budget_variance", "Budget variance", "预算偏差", "share", "lower", lambda w: share(abs(w.all("outlay") - w.all("planned")), w.all("planned"))),
    Indicator("carbon", "Carbon", "碳排放", "index", "lower", lambda w: share(_declared(w, "carbon"), w.sum("orders"))),
    Indicator("packing_waste", "Packing waste", "包装废弃物", "index", "lower", lambda w: share(_declared(w, "packing_waste"), w.sum("orders"))),
    Indicator("scorecard_balanced", "Balanced scorecard", "平衡计分卡", "index", "higher", derived=True),
    Indicator("scorecard_five", "Five-dimension scorecard", "五维评分", "index", "higher", derived=True),
    Indicator("risk_loss", "Losses from risks", "风险损失", "currency", "lower", lambda w: w.all("loss")),
    Indicator("recovery_days", "Recovery time", "恢复天数", "days", "lower", lambda w: share(w.all("strike_days"), w.all("strikes"))),
    Indicator("cash_flow", "Cash flow", "现金流", "currency", "higher", lambda w: w.all("cash")),
    Indicator("capital_spend", "Capital spending", "资本性支出", "currency", "none", lambda w: w.all("capital")),
    Indicator("operating_spend", "Operating spending", "运营性支出", "currency", "none", lambda w: w.all("operating")),
    Indicator("npv", "Net present value over doing nothing new", "净现值", "currency", "higher", derived=True),
    Indicator("maturity", "Capability maturity", "能力成熟度", "share", "higher", _maturity),
    Indicator("platform_share", "Largest platform's share of online sales", "最大平台占线上销售比", "share", "lower", _platform_share),
    Indicator("search_conversion", "Search conversion", "搜索转化率", "share", "higher", lambda w: share(w.sum("search_orders", True), w.sum("searches", True))),
)  # fmt: skip
INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in INDICATOR_LIST}
ALIASES = {"repurchase": "repurchase_365", "new_customer_repurchase": "new_customer_repurchase_90"}


def months_and_years(start: datetime.date, days: int) -> list[tuple[int, int]]:
    """Return windows (first, last day): each calendar month of the horizon, and the year up to its end.

    Years that would begin before the horizon are left out.
    """
    windows: list[tuple[int, int]] = []
    months = np.arange(np.datetime64(start, "M"), np.datetime64(start, "M") + days // 28 + 3)
    ends = [
        int((month.astype("datetime64[D]") - np.datetime64(start, "D")).astype(int)) - 1
        for month in months[1:]
    ]
    first = 0
    for end in ends:
        if end >= days:
            break
        windows.append((first, end))
        if end - 364 >= 0:
            windows.append((end - 364, end))
        first = end + 1
    return windows or [(0, days - 1)]


def evaluate(ledger: Ledger, windows: Sequence[tuple[int, int]], keys: Iterable[str] = ()) -> pd.DataFrame:
    """Compute indicators over windows of days.

    Parameters
    ----------
    ledger
        Books of one run.
    windows
        Pairs (first, last day), both counted, from the horizon's start.
    keys
        Indicators wanted; all that are modelled by default.

    Returns
    -------
    DataFrame
        Columns period_start, period_end, channel (``all`` or a name), kpi, value, unit.
    """
    import pandas as pd

    books, channels = Books(ledger), ledger.setup.channels
    wanted = [INDICATORS[key] for key in keys] or [i for i in INDICATOR_LIST if i.modelled]
    start = np.datetime64(ledger.setup.start, "D")
    rows = []
    for first, last in windows:
        period = (start + first, start + last)
        parts = [("all", Window(books, first, last, range(len(channels))))]
        parts += [(channel.name, Window(books, first, last, [c])) for c, channel in enumerate(channels)]
        for name, window in parts:
            rows += [
                (*period, name, i.key, i.formula(window), i.unit)
                for i in wanted
                if i.formula is not None and (name == "all" or i.by_channel)
            ]
    return pd.DataFrame(rows, columns=["period_start", "period_end", "channel", "kpi", "value", "unit"])
