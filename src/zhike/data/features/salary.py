"""Salary that arrives: the signal for wealth products."""

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure, Windowed
from zhike.data.features import features, register_windows
from zhike.data.rows import salaries

register_windows(
    Windowed(
        name="salaries_{days}d",
        title=Text("近{days}天工资入账次数", "Salaries, {days} days"),
        meaning=Text("近{days}天工资或养老金入账次数", "Salaries or pensions that came in {days} days"),
        unit="count",
        table="transaction",
        measure=Measure("count"),
        windows_days=(90, 365),
        where=salaries,
        empty=0,
        theme="assets",
    )
)
register_windows(
    Windowed(
        name="salary_{days}d_cents",
        title=Text("近{days}天工资入账额", "Salary, {days} days"),
        meaning=Text("近{days}天工资或养老金入账金额", "Amount of salaries or pensions in {days} days"),
        unit="cents",
        table="transaction",
        measure=Measure("sum", "amount_cents"),
        windows_days=(90,),
        where=salaries,
        empty=0,
        theme="assets",
    )
)
features.register(
    Feature(
        name="last_salary_on",
        title=Text("最近工资日", "Last salary"),
        meaning=Text("最近一次工资入账的营业日；从未为空", "Business date of the newest salary; empty if never"),
        unit="date",
        table="transaction",
        measure=Measure("last"),
        where=salaries,
        theme="assets",
    )
)
features.register(
    Derived(
        name="days_since_salary",
        title=Text("距上次工资天数", "Days since salary"),
        meaning=Text("距最近一次工资入账的天数；从未为空", "Days since the newest salary; empty if never"),
        unit="days",
        type="int64",
        needs=("last_salary_on",),
        expression=lambda view, as_of: as_of.delta(view.last_salary_on, unit="day"),
    )
)
