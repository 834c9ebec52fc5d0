"""Dormant ratio by regulation (notice of CBIRC and PBOC of 2022-07-07)."""

from dataclasses import dataclass

import ibis

from zhike.core.clock import months_before
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.assumption import assumption
from zhike.data.cards import cards, use_is_known, valid, with_use
from zhike.data.kpis import Kpi, Period, kpis
from zhike.data.owing import owing


@dataclass(frozen=True)
class Silence:
    """By the notice."""

    months: int = assumption(18, "months", Text("连续无主动交易超过", "Silent for more than"), owner="risk")


def _rows(facts: Facts, _period: Period) -> ibis.Table:
    card = cards(facts)
    counted = valid(card) & (card.account_kind == "credit") & ~card.policy_function.fill_null(False)
    rows = with_use(card.filter(counted), facts)
    rows = rows.left_join(owing(facts).select("account_id", "balance_cents"), "account_id").drop("account_id_right")
    silent = rows.last_used_on.coalesce(rows.issued_on) < months_before(facts.as_of, Silence().months)
    # Neither overdrawn nor overpaid; by what is owed on the day, never billed or not.
    dormant = silent & (rows.balance_cents.fill_null(0) == 0)
    return rows.select("account_id", "party_id", "product_code", part=dormant.cast("int64"), whole=1)


kpis.register(
    Kpi(
        name="dormant_ratio",
        title=Text("长期睡眠卡率", "Dormant ratio"),
        meaning=Text(
            "监管口径，任何时点不得超过20%；没有信用卡、或交易中无卡号时为空",
            "As the regulator counts; never above 20 %. Empty without credit cards or where transactions name none",
        ),
        formula=Text(
            "连续18个月以上无主动交易且无透支、无溢缴款的卡 ÷ 已发卡",
            "Cards without customer-initiated transaction for > 18 months, overdraft and overpayment ÷ issued cards",
        ),
        population=Text("有效信用卡，不含社保等政策功能卡", "Valid credit cards except those with a policy function"),
        unit="ratio",
        direction="down",
        owner="risk",
        kind="stock",
        area="cards",
        rows=_rows,
        quotient=True,
        known=use_is_known,
        target=0.20,
        assumptions=Silence(),
        tile=6,
    )
)
