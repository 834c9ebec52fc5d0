"""Cross-border use: the signal for a travel card, an overseas pack, foreign currency."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived, Feature, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.ratio import ratio
from zhike.data.rows import net_spend, purchases


@dataclass(frozen=True)
class Assumptions:
    """Where home is."""

    home_country: str = assumption(
        "CN", "choice", Text("境内国家代码", "Home country"), owner="product", origin="ISO 3166 alpha-2 of the bank"
    )


ASSUMED = Assumptions()


def _abroad(rows: ibis.Table) -> ir.BooleanValue:
    """In another country, or in another currency where the source does not say the country."""
    return (rows.country != ASSUMED.home_country).fill_null(rows.original_currency.notnull())


def _bought_abroad(rows: ibis.Table) -> ir.BooleanValue:
    return purchases(rows) & _abroad(rows)


register_windows(
    Windowed(
        name="overseas_purchases_{days}d",
        title=Text("近{days}天境外消费笔数", "Overseas purchases, {days} days"),
        meaning=Text(
            "近{days}天在境外（国家未知时：以外币）的消费笔数",
            "Purchases in another country (in another currency where the country is not known) in {days} days",
        ),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(90, 365),
        where=_bought_abroad,
        empty=0,
        theme="habits",
        assumptions=ASSUMED,
    )
)
register_windows(
    Windowed(
        name="overseas_spend_{days}d_cents",
        title=Text("近{days}天境外消费额", "Overseas spend, {days} days"),
        meaning=Text("近{days}天境外消费减退货", "Purchases abroad net of refunds in {days} days"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", net_spend),
        windows_days=(365,),
        where=_abroad,
        empty=0,
        theme="habits",
        assumptions=ASSUMED,
    )
)
register_windows(
    Windowed(
        name="overseas_countries_{days}d",
        title=Text("近{days}天境外国家数", "Countries abroad, {days} days"),
        meaning=Text("近{days}天发生境外消费的不同国家数", "Distinct countries of purchases abroad in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("distinct", "country"),
        windows_days=(365,),
        where=_bought_abroad,
        empty=0,
        theme="habits",
        assumptions=ASSUMED,
    )
)
features.register(
    Feature(
        name="last_overseas_on",
        title=Text("最近境外消费日", "Last purchase abroad"),
        meaning=Text(
            "最近一笔境外消费的营业日；从未为空", "Business date of the newest purchase abroad; empty if never"
        ),
        unit="date",
        table="transaction",
        measure=Measure("last"),
        where=_bought_abroad,
        theme="habits",
        assumptions=ASSUMED,
    )
)
features.register(
    Derived(
        name="overseas_share_90d",
        title=Text("近90天境外消费占比", "Overseas share, 90 days"),
        meaning=Text(
            "近90天境外消费占比：按笔数，无消费为空",
            "Overseas share, 90 days: by number of purchases; empty without one",
        ),
        unit="ratio",
        type="float64",
        needs=("overseas_purchases_90d", "purchases_90d"),
        expression=lambda view, as_of: ratio(view.overseas_purchases_90d, view.purchases_90d),
        assumptions=ASSUMED,
    )
)
