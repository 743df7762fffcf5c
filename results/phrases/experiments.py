"""What evaluations of experiments, prices, campaigns and media say."""

from __future__ import annotations

from results.phrases.pair import pair

EXPERIMENTS = {
    "question.evaluate": pair(
        "Does the market answer as {name} did?", "市场模型的反应与“{name}”的实际情况是否一致？"
    ),
    "task.evaluate": pair("Evaluating {name}", "评估 {name}"),
    "section.evaluations": pair("Held against experiments", "与实验对照"),
    "evaluations.intro": pair(
        "One part of a causal reading is calibrated on, the other forecast: chi2 is the mean squared error "
        "over the sampling error's variance, 1 at best; CRPS is over the mean size of what is forecast.",
        "以一部分因果证据校准，预测另一部分：卡方为均方误差与抽样误差方差之比，最佳为1；CRPS除以被预测量的平均幅度。",
    ),
    "evaluation.experiment": pair("Uplifts of customers not calibrated on", "未参与校准的客户的增量"),
    "evaluation.prices": pair("Price elasticities and deals", "价格弹性与促销"),
    "evaluation.campaigns": pair("Later campaigns, from the earlier ones", "由先前的活动预测后来的活动"),
    "evaluation.media": pair(
        "Contributions of media, on made-up sales with known truth", "媒体贡献（真值已知的虚拟销售）"
    ),
    "evaluation.geo": pair("Incremental return on advertising, by regions", "分地区的广告增量回报"),
    "evaluation.level": pair("Told by", "划分"),
    "evaluation.outcome": pair("Outcome", "结果"),
    "evaluation.model": pair("Model", "模型"),
    "evaluation.cells": pair("Cells", "单元"),
    "evaluation.bias": pair("Bias", "偏差"),
    "evaluation.rmse": pair("RMSE", "均方根误差"),
    "evaluation.noise": pair("Of which sampling", "其中抽样误差"),
    "evaluation.chi2": pair("chi2", "卡方"),
    "evaluation.coverage_90": pair("Inside 90 % interval", "90%区间覆盖率"),
    "evaluation.crps": pair("CRPS / mean", "CRPS / 均值"),
    "evaluation.quantity": pair("Quantity", "量"),
    "evaluation.history": pair("History", "历史"),
    "evaluation.pooled": pair("Pooled", "合并估计"),
    "evaluation.pooled_se": pair("Its error", "标准误"),
    "evaluation.between": pair("Between products", "商品间差异"),
    "evaluation.published_low": pair("Published, low", "文献下限"),
    "evaluation.published": pair("Published", "文献"),
    "evaluation.published_high": pair("Published, high", "文献上限"),
    "evaluation.simulated": pair("Simulated", "模拟"),
    "evaluation.estimates": pair("Estimates", "估计数"),
    "evaluation.history_within": pair("History within", "历史在范围内"),
    "evaluation.simulated_within": pair("Simulated within", "模拟在范围内"),
    "evaluation.trials": pair("Made-up histories", "虚拟历史"),
    "evaluation.contributions": pair("Contributions", "贡献数"),
    "evaluation.mean_truth": pair("Mean truth", "真值均值"),
    "evaluation.rank": pair("Rank correlation", "秩相关"),
    "evaluation.iroas": pair("Return", "回报"),
    "evaluation.se": pair("Error", "标准误"),
    "evaluation.low": pair("90 %, low", "90%下限"),
    "evaluation.high": pair("90 %, high", "90%上限"),
    "evaluation.placebo_coverage_90": pair("Placebos inside", "安慰剂覆盖率"),
    "evaluation.all": pair("all", "全体"),
    "evaluation.channel": pair("channel", "渠道"),
    "evaluation.segment": pair("segment", "客群"),
    "evaluation.channel_segment": pair("channel x segment", "渠道×客群"),
    "evaluation.visit": pair("visit", "访问"),
    "evaluation.conversion": pair("order", "下单"),
    "evaluation.spend": pair("spend", "消费额"),
    "evaluation.redeemed": pair("redeemed", "核销率"),
    "evaluation.lift": pair("lift of orders", "订单增量"),
    "evaluation.regression": pair("regression", "回归"),
    "evaluation.type_mean": pair("mean of the type", "同类均值"),
    "evaluation.naive": pair("naive", "简单对比"),
    "evaluation.regions": pair("regions", "地区回归"),
    "evaluation.series": pair("time series", "时间序列"),
    "evaluation.own": pair("own-price elasticity", "自价格弹性"),
    "evaluation.cross": pair("cross-price elasticity", "交叉价格弹性"),
    "evaluation.deal": pair("log bump of a deal, 20 % off", "促销（八折）销量的对数增幅"),
    "evaluation.details.experiment": pair("Forecast uplifts beside the truth", "预测增量与真值"),
    "evaluation.details.prices": pair("By product", "分商品"),
    "evaluation.details.campaigns": pair("By type of campaign", "分活动类型"),
    "evaluation.details.media": pair("Shares of sales, as read from the history", "由历史读出的销售贡献份额"),
    "evaluation.arm": pair("Arm", "实验组"),
    "evaluation.forecast": pair("Forecast", "预测"),
    "evaluation.truth": pair("Truth", "真值"),
    "evaluation.truth_low": pair("Truth, low", "真值下限"),
    "evaluation.truth_high": pair("Truth, high", "真值上限"),
    "evaluation.product": pair("Product", "商品"),
    "evaluation.history_low": pair("History, low", "历史下限"),
    "evaluation.history_high": pair("History, high", "历史上限"),
    "evaluation.type": pair("Type", "类型"),
    "evaluation.campaigns_read": pair("Campaigns", "活动数"),
    "evaluation.coupon_taken": pair("Take it", "领取率"),
    "evaluation.lift_low": pair("Lift, low", "增量下限"),
    "evaluation.lift_high": pair("Lift, high", "增量上限"),
    "evaluation.spend_lift": pair("Lift of spend", "消费增量"),
    "evaluation.spend_lift_low": pair("Spend, low", "消费增量下限"),
    "evaluation.spend_lift_high": pair("Spend, high", "消费增量上限"),
    "evaluation.largest_lift": pair("Market's, at most", "模型最多"),
    "evaluation.medium": pair("Medium", "媒体"),
    "evaluation.contribution": pair("Share of sales", "销售份额"),
    "evaluation.contribution_low": pair("Share, low", "份额下限"),
    "evaluation.contribution_high": pair("Share, high", "份额上限"),
    "evaluation.half_life_days": pair("Half-life, days", "半衰期（天）"),
    "evaluation.learnt_lift": pair("Learnt", "识别度"),
    # what was not recovered, by name
    "evaluation.off.uplift": pair(
        "uplift of {outcome} outside its 90 % interval: {names}", "{outcome}增量落在90%区间之外：{names}"
    ),
    "evaluation.off.spread": pair(
        "cells' uplifts differ by {share} % beyond what the mechanism makes of their needs",
        "各单元增量的差异比机制所能解释的多{share}%",
    ),
    "evaluation.off.stand_in": pair(
        "the polynomial that stands for the market is off by up to {share} %",
        "代替市场模型的多项式误差最大为{share}%",
    ),
    "evaluation.off.mean": pair(
        "mean {quantity} of {side}, {value}, is outside the published range",
        "{side}的{quantity}均值{value}在文献范围之外",
    ),
    "evaluation.off.outside": pair(
        "{quantity} outside the published range, {side}: {names}",
        "{quantity}在文献范围之外（{side}）：{names}",
    ),
    "evaluation.off.missed": pair(
        "{quantity} of the history not recovered by the market: {names}",
        "市场模型未能重现历史的{quantity}：{names}",
    ),
    "evaluation.off.cross": pair(
        "which product loses to which is not recovered: simulated and estimated cross elasticities correlate "
        "{value}; a nested logit lets a product draw on all others by their shares",
        "未能重现商品间的替代关系：模拟与估计的交叉弹性相关系数为{value}；嵌套logit按份额从所有其他商品分流",
    ),
    "evaluation.off.lure": pair(
        "a deal adds nothing beyond its price cut: promotion_weight is at its bound, 0",
        "促销在降价之外没有额外效果：promotion_weight位于下界0",
    ),
    "evaluation.off.room": pair(
        "the market holds {n} substitutes; the smallest are left out: {names}",
        "市场模型只容纳{n}种替代品，略去最小的：{names}",
    ),
    "evaluation.off.chosen": pair(
        "whom a campaign was sent to was chosen, not drawn: lifts are differences of changes, no experiment",
        "活动对象是挑选而非随机抽取：增量为变化之差，非实验结果",
    ),
    "evaluation.off.coupon": pair(
        "{kind}: orders of the targeted rose by {lift} % (+-{error}); the market's coupon, spent at the next "
        "order, makes {most} % at most: not recovered",
        "{kind}：目标客户订单上升{lift}%（±{error}）；模型中的优惠券在下一单用完，最多带来{most}%：未能重现",
    ),
    "evaluation.off.redeemed": pair(
        "redemption outside its 90 % interval: campaigns {names}", "核销率落在90%区间之外的活动：{names}"
    ),
    "evaluation.off.chains": pair(
        "the chains have not settled (R-hat {value}): read the intervals as too narrow",
        "抽样链未收敛（R-hat {value}）：区间应视为过窄",
    ),
    "evaluation.off.strength": pair(
        "the history says next to nothing of how strong these are: {names}",
        "历史几乎无法说明以下媒体的强度：{names}",
    ),
    "evaluation.off.half_life": pair(
        "half-lives are the evidence's, not the history's, of: {names}",
        "以下媒体的半衰期来自文献而非历史：{names}",
    ),
    "evaluation.off.curve": pair(
        "{names} not identified: the interval is that of the evidence", "{names}无法识别：区间即文献区间"
    ),
    "evaluation.off.strong": pair(
        "stronger than the evidence's range of elasticities: {names}", "强于文献弹性范围：{names}"
    ),
    "evaluation.off.rank": pair(
        "media are not ranked reliably: on made-up sales the rank correlation is {value}",
        "媒体排序不可靠：虚拟销售上的秩相关为{value}",
    ),
    "evaluation.off.market": pair(
        "the market's own answer lies outside the interval: {names}",
        "市场模型自身的结果落在区间之外：{names}",
    ),
    "evaluation.off.truth": pair(
        "the truth is not published with these data: readings can only be held against each other",
        "数据未公布真值：各读数只能相互对照",
    ),
    "evaluation.rest": pair("all rows in {files}", "全部数据见{files}"),
}
