"""What PyYAML finds wrong with a file, recognised by its English."""

from __future__ import annotations

from results.phrases.pair import recognised

YAML = recognised(
    {
        "found character {it} that cannot start any token": "不能用来开头的字符{it}",
        "mapping values are not allowed here": "此处不能出现键值（冒号）",
        "mapping keys are not allowed here": "此处不能出现键",
        "sequence entries are not allowed here": "此处不能出现列表项",
        "could not find expected ':'": "缺少冒号",
        "expected ',' or ']', but got {it}": "列表中应为逗号或 ]，却是{it}",
        "expected ',' or '}}', but got {it}": "映射中应为逗号或 }}，却是{it}",
        "expected <block end>, but found {it}": "此段应在此结束，却是{it}（请检查缩进）",
        "expected '<document start>', but found {it}": "文档应从此处开始，却是{it}",
        "expected the node content, but found {it}": "此处应有内容，却是{it}",
        "expected alphabetic or numeric character, but found {it}": "应为字母或数字，却是{it}",
        "expected chomping or indentation indicators, but found {it}": "文本块标记有误：{it}",
        "invalid indentation or unclosed '[' or '{{'": "缩进有误，或 [ 与 {{ 未闭合",
        "found unexpected end of stream": "文件提前结束（引号未闭合）",
        "found unexpected document separator": "引号内出现文档分隔符",
        "found unknown escape character {it}": "未知的转义字符{it}",
        "found undefined alias {it}": "未定义的引用{it}",
        "found undefined tag handle {it}": "未定义的标签{it}",
        "found duplicate anchor {it}; first occurrence": "锚点{it}重复",
        "found unhashable key": "不能作为键的内容",
        "but found another document": "文件中有不止一个文档",
        "special characters are not allowed": "不允许的特殊字符",
        "could not determine a constructor for the tag {it}": "无法识别的标签{it}",
    }
)
