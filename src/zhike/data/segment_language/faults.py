"""What is said when a text is not in the segment language."""

import re

from zhike.core.errors import BadInput
from zhike.core.text import Text

SQL_WORDS = frozenset({
    "all", "alter", "analyze", "any", "as", "attach", "begin", "by", "call", "case", "cast", "copy", "create",
    "cross", "delete", "desc", "describe", "distinct", "do", "drop", "else", "end", "escape", "except", "exec",
    "execute", "exists", "explain", "fetch", "from", "full", "grant", "group", "having", "ilike", "inner", "insert",
    "install", "intersect", "into", "join", "lateral", "left", "like", "limit", "load", "offset", "on", "order",
    "outer", "over", "partition", "pragma", "recursive", "returning", "revoke", "right", "select", "set", "show",
    "similar", "table", "then", "truncate", "union", "update", "using", "values", "when", "where", "window", "with",
})  # fmt: skip

_HINTS = (
    (r";", Text("只能有一个条件，不能有“;”", "there is one condition and no ';'")),
    (r"--|/\*|#", Text("不能有注释", "comments are not part of it")),
    (r"['\"‘“]", Text("从这里开始的文字没有结束引号", "the text that begins here is not closed")),
    (r"[&|]", Text("请写 and、or", "write the words and, or")),
    (
        r"[-+*/%^~]",
        Text("没有算术运算，列只能与值比较", "there is no arithmetic: a column is compared with a value"),
    ),
    (r"[０-９]", Text("数字请用半角，如 100", "write digits in half width, as in 100")),
    (r"[.\[\]{}:@$`\\]", Text("这个字符在这里没有意义", "this character has no meaning here")),
)

WORDS = Text(
    "本语言有：列 = != < <= > >= 值、in (…)、between … and …、is null、is not null、segment('客群名')、"
    "and、or、not、括号；值可以是数字、'文字'、'YYYY-MM-DD'、true、false。",
    "The language has: column = != < <= > >= value, in (…), between … and …, is null, is not null,"
    " segment('name'), and, or, not, parentheses; values are numbers, 'text', 'YYYY-MM-DD', true, false.",
)


class ExpressionFault(BadInput):
    """A fault in an expression; ``position`` is the character where it is, from 1, None where it is the whole."""

    def __init__(self, said: str | Text = "", position: int | None = None) -> None:
        super().__init__(said)
        self.position = position


def fault(what: Text, position: int | None = None, advice: Text | None = None) -> ExpressionFault:
    """``what`` is wrong, without its full stop; ``advice`` is one or more whole sentences."""
    zh, en = ("", "") if position is None else (f"第 {position} 个字符", f", position {position}")
    said = Text(
        f"条件表达式{zh}：{what.zh}。{advice.zh if advice else ''}",
        f"Segment expression{en}: {what.en}. {advice.en if advice else ''}".strip(),
    )
    return ExpressionFault(said, position)


def fault_at(text: str, place: int) -> ExpressionFault:
    """A fault at the 0-based ``place`` of ``text``."""
    rest = text[place:]
    if not rest.strip():
        return fault(Text("结尾缺少内容", "something is missing at its end"), advice=WORDS)
    return fault(_what(text[:place], rest), place + 1, WORDS)


def _what(before: str, rest: str) -> Text:
    word, called = re.match(r"\w+", rest), re.search(r"(\w+)\s*$", before)
    here, behind = word.group() if word else rest[0], called.group(1) if called else ""
    for sql in (here, behind):
        if sql.lower() in SQL_WORDS:
            return of_sql(sql)
    if here.lower() == "null":
        return Text("没有值等于 null：请写 列名 is null", "nothing equals null: write column is null")
    if before.rstrip().endswith("=") and here == "=":
        return Text("“=”只写一次", "write '=' once")
    if here in "(（" and behind.lower() not in ("", "and", "or", "not", "in", "between", "is"):
        return Text(
            f"{shown(behind)} 像是函数调用，本语言没有函数",
            f"{shown(behind)} looks like a function call, and there are none",
        )
    start = shown(rest[:2].strip())
    hints = (Text(f"{start}：{hint.zh}", f"{start}: {hint.en}") for pattern, hint in _HINTS if re.match(pattern, rest))
    return next(hints, Text(f"{shown(here)} 不应出现在这里", f"{shown(here)} is not expected here"))


def of_sql(word: str) -> Text:
    """That a word is one of SQL."""
    return Text(f"{shown(word)} 是 SQL 的词，不属于本语言", f"{shown(word)} is a word of SQL and not of this language")


def shown(text: str) -> str:
    """A piece of the input, short and printable, for a message."""
    return ascii(text[:40]) if not text.isprintable() else repr(text[:40])
