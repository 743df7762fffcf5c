"""The question that a run answers, by verb."""

from __future__ import annotations

from results.phrases.pair import pair

QUESTIONS = {
    "question.run": pair(
        "What will “{plan}” do, and how sure is that?", "“{plan}”会带来什么结果？把握有多大？"
    ),
    "question.demo": pair(
        "A demonstration on a synthetic retailer: what will the plan do, and what would do better?",
        "以一家虚拟零售商为例：计划会带来什么结果？怎样做会更好？",
    ),
    "question.calibrate": pair(
        "What does the history of {name} say of the market's parameters?",
        "“{name}”的历史数据能说明市场的哪些参数？",
    ),
    "question.backtest": pair(
        "How well would the market have forecast {name}?", "若用市场模型预测“{name}”，会有多准？"
    ),
    "question.compare": pair("How do the scenarios differ from {base}?", "各方案与{base}相比有何差异？"),
    "question.search": pair(
        "Which budget meets the targets of “{plan}” best?", "怎样的预算最有助于达成“{plan}”的目标？"
    ),
    "question.sweep": pair("What do {lines} move in “{plan}”?", "{lines}会怎样影响“{plan}”？"),
    "question.levers": pair("What does each lever of “{plan}” move?", "“{plan}”的每个杠杆各影响什么？"),
    "question.track": pair(
        "Is “{plan}” on its way, and what does that do to the odds?",
        "“{plan}”进展是否如期？达成概率因此如何变化？",
    ),
}
