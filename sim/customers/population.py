"""Customers as arrays: fixed traits drawn from addressed luck, and at most 64 bytes of changing state each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.customers.habit import FULL, narrow
from sim.customers.word_of_mouth import pack_heard
from sim.engine.randomness import stream_key, uniforms
from sim.parameters import Parameter, Values, by_kind
from sim.setup import Setup

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
NEVER = -1_000_000
NEUTRAL = FULL // 2 + 1


class Traits(NamedTuple):
    """Fixed traits, float32 [N] each."""

    rate: NDArray[np.float32]
    price_sensitivity: NDArray[np.float32]
    distance: NDArray[np.float32]
    digital: NDArray[np.float32]
    proneness: NDArray[np.float32]
    basket: NDArray[np.float32]
    patience: NDArray[np.float32]


class State(NamedTuple):
    """Changing state [N] (habit and satisfaction [N, C], 16-bit fixed point).

    ``gate`` bounds the visits a day per unit of reach; ``aware`` and ``used`` are bit masks of channels;
    ``recent`` has bit k set for an order k calendar months ago; days count from the horizon's start.
    ``points`` are tenths of the currency; ``coupon`` a kind and last day; ``heard`` and ``opinion`` the word of
    mouth taken in and given; ``flags`` whether recognised, and referred.
    """

    gate: NDArray[np.float32]
    habit: NDArray[np.uint16]
    satisfaction: NDArray[np.uint16]
    aware: NDArray[np.uint8]
    used: NDArray[np.uint8]
    registered: NDArray[np.uint8]
    lost: NDArray[np.uint8]
    borrowed: NDArray[np.uint16]
    orders: NDArray[np.int32]
    first_order: NDArray[np.int32]
    last_order: NDArray[np.int32]
    recent: NDArray[np.uint32]
    points: NDArray[np.uint16]
    coupon: NDArray[np.uint16]
    heard: NDArray[np.uint16]
    opinion: NDArray[np.int8]
    flags: NDArray[np.uint8]


def draw_traits(count: int, values: Values, seed: int) -> Traits:
    """Draw the traits of ``count`` customers by inverse distribution functions of addressed uniforms.

    The same customer keeps the same quantiles when a parameter moves, so that draws stay paired.
    """
    from scipy import special

    def luck(trait: str) -> NDArray[np.float64]:
        return uniforms(stream_key(seed, f"trait {trait}"), count)

    def lognormal(trait: str, spread: float) -> NDArray[np.float64]:
        return np.asarray(np.exp(spread * special.ndtri(luck(trait))))

    def beta(trait: str, mean: float, total: float) -> NDArray[np.float64]:
        if not 0.0 < mean < 1.0:
            return np.full(count, mean)
        return np.asarray(special.betaincinv(mean * total, (1 - mean) * total, luck(trait)))

    shape = values["need_shape"]
    rate = values["need_rate"] / shape * special.gammaincinv(shape, luck("rate"))
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
    return Traits(*(column.astype(np.float32) for column in columns))


def first_state(setup: Setup, values: Values, traits: Traits, seed: int) -> State:
    """Return the state before the first day: some agents are customers with a past, some know us online.

    The past is what a retailer finds who opens the books of a going concern: customers with more needs have
    ordered more often, mostly through one channel, and have the habit and the membership to show for it;
    some have left. With ``setup.entry`` every agent waits, unknown, for the day of its first order.
    """
    count, cohort = setup.customers, setup.entry is not None

    def luck(stream: str) -> NDArray[np.float64]:
        return uniforms(stream_key(seed, f"initial {stream}"), count)

    past = (
        np.zeros(count, np.int32) if cohort else past_orders(values, traits, luck("customer"), luck("orders"))
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
        flags=(customer & (uniforms(stream_key(seed, "recognised"), count) < values["recognised"])).astype(
            np.uint8
        ),
    )


def past_orders(
    values: Values, traits: Traits, first: NDArray[np.float64], more: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Return each agent's orders before the start [N] from two uniform draws: none, or one and Poisson more."""
    from scipy import special

    relative = traits.rate / np.float32(values["need_rate"])
    customer = first < 1.0 - (1.0 - values["initial_customers"]) ** relative
    further = np.ceil(special.pdtrik(more, np.maximum(values["initial_orders"] * relative, 1e-9)))
    return np.where(customer, 1 + np.clip(np.nan_to_num(further), 0, 10_000), 0).astype(np.int32)


def home_channel(setup: Setup, values: Values, draw: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the channel of each agent's past orders [N], by the channels' weights in them."""
    weights = np.array([values.of_channel("initial_share", channel) for channel in setup.channels])
    return np.minimum(np.searchsorted(np.cumsum(weights / weights.sum()), draw), len(weights) - 1)


def past_habit(
    setup: Setup, values: Values, past: NDArray[np.int32], home: NDArray[np.int64]
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


def renew(
    setup: Setup, values: Values, traits: Traits, state: State, seed: int, day: int
) -> NDArray[np.bool_]:
    """Put a new prospect in the place of some lost customers; return of which [N].

    The prospect has the traits of whom it replaces, so the population keeps its make-up, and no past.
    """
    lost = state.lost == 1
    drawn = uniforms(stream_key(seed, "renewal", day), len(lost)) < values["renewal"]
    chosen = np.asarray(lost & drawn)
    met = uniforms(stream_key(seed, "renewed aware", day), len(lost)) < values["initial_aware"]
    state.gate[chosen] = traits.rate[chosen]
    state.habit[chosen] = new_habit(setup, values)
    state.satisfaction[chosen] = NEUTRAL
    state.aware[chosen] = new_awareness(setup, met[chosen])
    for column in (state.used, state.registered, state.lost, state.borrowed, state.orders, state.recent):
        column[chosen] = 0
    state.first_order[chosen] = state.last_order[chosen] = NEVER
    for column in (state.points, state.coupon, state.flags):
        column[chosen] = 0
    state.opinion[chosen] = 0
    return chosen


class Customers:
    """All customers, array-backed, with the verbs of Mesa's ``AgentSet``.

    ``customers[i]`` is one customer as a dictionary; ``select`` narrows to those a mask or function keeps;
    ``get`` returns columns, ``agg`` a statistic, ``groupby`` groups, ``to_frame`` a table.
    """

    def __init__(self, traits: Traits, state: State, index: NDArray[np.int64] | None = None) -> None:
        self.traits, self.state = traits, state
        self.index = np.arange(len(traits.rate)) if index is None else index

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, position: int) -> dict[str, Any]:
        return {name: self.get(name)[position] for name in self.names()}

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the names of traits and state."""
        return Traits._fields + State._fields

    def get(self, name: str) -> NDArray[Any]:
        """Return a trait or state of these customers, [n] or [n, C]."""
        holder = self.traits if name in Traits._fields else self.state
        values: NDArray[Any] = getattr(holder, name)
        return values[self.index]

    def select(self, keep: Any) -> Customers:
        """Return the customers for whom ``keep`` (mask [n], or function of this set) is true."""
        mask = keep(self) if callable(keep) else keep
        return Customers(self.traits, self.state, self.index[np.asarray(mask, bool)])

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
        return pd.DataFrame(columns, index=pd.Index(self.index, name="customer"))
