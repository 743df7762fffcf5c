"""What a fit's diagnostics say."""

from __future__ import annotations

from results.phrases.pair import pair

DIAGNOSIS = {
    "diagnosis.title": pair("How far to trust this fit", "这次校准可信到什么程度"),
    "diagnosis.yes": pair(
        "Nothing speaks against this fit: it repeats the history within its own uncertainty.",
        "未发现反对这次校准的理由：它在自身不确定性之内重现了历史。",
    ),
    "diagnosis.care": pair(
        "Use this fit with care: what follows from the points below is doubtful.",
        "请谨慎使用这次校准：凡取决于以下各点的结论都存疑。",
    ),
    "diagnosis.no": pair(
        "Do not trust this fit: decisions should not rest on it until the points below are mended.",
        "不要相信这次校准：在解决以下问题之前，不应据此决策。",
    ),
    "diagnosis.nothing_compared": pair(
        "The history holds nothing that the market could be compared with.",
        "历史数据中没有可与市场模型比较的内容。",
    ),
    "diagnosis.misfit": pair(
        "{n} of {of} statistics lie farther off than chance explains: {names}.",
        "{of}项统计中有{n}项的偏离超出偶然所能解释的范围：{names}。",
    ),
    "diagnosis.discrepancy": pair(
        "The market repeats the history only to within about {of} %; the intervals allow for it.",
        "市场模型只能以约{of}%的误差重现历史；区间已将此计入。",
    ),
    "diagnosis.not_recovered": pair(
        "Synthetic twins, whose truth is known, are not found again in {n} of {of} parameters: {names}.",
        "用真值已知的模拟企业检验时，{of}个参数中有{n}个未能还原：{names}。",
    ),
    "diagnosis.recovery": pair(
        "Of {n} synthetic twins fitted the same way, 90 % intervals held {share} of the true values.",
        "对{n}个模拟企业作同样校准，90%区间包含了{share}的真值。",
    ),
    "diagnosis.narrow": pair(
        "Intervals are too narrow: {n} of {of} statistics lie outside the 90 % the fit predicts for them: "
        "{names}.",
        "区间过窄：{of}项统计中有{n}项落在校准预测的90%区间之外：{names}。",
    ),
    "diagnosis.undefined": pair(
        "In most draws {names} cannot be computed: too little happens in the simulated market.",
        "在多数参数抽样中无法计算{names}：模拟市场中发生的事件太少。",
    ),
    "diagnosis.nothing_learnt": pair(
        "The history tells none of the {of} fitted parameters: every answer is the priors'.",
        "历史数据未能识别{of}个待校准参数中的任何一个：所有结论都来自先验。",
    ),
    "diagnosis.not_identified": pair(
        "The history does not tell {n} of {of} fitted parameters, which keep their priors: {names}.",
        "{of}个待校准参数中有{n}个无法由历史数据识别，沿用先验：{names}。",
    ),
    "diagnosis.boundary": pair(
        "Most draws lie beyond the prior's range: {names}. The prior is wrong there, or something is missing "
        "from the market.",
        "多数抽样落在先验范围之外：{names}。要么先验有误，要么市场模型缺少某些因素。",
    ),
    "diagnosis.tied": pair(
        "Known only together, not each by itself: {names}.", "只能一并识别、无法单独识别：{names}。"
    ),
    "diagnosis.predictive": pair(
        "{share} of the statistics lie inside the 90 % that the fit predicts for them.",
        "{share}的统计落在校准预测的90%区间之内。",
    ),
}
