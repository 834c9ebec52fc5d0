"""How statements get paid: whole, by the minimum, or short of it."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.ratio import ratio


@dataclass(frozen=True)
class Assumptions:
    """What counts as paid whole, and as paying the minimum only."""

    shortfall_cents: int = assumption(
        1_000, "cents", Text("视同全额还款的差额", "Shortfall that counts as paid in full"), owner="risk",
        origin="convention of the trade (容时容差): up to ¥10",
    )  # fmt: skip
    minimum_up_to_bp: int = assumption(
        12_000, "bp", Text("仅还最低额：不超过最低还款额的", "Minimum only: up to so much of the minimum"),
        owner="risk", origin="convention, until the bank's own is set",
    )  # fmt: skip
    minimum_payer_from: int = assumption(
        3, "count", Text("最低还款客户：近12个月次数下限", "Minimum payer: times in 12 months from"), owner="risk",
        origin="convention, until the bank's own is set",
    )  # fmt: skip


ASSUMED = Assumptions()


def _whole(rows: ibis.Table) -> ir.BooleanValue:
    return rows.paid_cents >= rows.billed_cents - ASSUMED.shortfall_cents


def _minimum(rows: ibis.Table) -> ir.BooleanValue:
    """At least the minimum, and little more; a statement whose minimum is not known does not count."""
    most = rows.minimum_cents * ASSUMED.minimum_up_to_bp
    enough = (rows.paid_cents >= rows.minimum_cents) & (rows.paid_cents * 10_000 <= most)
    return (rows.minimum_cents > 0) & enough & ~_whole(rows)


def _short(rows: ibis.Table) -> ir.BooleanValue:
    return (rows.paid_cents < rows.minimum_cents) & ~_whole(rows)


for _name, _where, _title, _meaning in (
    (
        "settled_statements", None, Text("近{days}天应还账单数", "Statements to pay, {days} days"),
        Text("近{days}天已到下一期账单的应还账单数", "Statements with a balance that the next statement has followed"),
    ),
    (
        "full_payments", _whole, Text("近{days}天全额还款次数", "Paid in full, {days} days"),
        Text("近{days}天在下一期账单前还清的账单数", "Statements paid in full before the next one"),
    ),
    (
        "minimum_payments", _minimum, Text("近{days}天最低还款次数", "Paid by the minimum, {days} days"),
        Text(
            f"近{{days}}天还款额达到最低还款额、不超过其{ASSUMED.minimum_up_to_bp / 100:g}%的账单数",
            f"Statements of which the minimum was paid, and no more than {ASSUMED.minimum_up_to_bp / 100:g} % of it",
        ),
    ),
    (
        "short_payments", _short, Text("近{days}天未还足最低额次数", "Paid short, {days} days"),
        Text("近{days}天在下一期账单前还款不足最低还款额的账单数", "Statements paid with less than the minimum"),
    ),
):  # fmt: skip
    register_windows(
        Windowed(
            name=f"{_name}_{{days}}d",
            title=_title,
            meaning=_meaning,
            unit="count",
            table="answered_statement",
            measure=Measure("count"),
            windows_days=(365,),
            where=_where,
            empty=0,
            assumptions=ASSUMED,
        )
    )

features.register(
    Derived(
        name="full_payment_share_365d",
        title=Text("近365天全额还款占比", "Share paid in full, 365 days"),
        meaning=Text(
            "全额还款次数 ÷ 应还账单数；没有应还账单为空",
            "Statements paid in full over statements to pay; empty without any",
        ),
        unit="ratio",
        type="float64",
        needs=("full_payments_365d", "settled_statements_365d"),
        expression=lambda view, as_of: ratio(view.full_payments_365d, view.settled_statements_365d),
        assumptions=ASSUMED,
    )
)
features.register(
    Derived(
        name="minimum_payer",
        title=Text("最低还款客户", "Minimum payer"),
        meaning=Text(
            f"近12个月至少{ASSUMED.minimum_payer_from}次、且过半账单仅还最低额",
            f"Paid by the minimum at least {ASSUMED.minimum_payer_from} times in 12 months, and more often than not",
        ),
        unit="",
        type="boolean",
        needs=("minimum_payments_365d", "settled_statements_365d"),
        expression=lambda view, as_of: (
            (view.minimum_payments_365d >= ASSUMED.minimum_payer_from)
            & (view.minimum_payments_365d * 2 > view.settled_statements_365d)
        ),
        assumptions=ASSUMED,
    )
)
