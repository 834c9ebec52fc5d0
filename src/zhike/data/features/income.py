"""Income of twelve months: interchange, interest, instalment interest and fees, less what was waived."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import basis_points


@dataclass(frozen=True)
class Assumptions:
    """What a purchase earns the issuer."""

    interchange_bp: int = assumption(
        45, "bp", Text("发卡行回佣率", "Interchange of the issuer"), owner="finance",
        origin="pricing notice of 2016 for credit cards: 0.45 % of the purchase, no cap",
    )  # fmt: skip


ASSUMED = Assumptions()


def _income(view: ibis.Table) -> ir.IntegerValue:
    charged = view.interest_365d_cents + view.fees_365d_cents
    return view.interchange_12m_cents + charged - view.waived_365d_cents


features.register(
    Derived(
        name="interchange_12m_cents",
        title=Text("近12个月回佣", "Interchange, 12 months"),
        meaning=Text(
            f"信用账户消费净额的{ASSUMED.interchange_bp / 100:g}%",
            f"{ASSUMED.interchange_bp / 100:g} % of net spend on credit accounts",
        ),
        unit="cents",
        type="int64",
        needs=("credit_spend_365d_cents",),
        expression=lambda view, as_of: basis_points(view.credit_spend_365d_cents, ASSUMED.interchange_bp),
        theme="worth",
        assumptions=ASSUMED,
    )
)
features.register(
    Derived(
        name="income_12m_cents",
        title=Text("近12个月收入", "Income, 12 months"),
        meaning=Text(
            "回佣、利息（含分期利息与罚息）与收费之和，减减免",
            "Interchange, interest (instalment and penalty interest included) and fees, less what was waived",
        ),
        unit="cents",
        type="int64",
        needs=("interchange_12m_cents", "interest_365d_cents", "fees_365d_cents", "waived_365d_cents"),
        expression=lambda view, as_of: _income(view),
    )
)
