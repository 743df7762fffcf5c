"""Why plans, searches and sweeps are refused, and what is expected instead; recognised by their English."""

from __future__ import annotations

from results.phrases.pair import recognised

PLANS = recognised(
    {
        # Files.
        "is not valid YAML": "不是有效的 YAML",
        "is not UTF-8": "不是 UTF-8 文本",
        "holds a value that plain YAML does not have": "含有普通 YAML 没有的值",
        "valid YAML": "有效的 YAML",
        "plain YAML values": "普通的 YAML 值",
        "UTF-8 text": "UTF-8 文本",
        "a finite document": "不循环引用的文档",
        "YAML does not read this key as text; on, off, yes and no are true and false to it": (
            "YAML 不把这个键当作文本；on、off、yes、no 会被读作真与假"
        ),
        "a bundled plan, or a file relative to this one": "自带计划，或相对于本文件的路径",
        "a plan that does not extend this": "不继承本计划的计划",
        "there is no key {name} here; text that holds a comma must be quoted": (
            "此处没有{name}这一项；含逗号的文本须加引号"
        ),
        # Dates and months.
        "day is out of range for month": "该月没有这一天",
        "month must be in 1..12": "月份须为1至12",
        "the plan starts before 1900": "计划的开始早于1900年",
        "the plan ends beyond the calendar": "计划的结束超出日历范围",
        "an end before the year 10000": "早于公元10000年的结束日期",
        "a year from 1900 on": "1900年及以后的年份",
        "the target's date lies outside the plan": "目标日期不在计划期内",
        "a date after {first} and up to {last}": "{first}之后、不晚于{last}的日期",
        "a date up to {last}": "不晚于{last}的日期",
        "its date is not known in every year of the plan": "该节日的日期并非在计划的每一年都已知",
        "a plan from {first} to {last}": "{first}至{last}之间的计划",
        "an event is dated by its month or by a holiday": "活动日期由月份或节日之一决定",
        "month or holiday": "month 或 holiday",
        "a holiday has its own day": "节日自有其日期",
        "offset instead of day": "用 offset 代替 day",
        "offset counts from a holiday": "offset 从节日起算",
        "day instead of offset": "用 day 代替 offset",
        "there is no such day": "没有这一天",
        "a day of its month": "该月中的一天",
        # Names that stand for something.
        "each name once": "每个名称只出现一次",
        "another name": "另一个名称",
        "two rivals have the same name": "两个竞争者同名",
        "a phase of this plan": "本计划的一个阶段",
        "no open channel is called {name}": "没有名为{name}的营业渠道",
        "no name after a dot": "圆点之后不带名称",
        "nothing that may change is called {name}": "没有名为{name}的可变项",
        "a driver or a parameter of behaviour; or invest in a capability": (
            "驱动因素或行为参数；或投资于某项能力"
        ),
        "{name} is an indicator: it follows from behaviour and cannot be set": (
            "{name}是指标：由行为得出，不能直接设定"
        ),
        "{name} is an indicator: a risk strikes what it follows from": (
            "{name}是指标：风险作用于得出它的因素，而非指标本身"
        ),
        "a risk cannot strike {name}": "风险不能作用于{name}",
        "no line of the policies is called {name}": "政策中没有名为{name}的条目",
        "a parameter of docs/model.md": "docs/model.md 中的参数",
        "a value the parameter can take": "该参数可取的值",
        # Targets, gates, initiatives, rivals.
        "a target has a value or a change, one of the two": "目标只能给 value 或 change 之一",
        "value or change": "value 或 change",
        "a gate has one bound": "评审条件只能有一个界限",
        "at_least or at_most": "at_least 或 at_most",
        "{name} cannot be read off the books while the plan runs": "{name}无法在计划执行期间从账面读出",
        "an indicator the market computes": "市场模型能够计算的指标",
        "an initiative starts in a month or with a phase, not both": "举措按月份或随阶段开始，不能兼有",
        "start_month or phase": "start_month 或 phase",
        "the channel is open already": "该渠道已经营业",
        "a channel with open: false": "设有 open: false 的渠道",
        "a rival opens in a month or by chance": "竞争者按月份或按概率开业，二者取一",
        "entry_month or entry_chance": "entry_month 或 entry_chance",
        # Shares, prices, money.
        "the shares sum to {sum}, not 1": "各占比合计为{sum}，而不是1",
        "shares that sum to 1": "合计为1的占比",
        "a share for every open channel, or for none": "每个营业渠道都给占比，或都不给",
        "has no share of sales while other channels have one": "没有销售占比，而其他渠道有",
        "low, central and high are out of order": "low、central、high 的大小顺序不对",
        "low <= central <= high": "low 不大于 central，central 不大于 high",
        "a market cannot shrink by more than itself": "市场的缩减不能超过其自身",
        "a growth above -1": "大于−1的增长率",
        "a week has seven days, some with needs": "一周有七天，其中至少一天有需求",
        "seven numbers, Monday first": "七个数，从星期一开始",
        "one price everywhere leaves no gap": "各渠道同价，没有价差",
        "online_gap 0, or policy: differentiated": "online_gap 为0，或 policy: differentiated",
        "the first year has no split": "第一年没有预算分配",
        "year_1.split: technology, marketing, team, reserve": (
            "year_1.split 中的 technology、marketing、team、reserve"
        ),
        "{name} is not bought by the click": "{name}不按点击购买",
        "a medium that buys clicks": "按点击购买的媒体",
        "orders from {name} cannot be told from those of unpaid content": (
            "来自{name}的订单无法与免费内容带来的订单区分"
        ),
        # Products and dealers.
        "{name} acts on product groups, and the plan has none": "{name}作用于商品组，而计划中没有商品组",
        "no product of the plan is marked online_only": "计划中没有商品标为 online_only",
        "a product with online_only: true, or another policy": "设有 online_only: true 的商品，或其他政策",
        "products, or another lever": "给出 products，或改用其他杠杆",
        "the product is sold online only and in the store {name} as well": (
            "该商品标为仅线上销售，却又在门店{name}销售"
        ),
        "online channels, or online_only: false": "线上渠道，或 online_only: false",
        "a channel or a kind of channel: {names}": "渠道或渠道类别：{names}",
        "no open channel sells the product": "没有营业渠道销售该商品",
        "at least one open channel that sells it": "至少一个销售它的营业渠道",
        "dealers sell in stores, and {name} is online": "经销商在门店销售，而{name}是线上渠道",
        "a channel of kind store": "类别为门店（store）的渠道",
        "dealers have {share} of sales and their channel {other}": (
            "经销商占销售的{share}，而其渠道占{other}"
        ),
        # Scenarios.
        "'plan' is the plan as written and takes no overrides": "plan 指原样的计划，不接受改动",
        "other keys of the plan": "计划的其他项",
    }
)
SEARCHES = recognised(
    {
        "is not a variation": "不是可用的变化方式",
        "simplex, [low, high], a list of choices, {{fixed: value}} or {{like: another line}}": (
            "simplex、[low, high]、一列可选值、{{fixed: 值}} 或 {{like: 另一项}}"
        ),
        "is not a range": "不是区间",
        "two numbers, the lower first": "两个数，较小者在前",
        "leaves no room for shares": "没有给占比留出余地",
        "0 <= low < high <= 1": "0 不大于 low，low 小于 high，high 不大于 1",
        "is shared out over the years": "按年度分摊",
        "shares such as budget.media": "占比，例如 budget.media",
        "{name} is maximised and minimised": "{name}既要最大化又要最小化",
        "these bounds contradict each other: {texts}": "这些约束相互矛盾：{texts}",
        "bounds that leave room": "留有余地的约束",
        "is not a condition": "不是条件",
        "an indicator, <= or >=, and a number: acos <= 0.30": ("指标、<= 或 >=、数值，例如 acos <= 0.30"),
        "an indicator's key, odds or budget; cvar(key) for the worst futures": (
            "指标的键名、odds 或 budget；最差情形用 cvar(键名)"
        ),
        "{name} is of the whole retailer": "{name}只按整个零售商计算",
        "the budget is the same in every future": "预算在各种未来中都相同",
        "is not measured channel by channel": "不按渠道计算",
        "{name} is not measured channel by channel": "{name}不按渠道计算",
        "lies within {name}, {why}": "属于{name}，{why}",
        "which varies too": "而后者也在变化之列",
        "lines such as budget.year_1.split: simplex": "诸如 budget.year_1.split: simplex 的条目",
        "has a single member: there is nothing to share out": "只有一个成员，无从分配",
        "two or more": "两个或更多",
        "wider ends": "更宽的上下限",
        "go by one another in a circle: {names}": "彼此循环依赖：{names}",
        "no circle": "没有循环",
        "another objective": "另一个目标",
        "auto, tpe or nsga2": "auto、tpe 或 nsga2",
        "needs PyTorch: pip install torch": "需要 PyTorch：pip install torch",
        "cannot be reached: the lines searched leave a budget of {low} to {high}": (
            "无法满足：所搜索的条目使预算介于{low}与{high}之间"
        ),
        "cannot be reached: the lines searched leave a budget of {money}": (
            "无法满足：所搜索的条目使预算为{money}"
        ),
        "{name} follows from several runs and cannot be searched on; take what it rests on": (
            "{name}由多次运行得出，不能作为搜索目标；请改用它所依据的指标"
        ),
        "neither more nor less of {name} is better": "{name}无所谓高低优劣",
        "neither more nor less of {name} is better: it has no worst futures": (
            "{name}无所谓高低优劣，因此没有最差情形"
        ),
        "an indicator that is modelled": "已建模的指标",
        "an indicator with a better direction": "有优劣方向的指标",
        "a bound from {low} to {high}": "{low}到{high}之间的界限",
        "a bound of {low} or more": "不小于{low}的界限",
        "cannot be reached by any plan": "任何计划都无法满足",
        "a bound that some plan keeps": "有方案能满足的界限",
        "the plan has no target of this group that the market can measure": (
            "计划中该组没有市场模型能够衡量的目标"
        ),
        "there is nothing to maximise: the plan has no target that the market can measure": (
            "没有可最大化的内容：计划没有市场模型能够衡量的目标"
        ),
        "other odds or an indicator": "其他达成概率，或指标",
        "an indicator": "指标",
        "{most} at most": "至多{most}个",
    }
)
SWEEPS = recognised(
    {
        "nothing varies": "没有任何变化项",
        "lines such as policies.promotion.depth: [0, 0.1]": (
            "诸如 policies.promotion.depth: [0, 0.1] 的条目"
        ),
        "there is no plan to sweep": "没有可扫描的计划",
        "is given twice, here and under vary": "此处与 vary 下重复给出",
        "plan, or a list of plans under vary": "给出 plan，或在 vary 下列出计划",
        "one of the two": "二者之一",
        "is given twice": "重复给出",
        "each once": "每个只出现一次",
        "a value is given twice: its points would be the same": "同一个值给了两次：两个点将完全相同",
        "each value once": "每个值只出现一次",
        "there is nothing to take": "没有可取的值",
        "at least one value": "至少一个值",
        "is neither a list of values nor a range": "既不是一列值，也不是区间",
        "[a, b, c] or {{low: a, high: b}}": "[a, b, c] 或 {{low: a, high: b}}",
        "a range has no {name}": "区间没有{name}这一项",
        "low, high and, in a grid, steps": "low、high，网格另可有 steps",
        "has no ends": "没有上下限",
        "two numbers": "两个数",
        "low is not below high": "low 不小于 high",
        "low < high": "low 小于 high",
        "is no count": "不是计数",
        "steps are for grids; a {kind} takes its points anywhere in the range": (
            "steps 只用于网格；{kind}在区间内任意取点"
        ),
        "no steps": "不给 steps",
        "plans are no range": "计划不能取区间",
        "a list of plans": "一列计划",
        "a {kind} needs to know how many points": "{kind}需要给出点数",
        "points: N": "points: 点数",
        "points: {n}": "points 为{n}",
        "points: {low} or {high}": "points 为{low}或{high}",
        "a Sobol design takes a power of two, else its balance is lost": (
            "Sobol 设计的点数须为2的幂，否则失去均衡"
        ),
        "a grid has as many points as its values make; leave `points` out, or see `steps` of a range": (
            "网格的点数由各项取值决定；请去掉 `points`，或调整区间的 `steps`"
        ),
        "a single run does not tell {name}": "单次运行得不出{name}",
        "an indicator that the market computes": "市场模型能够计算的指标",
        "holds none": "其中没有",
        "there are {n} draws": "只有{n}组参数",
        "there are {n} draws without a fit; `omolab calibrate` makes one": (
            "没有校准结果时只有{n}组参数；可用 `omolab calibrate` 得到校准结果"
        ),
        "at most {n}, or another fit": "至多{n}，或换一个校准结果",
        "a parameter's name (omolab.PARAMETERS)": "参数名称（omolab.PARAMETERS）",
        "another number": "另一个数值",
    }
)
