"""What of the debt will not come back, by how late it is."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import basis_points

_ORIGIN = "convention of the trade, until roll rates and recoveries of the bank's own are set"


@dataclass(frozen=True)
class Assumptions:
    """Net loss of the next twelve months over the balance, by bucket (edges of DOMAIN section 2)."""

    current_bp: int = assumption(
        150, "bp", Text("未逾期损失率", "Loss, current"), owner="risk",
        origin="between 1.16 % of balances over 6 months late (PBOC, 2023 Q1) and net losses of about 2 %",
    )  # fmt: skip
    m1_bp: int = assumption(800, "bp", Text("M1损失率", "Loss, 1 to 29 days late"), owner="risk", origin=_ORIGIN)
    m2_bp: int = assumption(3_500, "bp", Text("M2损失率", "Loss, 30 to 59 days late"), owner="risk", origin=_ORIGIN)
    m3_bp: int = assumption(5_500, "bp", Text("M3损失率", "Loss, 60 to 89 days late"), owner="risk", origin=_ORIGIN)
    m4_bp: int = assumption(
        8_000, "bp", Text("M4及以上损失率", "Loss, 90 days late and more"), owner="risk", origin=_ORIGIN
    )


ASSUMED = Assumptions()


def _rate_bp(late_days: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.cases(
        (late_days >= 90, ASSUMED.m4_bp),
        (late_days >= 60, ASSUMED.m3_bp),
        (late_days >= 30, ASSUMED.m2_bp),
        (late_days >= 1, ASSUMED.m1_bp),
        else_=ASSUMED.current_bp,
    )


def _loss(view: ibis.Table) -> ir.IntegerValue:
    owed = ibis.greatest(view.owed_cents.fill_null(0), 0)
    return basis_points(owed, _rate_bp(view.days_past_due.fill_null(0)).cast("int64"))


features.register(
    Derived(
        name="expected_loss_12m_cents",
        title=Text("预期损失（12个月）", "Expected loss, 12 months"),
        meaning=Text(
            f"最近账单欠款 × 损失率：未逾期{ASSUMED.current_bp / 100:g}%，M1 {ASSUMED.m1_bp / 100:g}%，"
            f"M2 {ASSUMED.m2_bp / 100:g}%，M3 {ASSUMED.m3_bp / 100:g}%，M4及以上{ASSUMED.m4_bp / 100:g}%",
            f"Balance of the newest statements at {ASSUMED.current_bp / 100:g} % when current, "
            f"{ASSUMED.m1_bp / 100:g} % in M1, {ASSUMED.m2_bp / 100:g} % in M2, {ASSUMED.m3_bp / 100:g} % in M3, "
            f"{ASSUMED.m4_bp / 100:g} % from M4 on",
        ),
        unit="cents",
        type="int64",
        needs=("owed_cents", "days_past_due"),
        expression=lambda view, as_of: _loss(view),
        theme="worth",
        assumptions=ASSUMED,
    )
)
