"""Findings of the literature and reasons why some are not measured, recognised by their English."""

from __future__ import annotations

from results.phrases.pair import pair

FINDINGS = {
    "finding.price": pair("price elasticity of orders", "订单的价格弹性"),
    "finding.price_online": pair("price elasticity online over the store's", "线上与门店价格弹性之比"),
    "finding.price_marketplace": pair(
        "price elasticity on marketplaces over the own shop's", "电商平台与自营商城价格弹性之比"
    ),
    "finding.cut": pair("orders in the week of a 20 % price cut", "降价20%当周的订单数"),
    "finding.borrowed": pair(
        "share of the cut's extra orders borrowed from other periods", "降价新增订单中透支自其他时期的比例"
    ),
    "finding.delivery_online": pair("delivery a day faster: online sales", "配送提速一天：线上销售额"),
    "finding.delivery_store": pair("delivery a day faster: store sales", "配送提速一天：门店销售额"),
    "finding.lead_online": pair("lead time +10 %: online sales", "交付周期延长10%：线上销售额"),
    "finding.lead_store": pair(
        "lead time +10 %: store (showroom) sales", "交付周期延长10%：门店（展厅）销售额"
    ),
    "finding.advertising": pair("advertising elasticity of sales", "销售额的广告弹性"),
    "finding.tv": pair("TV elasticity of sales, long run", "销售额的电视广告弹性（长期）"),
    "finding.media_return": pair("extra net sales for extra media money", "每增加一元媒体投放带来的净销售额"),
    "finding.points": pair("points: orders", "积分：订单数"),
    "finding.multichannel": pair(
        "a push into the other channel: sales per active customer", "引导至另一渠道：每位活跃客户销售额"
    ),
    "finding.pick_up_online": pair(
        "buy online, pick up in store: online sales", "线上下单、门店自提：线上销售额"
    ),
    "finding.pick_up_store": pair(
        "buy online, pick up in store: store sales", "线上下单、门店自提：门店销售额"
    ),
    "finding.opening": pair("stores open: online sales", "新开门店：线上销售额"),
    "finding.returns_online": pair("return rate online today", "目前线上退货率"),
    "finding.returns_store": pair("return rate in stores today", "目前门店退货率"),
    "finding.returns_live": pair("return rate of live commerce today", "目前直播电商退货率"),
    "finding.speed_conversion": pair("pages 10 % slower: conversion", "页面变慢10%：转化率"),
    "finding.speed_sales": pair("pages 10 % slower: sales", "页面变慢10%：销售额"),
    "finding.reviews": pair("review volume elasticity of sales", "销售额的评价数量弹性"),
    "finding.brand_search": pair("incremental share of brand-term paid search", "品牌词付费搜索的增量占比"),
    "finding.carrier": pair("a premium carrier removed: sales", "取消优质承运商：销售额"),
    "finding.showroom": pair("a showroom opened: total sales", "新开展厅：总销售额"),
    "finding.app": pair("app adoption: purchase frequency", "使用应用（App）：购买频次"),
    "finding.habit": pair("online habit: later volume", "线上购买习惯：后续购买量"),
    "finding.stockout": pair("share of stock-outs that go to a rival store", "缺货时转向竞争门店的比例"),
    "finding.referred": pair(
        "lifetime value of a referred customer over others'", "被推荐客户终身价值高于其他客户的幅度"
    ),
    "finding.multichannel_basket": pair(
        "multichannel customer's spend per occasion, online", "全渠道客户线上单次消费额"
    ),
    # Why some are not measured.
    "why.speed": pair(
        "a plan sets the site's capability, not its pages' speed", "计划只设定网站能力，不设定页面速度"
    ),
    "why.reviews": pair("no policy sets how many reviews there are", "没有政策能设定评价数量"),
    "why.brand": pair("brand terms and others are one medium", "品牌词与其他词属同一媒体"),
    "why.carrier": pair("carriers are not told apart", "未区分承运商"),
    "why.showroom": pair("the plans open no showroom", "计划未开设展厅"),
    "why.app": pair("the app is part of the own shop", "应用（App）属于自营商城"),
    "why.habit": pair(
        "habit follows from behaviour; no line of a plan sets it", "习惯由行为形成，计划无法直接设定"
    ),
    "why.stockout": pair(
        "purchases at rivals after a stock-out are not booked apart", "缺货后流向竞争者的购买未单独记账"
    ),
    "why.referred": pair("books do not follow referred customers apart", "账目未单独跟踪被推荐客户"),
    "why.trait": pair("a trait of customers, no lever", "属客户特征，不是杠杆"),
    "why.nothing": pair("nothing moved in any future", "所有推演中均无变化"),
    "why.not_tried": pair(
        "{lever} is no lever of this plan, or was not tried", "{lever}不是本计划的杠杆，或未测试"
    ),
    "why.no_channel": pair("the plan has no channel of kind {kind}", "计划中没有{kind}类渠道"),
    "why.no_answer": pair("the indicator did not answer", "该指标没有反应"),
    # Experiments on the fitted market.
    "answer.price": pair("price elasticity", "价格弹性"),
    "answer.cut": pair("20 % off for two weeks", "两周八折促销"),
    "answer.day": pair("a day faster", "配送提速一天"),
}
