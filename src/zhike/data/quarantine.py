"""Rows that were not accepted: where they stood, why, and what they looked like without what they told of a person."""

import re
import unicodedata
from collections.abc import Container, Mapping

import pyarrow as pa

from zhike.core.text import Text
from zhike.data import lookalikes
from zhike.data.source import Delimited, RawFile

REASONS: dict[str, Text] = {
    "wrong_column_count": Text(zh="列数不对", en="wrong number of columns"),
    "wrong_length": Text(zh="记录长度不对", en="wrong record length"),
    "bad_quotes": Text(zh="引号不配对", en="quotes do not match"),
    "not_json": Text(zh="不是 JSON 对象", en="not a JSON object"),
    "too_long": Text(zh="记录过长", en="the record is too long"),
    "too_deep": Text(zh="嵌套超出声明的层次", en="a list, or an object where a value is declared"),
    "repeated_field": Text(zh="字段重复", en="a field stands in it twice"),
    "unknown_field": Text(zh="出现未声明的字段", en="a field that is not declared"),
    "cell_error": Text(zh="单元格公式出错", en="a formula in a cell failed"),
    "undecodable": Text(zh="含有无法解码的字节", en="bytes that are no text of the declared encoding"),
    "not_a_date": Text(zh="不是有效日期", en="not a date"),
    "not_a_number": Text(zh="不是有效数字", en="not a number"),
    "out_of_range": Text(zh="超出允许范围", en="outside the allowed range"),
    "unknown_code": Text(zh="未知代码", en="unknown code"),
    "missing_value": Text(zh="缺少必填值", en="a required value is missing"),
    "unknown_account": Text(zh="账户不存在", en="no such account was delivered"),
    "unknown_card": Text(zh="卡片不存在", en="no such card was delivered"),
    "unknown_party": Text(zh="客户不存在", en="no such customer was delivered"),
    "unknown_branch": Text(zh="机构不存在", en="no such branch was delivered"),
    "unknown_merchant": Text(zh="商户不存在", en="no such merchant was delivered"),
    "unknown_terminal": Text(zh="终端不存在", en="no such terminal was delivered"),
    "identity_conflict": Text(
        zh="该客户号已属于另一证件号的客户，请核对身份",
        en="the identity number is another customer's than the one this customer number stands for; check who it is",
    ),
    "duplicate_key": Text(zh="主键重复", en="a row of this key was accepted already"),
    "contradicts_earlier": Text(
        zh="与同一编号先前接受的记录不一致；更正请用冲正，或另给编号的后续记录",
        en="says something else than the accepted row of its reference; "
        "correct an event by a reversal, or by a later row with a reference of its own",
    ),
    "outside_coverage": Text(zh="不在数据覆盖范围内", en="outside what this delivery covers"),
    "contradiction": Text(zh="列之间互相矛盾", en="columns contradict each other"),
}  # fmt: skip

TABLE = "quarantine"
SCHEMA = pa.schema(
    [
        ("source", pa.string()), ("kind", pa.string()), ("file", pa.string()), ("line", pa.int64()),
        ("code", pa.string()), ("column", pa.string()), ("raw", pa.string()),
    ]
)  # fmt: skip
_SHOWN_CHARACTERS = 500
# A number so long may be a phone or a document that was read as an amount; leading zeros are none of it.
_LONG = re.compile(r"[1-9]\d{9,}")


def masked_text(text: str) -> str:
    """The shape of a text: digits become 9, letters x, the rest stays; long texts are cut."""
    return "".join(map(_shape, text[:_SHOWN_CHARACTERS]))


def masked_row(values: Mapping[str, str], file: RawFile, unreadable: Container[str] = ()) -> str:
    """A row as it stood, its masked columns as shapes only.

    Columns may have shifted: where a file has anything to mask, a text is shown only where it was read as a number, a
    day or a code. ``unreadable`` names the raw columns that were not.
    """
    separator = file.format.separator if isinstance(file.format, Delimited) else " "
    shown = (
        lookalikes.masked(value) if not file.masked
        else value if (name in file.telling and name not in unreadable and not _LONG.search(value))
        else masked_text(value)
        for name, value in values.items()
    )  # fmt: skip
    return _printable(separator.join(shown))[:_SHOWN_CHARACTERS]


def masked_line(text: str, file: RawFile) -> str:
    """A line that is no row: all of it as a shape where the file has a column to be masked."""
    if file.masked:
        return _printable(masked_text(text))
    return _printable(lookalikes.masked(text)[:_SHOWN_CHARACTERS])


def _shape(character: str) -> str:
    kind = unicodedata.category(character)[0]
    return "9" if kind == "N" else "x" if kind in "LM" else character


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
