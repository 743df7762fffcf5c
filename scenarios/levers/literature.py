"""What the literature says levers do: size, range, grade and source, beside lever and indicator.

Grades: E experiment or meta-analysis, O observational, T trade press, A assumption. Ranges are the evidence's
own where it gives one. What the market has no lever for stands here too, with the reason: an unmeasured
finding is not a confirmed one.
"""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One finding of the literature.

    Parameters
    ----------
    key, about
        Name, and the finding in words.
    lever
        Name of the lever it belongs to; empty where the market has none.
    kpi, where
        Indicator; ``all``, ``online``, ``store``, ``marketplace``, ``own``, ``social``, or two of them as
        ``a/b`` for a quotient.
    measure
        ``elasticity`` (log ratio of the indicator over log of the lever's factor), ``quotient`` (of two
        elasticities), ``relative`` (change over the unmoved value), ``borrowed`` (share of a cut's extra
        that is missing around it), ``return`` (extra net sales over extra media money), ``level`` (of today).
    window
        ``first_year``, ``last_year``, ``event`` (the cut's week) or ``around`` (with the weeks beside it).
    central, low, high
        Central value and range.
    grade, source
        Strength and origin.
    why
        Why it is not measured, where it is not.
    """

    key: str
    about: str
    lever: str
    kpi: str
    where: str
    measure: str
    window: str
    central: float
    low: float
    high: float
    grade: str
    source: str
    why: str = ""


def _unmeasured(
    key: str, about: str, span: tuple[float, float, float], grade: str, source: str, why: str
) -> Finding:
    return Finding(key, about, "", "", "all", "", "", *span, grade, source, why)


LITERATURE: tuple[Finding, ...] = (
    Finding(
        "price_elasticity", "price elasticity of orders", "pricing.level", "orders", "all", "elasticity",
        "first_year", -2.6, -4.0, -1.5, "E", "Bijmolt, van Heerde & Pieters 2005: 1,851 estimates",
    ),
    Finding(
        "price_elasticity_online_store", "price elasticity online over the store's", "pricing.level",
        "orders", "online/store", "quotient", "first_year", 0.8, 0.6, 1.0, "O",
        "Chu, Chintagunta & Cebollada 2010",
    ),
    Finding(
        "price_elasticity_marketplace", "price elasticity on marketplaces over the own shop's",
        "pricing.level", "orders", "marketplace/own", "quotient", "first_year", 1.2, 0.9, 1.6, "A",
        "assumption",
    ),
    Finding(
        "temporary_cut", "orders in the week of a 20 % price cut", "promotion.cut", "orders", "all",
        "relative", "event", 0.73, 0.40, 1.00, "E", "van Heerde & Neslin: elasticity -3.63 (-2 to -5)",
    ),
    Finding(
        "borrowed", "share of the cut's extra orders borrowed from other periods", "promotion.cut",
        "orders", "all", "borrowed", "around", 0.25, 0.06, 0.33, "E",
        "van Heerde, Leeflang & Wittink 2004 (a third); Leeflang et al. 2008 (6 %)",
    ),
    Finding(
        "delivery_online", "delivery a day faster: online sales", "service.delivery_days", "net_sales",
        "online", "relative", "first_year", 0.015, 0.0, 0.03, "O", "AMA summary, 7-day baseline",
    ),
    Finding(
        "delivery_store", "delivery a day faster: store sales", "service.delivery_days", "net_sales",
        "store", "relative", "first_year", 0.006, 0.0, 0.03, "O", "AMA summary, 7-day baseline",
    ),
    Finding(
        "lead_time_online", "lead time +10 %: online sales", "service.lead_time", "net_sales", "online",
        "relative", "first_year", -0.0185, -0.037, -0.00925, "O", "furniture, Management Science 2023",
    ),
    Finding(
        "lead_time_store", "lead time +10 %: store (showroom) sales", "service.lead_time", "net_sales",
        "store", "relative", "first_year", -0.0029, -0.0058, -0.00145, "O",
        "furniture, Management Science 2023",
    ),
    Finding(
        "advertising", "advertising elasticity of sales", "media.all", "net_sales", "all", "elasticity",
        "first_year", 0.05, 0.0, 0.15, "E",
        "Sethuraman, Tellis & Briesch 2011 (0.12 short, 0.24 long run); Henningsen et al. 2011 (0.09)",
    ),
    Finding(
        "tv", "TV elasticity of sales, long run", "media.tv", "net_sales", "all", "elasticity", "last_year",
        0.014, -0.02, 0.10, "E", "Shapiro, Hitsch & Tuchman 2021: median of 288 brands",
    ),
    Finding(
        "media_return", "extra net sales for extra media money", "media.all", "net_sales", "all", "return",
        "first_year", 1.22, 0.25, 9.0, "A", "prior of Google Meridian, LogNormal(0.2, 0.9)",
    ),
    Finding(
        "points", "points: orders", "loyalty.points_rate", "orders", "all", "relative", "last_year", 0.05,
        0.0, 0.20, "O", "Liu 2007 (light buyers x1.05); Belli et al. 2022, positive over 429 effects",
    ),
    Finding(
        "multichannel", "a push into the other channel: sales per active customer",
        "promotion.coupons.store_to_online", "value_per_user", "all", "relative", "last_year", 0.03, 0.0,
        0.08, "E", "Montaguti, Neslin & Valentini 2016 (sign); size assumed",
    ),
    Finding(
        "pick_up_online", "buy online, pick up in store: online sales", "service.pick_up", "net_sales",
        "online", "relative", "first_year", -0.03, -0.08, 0.08, "O",
        "Gallino & Moreno 2014 (sign); size assumed",
    ),
    Finding(
        "pick_up_store", "buy online, pick up in store: store sales", "service.pick_up", "net_sales",
        "store", "relative", "first_year", 0.03, -0.08, 0.08, "O",
        "Gallino & Moreno 2014 (sign); size assumed",
    ),
    Finding(
        "store_opening", "stores open: online sales", "channel.stores", "net_sales", "online", "relative",
        "first_year", 0.01, -0.10, 0.15, "O",
        "Wang & Goldfarb 2017, Avery et al. 2012: -3 % where the brand is strong, +5 % where weak",
    ),
    Finding(
        "returns_online", "return rate online today", "status_quo", "return_rate", "online", "level",
        "first_year", 0.19, 0.10, 0.35, "T", "US retail federation 2025",
    ),
    Finding(
        "returns_store", "return rate in stores today", "status_quo", "return_rate", "store", "level",
        "first_year", 0.08, 0.03, 0.15, "T", "US retail federation 2025",
    ),
    Finding(
        "returns_live", "return rate of live commerce today", "status_quo", "return_rate", "social",
        "level", "first_year", 0.40, 0.30, 0.60, "T", "trade press, weak",
    ),
    _unmeasured(
        "page_speed_conversion", "pages 10 % slower: conversion", (-0.02, -0.04, -0.01), "O",
        "Gallino, Karacaoglu & Moreno 2023", "a plan sets the site's capability, not its pages' speed",
    ),
    _unmeasured(
        "page_speed_sales", "pages 10 % slower: sales", (-0.042, -0.084, -0.021), "O",
        "Gallino, Karacaoglu & Moreno 2023", "a plan sets the site's capability, not its pages' speed",
    ),
    _unmeasured(
        "review_volume", "review volume elasticity of sales", (0.10, 0.0, 0.24), "E",
        "You, Vadakkepatt & Joshi 2015; Babic Rosario et al. 2016",
        "no policy sets how many reviews there are",
    ),
    _unmeasured(
        "brand_search", "incremental share of brand-term paid search", (0.0, 0.0, 0.05), "E",
        "Blake, Nosko & Tadelis 2015", "brand terms and others are one medium",
    ),
    _unmeasured(
        "carrier", "a premium carrier removed: sales", (-0.146, -0.19, -0.08), "O",
        "natural experiment on a marketplace", "carriers are not told apart",
    ),
    _unmeasured(
        "showroom", "a showroom opened: total sales", (0.09, 0.0, 0.15), "O", "Bell, Gallino & Moreno 2018",
        "the plans open no showroom",
    ),
    _unmeasured(
        "app", "app adoption: purchase frequency", (0.20, 0.0, 0.36), "O", "Narang & Shankar 2019",
        "the app is part of the own shop",
    ),
    _unmeasured(
        "online_habit", "online habit: later volume", (-0.05, -0.15, 0.0), "O",
        "Ansari, Mela & Neslin 2008 (sign); size assumed",
        "habit follows from behaviour; no line of a plan sets it",
    ),
    _unmeasured(
        "stockout_rival", "share of stock-outs that go to a rival store", (0.31, 0.21, 0.43), "O",
        "Corsten & Gruen 2004", "purchases at rivals after a stock-out are not booked apart",
    ),
    _unmeasured(
        "referred", "lifetime value of a referred customer over others'", (0.16, 0.0, 0.25), "O",
        "Schmitt, Skiera & Van den Bulte 2011: one bank", "books do not follow referred customers apart",
    ),
    _unmeasured(
        "multichannel_basket", "multichannel customer's spend per occasion, online", (0.10, 0.0, 0.10), "O",
        "Sopadjieva, Dholakia & Benjamin 2017", "a trait of customers, no lever",
    ),
)  # fmt: skip
