# ruff: noqa: E501 - one case, one line
"""The segment language: what it reads, what it refuses and what it then says."""

import ibis
import pyarrow as pa
import pytest
from chinese import is_chinese

from zhike.core.engine import Limits, duckdb_session
from zhike.data.segment_language import Expression, ExpressionFault, Field, fields, parse

SCHEMA = ibis.schema(
    {
        "customer_id": "string", "stage": "string", "tier": "string", "spend_365d_cents": "int64",
        "days_past_due": "int64", "utilisation": "float64", "segment__sleeping": "boolean", "birth_date": "date",
        "payload": "array<string>",
    }
)  # fmt: skip
COLUMNS = fields(SCHEMA) | {"tier": Field("text", codes=("mass", "value", "private"))}


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("stage = 'dormant' and spend_365d_cents > 0", None),
        (
            "tier in ('value','private') and not (days_past_due > 0)",
            "tier in ('value', 'private') and not (days_past_due > 0)",
        ),
        ("SEGMENT('sleeping') OR segment__sleeping", "segment('sleeping') or segment('sleeping')"),
        ("not segment('sleeping')", None),
        ("utilisation>=0.50", "utilisation >= 0.5"),
        ("spend_365d_cents <> 1.0", "spend_365d_cents != 1"),
        ("spend_365d_cents > -5", None),
        ("birth_date between '1990-01-01' and 2000-12-31", "birth_date between 1990-01-01 and 2000-12-31"),
        ("days_past_due is null or days_past_due is not null", None),
        ("stage not in ('a') and days_past_due not between 1 and 29", None),
        ("stage = 'it''s'", None),
        ('stage = "it\'s"', "stage = 'it''s'"),
        ("segment__sleeping = false", None),
        ("(stage = 'a' or stage = 'b') and tier = 'mass'", None),
        ("((((stage = 'a'))))", "stage = 'a'"),
        ("（stage＝“睡眠” and spend_365d_cents≥100）", "stage = '睡眠' and spend_365d_cents >= 100"),
        ("stage = '; drop table x --'", None),
    ],
)
def test_reads(text: str, canonical: str | None) -> None:
    expression = parse(text, COLUMNS)
    assert str(expression) == (canonical or text)
    assert parse(str(expression), COLUMNS) == expression
    view = ibis.table(SCHEMA, name="customer_view")
    for dialect in ("duckdb", "postgres", "databricks"):
        assert ibis.to_sql(view.filter(expression.predicate(view)), dialect=dialect)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spend_365d_cent > 3", "position 1: there is no column 'spend_365d_cent'. Nearest: spend_365d_cents"),
        ("stage = 'a' and spnd > 3", "position 17: there is no column 'spnd'"),
        ("阶段 = 'x'", "no column '阶段'. There are: birth_date"),
        ("select 1", "'select' is a word of SQL"),
        ("select = 1", "'select' is a word of SQL"),
        ("stage in (select stage from x)", "position 11: 'select' is a word of SQL"),
        ("exists (select 1)", "is a word of SQL"),
        ("stage like 'a%'", "'like' is a word of SQL"),
        ("stage = 'a' union select 1", "'union' is a word of SQL"),
        ("stage = 'a'; drop table x", "position 12: ';'"),
        ("stage = 'a' -- and more", "comments are not part"),
        ("stage = 'a' /* more */", "comments are not part"),
        ("lower(stage) = 'a'", "'lower' looks like a function call"),
        ("spend_365d_cents + 1 > 2", "there is no arithmetic"),
        ("spend_365d_cents > days_past_due", "'days_past_due' is not expected"),
        ("1 = 1", "position 1: '1' is not expected"),
        ("true", "no column 'true'"),
        ("stage == 'a'", "write '=' once"),
        ("stage = 'a' && tier = 'b'", "write the words and, or"),
        ("stage = null", "write column is null"),
        ("stage = 'abc", "not closed"),
        ("stage =", "missing at its end"),
        ("   ", "empty"),
        ("(stage = 'a'", "missing at its end"),
        ("spend_365d_cents > １００", "half width"),
        ("spend_365d_cents > 10万", "'10万' is not expected"),
        ("spend_365d_cents > 1e5", "not expected"),
        ("spend_365d_cents > NaN", "'NaN' is not expected"),
        ("spend_365d_cents > 1234567890123456789", "at most 18 digits"),
        ("spend_365d_cents = 'x'", "number column and 'x' is a text"),
        ("stage = 5", "text column and '5' is a number"),
        ("stage > 'a'", "compare it with =, !="),
        ("segment__sleeping < true", "compare it with =, !="),
        ("stage", "compare it with a value"),
        ("birth_date = '2020-13-01'", "'2020-13-01' is no date"),
        ("birth_date = 2020-13-01", "no day of the calendar"),
        ("birth_date = 5", "is no date"),
        ("segment('nobody')", "there is no segment 'nobody'. There are: sleeping"),
        ("customer_id = 'x'", "points at one person"),
        ("payload = 'x'", "there is no column 'payload'"),
        ("tier = 'prvate'", "tier is never 'prvate'. It is one of: mass, value, private"),
        ("stage = 'a\\'", "no backslash"),
        ("stage = 'a\u202e'", "no invisible character"),
        ("stage = '\x00'", "no invisible character"),
        ("stage = '" + "x" * 201 + "'", "at most 200 characters"),
        ("not " * 6 + "segment__sleeping", "6 deep"),
        (" or ".join(["stage = 'a'"] * 101), "more than 100"),
        ("spend_365d_cents in (" + ",".join(["1"] * 101) + ")", "more than 100"),
        ("x" * 4001, "4001 characters"),
        ("(" * 1900 + "stage = 'a'", "missing at its end"),
    ],
)  # fmt: skip
def test_refuses_in_one_line(text: str, said: str) -> None:
    fault = refused(text)
    message = str(fault)
    assert said in message
    assert "\n" not in message
    assert len(message) < 600


def refused(text: str) -> ExpressionFault:
    """The fault; both languages say it, and where it is."""
    with pytest.raises(ExpressionFault) as raised:
        parse(text, COLUMNS)
    fault = raised.value
    assert is_chinese(fault.in_("zh")), fault.in_("zh")
    assert "\n" not in fault.in_("zh")
    assert (f", position {fault.position}: " in str(fault)) == (fault.position is not None)
    assert (f"第 {fault.position} 个字符：" in fault.in_("zh")) == (fault.position is not None)
    return fault


def test_says_what_is_wrong_in_chinese() -> None:
    for text, said in (
        ("stage = 'a' and spnd > 3", "条件表达式第 17 个字符：没有列 'spnd'。现有：birth_date、days_past_due、"),
        ("tier = 'prvate'", "条件表达式第 1 个字符：tier 没有值 'prvate'。可用的值：mass、value、private。"),
        ("stage = 5", "条件表达式第 1 个字符：stage 为文字列，而 '5' 为数字值。例如写 stage = 'text'。"),
        ("stage =", "条件表达式：结尾缺少内容。本语言有："),
    ):
        assert refused(text).in_("zh").startswith(said)


INJECTIONS = [
    "stage = '' or 1=1 --'", "stage = 'a' or '1'='1'", "'; drop table customer_view; --", "1; attach 'x' as y",
    "stage = 'a') or (1=1", "stage = pg_sleep(10)", "stage = (select password from users)", "stage = $1", "stage = :name",
    "stage = %s", "{{7*7}}", "stage = @@version", "stage::int = 1", "cast(stage as int) = 1", "stage || 'a' = 'b'",
    "stage = E'\\x41'", "stage = chr(65)", "read_csv('/etc/passwd') = 1", "stage in (values (1))", "stage = 'a' limit 1",
    "stage = 'a' order by 1", '"stage" = 1', "`stage` = 'a'", "view.stage = 'a'", "stage.__class__ = 'a'", "__import__('os') = 1",
    "stage similar to 'a'", "stage ~ 'a'", "case when true then 1 end = 1", "stage is true", "stage = all ('a')",
    "stage = 'a' and sleep(5)", "stage\u00a0=\u00a0'a'", "ｓｔａｇｅ = 'a'", "stage = ＇a＇", "stage = 'a'\x00", "stage = 0x41",
]  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS)
def test_refuses_payloads(text: str) -> None:
    refused(text)


def test_values_stay_values() -> None:
    """A text full of SQL is compared as a text."""
    for payload in ("'; drop table x; --", "a' or 'a'='a", "{0}", "%s", "$1", "\u2019", "/*"):
        expression = parse("stage = '" + payload.replace("'", "''") + "'", COLUMNS)
        assert held(expression, pa.table({"stage": [payload, "other", None]})) == [True, False, False]


def test_unknown_is_never_in_a_segment() -> None:
    rows = pa.table({"days_past_due": pa.array([None, 0, 5], pa.int64())})
    for text, expected in (
        ("days_past_due > 0", [False, False, True]),
        ("not (days_past_due > 0)", [False, True, False]),
        ("not days_past_due is null", [False, True, True]),
        ("days_past_due is null or days_past_due = 0", [True, True, False]),
    ):
        assert held(parse(text, COLUMNS), rows) == expected


def held(expression: Expression, rows: pa.Table) -> list[bool]:
    with duckdb_session({}, Limits()) as session:
        session.add("view", rows)
        view = ibis.table(ibis.Schema.from_pyarrow(rows.schema), name="view")
        return session.query(view.select(held=expression.predicate(view)))["held"].to_pylist()
