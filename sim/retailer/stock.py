"""Stock: the piles of every product group and place, the policy they are kept by, and what they cost.

How much stands ready follows from how often items are reviewed, how long and how surely suppliers take, how
well demand is foreseen and how many places share it; what is misjudged lies idle. The customary size is
read off: what the firm held before, less what its service needs, is idle stock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.parameters import Parameter, Values, family
from sim.retailer.foresight import Foresight
from sim.retailer.parts import NORMAL, check, check_starts, ripeness
from sim.retailer.pile import EVE, OPENING_DAYS, Customary, Pile, Terms, spread_days
from sim.retailer.suppliers import Suppliers, late_moments
from sim.setup import Channel, Setup

Rows = Sequence[Sequence[float]]
PARAMETERS = (
    Parameter("item_noise", "daily variation of one item's demand, sd over mean", 3.0, 1.5, 5.0, "A", "Poisson: an item sold every nine days", "log"),
    Parameter("idle_days", "days in which misjudged goods are sold, twice customary idle stock if longer", 240, 120, 480, "A", "-", "log"),
    Parameter("idle_wear", "share of idle goods written off a year", 0.10, 0.03, 0.30, "A", "-", "logit"),
    Parameter("resell", "share of returned goods sold again", 0.8, 0.6, 0.95, "A", "-", "logit"),
    Parameter("holding_rate", "holding cost a year over the cost of goods in stock", 0.15, 0.08, 0.30, "T", "20-30 % with capital and obsolescence; these apart", "log"),
    Parameter("markdown", "share of their cost lost on idle goods that are cleared", 0.3, 0.1, 0.5, "A", "-", "logit"),
    *family(
        "supply",
        "share by which a way of keeping stock moves its target",
        {
            "abc_review": (0.50, 0.25, 0.75),
            "vendor_review": (0.80, 0.50, 0.95),
            "vendor_lead": (0.20, 0.05, 0.40),
            "flexible_lead": (0.25, 0.05, 0.50),
            "scoring_late": (0.40, 0.10, 0.70),
            "data_noise": (0.20, 0.05, 0.40),
            "presale_misbuy": (0.10, 0.02, 0.25),
            "markdown_clearing": (0.40, 0.10, 1.00),
        },
        "A",
        "the plans' cases (days of stock -28 to -30 %, on time +25 %) are claims about what follows",
        "log",
    ),
    *family(
        "supply_cost",
        "cost of it over the cost of goods bought (shared: sold)",
        {
            "abc": (0.001, 0.0002, 0.004),
            "vendor_managed": (0.005, 0.001, 0.02),
            "flexible_capacity": (0.010, 0.002, 0.03),
            "shared": (0.005, 0.001, 0.02),
            "supplier_scoring": (0.001, 0.0002, 0.004),
        },
        "A",
        "-",
        "log",
    ),
)  # fmt: skip
YEAR = 365.0
MEMORY = 28.0  # days over which demand is smoothed
NEEDED = 0.7  # most of customary stock that service may need; items vary less where it would need more
SELDOM = 0.5  # of the longest share of purchases that may be misjudged
FLAGS = ("abc", "vendor_managed", "flexible_capacity", "shared", "supplier_scoring")
OWN_START = (*FLAGS, "presale", "markdown")


@dataclass(frozen=True)
class StockPolicy:
    """How stock is kept: customary figures, and what the firm changes from ``start`` on.

    Parameters
    ----------
    days
        Customary stock in days of sales; ``None``: just what service needs.
    service
        Customary share of asked items that are there, 0-1.
    review_days, lead_days
        Customary days between two reviews of an item, and from order to arrival.
    on_time, late_days
        Customary share of consignments on time; mean delay of the others.
    aim
        Days of stock aimed at; ``None``: what service needs.
    abc, vendor_managed, flexible_capacity, supplier_scoring
        A items reviewed more often; suppliers review daily and send sooner; production follows orders;
        suppliers scored on time.
    shared
        One stock for all channels, pooled on the day ``start``.
    presale, markdown
        Orders ahead tell what will sell; prices follow stock, so idle goods clear faster.
    start, ripen
        Day of the horizon from which all this acts, and days until it acts fully.
    starts
        Days of their own for some of :data:`OWN_START`.
    """

    days: float | None = None
    service: float = 0.98
    review_days: float = 30.0
    lead_days: float = 30.0
    on_time: float = 0.85
    late_days: float = 10.0
    aim: float | None = None
    abc: bool = False
    vendor_managed: bool = False
    flexible_capacity: bool = False
    shared: bool = False
    supplier_scoring: bool = False
    presale: bool = False
    markdown: bool = False
    start: int = 0
    ripen: int = 180
    starts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check("stock", self, {"days": (0.0, 2000.0), "aim": (0.0, 2000.0), "service": (0.5, 0.9999)})
        check("stock", self, {"review_days": (1.0, 365.0), "lead_days": (1.0, 365.0)})
        check("stock", self, {"on_time": (0.0, 1.0), "late_days": (0.0, 180.0), "ripen": (0, 3650)})
        check_starts("stock", self.starts, OWN_START)


class Stock:
    """All piles of a firm.

    Parameters
    ----------
    setup, values, seed
        The market, its parameters, the luck of suppliers.
    foresight
        What the firm foresees of demand.
    groups
        Product groups, G.

    Attributes
    ----------
    piles
        G rows of P piles; ``place`` [C] is each channel's pile. Stores keep their own stock, online channels
        one together, until it is shared.
    """

    def __init__(
        self, setup: Setup, values: Values, foresight: Foresight, seed: int, groups: int = 1
    ) -> None:
        assert setup.stock is not None
        self.policy, self.values, self.foresight = setup.stock, values, foresight
        self.place = _places(setup.channels)
        self.piles = [[Pile() for _ in range(max(self.place) + 1)] for _ in range(groups)]
        count = groups * (max(self.place) + 1)
        self.suppliers = Suppliers(setup.burn_in + setup.days, -setup.burn_in, count, seed)
        self.safety = self.safety_of(self.policy.service)
        self.wear = values["idle_wear"] / YEAR
        self.holding, self.markdown = values["holding_rate"], values["markdown"]
        self.gains = {name: values[f"supply.{name}"] for name in GAINS}
        self.fees = {name: values[f"supply_cost.{name}"] for name in FLAGS}
        self.customary = Customary(0.0, values["idle_days"], 1.0)
        self.ripe, self.data = 0.0, -1.0
        self.settled = max(self.policy.start, *self.policy.starts.values(), 0) + self.policy.ripen
        self.terms = self.usual = self._terms(setup.burn_in * -1 - 1, 0.0)
        self.arrived = self.punctual = 0.0

    @staticmethod
    def safety_of(service: float) -> float:
        """Return the spreads of stock at which a share ``service`` of items is there: the critical fractile."""
        return NORMAL.inv_cdf(service)

    def _terms(self, day: int, data: float) -> Terms:
        """Return how stock is kept on ``day``; ``data`` is the level of that capability, 0-1."""
        policy, gains = self.policy, self.gains
        self.ripe = ripe = ripeness(day, policy.start, policy.ripen)
        self.own = own = {name: ripeness(day, first, policy.ripen) for name, first in policy.starts.items()}
        review, lead, late = policy.review_days, policy.lead_days, 1.0 - policy.on_time
        if policy.abc:
            review *= 1.0 - gains["abc_review"] * own.get("abc", ripe)
        if policy.vendor_managed:
            review *= 1.0 - gains["vendor_review"] * own.get("vendor_managed", ripe)
            lead *= 1.0 - gains["vendor_lead"] * own.get("vendor_managed", ripe)
        if policy.flexible_capacity:
            lead *= 1.0 - gains["flexible_lead"] * own.get("flexible_capacity", ripe)
        if policy.supplier_scoring:
            late *= 1.0 - gains["scoring_late"] * own.get("supplier_scoring", ripe)
        review, lead = max(review, 1.0), max(lead, 1.0)
        noise = self.values["item_noise"] * (1.0 - gains["data_noise"] * data)
        drift = review * review / 12.0 + late_moments(late, policy.late_days)[1]
        clearing, misbuy = 1.0, 1.0
        if policy.markdown:
            clearing += gains["markdown_clearing"] * own.get("markdown", ripe)
        if policy.presale:
            misbuy -= gains["presale_misbuy"] * own.get("presale", ripe)
        aim = 0.0
        if policy.aim is not None and ripe > 0.0:
            held = policy.days if policy.days is not None else policy.aim
            aim = held + (policy.aim - held) * ripe
        resell = self.values["resell"]
        return Terms(
            *(review, lead, late, policy.late_days, noise, drift),
            *(self.safety, misbuy, clearing, aim * policy.service, policy.service, resell, self.wear),
        )

    def open_day(self, day: int, data: float) -> list[list[float]]:
        """Take in what arrives; return the share of orders that will not find stock, G rows of C."""
        pooled = self.policy.starts.get("shared", self.policy.start)
        if self.policy.shared and day >= pooled and len(self.piles[0]) > 1:
            self._pool()
        if data != self.data or day <= self.settled:
            self.terms, self.data = self._terms(day, data), data
        self.arrived = self.punctual = 0.0
        usual = 1.0 - self.policy.service
        found = []
        for row in self.piles:
            short = []
            for pile in row:
                arrived, punctual = pile.receive(day)
                self.arrived += arrived
                self.punctual += punctual
                short.append(pile.short(usual))
            found.append([short[place] for place in self.place])
        return found

    def close_day(self, day: int, sold: Rows, missed: Rows, returned: Rows) -> None:
        """Ship what was sold, and order anew.

        Parameters
        ----------
        sold, missed, returned
            Real units ordered, asked for in vain, and sent back: G rows of C.
        """
        for g, row in enumerate(self.piles):
            piles = len(row)
            units, wanted, back = [0.0] * piles, [0.0] * piles, [0.0] * piles
            for place, ordered, vain, again in zip(self.place, sold[g], missed[g], returned[g], strict=True):
                units[place] += ordered
                wanted[place] += ordered + vain
                back[place] += again
            for p, pile in enumerate(row):
                pile.sell(units[p], back[p], self.terms, self.customary)
                _remember(pile, day, wanted[p], back[p] * self.terms.resell)
            self._replenish(day, g, row)

    def _replenish(self, day: int, g: int, row: Sequence[Pile]) -> None:
        whole = sum(pile.demand for pile in row)
        if whole <= 0.0:
            return
        terms, ahead = self.terms, self.foresight.ahead(day, self.terms.lead + self.terms.review)
        if any(pile.opening and pile.age > 0 for pile in row):
            self.customary = self._read_off()
        for p, pile in enumerate(row):
            if pile.age == 0:
                continue
            part = pile.demand / whole
            misjudged = spread_days(terms, part, 1.0) / spread_days(self.usual, part, 1.0)
            units = pile.keep(day, ahead, part, misjudged, terms, self.customary)
            number = g * len(row) + p
            delay = self.suppliers.delay(day, number, terms.late, terms.late_days)
            pile.order(day, units, terms.lead, delay)

    def _read_off(self) -> Customary:
        """Return how idle goods come about, from the customary days of stock and what service needs of them."""
        days, longest = self.policy.days, self.values["idle_days"]
        if days is None:
            return Customary(0.0, longest, 1.0)
        days *= self.policy.service  # days of sales, in days of demand
        steadier, needed = 1.0, self._needed(1.0)
        while needed > NEEDED * days and steadier > 0.05:
            steadier *= 0.9
            needed = self._needed(steadier)
        idle = max(days - needed, 0.0)
        return Customary(idle, max(longest, idle / SELDOM), steadier)

    def _needed(self, steadier: float) -> float:
        """Return the days of stock that customary service needs, over all piles."""
        found = whole = 0.0
        for row in self.piles:
            group = sum(pile.demand for pile in row)
            for pile in row:
                if pile.demand > 0.0:
                    spread = spread_days(self.usual, pile.demand / group, steadier)
                    found += self.safety * spread * pile.demand
                    whole += pile.demand
        return found / whole if whole > 0.0 else 0.0

    def _pool(self) -> None:
        """Bring the stock of all places together."""
        for row in self.piles:
            for other in row[1:]:
                row[0].absorb(other)
            del row[1:]
        self.place = [0] * len(self.place)

    def cover(self) -> list[float]:
        """Return each channel's stock over what it should be [C], 1 where nothing is said or known."""
        policy, found = self.policy, []
        wanted = policy.aim if policy.aim is not None and self.ripe > 0.0 else policy.days
        for p in range(len(self.piles[0])):
            held = sum(row[p].useful + row[p].idle for row in self.piles)
            asked = sum(row[p].demand for row in self.piles)
            found.append(held / (asked * wanted) if wanted and asked > 0.0 else 1.0)
        return [found[place] for place in self.place]

    def parts(self) -> tuple[float, float, float]:
        """Return units of cycle stock, of safety stock and idle; they sum to what is on hand."""
        cycle = safety = idle = 0.0
        for row in self.piles:
            for pile in row:
                turning = min(0.5 * self.terms.review * pile.flow, pile.useful)
                cycle += turning
                safety += pile.useful - turning
                idle += pile.idle
        return cycle, safety, idle

    def costs(self, unit: float) -> tuple[float, float, float, float]:
        """Return today's cost of holding, of write-offs, of clearing, and of the policy, at ``unit`` cost."""
        held = written = cleared = bought = sold = 0.0
        for row in self.piles:
            for pile in row:
                held += pile.useful + pile.idle
                written += pile.written
                cleared += pile.cleared
                bought += pile.bought
                sold += pile.flow
        fees = self._fees(bought, sold)
        holding = held * self.holding / YEAR
        return (
            holding * unit,
            written * unit,
            cleared * self.markdown * unit,
            fees * unit,
        )

    def _fees(self, bought: float, sold: float) -> float:
        """Return what the ways of keeping stock cost today, in units of goods."""
        policy, own = self.policy, self.own
        if not own:
            fees = sum(self.fees[name] for name in FLAGS[:3] + FLAGS[4:] if getattr(policy, name)) * bought
            return (fees + self.fees["shared"] * sold if policy.shared else fees) * self.ripe
        on = [name for name in FLAGS if getattr(policy, name)]
        return sum(
            self.fees[name] * (sold if name == "shared" else bought) * own.get(name, self.ripe) for name in on
        )


GAINS = tuple(
    parameter.name.partition(".")[2] for parameter in PARAMETERS if parameter.name.startswith("supply.")
)


def _places(channels: Sequence[Channel]) -> list[int]:
    """Return the pile of each channel [C]: one a store channel, then one for all online channels."""
    stores = [c for c, channel in enumerate(channels) if not channel.online]
    return [len(stores) if channel.online else stores.index(c) for c, channel in enumerate(channels)]


def _remember(pile: Pile, day: int, wanted: float, again: float) -> None:
    """Move a pile's smoothed demand and returns; it opens with its first demand."""
    if pile.age == 0 and wanted <= 0.0:
        return
    pile.age += 1
    pile.opening = pile.age < OPENING_DAYS or day < EVE
    share = 1.0 / min(pile.age, OPENING_DAYS if pile.opening else MEMORY)
    pile.demand += share * (wanted - pile.demand)
    pile.back += share * (again - pile.back)
