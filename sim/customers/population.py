"""Customers as arrays: fixed traits drawn from addressed luck, and at most 64 bytes of changing state each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.customers.habit import FULL, narrow
from sim.customers.identity import next_flags
from sim.customers.short import lengthened, shortened
from sim.customers.word_of_mouth import pack_heard
from sim.engine.randomness import stream_key, uniforms, uniforms_at
from sim.parameters import Parameter, Values, by_kind
from sim.setup import MAX_CHANNELS, Setup

if TYPE_CHECKING:
    import pandas as pd

PARAMETERS = (
    Parameter("need_rate", "needs a customer a day", 0.05, 0.005, 0.3, "A", "-", "log"),
    Parameter("need_shape", "gamma shape of need rates", 1.0, 0.2, 4.0, "O", "CDNOW .243 fit: refit always", "log"),
    Parameter("price_spread", "log sd of price sensitivity", 0.4, 0.1, 0.8, "A", "-", "log"),
    Parameter("distance", "median km to the nearest store", 5.0, 1.0, 20.0, "A", "-", "log"),
    Parameter("distance_spread", "log sd of distance", 0.8, 0.4, 1.2, "A", "-", "log"),
    Parameter("digital", "mean digital readiness, 0-1", 0.5, 0.2, 0.8, "A", "-", "logit"),
    Parameter("digital_spread", "a + b of the beta law of digital readiness", 4.0, 2.0, 12.0, "A", "-", "log"),
    Parameter("basket_between", "log sd of baskets between customers", 0.4, 0.1, 1.0, "A", "-", "log"),
    Parameter("basket_within", "log sd of one customer's baskets", 0.5, 0.2, 1.2, "A", "-", "log"),
    Parameter("patience_spread", "log sd of patience for delivery", 0.5, 0.2, 1.0, "A", "-", "log"),
    Parameter("initial_customers", "share of agents of mean need rate who are customers at the start", 0.3, 0.05, 0.9, "A", "-", "logit"),
    Parameter("initial_orders", "past orders of such a customer beyond the first", 3.0, 0.3, 20.0, "A", "-", "log"),
    Parameter("initial_lost", "share of those customers who have left", 0.2, 0.05, 0.5, "A", "-", "logit"),
    Parameter("initial_aware", "share of agents who know the online channels", 0.5, 0.01, 0.95, "A", "-", "logit"),
    Parameter("initial_members", "share of initial store customers registered", 0.5, 0.1, 0.9, "A", "-", "logit"),
    *by_kind("initial_share", "weight of a channel in past orders, relative", (1.0, 0.1, 10.0), (1.0, 0.1, 10.0), "A", "-", "log"),
)  # fmt: skip
NEVER, MOST_ORDERS = -1_000_000, 32_767
NEUTRAL = FULL // 2 + 1
BLOCK = 1 << 16  # customers drawn at a time
NODES = 4096  # of a table of quantiles


# One customer: 56 bytes that change, and 16 of fixed traits. Together they lie in one or two lines of a cache,
# so a visit fetches a customer once. Channels beyond those of the market stay zero.
PERSON = np.dtype(
    [
        ("habit", np.uint16, (MAX_CHANNELS,)),
        ("satisfaction", np.uint16, (MAX_CHANNELS,)),
        ("recent", np.uint32),
        ("first_order", np.int32),
        ("last_order", np.int32),
        ("rate", np.float32),
        ("orders", np.int16),
        ("borrowed", np.uint16),
        ("points", np.uint16),
        ("coupon", np.uint16),
        ("heard", np.uint16),
        ("price_sensitivity", np.uint16),
        ("distance", np.uint16),
        ("digital", np.uint16),
        ("proneness", np.uint16),
        ("basket", np.uint16),
        ("patience", np.uint16),
        ("aware", np.uint8),
        ("used", np.uint8),
        ("registered", np.uint8),
        ("lost", np.uint8),
        ("opinion", np.int8),
        ("flags", np.uint8),
    ]
)
Person: TypeAlias = Any  # one record of PERSON in compiled code; anything with its fields elsewhere


class Traits(NamedTuple):
    """Fixed traits, float32 [N] each."""

    rate: NDArray[np.float32]
    price_sensitivity: NDArray[np.float32]
    distance: NDArray[np.float32]
    digital: NDArray[np.float32]
    proneness: NDArray[np.float32]
    basket: NDArray[np.float32]
    patience: NDArray[np.float32]


class KeptTraits:
    """Traits as they are kept in records of :data:`PERSON`: each is read out as float32 [N] when asked for."""

    def __init__(self, people: NDArray[np.void]) -> None:
        self._people = people

    def __getattr__(self, name: str) -> NDArray[np.float32]:
        if name not in Traits._fields:
            raise AttributeError(f"no trait {name!r}; there are {', '.join(Traits._fields)}")
        kept = self._people[name]
        return kept if name == "rate" else lengthened(kept)


class State(NamedTuple):
    """Changing state [N] (habit and satisfaction [N, C], 16-bit fixed point).

    ``gate`` bounds the visits a day per unit of reach; ``aware`` and ``used`` are bit masks of channels;
    ``recent`` has bit k set for an order k calendar months ago; days count from the horizon's start.
    ``points`` are tenths of the currency; ``coupon`` a kind and last day; ``heard`` and ``opinion`` the word of
    mouth taken in and given; ``flags`` whether recognised, and referred. A market's are views of its records.
    """

    gate: NDArray[np.float32]
    habit: NDArray[np.uint16]
    satisfaction: NDArray[np.uint16]
    aware: NDArray[np.uint8]
    used: NDArray[np.uint8]
    registered: NDArray[np.uint8]
    lost: NDArray[np.uint8]
    borrowed: NDArray[np.uint16]
    orders: NDArray[np.int16]
    first_order: NDArray[np.int32]
    last_order: NDArray[np.int32]
    recent: NDArray[np.uint32]
    points: NDArray[np.uint16]
    coupon: NDArray[np.uint16]
    heard: NDArray[np.uint16]
    opinion: NDArray[np.int8]
    flags: NDArray[np.uint8]


def populate(setup: Setup, values: Values, seed: int) -> Customers:
    """Return the market's customers before the first day, drawn block by block: ten million fit in memory."""
    count = setup.customers
    people, gate = np.zeros(count, PERSON), np.zeros(count, np.float32)
    for first in range(0, count, BLOCK):
        part = slice(first, min(first + BLOCK, count))
        traits = draw_traits(part.stop - first, values, seed, first)
        state = first_state(setup, values, traits, seed, first)
        people["rate"][part], gate[part] = traits.rate, state.gate
        for name in Traits._fields[1:]:
            people[name][part] = shortened(getattr(traits, name))
        for name in State._fields[1:]:
            column = getattr(state, name)
            people[name][part][(slice(None), *map(slice, column.shape[1:]))] = column
    return Customers(people, gate, len(setup.channels))


def draw_traits(count: int, values: Values, seed: int, first: int = 0) -> Traits:
    """Draw the traits of ``count`` customers from number ``first`` on by inverse distribution functions of addressed uniforms.

    The same customer keeps the same quantiles when a parameter moves, so that draws stay paired.
    """
    from scipy import special

    def luck(trait: str) -> NDArray[np.float64]:
        return uniforms(stream_key(seed, f"trait {trait}"), count, first)

    def lognormal(trait: str, spread: float) -> NDArray[np.float64]:
        return np.asarray(np.exp(spread * special.ndtri(luck(trait))))

    def beta(trait: str, mean: float, total: float) -> NDArray[np.float64]:
        if not 0.0 < mean < 1.0:
            return np.full(count, mean)
        return quantiles(lambda u: special.betaincinv(mean * total, (1 - mean) * total, u), luck(trait))

    shape = values["need_shape"]
    rate = values["need_rate"] / shape * quantiles(lambda u: special.gammaincinv(shape, u), luck("rate"))
    price, between = values["price_spread"], values["basket_between"]
    columns = (
        rate,
        lognormal("price", price) * np.exp(-(price**2) / 2),
        values["distance"] * lognormal("distance", values["distance_spread"]),
        beta("digital", values["digital"], values["digital_spread"]),
        beta("dropout", values["dropout"], values["dropout_spread"]),
        lognormal("basket", between) * np.exp(-(between**2) / 2),
        lognormal("patience", values["patience_spread"]),
    )
    short = (lengthened(shortened(column)) for column in columns[1:])  # as they will be kept
    return Traits(columns[0].astype(np.float32), *short)


def quantiles(
    inverse: Callable[[NDArray[np.float64]], NDArray[np.float64]], luck: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the positive quantiles ``inverse(luck)`` [n]; those of many customers are read off a table.

    Log quantiles are smooth over normal scores, so 4,096 nodes give them to within 1e-4, less than traits are
    kept to, at a twentieth of the cost.
    """
    if len(luck) <= 4 * NODES:
        return np.asarray(inverse(luck))
    from scipy import special

    scores = np.linspace(-8.2, 8.2, NODES)
    table = np.log(np.maximum(inverse(special.ndtr(scores)), 1e-300))
    return np.asarray(np.exp(np.interp(special.ndtri(luck), scores, table)))


def first_state(setup: Setup, values: Values, traits: Traits, seed: int, first: int = 0) -> State:
    """Return the state before the first day of the customers with ``traits``, from number ``first`` on: some agents are customers with a past, some know us online.

    The past is what a retailer finds who opens the books of a going concern: customers with more needs have
    ordered more often, mostly through one channel, and have the habit and the membership to show for it;
    some have left. With ``setup.entry`` every agent waits, unknown, for the day of its first order.
    """
    count, cohort = len(traits.rate), setup.entry is not None

    def luck(stream: str) -> NDArray[np.float64]:
        return uniforms(stream_key(seed, f"initial {stream}"), count, first)

    past = (
        np.zeros(count, np.int16) if cohort else past_orders(values, traits, luck("customer"), luck("orders"))
    )
    customer = past > 0
    lost = customer & (luck("lost") < values["initial_lost"])
    ago = -1 - setup.burn_in - (luck("recency") * 365).astype(np.int32)
    first_month = (np.datetime64(setup.start, "D") - setup.burn_in).astype("datetime64[M]")
    months = (first_month - (np.datetime64(setup.start, "D") + ago).astype("datetime64[M]")).astype(np.uint32)
    home = home_channel(setup, values, luck("channel"))
    online = np.array([channel.online for channel in setup.channels])[home]
    knows = ~np.bool_(cohort) & ((luck("aware") < values["initial_aware"]) | (customer & online))
    member = customer & (online | (luck("member") < values["initial_members"]))
    known = uniforms(stream_key(seed, "recognised"), count, first)
    gate = np.where(lost, traits.rate * np.float32(values["winback"]), traits.rate).astype(np.float32)
    return State(
        gate=np.zeros(count, np.float32) if cohort else gate,
        habit=past_habit(setup, values, past, home),
        satisfaction=np.full((count, len(setup.channels)), NEUTRAL, np.uint16),
        aware=new_awareness(setup, knows),
        used=np.where(customer, 1 << home, 0).astype(np.uint8),
        registered=member.astype(np.uint8),
        lost=lost.astype(np.uint8),
        borrowed=np.zeros(count, np.uint16),
        orders=past,
        first_order=np.where(customer, ago - 365 * (past > 1), NEVER).astype(np.int32),
        last_order=np.where(customer, ago, NEVER).astype(np.int32),
        recent=np.where(customer, np.uint32(1) << months, 0).astype(np.uint32),
        points=np.zeros(count, np.uint16),
        coupon=np.zeros(count, np.uint16),
        heard=np.full(count, pack_heard(0.0), np.uint16),
        opinion=np.zeros(count, np.int8),
        flags=(customer & (known < values["recognised"])).astype(np.uint8),
    )


def past_orders(
    values: Values, traits: Traits, first: NDArray[np.float64], more: NDArray[np.float64]
) -> NDArray[np.int16]:
    """Return each agent's orders before the start [N] from two uniform draws: none, or one and Poisson more."""
    from scipy import special

    relative = traits.rate / np.float32(values["need_rate"])
    customer = first < 1.0 - (1.0 - values["initial_customers"]) ** relative
    past = np.zeros(len(first), np.int16)
    further = np.ceil(
        special.pdtrik(more[customer], np.maximum(values["initial_orders"] * relative[customer], 1e-9))
    )
    past[customer] = 1 + np.clip(np.nan_to_num(further), 0, 10_000)
    return past


def home_channel(setup: Setup, values: Values, draw: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the channel of each agent's past orders [N], by the channels' weights in them."""
    weights = np.array([values.of_channel("initial_share", channel) for channel in setup.channels])
    return np.minimum(np.searchsorted(np.cumsum(weights / weights.sum()), draw), len(weights) - 1)


def past_habit(
    setup: Setup, values: Values, past: NDArray[np.int16], home: NDArray[np.int64]
) -> NDArray[np.uint16]:
    """Return habits [N, C] after ``past`` orders at ``home``: each order closes a share of the gap."""
    start = new_habit(setup, values) / FULL
    left = ((1.0 - values["habit_gain"]) ** past)[:, None]
    goal = (home[:, None] == np.arange(len(start))) & (past > 0)[:, None]
    return np.asarray(np.rint((goal + left * (start - goal)) * FULL), np.uint16)


def new_habit(setup: Setup, values: Values) -> NDArray[np.uint16]:
    """Return a newcomer's habits [C]."""
    kinds = [
        "initial_online_habit" if channel.online else "initial_store_habit" for channel in setup.channels
    ]
    return np.array([narrow(values[kind]) for kind in kinds], np.uint16)


def new_awareness(setup: Setup, online: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return the channels that newcomers know [n]: all stores, and where ``online`` is true the others too."""
    stores = sum(1 << c for c, channel in enumerate(setup.channels) if not channel.online)
    return np.where(online, (1 << len(setup.channels)) - 1, stores).astype(np.uint8)


def leaving(state: State, values: Values, seed: int, day: int) -> NDArray[np.int64]:
    """Return which lost customers a new prospect replaces at the end of the month [n]."""
    found, key = [], stream_key(seed, "renewal", day)
    for first in range(0, len(state.lost), BLOCK):
        lost = first + np.flatnonzero(state.lost[first : first + BLOCK])
        found.append(lost[uniforms_at(key, lost) < values["renewal"]])
    return np.concatenate(found)


def renew(
    setup: Setup,
    values: Values,
    rate: NDArray[np.float32],
    state: State,
    seed: int,
    day: int,
    chosen: NDArray[np.int64],
) -> None:
    """Put a new prospect in the place of each of ``chosen`` [n].

    The prospect has the traits of whom it replaces (``rate`` [N] of needs among them), so the population
    keeps its make-up, and no past.
    """
    met = uniforms_at(stream_key(seed, "renewed aware", day), chosen) < values["initial_aware"]
    state.gate[chosen] = rate[chosen]
    state.habit[chosen] = new_habit(setup, values)
    state.satisfaction[chosen] = NEUTRAL
    state.aware[chosen] = new_awareness(setup, met)
    for column in (state.used, state.registered, state.lost, state.borrowed, state.orders, state.recent):
        column[chosen] = 0
    state.first_order[chosen] = state.last_order[chosen] = NEVER
    for column in (state.points, state.coupon):
        column[chosen] = 0
    state.flags[chosen] = next_flags(state.flags[chosen].astype(np.int64))
    state.opinion[chosen] = 0


class Customers:
    """All customers, array-backed, with the verbs of Mesa's ``AgentSet``.

    ``customers[i]`` is one customer as a dictionary; ``select`` narrows to those a mask or function keeps;
    ``get`` returns columns, ``agg`` a statistic, ``groupby`` groups, ``to_frame`` a table.
    """

    def __init__(
        self,
        people: NDArray[np.void],
        gate: NDArray[np.float32],
        channels: int,
        index: NDArray[np.int64] | None = None,
    ) -> None:
        self.people, self.gate, self.channels, self.index = people, gate, channels, index
        self.traits = KeptTraits(people)
        views = {name: people[name] for name in State._fields[1:]}
        for name in ("habit", "satisfaction"):
            views[name] = views[name][:, :channels]
        self.state = State(gate, **views)

    def __len__(self) -> int:
        return len(self.people) if self.index is None else len(self.index)

    def __getitem__(self, position: int) -> dict[str, Any]:
        return {name: self.get(name)[position] for name in self.names()}

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers of these customers [n]."""
        return np.arange(len(self.people)) if self.index is None else self.index

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of traits and state."""
        return Traits._fields + State._fields

    def get(self, name: str) -> NDArray[Any]:
        """Return a trait or state of these customers, [n] or [n, C]."""
        holder = self.traits if name in Traits._fields else self.state
        values: NDArray[Any] = getattr(holder, name)
        return values.copy() if self.index is None else values[self.index]

    def select(self, keep: Any) -> Customers:
        """Return the customers for whom ``keep`` (mask [n], or function of this set) is true."""
        mask = keep(self) if callable(keep) else keep
        places = np.flatnonzero(np.asarray(mask, bool))
        index = places if self.index is None else self.index[places]
        return Customers(self.people, self.gate, self.channels, index)

    def agg(self, name: str, function: Any) -> Any:
        """Return ``function`` of one column."""
        return function(self.get(name))

    def groupby(self, by: Any) -> dict[Any, Customers]:
        """Return customers grouped by a column's name or by labels [n]."""
        labels = self.get(by) if isinstance(by, str) else np.asarray(by)
        return {label: self.select(labels == label) for label in np.unique(labels)}

    def to_frame(self) -> pd.DataFrame:
        """Return one row a customer; habit and satisfaction one column a channel, on 0-1."""
        import pandas as pd

        columns: dict[str, Any] = {}
        for name in self.names():
            values = self.get(name)
            if values.ndim == 1:
                columns[name] = values
            else:
                columns |= {f"{name}_{c}": values[:, c] / FULL for c in range(values.shape[1])}
        return pd.DataFrame(columns, index=pd.Index(self.numbers(), name="customer"))
