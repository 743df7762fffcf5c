"""What the words in column names usually mean."""

from __future__ import annotations

import re

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
}
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
CUSTOMER |= {"master", "account", "kunde", "客户", "会员", "用户", "顾客"}
ORDER = {
    "order",
    "orderid",
    "invoice",
    "invoiceno",
    "basket",
    "receipt",
    "ticket",
    "transaction",
    "订单号",
    "单号",
}
MONEY = {"amount", "value", "revenue", "sales", "sale", "turnover", "gmv", "umsatz"}
MONEY |= {"销售额", "金额", "收入", "营收", "成交额"}
ORDERS = {"orders", "transactions", "baskets", "invoices", "receipts", "订单数", "订单量"}
UNITS = {"units", "quantity", "qty", "pieces", "件数", "销量"}
CHANNEL = {"channel", "platform", "渠道", "平台"}
SPEND = {"spend", "cost", "costs", "mdsp", "spending", "花费", "费用", "投放"}
ADVERTISING = {"ads", "adwords", "advertising", "advertisement", "werbung", "广告", "推广"}
"""Words of columns that hold what was spent on media where no other word says what they count."""
IMPRESSIONS = {"impression", "impressions", "impr", "mdip", "views", "曝光", "展现"}
SOURCE = {"source", "medium", "media", "来源", "媒体"}
VISITS = {"visits", "sessions", "visitors", "访问", "访客", "访问量"}
PRICE = {"price", "价格", "单价"}
PRODUCT = {"product", "sku", "item", "brand", "stockcode", "商品"}
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
ONLINE |= {"digital", "internet", "app", "线上", "电商", "网店", "官网"}
STORE = {"store", "stores", "shop", "shops", "retail", "offline", "branch", "branches", "filialen"}
STORE |= {"门店", "线下", "实体店"}
TOTAL = {"total", "all", "overall", "合计", "总计"}
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
}
"""Abbreviations media planners use."""
CURRENCIES = {
    "usd": "USD",
    "gbp": "GBP",
    "eur": "EUR",
    "cny": "CNY",
    "rmb": "CNY",
    "jpy": "JPY",
    "hkd": "HKD",
}
CURRENCIES |= {"dollars": "USD", "pounds": "GBP", "euro": "EUR", "euros": "EUR", "元": "CNY"}
FACTORS = {"m": 1_000_000.0, "mn": 1_000_000.0, "k": 1_000.0}
WORDY = {
    "millions": 1_000_000.0,
    "million": 1_000_000.0,
    "thousands": 1_000.0,
    "thousand": 1_000.0,
    "万元": 1e4,
}
_CHINESE = sorted(
    (
        word
        for words in list(globals().values())
        if isinstance(words, set)
        for word in words
        if not word.isascii()
    ),
    key=len,
    reverse=True,
)


def words(name: str) -> set[str]:
    """Return the words in a column's name: split at capitals and signs; known ones within Chinese."""
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    found = {word for word in re.split(r"[\W_]+|(?<=\D)(?=\d)", apart.lower()) if word}
    found |= {word for word in _CHINESE if word in name}
    return found | {"".join(re.split(r"[\W_]+", name.lower()))}


def is_money(word: str) -> bool:
    """Tell whether a word is a currency, alone or in thousands or millions, such as ``musd``."""
    return any(word == code or word.removesuffix(code) in FACTORS for code in CURRENCIES)


def currency(names: list[str]) -> str | None:
    """Return the currency that column names tell, ``None`` if they do not."""
    for word in (word for name in names for word in sorted(words(name))):
        for code, currency in CURRENCIES.items():
            if word == code or word.removesuffix(code) in FACTORS:
                return currency
    return None


def factor(name: str) -> float:
    """Return what one unit of a column is worth in currency: 1,000,000 for ``sales_musd``."""
    for word in words(name):
        if word in WORDY:
            return WORDY[word]
        for code in CURRENCIES:
            if word.endswith(code) and word.removesuffix(code) in FACTORS:
                return FACTORS[word.removesuffix(code)]
    return 1.0


def channel(name: str) -> str | None:
    """Return the channel a sales column is of, ``None`` if its name does not tell."""
    found = words(name)
    for known, channel in ((TOTAL, "total"), (ONLINE, "online"), (STORE, "store")):
        if known & found:
            return channel
    return None
