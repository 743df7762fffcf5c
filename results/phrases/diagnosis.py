"""What a fit's diagnostics say."""

from __future__ import annotations

from results.phrases.pair import pair

DIAGNOSIS = {
    "diagnosis.title": pair("How far to trust this fit", "这次校准可信到什么程度"),
    "diagnosis.yes": pair(
        "Nothing speaks against this fit: it repeats its figures within their own uncertainty.",
        "未发现反对这次校准的理由：它在数据自身的不确定性之内重现了这些数据。",
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
        "Farther off than chance explains: {n} of {of} statistics ({names}).",
        "{of}项统计中有{n}项的偏离超出偶然所能解释的范围：{names}。",
    ),
    "diagnosis.discrepancy": pair(
        "The market repeats its figures only to within about {of} %; the intervals allow for it.",
        "市场模型只能以约{of}%的误差重现这些数据；区间已将此计入。",
    ),
    "diagnosis.not_recovered": pair(
        "Synthetic twins, whose truth is known, are not found again in {n} of {of} parameters: {names}.",
        "用真值已知的模拟企业检验时，{of}个参数中有{n}个未能还原：{names}。",
    ),
    "diagnosis.recovery": pair(
        "Of {n} synthetic twins fitted the same way, 90 % intervals held {share} of the true values.",
        "对{n}个模拟企业作同样校准，90%区间包含了{share}的真值。",
    ),
    "diagnosis.ranks": pair(
        "Of the inference, given the emulator: {share} of the truths of {n} emulated twins lie inside 90 % "
        "intervals drawn anew; ranks against even ones, smallest p of {of} parameters after Holm: {p}.",
        "推断本身（以仿真器为准）：对{n}个仿真孪生重新抽样，90%区间包含{share}的真值；"
        "{of}个参数的秩均匀性检验，Holm校正后最小p值为{p}。",
    ),
    "diagnosis.ranks_simulated": pair(
        "Of inference and emulator together: {share} for {n} simulated twins, smallest p {p}.",
        "推断与仿真器合并检验：{n}个模拟孪生为{share}，最小p值为{p}。",
    ),
    "diagnosis.uneven_emulated": pair(
        "The draws are not the posterior of what the emulator says: truths of emulated twins do not rank "
        "evenly in {n} of {of} parameters: {names}.",
        "抽样并非仿真器所给出的后验：{of}个参数中有{n}个的真值秩不均匀：{names}。",
    ),
    "diagnosis.uneven_simulated": pair(
        "The emulator misleads: truths of simulated twins do not rank evenly in {n} of {of} parameters: "
        "{names}.",
        "仿真器有误导：{of}个参数中有{n}个的模拟孪生真值秩不均匀：{names}。",
    ),
    "diagnosis.short_emulated": pair(
        "90 % intervals held {of} % of the truths of emulated twins: ranges of parameters are not what they "
        "say.",
        "90%区间只包含{of}%的仿真孪生真值：参数区间名不副实。",
    ),
    "diagnosis.short_simulated": pair(
        "90 % intervals held {of} % of the truths of simulated twins: the emulator is surer than it should "
        "be.",
        "90%区间只包含{of}%的模拟孪生真值：仿真器过于自信。",
    ),
    "diagnosis.without_led": pair(
        "No synthetic twins: every draw was led to the stated figures by simulations of its own, and a twin "
        "would take as many again. The ranges of parameters are untested.",
        "没有模拟孪生检验：每个抽样都由自己的模拟逐一逼近所述数据，孪生检验需要同样多的模拟；参数区间未经检验。",
    ),
    "diagnosis.without_nothing_fitted": pair(
        "No synthetic twins: nothing was fitted.", "没有模拟孪生检验：未校准任何参数。"
    ),
    "diagnosis.without_undefined": pair(
        "No synthetic twins: no draw has all the statistics that are known.",
        "没有模拟孪生检验：没有一个抽样具备已知的全部统计。",
    ),
    "diagnosis.narrow": pair(
        "Intervals are too narrow. Outside the 90 % that the fit predicts for them: {n} of {of} statistics "
        "({names}).",
        "区间过窄：{of}项统计中有{n}项落在校准预测的90%区间之外：{names}。",
    ),
    "diagnosis.undefined": pair(
        "In most draws {names} cannot be computed: too little happens in the simulated market.",
        "在多数参数抽样中无法计算{names}：模拟市场中发生的事件太少。",
    ),
    "diagnosis.nothing_learnt": pair(
        "Told by the data: none of the {of} fitted parameters; every answer is the priors'.",
        "数据未能识别{of}个待校准参数中的任何一个：所有结论都来自先验。",
    ),
    "diagnosis.not_identified": pair(
        "Not told by the data: {n} of {of} fitted parameters, which keep their priors ({names}).",
        "{of}个待校准参数中有{n}个无法由数据识别，沿用先验：{names}。",
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
