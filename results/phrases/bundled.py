"""Titles, risks and scenarios of the bundled plans; titles are recognised by their English."""

from __future__ import annotations

from results.phrases.pair import pair

TITLES = {
    "title.ecommerce_dept": pair("An e-commerce department scales up", "电商部门规模化"),
    "title.manufacturer": pair("A producer opens e-commerce", "生产企业开展电商"),
    "title.offline_to_online": pair("A store chain goes online", "连锁门店走向线上"),
    "title.omo_fusion": pair("One omnichannel business", "线上线下融合的全渠道业务"),
    "title.online_mall": pair("A shop on internet malls", "电商平台店铺"),
    "risk.platform_late": pair("the platform is late", "平台建设延期"),
    "risk.rival_copies": pair("a rival copies the offer", "竞争对手模仿"),
    "risk.departments_resist": pair("departments resist", "部门抵触"),
    "risk.supply": pair("supply and logistics are interrupted", "供应与物流中断"),
    "risk.rivals_answer": pair("rivals answer", "竞争对手反击"),
    "risk.rules": pair("a platform changes its rules", "平台规则变更"),
    "risk.carrier": pair("a supplier or carrier fails", "供应商或承运商失约"),
    "risk.reviews": pair("bad reviews spread", "差评扩散"),
    "risk.leak": pair("customer data leak", "客户数据泄露"),
    "risk.cannibal": pair("online sales grow while store visits fall", "线上增长而门店客流下降"),
    "risk.crash": pair("the shop crashes on a promotion day", "大促当天商城宕机"),
    "risk.pile_up": pair("orders pile up and arrive late", "爆单积压、配送延误"),
    "risk.privacy": pair("a breach of data protection rules", "违反数据保护规定"),
    "risk.overspending": pair("costs run ahead of the budget", "成本超出预算"),
    "risk.clicks": pair(
        "rivals outbid us and live sellers take the young", "竞价被竞争对手抬高，年轻客群流向直播"
    ),
    "risk.stores": pair(
        "stores are neglected, or a value image online confuses premium customers",
        "门店受冷落，或线上低价形象令高端客户困惑",
    ),
    "risk.stalls": pair(
        "strategy, skill or experience problems stall the whole programme",
        "战略、技能或体验问题使整个项目停滞",
    ),
    "risk.apart": pair("channels keep working against each other", "渠道之间持续内耗"),
    "risk.weaker": pair("demand weakens", "需求走弱"),
    "risk.price_war": pair("a rival starts a price war", "竞争对手发起价格战"),
    "risk.processes": pair("processes fail", "流程失效"),
    "risk.fraud": pair("false orders and false returns", "虚假订单与虚假退货"),
    "risk.outage": pair("an outage or an attack", "系统中断或遭受攻击"),
    "risk.policy": pair("a new rule for malls or data", "平台或数据新规"),
}
BUNDLED = {
    **TITLES,
    "risks.kind.financial": pair("financial", "财务"),
    "risks.kind.operational": pair("operational", "运营"),
    "risks.kind.technical": pair("technical", "技术"),
    "risks.kind.market": pair("market", "市场"),
    "risks.kind.competitive": pair("competitive", "竞争"),
    "risks.kind.management": pair("management", "管理"),
    "risks.kind.execution": pair("execution", "执行"),
    "risks.kind.legal": pair("legal", "法律"),
    "scenario.deep_discount": pair("Deep discount", "大幅折扣"),
    "scenario.growth_options": pair("Growth options", "增长备选"),
    "scenario.fast_track": pair("Fast track", "加速推进"),
    "scenario.live_first": pair("Live first", "直播优先"),
    "scenario.content_first": pair("Content first", "内容优先"),
    "scenario.stores_first": pair("Stores first", "门店优先"),
    "scenario.price_led": pair("Price led", "价格驱动"),
    "scenario.differentiated_promotions": pair("Differentiated promotions", "差异化促销"),
    "scenario.online_only_products": pair("Online only products", "线上专供商品"),
    "scenario.online_money_only": pair("Online money only", "只投线上"),
    "scenario.offline_money_only": pair("Offline money only", "只投线下"),
    "scenario.traffic_to_stores_only": pair("Traffic to stores only", "只向门店引流"),
}
