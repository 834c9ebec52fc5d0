"""From text to an unchecked tree: a LALR grammar, no recursion while parsing, every limit enforced on the way."""

import unicodedata
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from zhike.core.text import Text
from zhike.data.segment_language.faults import WORDS, ExpressionFault, fault, fault_at
from zhike.data.segment_language.tree import (
    SEGMENT_PREFIX,
    And,
    Between,
    Compare,
    Holds,
    IsNull,
    Node,
    Not,
    OneOf,
    Or,
    Value,
    limited,
)

LENGTH_MAX = 4_000
TEXT_MAX = 200
DIGITS_MAX = 18

# Full-width punctuation is what a Chinese keyboard gives; it is read as its plain twin. Digits are not: an amount
# must look like what it is.
_GRAMMAR = r"""
    start: either
    ?either: both | both (_OR both)+ -> any_of
    ?both: single | single (_AND single)+ -> all_of
    ?single: _NOT single -> negation
        | _OPEN either _CLOSE
        | NAME OPERATOR value -> compare
        | NAME _IN values -> one_of
        | NAME _NOT _IN values -> none_of
        | NAME _BETWEEN value _AND value -> between
        | NAME _NOT _BETWEEN value _AND value -> outside
        | NAME _IS _NULL -> is_null
        | NAME _IS _NOT _NULL -> is_not_null
        | _SEGMENT _OPEN TEXT _CLOSE -> member
        | NAME -> holds
    values: _OPEN value (_COMMA value)* _CLOSE
    ?value: TEXT -> text | DATE -> day | NUMBER -> number | TRUE -> true | FALSE -> false

    _AND.2: /and\b/i
    _OR.2: /or\b/i
    _NOT.2: /not\b/i
    _IN.2: /in\b/i
    _BETWEEN.2: /between\b/i
    _IS.2: /is\b/i
    _NULL.2: /null\b/i
    TRUE.2: /true\b/i
    FALSE.2: /false\b/i
    _SEGMENT.2: /segment(?=[ \t\r\n\u3000]*[(\uff08])/i
    _OPEN: /[(\uff08]/
    _CLOSE: /[)\uff09]/
    _COMMA: /[,\uff0c]/
    OPERATOR: />=|<=|!=|<>|=|<|>|[\uff1d\uff1e\uff1c\u2265\u2264\u2260]/
    DATE.2: /[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-])/
    NUMBER: /-?[0-9]+(\.[0-9]+)?(?![\w.])/
    TEXT: /'([^']|'')*'|"[^"]*"|\u2018[^\u2019]*\u2019|\u201c[^\u201d]*\u201d/
    NAME: /[^\W\d]\w*/
    %ignore /[ \t\r\n\u3000]+/
"""
_OPERATORS = {"<>": "!=", "＝": "=", "＞": ">", "＜": "<", "≥": ">=", "≤": "<=", "≠": "!="}


def read(text: str) -> Node:
    """The tree of ``text``; column names and value types are still unchecked. Raises ExpressionFault."""
    if len(text) > LENGTH_MAX:
        raise ExpressionFault(
            Text(
                f"条件表达式有 {len(text)} 个字符，最多 {LENGTH_MAX} 个。",
                f"The segment expression has {len(text)} characters, the limit is {LENGTH_MAX}.",
            )
        )
    if not text.strip():
        raise ExpressionFault(Text(f"条件表达式为空。{WORDS.zh}", f"The segment expression is empty. {WORDS.en}"))
    try:
        tree: Node = _parser().parse(text)  # type: ignore[assignment]  # the embedded builder returns nodes
    except UnexpectedCharacters as error:
        raise fault_at(text, error.pos_in_stream or 0) from None
    except UnexpectedToken as error:
        ended = error.token.type == "$END"
        raise fault_at(text, len(text) if ended else error.token.start_pos or 0) from None
    return tree


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_Builder(), maybe_placeholders=False)


class _Builder(Transformer[Token, Any]):
    """Called at each reduction, bottom up; names stay tokens, so that a later fault knows its position."""

    def start(self, parts: list[Node]) -> Node:
        return limited(parts[0])

    def any_of(self, parts: list[Node]) -> Node:
        return limited(Or(tuple(parts)))

    def all_of(self, parts: list[Node]) -> Node:
        return limited(And(tuple(parts)))

    def negation(self, parts: list[Node]) -> Node:
        return limited(Not(parts[0]))

    def compare(self, parts: list[Any]) -> Node:
        name, operator, value = parts
        return Compare(name, _OPERATORS.get(str(operator), str(operator)), value)

    def one_of(self, parts: list[Any]) -> Node:
        return OneOf(parts[0], parts[1])

    def none_of(self, parts: list[Any]) -> Node:
        return Not(OneOf(parts[0], parts[1]))

    def between(self, parts: list[Any]) -> Node:
        return Between(*parts)

    def outside(self, parts: list[Any]) -> Node:
        return Not(Between(*parts))

    def is_null(self, parts: list[Token]) -> Node:
        return IsNull(parts[0])

    def is_not_null(self, parts: list[Token]) -> Node:
        return Not(IsNull(parts[0]))

    def holds(self, parts: list[Token]) -> Node:
        return Holds(parts[0])

    def member(self, parts: list[Token]) -> Node:
        return Holds(Token.new_borrow_pos("NAME", SEGMENT_PREFIX + _unquoted(parts[0]), parts[0]))

    def values(self, parts: list[Value]) -> tuple[Value, ...]:
        return tuple(parts)

    def text(self, parts: list[Token]) -> str:
        return _unquoted(parts[0])

    def number(self, parts: list[Token]) -> int | Decimal:
        token = parts[0]
        if sum(character.isdigit() for character in token) > DIGITS_MAX:
            raise fault(
                Text(f"数字最多 {DIGITS_MAX} 位", f"a number has at most {DIGITS_MAX} digits"), _position(token)
            )
        number = Decimal(str(token))
        return int(number) if number == number.to_integral_value() else number.normalize()

    def day(self, parts: list[Token]) -> date:
        try:
            return date.fromisoformat(str(parts[0]))
        except ValueError:
            what = Text(f"日历上没有 {parts[0]!s} 这一天", f"{parts[0]!s} is no day of the calendar")
            raise fault(what, _position(parts[0])) from None

    def true(self, _parts: list[Token]) -> bool:
        return True

    def false(self, _parts: list[Token]) -> bool:
        return False


def _unquoted(token: Token) -> str:
    text = str(token)[1:-1]
    if token[0] == "'":
        text = text.replace("''", "'")
    if len(text) > TEXT_MAX:
        what = Text(f"文字最多 {TEXT_MAX} 个字符", f"a text has at most {TEXT_MAX} characters")
        raise fault(what, _position(token))
    # A backslash escapes in some engines and not in others; invisible characters hide what is compared.
    if "\\" in text or any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text):
        what = Text("文字不能含反斜杠或不可见字符", "a text has no backslash and no invisible character")
        raise fault(what, _position(token))
    return text


def _position(token: Token) -> int:
    return (token.start_pos or 0) + 1
