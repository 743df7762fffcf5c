"""Guessing what the columns of a file are, by their names and by what they hold."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from calibration.history import words as w
from calibration.history.fitting import spacing
from calibration.history.profile import FEW, Profile
from scenarios.plan.vocabulary import MEDIA

SINGLE_STORES = 3
"""Stores up to which each keeps its own name; more are one channel."""
_COUNTED = w.MONEY | w.ORDERS | w.VISITS | w.IMPRESSIONS | w.NOT_MONEY | {"clicks"}


@dataclass
class Guess:
    """One table's mapping as guessed; ``unsure`` holds remarks by key."""

    table: str
    file: Path
    columns: dict[str, str]
    period: str | None = None
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    scale: dict[str, float] = field(default_factory=dict)
    unsure: dict[str, str] = field(default_factory=dict)
    dates: str | None = None
    encoding: str | None = None
    add_up: bool = False
    rename: dict[str, str] = field(default_factory=dict)
    spare: list[str] = field(default_factory=list)


def guess(look: Profile) -> list[Guess]:
    """Return the tables a file seems to hold: none, one, or sales and media together."""
    if look.date is None:
        return _experiment(look)
    return [_dated(table, look) for table in _tables(look)]


def _dated(table: Guess, look: Profile) -> Guess:
    """Return a table that says in which order its dates are written, where that is a question."""
    if look.order is not None:
        table.dates = look.order.order
        if not look.order.sure:
            table.unsure["dates"] = look.order.why
    return table


def _tables(look: Profile) -> list[Guess]:
    found = _log(look)
    if found:
        return found
    found = [table for table in (_sales(look), _media(look)) if table]
    for make in (_traffic, _prices, _service, _drivers):
        if not found:
            found = [table for table in (make(look),) if table]
    return found


def _period(look: Profile) -> str | None:
    if look.dates is None:
        return None
    if look.dates.grain != "day":
        return look.dates.grain
    return spacing(pd.DatetimeIndex(look.dates.values.unique()).sort_values())


def _money(look: Profile) -> list[str]:
    units = {word for found in look.words.values() for word in found if w.is_money(word)}
    return look.all(w.MONEY | units, numeric=True, without=w.NOT_MONEY | w.SPEND | w.PRICE)


def _log(look: Profile) -> list[Guess]:
    named = look.all(w.CUSTOMER, without=w.NOT_MONEY)
    customer = next((name for name in named if not _counted(look, name)), None) or _addresses(look)
    if customer is None:
        return []
    assert look.date
    money = _money(look) or look.all(w.TOTAL, numeric=True, without=w.NOT_MONEY | w.SPEND)
    prices = look.all(w.PRICE, numeric=True, without=w.NOT_MONEY)
    made = Guess("transactions", look.file, {"customer": customer, "date": look.date})
    if money:
        made.columns["amount"] = money[0]
        _alternatives(made, "amount", money)
        _rescale(made, "amount", money[0])
    elif prices:
        made.columns["price"] = prices[0]
        made.unsure["price"] = "is this what was paid?"
        pieces = look.find(w.UNITS, numeric=True)
        if pieces:
            made.columns["quantity"] = pieces
            made.unsure["price"] = "of one piece: an amount is this times the quantity"
    else:
        return []
    place = look.names(w.CHANNEL) or _places(look)
    taken = {*made.columns.values(), place}
    orders = look.all(w.ORDER, without=w.MONEY | w.NOT_MONEY | w.DATE | w.TOTAL)
    order = _of_lines(look, made.columns.get("amount", ""), {*taken, *look.numbers})
    order = order or next((column for column in orders if column not in taken), None)
    if order:
        made.columns["order"] = order
        made.unsure["order"] = "rows with the same number are added up to one order"
    if place:
        made.columns["channel"] = place
        _rename(made, look, place)
    else:
        made.constants["channel"] = "online"
        made.unsure["constants"] = "no column says where orders were placed"
    _alternatives(made, "customer", named)
    return [made]


def _of_lines(look: Profile, amount: str, taken: Set[str | None]) -> str | None:
    """Return the column that says of which order a line without an amount is, if there are such lines."""
    if not amount:
        return None
    known = look.frame[amount].astype("str").fillna("").str.strip() != ""
    if known.all():
        return None
    for column in (name for name in look.words if name not in taken and name != look.date):
        names = look.frame[column]
        if isinstance(names, pd.DataFrame) or names[known].duplicated().any():
            continue
        if names[~known].isin(names[known].unique()).all():
            return column
    return None


def _counted(look: Profile, column: str) -> bool:
    """Tell whether a column says how many customers there were: no date, or date and place, stands twice."""
    if column not in look.numbers or not look.words[column] & w.MANY_CUSTOMERS:
        return False
    places = [name for name in look.words if look.words[name] & (w.STORE | w.CHANNEL) and name != column]
    keys = [[look.date], *([look.date, place] for place in places)]
    return any(not look.frame.duplicated(key).any() for key in keys)


def _addresses(look: Profile) -> str | None:
    """Return the column of e-mail addresses, if one tells customers apart."""
    return next(
        (
            name
            for name in look.words
            if name not in (*look.numbers, look.date) and _mostly(look, name, r"[^@\s]+@[^@\s]+")
        ),
        None,
    )


def _mostly(look: Profile, name: str, pattern: str) -> bool:
    column = look.frame[name]
    if isinstance(column, pd.DataFrame):  # a name that stands twice
        return False
    return bool(column.head(200).astype("str").fillna("").str.fullmatch(pattern).mean() > 0.5)


def _sales(look: Profile) -> Guess | None:
    money = _money(look)
    orders = [] if money else look.all(w.ORDERS, numeric=True, without=w.SPEND | w.NOT_MONEY)
    bare = [] if money or orders else _bare(look)
    if not money and not orders and not bare:
        return None
    assert look.date
    made = Guess("sales", look.file, {"date": look.date}, _period(look))
    channel = look.names(w.CHANNEL) or _places(look)
    if bare:
        _bare_sales(made, bare)
    elif orders:
        _only_orders(made, orders, channel)
    elif channel:
        made.columns |= {"channel": channel, "revenue": money[0]}
        _alternatives(made, "revenue", money)
        for measure, known in (("orders", w.ORDERS), ("units", w.UNITS), ("visits", w.VISITS)):
            column = look.find(known, numeric=True, without=w.MONEY)
            if column:
                made.columns[measure] = column
    else:
        _wide_sales(made, look, money)
    if money:
        _rescale(made, "revenue", money[0])
    if channel and channel == made.columns.get("channel"):
        _rename(made, look, channel)
    keys = [column for column in (look.date, made.columns.get("channel")) if column]
    if look.frame.duplicated(keys).any():
        made.add_up = True
        made.unsure["add_up"] = "several rows a date: is each a part, and none a total of others?"
    return made


def _places(look: Profile) -> str | None:
    """Return a column of branches, one of which is an online shop; stores alone are one channel."""
    for column in look.all(w.STORE, numeric=False):
        names = _labels(look, column)
        if 2 <= len(names) <= FEW and any(w.channel(name) == "online" for name in names):
            return column
    return None


def _labels(look: Profile, column: str) -> list[str]:
    return [str(name).strip() for name in look.frame[column].dropna().astype("str").unique() if name.strip()]


def _rename(made: Guess, look: Profile, column: str) -> None:
    """Call a single online shop ``online`` and a single store ``store``, as plans do; add many stores up."""
    names = [name for name in _labels(look, column) if len(name) <= 80]
    kinds = {name: w.channel(name) for name in names}
    made.rename |= {name: name.replace(".", "_") for name in names if "." in name}  # amazon.de
    if look.words[column] & w.STORE:  # of a column of branches what is not online is one
        kinds = {name: kind if kind == "online" else "store" for name, kind in kinds.items()}
    for kind, many in (("online", len(names)), ("store", SINGLE_STORES)):
        alike = [name for name in names if kinds[name] == kind]
        if (len(alike) == 1 or len(alike) > many) and kind not in names:
            made.rename |= dict.fromkeys(alike, kind)
    if len(made.rename) != len(set(made.rename.values())):
        made.unsure["rename"] = "stores are added up to one channel: leave out a line to keep one apart"
    elif made.rename:
        made.unsure["rename"] = "as plans call their channels"


def _bare(look: Profile) -> list[str]:
    """Return columns called after a channel, where nothing says what they count."""
    counted = _COUNTED | w.SPEND | w.UNITS | w.PRICE | w.ACCESS | w.CUSTOMER
    named = [column for column in look.numbers if w.channel(column) or look.words[column] & w.OWN_NAME]
    plain = [column for column in named if not look.words[column] & counted]
    return [column for column in plain if look.frame[column].nunique() > 2]


def _bare_sales(made: Guess, columns: list[str]) -> None:
    """Take columns called after channels for their revenue; several of one kind keep their own names."""
    kinds = [w.channel(column) for column in columns]
    for column, kind in zip(columns, kinds, strict=True):
        name = kind if kind and kinds.count(kind) == 1 else _named(column)
        made.groups[name] = {"revenue": column}
    made.unsure["channels"] = "taken as revenue: no word says what is counted"


def _only_orders(made: Guess, orders: list[str], channel: str | None) -> None:
    """Take a table that counts orders and names no amounts."""
    if channel:
        made.columns |= {"channel": channel, "orders": orders[0]}
        _alternatives(made, "orders", orders)
        return
    for column in orders:
        name = "total" if len(orders) == 1 else w.channel(column) or _named(column, w.ORDERS)
        made.groups.setdefault(name, {"orders": column})
    if list(made.groups) == ["total"]:
        made.unsure["channels.total"] = "no column tells channels apart: all of it is taken as store"


def _wide_sales(made: Guess, look: Profile, money: list[str]) -> None:
    """Give each channel the first column that is of it; a column of no channel is the total."""
    for column in money:
        channel = w.channel(column) or ("total" if len(money) == 1 else None)
        if channel is None or (channel != "total" and channel in made.groups):
            channel = _named(column)
            made.unsure[f"channels.{channel}"] = "is this a channel?"
        if channel not in made.groups and w.factor(column) == w.factor(money[0]):
            made.groups[channel] = {"revenue": column}
    for measure, known in (("orders", w.ORDERS), ("units", w.UNITS), ("visits", w.VISITS)):
        counted = look.all(known, numeric=True, without=w.MONEY | w.SPEND)
        alone = list(made.groups) == ["total"]
        for column in counted:
            channel = "total" if alone else w.channel(column) or _named(column, known)
            if channel in made.groups:
                made.groups[channel].setdefault(measure, column)
    if list(made.groups) == ["total"]:
        made.unsure["channels.total"] = "no column tells channels apart: all of it is taken as store"


def _named(column: str, known: Set[str] = w.MONEY) -> str:
    """Return the channel a column's name leaves when words of what it counts are taken away."""
    parts = [part for part in re.split(r"[\W_]+", w.unaccented(column).lower()) if part]
    return "_".join(part for part in parts if part not in known and not w.is_money(part)) or "total"


def _media(look: Profile) -> Guess | None:
    assert look.date
    spend = look.all(w.SPEND, numeric=True, without={"per"}) or _robyn(look)
    bare = [] if spend else _advertising(look)
    spend = spend or bare
    if not spend:
        return None
    made = Guess("media", look.file, {"date": look.date}, _period(look))
    made.unsure |= {f"sources.{_source(column, w.SPEND)}": "is this what was spent?" for column in bare}
    source = look.names(w.SOURCE | w.CHANNEL)
    if source and len(spend) == 1:
        made.columns |= {"source": source, "spend": spend[0]}
        shown = look.find(w.IMPRESSIONS, numeric=True)
        if shown:
            made.columns["impressions"] = shown
        return made
    shown_by = {_source(column, w.IMPRESSIONS): column for column in look.all(w.IMPRESSIONS, numeric=True)}
    for column in spend:
        name = _source(column, w.SPEND)
        name = _own(column, w.SPEND) if name in made.groups else name  # two search engines, say
        made.groups[name] = {"spend": column}
        if name in shown_by:
            made.groups[name]["impressions"] = shown_by[name]
    for name, column in shown_by.items():
        made.groups.setdefault(name, {"impressions": column})
    return made


def _advertising(look: Profile) -> list[str]:
    """Return columns that are called after a medium or advertising, and no word says what they count."""
    told = look.all(w.ADVERTISING, numeric=True, without=_COUNTED)
    named = [column for column in look.numbers if re.sub(r"\W+", "_", column.strip().lower()) in MEDIA]
    return [column for column in look.numbers if column in {*told, *named}]


def _robyn(look: Profile) -> list[str]:
    """Return columns such as ``tv_S``, the way one popular package marks spend."""
    found = [column for column in look.numbers if re.fullmatch(r"\w+_S", column)]
    return found if len(found) > 1 else []


def _source(column: str, marks: set[str]) -> str:
    """Return the medium a column is of, under the name plans use."""
    name = _own(column, marks)
    return w.SOURCES.get(name, name)


def _own(column: str, marks: set[str]) -> str:
    """Return the medium a column is of, as the column calls it."""
    parts = [part for part in re.split(r"[\W_]+", column.lower()) if part]
    if len(parts) > 1 and parts[-1] == "s":
        parts = parts[:-1]
    return "_".join(part for part in parts if part not in marks and part not in w.CURRENCIES) or column


def _traffic(look: Profile) -> Guess | None:
    return _simple(look, "traffic", {"visits": w.VISITS}, {"channel": w.CHANNEL, "source": w.SOURCE})


def _prices(look: Profile) -> Guess | None:
    if look.find(w.CUSTOMER):  # lines of orders: prices paid, not prices asked
        return None
    labels = {"channel": w.CHANNEL, "product": w.PRODUCT, "promoted": w.PROMOTED}
    return _simple(look, "prices", {"price": w.PRICE}, labels)


def _service(look: Profile) -> Guess | None:
    return _simple(
        look, "service", {"delivery_days": w.DELIVERY, "stockout_rate": w.STOCKOUT}, {"channel": w.CHANNEL}
    )


def _drivers(look: Profile) -> Guess | None:
    columns = look.all(w.ACCESS, numeric=True)
    if not columns or not look.date:
        return None
    made = Guess("drivers", look.file, {"date": look.date}, _period(look))
    made.groups = {"store.access": {"": columns[0]}}
    made.unsure["drivers.store.access"] = "1 is normal, 0 is shut"
    return made


def _simple(
    look: Profile, table: str, measures: dict[str, set[str]], labels: dict[str, set[str]]
) -> Guess | None:
    assert look.date
    found = {name: look.find(known, numeric=True) for name, known in measures.items()}
    columns = {name: column for name, column in found.items() if column}
    if not columns:
        return None
    for name, known in labels.items():
        column = look.names(known) if name != "product" else look.find(known)
        if column and column not in columns.values():
            columns[name] = column
    return Guess(table, look.file, {"date": look.date, **columns})


def _experiment(look: Profile) -> list[Guess]:
    flags = {"visit": w.VISIT, "conversion": w.CONVERSION, "spend": w.SPEND | w.MONEY}
    found = {name: look.find(known, numeric=True) for name, known in flags.items()}
    group = next(
        (c for c in look.all(w.GROUP) if 2 <= look.frame[c].nunique() <= 20 and c not in look.numbers), None
    )
    if group is None or not any(found.values()):
        return []
    columns = {"group": group, **{name: column for name, column in found.items() if column}}
    for name, known in (("customer", w.CUSTOMER), ("channel", w.CHANNEL)):
        column = look.find(known)
        if column:
            columns[name] = column
    exact = [c for c in look.all(w.GROUP) if look.words[c] == {c.lower()}]
    if exact and exact[0] != group and 2 <= look.frame[exact[0]].nunique() <= 20:
        columns["group"] = exact[0]
    made = Guess("experiment", look.file, columns)
    made.unsure["group"] = "which customers were treated"
    return [made]


def _alternatives(made: Guess, key: str, columns: list[str]) -> None:
    others = [column for column in columns if column != made.columns[key]]
    if others:
        made.unsure[key] = f"or {', '.join(others[:6])}"


def _rescale(made: Guess, measure: str, column: str) -> None:
    scale = w.factor(column)
    if scale != 1.0:
        made.scale[measure] = scale
