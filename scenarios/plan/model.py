"""The plan as one object, and the checks that need more than one of its parts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field

from results.problems import nearest
from scenarios.plan.actions import Initiative, Risk
from scenarios.plan.ambitions import Phase, Target
from scenarios.plan.business import Channel, Figure, Market, Product, check_product_shares
from scenarios.plan.fields import TOLERANCE, Date, Indicator, Name, Part, Text, add_months
from scenarios.plan.money import Budget
from scenarios.plan.policies import Policies
from scenarios.plan.searching import Search
from scenarios.plan.vocabulary import CHANNEL_LEVERS, CHANNEL_SHOCKS, PRODUCT_LEVERS, SOURCE_LEVERS

Path = tuple[str | int, ...]
Channels = Annotated[Mapping[Name, Channel], Field(min_length=1, max_length=8)]
Products = Annotated[Mapping[Name, Product], AfterValidator(check_product_shares)]
STATUS_QUO = "status_quo"
AS_WRITTEN = "plan"


class Fault(NamedTuple):
    """Something that parts of a plan say against each other."""

    path: Path
    value: str
    expected: str
    message: str
    rests_on: tuple[str, ...] = ()  # top-level keys that must be sound for this to be said


class Plan(Part):
    """An operating plan: where a business stands, what it wants, and what it will do about it.

    Money is in ``currency``; shares and rates are 0-1; months count from 1, the plan's first.
    """

    name: Name = Field(description="Short name: lower-case letters, digits and underscores")
    title: Text | None = Field(default=None, description="Title for people")
    currency: Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")] = Field(
        default="CNY", description="ISO 4217 code of all money in the plan"
    )
    start: Date = Field(description="First day of the plan")
    months: Annotated[int, Field(strict=True, ge=1, le=120)] = Field(
        description="Length of the plan in months"
    )
    extends: Text | None = Field(
        default=None, description="Bundled plan, or file relative to this one, whose keys this plan inherits"
    )
    starting_point: Mapping[Indicator, Figure] = Field(
        default={}, description="Indicators today; fitted history beats them"
    )
    market: Market = Field(description="Who can be reached, and what nobody in the business controls")
    channels: Channels = Field(description="Where customers look and buy, by name")
    products: Products = Field(default={}, description="Product groups by name; their shares sum to 1")
    targets: tuple[Target, ...] = Field(default=(), description="What the plan wants, and by when")
    phases: tuple[Phase, ...] = Field(default=(), description="The schedule")
    budget: Budget = Field(description="Money by year")
    policies: Policies = Field(default=Policies(), description="How the business trades while the plan runs")
    initiatives: Mapping[Name, Initiative] = Field(default={}, description="What is newly done, by name")
    risks: Mapping[Name, Risk] = Field(default={}, description="What may go wrong, by name")
    scenarios: Mapping[Name, Mapping[str, Any]] = Field(
        default={}, description="Named overrides of this plan; `status_quo` and `plan` always exist"
    )
    search: Search = Field(default=Search(), description="What a search varies, maximises and must keep")

    @property
    def end(self) -> datetime.date:
        """The day after the plan's last."""
        return add_months(self.start, self.months)

    @property
    def days(self) -> int:
        """Length of the plan in days."""
        return (self.end - self.start).days

    def first_day(self, month: int) -> datetime.date:
        """Return the first day of the plan's ``month``, counted from 1."""
        return add_months(self.start, month - 1)

    def start_month(self, initiative: str) -> int:
        """Return the month an initiative starts in: its own, its phase's, or the plan's first."""
        action = self.initiatives[initiative]
        if action.phase is not None:
            return next(phase.start_month for phase in self.phases if phase.name == action.phase)
        return action.start_month or 1

    def acting(self) -> dict[str, Initiative]:
        """Return the initiatives that act: the active ones, of each group only the strongest."""
        active = {name: action for name, action in self.initiatives.items() if action.active}
        strongest: dict[str, str] = {}
        for name, action in active.items():
            if action.group and _strength(action) > _strength(active.get(strongest.get(action.group, ""))):
                strongest[action.group] = name
        return {n: a for n, a in active.items() if a.group is None or strongest.get(a.group) == n}

    def open_channels(self) -> dict[str, Channel]:
        """Return the channels the plan uses, those that open later or with an initiative included."""
        opened = self.opened_by_initiatives()
        return {name: c for name, c in self.channels.items() if c.open or name in opened}

    def opened_by_initiatives(self) -> frozenset[str]:
        """Return the channels, closed today, that open with an initiative that acts."""
        asked = {name for action in self.acting().values() for name in action.opens}
        return frozenset(
            name for name, channel in self.channels.items() if name in asked and not channel.open
        )

    def baseline(self, kpi: str) -> float | None:
        """Return an indicator's stated value today, or ``None`` where the plan gives none."""
        figure = self.starting_point.get(kpi)
        return None if figure is None else figure.value

    def scenario_names(self) -> tuple[str, ...]:
        """Return every scenario of the plan: ``status_quo``, ``plan`` and its own."""
        return (STATUS_QUO, AS_WRITTEN, *(n for n in self.scenarios if n not in (STATUS_QUO, AS_WRITTEN)))

    def not_modelled(self) -> list[str]:
        """Return the lines of the plan that the market cannot act on yet, each as ``path: why``."""
        from scenarios.plan.modelled import not_modelled

        return not_modelled(self)


def policies_begin(plan: Plan) -> dict[tuple[str, ...], int]:
    """Return the months in which policies begin that have one of their own, by their path under policies."""
    policies = plan.policies
    booking = policies.service.booking
    begin: dict[tuple[str, ...], int] = {
        ("inventory",): policies.inventory.start_month,
        ("service",): policies.service.start_month,
        ("packaging",): policies.packaging.start_month,
    }
    if booking is not None:
        begin["service", "booking"] = booking.start_month
    return begin


def _strength(action: Initiative | None) -> tuple[float, float]:
    """Rank alternatives: by their largest effect (a factor either way), then by the money invested."""
    if action is None:
        return (-1.0, -1.0)
    effects = [max(factor, 1 / factor) if factor > 0 else float("inf") for factor in action.effects.values()]
    return (max(effects, default=1.0), sum(action.invests.values()))


def faults(plan: Plan) -> list[Fault]:
    """Return everything that the parts of ``plan`` say against each other."""
    try:
        end = plan.end
    except OverflowError:
        found = f"{plan.start} and {plan.months} months"
        said = "the plan ends beyond the calendar"
        return [Fault(("start",), found, "an end before the year 10000", said, ("start", "months"))]
    if plan.start.year < 1900:
        said = "the plan starts before 1900"
        return [Fault(("start",), str(plan.start), "a year from 1900 on", said, ("start",))]
    return [
        *_dates(plan, end),
        *_months(plan),
        *_channel_shares(plan),
        *_channel_names(plan),
        *_rivals(plan),
        *_events(plan, end),
        *_goods(plan),
        *_loops(plan),
    ]


_SPAN = ("start", "months")


def _goods(plan: Plan) -> Iterator[Fault]:
    from scenarios.plan.goods import goods_faults

    yield from goods_faults(plan)


def _dates(plan: Plan, end: datetime.date) -> Iterator[Fault]:
    span = f"a date after {plan.start} and up to {end}"
    for i, target in enumerate(plan.targets):
        if not plan.start < target.by <= end:
            yield Fault(
                ("targets", i, "by"), str(target.by), span, "the target's date lies outside the plan", _SPAN
            )
    for name, channel in plan.channels.items():
        if channel.opens and channel.opens > end:
            said = "the channel opens after the plan has ended"
            yield Fault(("channels", name, "opens"), str(channel.opens), f"a date up to {end}", said, _SPAN)


def _months(plan: Plan) -> Iterator[Fault]:
    within = f"a month from 1 to {plan.months}"
    phases = {phase.name for phase in plan.phases}
    for i, phase in enumerate(plan.phases):
        if phase.start_month > plan.months:
            said = "the phase starts after the plan has ended"
            yield Fault(("phases", i, "start_month"), str(phase.start_month), within, said, _SPAN)
        if phase.name in {earlier.name for earlier in plan.phases[:i]}:
            yield Fault(("phases", i, "name"), phase.name, "each name once", "two phases have the same name")
    for name, action in plan.initiatives.items():
        where: Path = ("initiatives", name)
        if action.phase is not None and action.phase not in phases:
            said = f"no phase is called {action.phase!r}{nearest(action.phase, phases)}"
            yield Fault((*where, "phase"), action.phase, "a phase of this plan", said, ("phases",))
        if action.start_month and action.start_month > plan.months:
            said = "the initiative starts after the plan has ended"
            yield Fault((*where, "start_month"), str(action.start_month), within, said, _SPAN)
    for name, risk in plan.risks.items():
        if risk.month and risk.month > plan.months:
            said = "the risk strikes after the plan has ended"
            yield Fault(("risks", name, "month"), str(risk.month), within, said, _SPAN)
    for policy, start in policies_begin(plan).items():
        if start > plan.months:
            said = "the policy starts after the plan has ended"
            yield Fault(("policies", *policy, "start_month"), str(start), within, said, _SPAN)


def _channel_shares(plan: Plan) -> Iterator[Fault]:
    trading = {
        name: channel
        for name, channel in plan.channels.items()
        if channel.open and (channel.opens is None or channel.opens <= plan.start)
    }
    if not trading:
        said = "no channel is open on the first day"
        yield Fault(("channels",), "none", "at least one open channel", said, ("channels",))
    shares = {name: channel.share for name, channel in trading.items()}
    given = {name: share for name, share in shares.items() if share is not None}
    if not given:
        return
    for name in shares.keys() - given.keys():
        said = "has no share of sales while other channels have one"
        yield Fault(
            ("channels", name), name, "a share for every open channel, or for none", said, ("channels",)
        )
    total = sum(given.values())
    if len(given) == len(shares) and abs(total - 1) > TOLERANCE:
        listed = " + ".join(f"{name} {share:g}" for name, share in given.items())
        said = f"the open channels' shares sum to {total:g}, not 1"
        yield Fault(("channels",), listed, "shares that sum to 1", said, ("channels",))


def _channel_names(plan: Plan) -> Iterator[Fault]:
    """Yield names in promotions and after a dot that are no channel of the plan, nor a source."""
    known = tuple(plan.channels)
    for i, event in enumerate(plan.policies.promotion.calendar):
        for j, name in enumerate(event.channels):
            if name not in known:
                yield _unknown(("policies", "promotion", "calendar", i, "channels", j), name, known)
    for name, action in plan.initiatives.items():
        for effect in action.effects:
            head, _, member = effect.partition(".")
            members = _members(head, known, tuple(plan.products))
            if member and member not in members:
                yield _unknown(("initiatives", name, "effects", effect), member, members)
    for name, risk in plan.risks.items():
        for impact in risk.impact:
            head, _, member = impact.partition(".")
            members = known if head in CHANNEL_SHOCKS else ()
            if member and member not in members:
                yield _unknown(("risks", name, "impact", impact), member, members)


def _rivals(plan: Plan) -> Iterator[Fault]:
    for i, rival in enumerate(plan.market.rivals):
        where: Path = ("market", "rivals", i)
        if rival.name in {earlier.name for earlier in plan.market.rivals[:i]}:
            yield Fault((*where, "name"), rival.name, "each name once", "two rivals have the same name")
        if rival.entry_month and rival.entry_month > plan.months:
            within, said = f"a month from 1 to {plan.months}", "the rival opens after the plan has ended"
            yield Fault((*where, "entry_month"), str(rival.entry_month), within, said, _SPAN)


def _events(plan: Plan, end: datetime.date) -> Iterator[Fault]:
    """Yield presales of events that are not in the calendar, and holidays in years without a date."""
    from sim.world.holidays import FIRST_YEAR, LAST_YEAR, MOVING

    calendar = plan.policies.promotion.calendar
    known = tuple(event.name for event in calendar)
    presale = plan.policies.promotion.presale
    for i, name in enumerate(presale.events if presale else ()):
        if name not in known:
            yield _unknown(("policies", "promotion", "presale", "events", i), name, known)
    named: list[tuple[Path, str | None]] = [
        *((("policies", "promotion", "calendar", i, "holiday"), e.holiday) for i, e in enumerate(calendar)),
        *((("market", "holidays", i, "name"), h.name) for i, h in enumerate(plan.market.holidays)),
    ]
    years = f"a plan from {FIRST_YEAR} to {LAST_YEAR}"
    for path, holiday in named:
        if holiday in MOVING and not (plan.start.year >= FIRST_YEAR and end.year <= LAST_YEAR):
            said = "its date is not known in every year of the plan"
            yield Fault(path, str(holiday), years, said, _SPAN)


def _loops(plan: Plan) -> Iterator[Fault]:
    """Yield names in gates, releases, reviews, terms and between initiatives that lead nowhere."""
    channels, phases = tuple(plan.channels), tuple(phase.name for phase in plan.phases)
    readable = _readable()
    for i, phase in enumerate(plan.phases):
        for j, gate in enumerate(phase.gate):
            if gate.kpi not in readable:
                said = f"{gate.kpi!r} cannot be read off the books while the plan runs"
                yield Fault(("phases", i, "gate", j), gate.kpi, "an indicator the market computes", said)
    for name, action in plan.initiatives.items():
        for k, channel in enumerate(action.opens):
            where: Path = ("initiatives", name, "opens", k)
            if channel not in channels:
                yield _unknown(where, channel, channels)
            elif plan.channels[channel].open:
                said = "the channel is open already"
                yield Fault(where, channel, "a channel with open: false", said, ("channels",))
        for k, other in enumerate(action.prepared_by):
            if other not in plan.initiatives or other == name:
                known = tuple(n for n in plan.initiatives if n != name)
                yield _unknown(("initiatives", name, "prepared_by", k), other, known)
        for risk in action.eases:
            if risk not in plan.risks:
                yield _unknown(("initiatives", name, "eases", risk), risk, tuple(plan.risks))
    release = plan.budget.control.reserve_release
    if release is not None and release.phase is not None and release.phase not in phases:
        yield _unknown(("budget", "control", "reserve_release", "phase"), release.phase, phases)
    named: list[tuple[Path, str]] = []
    if plan.budget.finance is not None:
        named += [(("budget", "finance", "payout_days", n), n) for n in plan.budget.finance.payout_days]
    review = plan.policies.governance.channel_review
    if review is not None:
        at = ("policies", "governance", "channel_review", "channels")
        named += [((*at, k), n) for k, n in enumerate(review.channels)]
    for line, income in plan.budget.expected_income.items():
        at = ("budget", "expected_income", line, "channels")
        named += [((*at, k), n) for k, n in enumerate(income.channels)]
    for path, channel in named:
        if channel not in channels:
            yield _unknown(path, channel, channels)


def _readable() -> tuple[str, ...]:
    """Return the indicators that can be read off one market's books."""
    from sim.indicators import INDICATORS

    return tuple(key for key, indicator in INDICATORS.items() if indicator.formula is not None)


def _members(head: str, channels: tuple[str, ...], products: tuple[str, ...]) -> tuple[str, ...]:
    """Return what may stand after a lever's dot."""
    if head in PRODUCT_LEVERS:
        return products
    return channels if head in CHANNEL_LEVERS else SOURCE_LEVERS.get(head, ())


def _unknown(path: Path, name: str, known: tuple[str, ...]) -> Fault:
    said = f"{name!r} is not known here{nearest(name, known)}"
    expected = "one of " + ", ".join(known) if known else "no name after a dot"
    return Fault(path, name, expected, said, ("channels",))
