"""Dormant ratio by regulation (notice of CBIRC and PBOC of 2022-07-07)."""

import ibis
import ibis.expr.types as ir

from zhike.core.clock import months_before
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.cards import cards, newest_balances, valid
from zhike.data.kpis import Kpi, known_if, kpis, ratio

SILENT_MONTHS = 18


def _value(facts: Facts, _view: ibis.Table) -> ir.Scalar:
    balances = newest_balances(facts)
    rows = cards(facts).left_join(balances, "account_id").drop("account_id_right")
    counted = valid(rows) & (rows.account_kind == "credit") & ~rows.policy_function.fill_null(False)
    silent = rows.last_used_on.coalesce(rows.issued_on) < months_before(facts.as_of, SILENT_MONTHS)
    # Neither overdrawn nor overpaid; an account that was never billed owes nothing.
    settled = rows.balance_cents.fill_null(0) == 0
    share = ratio(rows.count(where=counted & silent & settled), rows.count(where=counted))
    return known_if(rows.last_used_on.max().notnull(), share)


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
        expression=_value,
        target=0.20,
    )
)
