"""Names that plans and histories use most, units, and how things are joined."""

from __future__ import annotations

from results.phrases.pair import pair

NAMES = {
    "comma": pair(", ", "，"),
    "semicolon": pair("; ", "；"),
    "unit.visit": pair("visit", "次访问"),
    "unit.order": pair("order", "单"),
    "unit.hours": pair("hours", "小时"),
    "unit.days": pair("days", "天"),
    "unit.months": pair("months", "个月"),
    "name.store": pair("Store", "门店"),
    "name.stores": pair("Stores", "门店"),
    "name.online": pair("Online", "线上"),
    "name.total": pair("Total", "合计"),
    "name.own_shop": pair("Own shop", "自营商城"),
    "name.own_site": pair("Own site", "自营官网"),
    "name.marketplace": pair("Marketplace", "电商平台"),
    "name.mall_one": pair("Mall one", "平台店一"),
    "name.mall_two": pair("Mall two", "平台店二"),
    "name.live_room": pair("Live room", "直播间"),
    "name.social": pair("Social", "社交电商"),
    "name.dealers": pair("Dealers", "经销商"),
    "name.abroad": pair("Abroad", "海外"),
    "name.tmall": pair("Tmall", "天猫"),
    "name.seasonal_naive": pair("Seasonal naive", "季节性朴素法"),
    "name.revenue": pair("Revenue", "销售额"),
    "name.orders": pair("Orders", "订单数"),
    "name.share": pair("Share", "占比"),
    "name.repeat": pair("Repeat", "复购"),
    "name.technology": pair("Technology", "技术"),
    "name.marketing": pair("Marketing", "营销"),
    "name.team": pair("Team", "团队"),
    "name.reserve": pair("Reserve", "预备金"),
    "name.year_1": pair("Year 1", "第1年"),
    "name.year_2": pair("Year 2", "第2年"),
    "name.year_3": pair("Year 3", "第3年"),
    "name.promotion": pair("Promotion", "促销"),
    "name.depth": pair("Depth", "折扣力度"),
    "name.media": pair("Media", "媒体"),
}
