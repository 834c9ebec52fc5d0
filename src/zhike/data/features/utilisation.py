"""Utilisation, of the limit that counts on the day and of the permanent one."""

from zhike.core.text import Text
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.ratio import ratio

UTILISATION = features.register(
    Derived(
        name="utilisation",
        title=Text("有效额度使用率", "Utilisation of the effective limit"),
        meaning=Text(
            "未销户信用账户最近账单欠款 ÷ 当日有效额度（含临时额度）；从未出账的账户算未用；无额度为空",
            "Balance of the newest statements over the effective limit of the day (temporary ones included), of open "
            "credit accounts; one never billed counts as not drawn; empty without a limit",
        ),
        unit="ratio",
        type="float64",
        needs=("drawn_cents", "limit_cents"),
        expression=lambda view, as_of: ratio(view.drawn_cents.fill_null(0), view.limit_cents),
    )
)

PERMANENT_UTILISATION = features.register(
    Derived(
        name="utilisation_permanent",
        title=Text("固定额度使用率", "Utilisation of the permanent limit"),
        meaning=Text(
            "未销户信用账户最近账单欠款 ÷ 固定额度；大于 1 是用了临时额度",
            "Balance of the newest statements over the permanent limit; above 1 a temporary one was drawn on",
        ),
        unit="ratio",
        type="float64",
        needs=("drawn_cents", "limit_permanent_cents"),
        expression=lambda view, as_of: ratio(view.drawn_cents.fill_null(0), view.limit_permanent_cents),
    )
)
