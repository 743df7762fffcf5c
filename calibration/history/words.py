"""What the words in column names usually mean."""

from __future__ import annotations

import re
import unicodedata

from calibration.history import tongues

DATE = {
    "date",
    "day",
    "month",
    "week",
    "wk",
    "quarter",
    "year",
    "time",
    "timestamp",
    "datetime",
    "period",
    "dt",
    "ending",
}
DATE |= tongues.DATE
CUSTOMER = {
    "customer",
    "customerid",
    "cust",
    "client",
    "member",
    "user",
    "userid",
    "household",
    "shopper",
    "buyer",
}
MANY_CUSTOMERS = {"customers", "clients", "buyers", "shoppers", *tongues.MANY_CUSTOMERS}
"""Words that name a customer as well as how many there were."""
CUSTOMER |= {"clients", "master", "account", "customers", "member_id", *tongues.CUSTOMER}
ORDER = {
    "order",
    "orderid",
    "invoice",
    "invoiceno",
    "basket",
    "receipt",
    "ticket",
    "transaction",
}
ORDER |= tongues.ORDER
MONEY = {
    "amount",
    "value",
    "revenue",
    "revenues",
    "sales",
    "sale",
    "turnover",
    "gmv",
    "takings",
    "paid",
    "payment",
}
MONEY |= tongues.MONEY
ORDERS = {"orders", "transactions", "baskets", "invoices", "receipts", "tickets", *tongues.ORDERS}
UNITS = {"units", "quantity", "qty", "pieces", *tongues.UNITS}
CHANNEL = {"channel", "platform", *tongues.CHANNEL}
SPEND = {"spend", "cost", "costs", "mdsp", "spending", *tongues.SPEND}
ADVERTISING = {"ads", "adwords", "advertising", "advertisement", "werbung", "广告", "推广"}
"""Words of columns that hold what was spent on media where no other word says what they count."""
IMPRESSIONS = {"impression", "impressions", "impr", "mdip", "views", "曝光", "展现"}
SOURCE = {"source", "medium", "media", "来源", "媒体"}
VISITS = {"visits", "sessions", "visitors", *tongues.VISITS}
PRICE = {"price", "unitprice", *tongues.PRICE}
PRODUCT = {"product", "sku", "item", "brand", "stockcode", *tongues.PRODUCT}
PROMOTED = {"promoted", "promo", "promotion", "deal"}
GROUP = {"group", "segment", "treatment", "arm", "variant", "cell"}
VISIT, CONVERSION = {"visit", "visited"}, {"conversion", "converted", "purchase", "purchased"}
DELIVERY, STOCKOUT = {"delivery"}, {"stockout", "oos"}
ACCESS = {"access", "open", "opening"}
NOT_MONEY = {
    "pct",
    "percent",
    "share",
    "rate",
    "ratio",
    "index",
    "competitor",
    "count",
    "ct",
    "n",
    "num",
    "per",
}
"""Words of columns that hold no amounts although another word says so."""

ONLINE = {"online", "ecom", "ecommerce", "web", "webshop", "website", "eshop", "onlineshop"}
ONLINE |= {"digital", "app", *tongues.ONLINE}
OWN_NAME = {"marketplace", "marketplaces", "amazon", "ebay", "tmall", "jd", "taobao", *tongues.OWN_NAME}
"""Channels that go by their own names."""
STORE = {"store", "stores", "shop", "shops", "retail", "offline", "branch", "branches", "filialen"}
STORE |= {
    "showroom",
    "showrooms",
    "outlet",
    "outlets",
    "cafe",
    "cafes",
    "counter",
    "till",
    "kiosk",
    "instore",
}
STORE |= tongues.STORE
TOTAL = {"total", "all", "overall", *tongues.TOTAL}
SOURCES = {
    "sem": "paid_search",
    "so": "social",
    "on": "display",
    "em": "email",
    "aff": "affiliate",
    "dm": "direct_mail",
    "inst": "insert",
    "nsp": "print",
    "auddig": "audio_digital",
    "audtr": "radio",
    "vidtr": "tv",
    "viddig": "video_digital",
    **dict.fromkeys(("search", "sea", "google", "google_ads", "adwords", "bing"), "paid_search"),
    **dict.fromkeys(("facebook", "facebook_ads", "meta", "instagram", "tiktok", "paid_social"), "feed_ads"),
    "ooh": "outdoor",
    "television": "tv",
}
"""Media as planners abbreviate and companies call them, by the names plans use."""
CURRENCY = {"currency", "wahrung", "devise", "moneda", "valuta", "币种", "货币", "通貨", "통화"}
CURRENCIES = {
    "usd": "USD",
    "gbp": "GBP",
    "eur": "EUR",
    "cny": "CNY",
    "rmb": "CNY",
    "jpy": "JPY",
    "hkd": "HKD",
}
CURRENCIES |= {"dollars": "USD", "pounds": "GBP", "euro": "EUR", "euros": "EUR", "chf": "CHF", "krw": "KRW"}
CURRENCIES |= tongues.CURRENCIES
SYMBOLS = tongues.SYMBOLS
FACTORS = {"m": 1_000_000.0, "mn": 1_000_000.0, "k": 1_000.0}
APART = {**FACTORS, "t": 1_000.0, "bn": 1e9, "'000": 1_000.0, "000s": 1_000.0, "000": 1_000.0}
"""Factors that stand beside a currency, as in ``EUR m``, ``€k`` and ``T€``."""
WORDY = {
    "mio": 1_000_000.0,
    "mln": 1_000_000.0,
    "tsd": 1_000.0,
    "millions": 1_000_000.0,
    "million": 1_000_000.0,
    "thousands": 1_000.0,
    "thousand": 1_000.0,
    "万元": 1e4,
    "万円": 1e4,
    "千円": 1e3,
    "百万円": 1e6,
    "亿元": 1e8,
    "만원": 1e4,
    "천원": 1e3,
}
_WITHOUT_BLANKS = sorted(
    {
        word
        for words in [*list(globals().values()), WORDY, CURRENCIES]
        if isinstance(words, (set, dict))
        for word in words
        if not word.isascii()
    },
    key=len,
    reverse=True,
)
"""Words of languages that write without blanks, the longest first."""


def words(name: str) -> set[str]:
    """Return the words in a column's name: split at capitals and signs; known ones within Chinese."""
    name = unaccented(name)
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    found = {word for word in re.split(r"[\W_]+|(?<=\D)(?=\d)", apart.lower()) if word}
    found |= {part for word in found for part in tongues.parts(word)}
    rest = name
    for word in _WITHOUT_BLANKS:  # 订单数 is not 订单号, and 年月日 not 月日: the longest word wins
        if word in rest:
            found.add(word)
            rest = rest.replace(word, " ")
    return found | {"".join(re.split(r"[\W_]+", name.lower()))}


def without_blanks() -> tuple[str, ...]:
    """Return the known words of languages that write without blanks, the longest first."""
    return tuple(_WITHOUT_BLANKS)


def unaccented(name: str) -> str:
    """Return a name with Latin letters bare of their accents, everything else as it is."""
    bare = (
        "".join(part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part))
        for sign in name
    )
    return "".join(
        plain if plain.isascii() else sign for plain, sign in zip(bare, name, strict=True)
    ).replace("ß", "ss")


def is_money(word: str) -> bool:
    """Tell whether a word is a currency, alone or in thousands or millions, such as ``musd``."""
    return any(word == code or _multiple(word, code) is not None for code in CURRENCIES)


def _multiple(word: str, code: str) -> float | None:
    """Return what ``musd`` is worth in ``usd``; nothing for other words."""
    return FACTORS.get(word.removesuffix(code)) if word.endswith(code) else None


def likely_currency(names: list[str]) -> str | None:
    """Return the currency of where the language of column names is mostly spoken; ``None`` for English."""
    text = " ".join(names)
    for code, written in tongues.SCRIPTS.items():
        if re.search(written, text):
            return code
    found = {word for name in names for word in words(name)}
    return next((code for code, spoken in tongues.SPOKEN.items() if found & spoken), None)


def currency(names: list[str]) -> str | None:
    """Return the currency that column names tell, ``None`` if they do not."""
    told = [tongues.CURRENCIES[unit] for name in names for unit in tongues.CURRENCIES if unit in name]
    if told:
        return told[0]
    for word in (word for name in names for word in sorted(words(name))):
        for code, currency in CURRENCIES.items():
            if word == code or _multiple(word, code) is not None:
                return currency
    return None


def factor(name: str) -> float:
    """Return what one unit of a column is worth in currency: 1,000,000 for ``sales_musd``."""
    for word in words(name):
        if word in WORDY:
            return WORDY[word]
        for code in CURRENCIES:
            if (worth := _multiple(word, code)) is not None:
                return worth
    codes = "|".join([*CURRENCIES, *map(re.escape, SYMBOLS)])
    marks = "|".join(sorted(APART, key=len, reverse=True))
    beside = rf"(?:{codes}) ?({marks})(?![a-z0-9])|(?<![a-z0-9])({marks}) ?(?:{codes})(?![a-z0-9])"
    found = re.search(beside, name.lower())
    return APART[found[1] or found[2]] if found else 1.0


def channel(name: str) -> str | None:
    """Return the channel a sales column is of, ``None`` if its name does not tell."""
    found = words(name)
    for known, channel in ((TOTAL, "total"), (ONLINE, "online"), (STORE, "store")):
        if known & found:
            return channel
    return None
