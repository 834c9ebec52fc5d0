"""What is said when a text is not in the segment language."""

import re

from zhike.core.errors import BadInput

SQL_WORDS = frozenset({
    "all", "alter", "analyze", "any", "as", "attach", "begin", "by", "call", "case", "cast", "copy", "create",
    "cross", "delete", "desc", "describe", "distinct", "do", "drop", "else", "end", "escape", "except", "exec",
    "execute", "exists", "explain", "fetch", "from", "full", "grant", "group", "having", "ilike", "inner", "insert",
    "install", "intersect", "into", "join", "lateral", "left", "like", "limit", "load", "offset", "on", "order",
    "outer", "over", "partition", "pragma", "recursive", "returning", "revoke", "right", "select", "set", "show",
    "similar", "table", "then", "truncate", "union", "update", "using", "values", "when", "where", "window", "with",
})  # fmt: skip

_HINTS = (
    (r";", "there is one condition and no ';'"),
    (r"--|/\*|#", "comments are not part of it"),
    (r"['\"‘“]", "the text that begins here is not closed"),
    (r"[&|]", "write the words and, or"),
    (r"[-+*/%^~]", "there is no arithmetic: a column is compared with a value"),
    (r"[０-９]", "write digits in half width, as in 100"),
    (r"[.\[\]{}:@$`\\]", "this character has no meaning here"),
)


def words_of() -> str:
    """What the language has, in one sentence."""
    return (
        "The language has: column = != < <= > >= value, in (…), between … and …, is null, is not null,"
        " segment('name'), and, or, not, parentheses; values are numbers, 'text', 'YYYY-MM-DD', true, false."
    )


def fault_at(text: str, place: int) -> BadInput:
    """A fault at the 0-based ``place`` of ``text``."""
    rest = text[place:]
    if not rest.strip():
        return BadInput(f"Segment expression: something is missing at its end. {words_of()}")
    return BadInput(f"Segment expression, position {place + 1}: {_what(text[:place], rest)}. {words_of()}")


def _what(before: str, rest: str) -> str:
    word, called = re.match(r"\w+", rest), re.search(r"(\w+)\s*$", before)
    here, behind = word.group() if word else rest[0], called.group(1) if called else ""
    for sql in (here, behind):
        if sql.lower() in SQL_WORDS:
            return f"{shown(sql)} is a word of SQL and not of this language"
    if here.lower() == "null":
        return "nothing equals null: write column is null"
    if before.rstrip().endswith("=") and here == "=":
        return "write '=' once"
    if here in "(（" and behind.lower() not in ("", "and", "or", "not", "in", "between", "is"):
        return f"{shown(behind)} looks like a function call, and there are none"
    hints = (f"{shown(rest[:2].strip())}: {hint}" for pattern, hint in _HINTS if re.match(pattern, rest))
    return next(hints, f"{shown(here)} is not expected here")


def shown(text: str) -> str:
    """A piece of the input, short and printable, for a message."""
    return ascii(text[:40]) if not text.isprintable() else repr(text[:40])
