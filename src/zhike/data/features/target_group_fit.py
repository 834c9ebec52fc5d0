"""Fit to the groups that the business plans for (与预期客户层是否吻合): does what is known look like the group?

Each group has marks; a mark of which nothing is known does not count. The fit is the share of the known marks that
are met.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.assumption import assumption
from zhike.data.feature import Derived
from zhike.data.features import features

_ORIGIN = "description of the group in the business plan; the bank sets its own"


@dataclass(frozen=True)
class Assumptions:
    """The marks of the groups."""

    young_until_years: int = assumption(
        35, "years", Text("年轻客群年龄上限", "Young: aged up to"), owner="product", origin=_ORIGIN
    )
    first_job_until_years: int = assumption(
        26, "years", Text("职场新人年龄上限", "First job: aged up to"), owner="product", origin=_ORIGIN
    )
    middle_from_years: int = assumption(
        30, "years", Text("稳健中产年龄下限", "Middle class: aged from"), owner="product", origin=_ORIGIN
    )
    older_from_years: int = assumption(
        60, "years", Text("中老年客群年龄下限", "Older: aged from"), owner="product", origin=_ORIGIN
    )
    digital_share_bp: int = assumption(
        5_000, "bp", Text("数字客群线上消费占比下限", "Digital: share of online purchases from"), owner="product",
        origin=_ORIGIN,
    )  # fmt: skip
    high_deposits_cents: int = assumption(
        100_000_000, "cents", Text("高净值客群存款下限", "High-end: deposits from"), owner="product", origin=_ORIGIN
    )
    high_limit_cents: int = assumption(
        10_000_000, "cents", Text("高净值客群额度下限", "High-end: limit from"), owner="product", origin=_ORIGIN
    )


ASSUMED = Assumptions()
# The column that shows the mark, and whether a known value of it does.
_Mark = tuple[str, Callable[[Any], ir.BooleanValue]]

_OFFICE = ["civil_servant", "professional", "clerk", "manager"]
GROUPS: dict[str, tuple[_Mark, ...]] = {
    "young_digital": (
        ("age_years", lambda age: age <= ASSUMED.young_until_years),
        ("online_share_90d", lambda online: online * 10_000 >= ASSUMED.digital_share_bp),
    ),
    "stable_middle": (
        ("age_years", lambda age: (age >= ASSUMED.middle_from_years) & (age < ASSUMED.older_from_years)),
        ("income_band", lambda band: band.isin(["100k_to_200k", "200k_to_500k"])),
        ("occupation", lambda work: work.isin(_OFFICE)),
    ),
    "high_end": (
        ("deposits_cents", lambda cents: cents >= ASSUMED.high_deposits_cents),
        ("income_band", lambda band: band == "over_500k"),
        ("limit_cents", lambda cents: cents >= ASSUMED.high_limit_cents),
    ),
    "rural_county": (
        ("city_tier", lambda tier: tier == "rural"),
        ("occupation", lambda work: work.isin(["farming", "own_business"])),
    ),
    "older": (
        ("age_years", lambda age: age >= ASSUMED.older_from_years),
        ("occupation", lambda work: work == "retired"),
    ),
    "small_business": (("occupation", lambda work: work == "own_business"),),
    "first_job": (
        ("age_years", lambda age: age <= ASSUMED.first_job_until_years),
        ("income_band", lambda band: band.isin(["under_50k", "50k_to_100k"])),
    ),
}
_TITLES = {
    "young_digital": Text("年轻数字客群", "young and digital"),
    "stable_middle": Text("稳健中产", "stable middle class"),
    "high_end": Text("高净值客群", "high-end"), "rural_county": Text("县域与乡村客群", "rural and county"),
    "older": Text("中老年客群", "older"), "small_business": Text("小微业主", "small-business owners"),
    "first_job": Text("学生与职场新人", "students and first-jobbers"),
}  # fmt: skip


def _fit(view: ibis.Table, _as_of: ir.DateValue, *, group: str) -> ir.FloatingValue:
    """Share of the known marks that are met; null where none is known."""
    known = sum(ibis.ifelse(view[column].notnull(), 1, 0) for column, _ in GROUPS[group])
    met = sum(ibis.ifelse(shows(view[column]), 1, 0) for column, shows in GROUPS[group])
    return met.cast("float64") / known.nullif(0).cast("float64")


def _fit_to_own(view: ibis.Table) -> ir.FloatingValue:
    own = [(view.target_group == group, view[f"fit_{group}"]) for group in GROUPS]
    return ibis.cases(*own, else_=ibis.null("float64"))


def _suggested(view: ibis.Table) -> ir.StringValue:
    """Of equal fits that of the group on record, else the first; nobody is put where less than half is met."""
    fits = {group: view[f"fit_{group}"].fill_null(0.0) for group in GROUPS}
    best = ibis.greatest(*fits.values())
    own = [((fit == best) & (view.target_group == group), group) for group, fit in fits.items()]
    first = [(fit == best, group) for group, fit in fits.items()]
    return ibis.cases((best * 2 < 1, ibis.null("string")), *own, *first, else_=ibis.null("string"))


for _group, _title in _TITLES.items():
    features.register(
        Derived(
            name=f"fit_{_group}",
            title=Text(f"与{_title.zh}的吻合度", f"Fit to {_title.en}"),
            meaning=Text(
                f"{_title.zh}的特征中，已知且符合者的占比；特征全不可知为空",
                f"Share of the known marks of the group {_title.en} that the customer meets; empty where none is known",
            ),
            unit="ratio",
            type="float64",
            needs=tuple(column for column, _ in GROUPS[_group]),
            expression=partial(_fit, group=_group),
            theme="person",
            assumptions=ASSUMED,
        )
    )
features.register(
    Derived(
        name="target_group_fit",
        title=Text("客群吻合度", "Fit to target group"),
        meaning=Text(
            "与银行记录客群的吻合度；客群未知或特征全不可知为空",
            "Fit to the group on record; empty without a group, or where none of its marks is known",
        ),
        unit="ratio",
        type="float64",
        needs=("target_group", *(f"fit_{group}" for group in GROUPS)),
        expression=lambda view, as_of: _fit_to_own(view),
    )
)
features.register(
    Derived(
        name="target_group_suggested",
        title=Text("最吻合客群", "Best-fitting group"),
        meaning=Text(
            "吻合度最高的客群；都不足一半为空", "Group with the greatest fit; empty where every fit is below a half"
        ),
        unit="",
        type="string",
        needs=("target_group", *(f"fit_{group}" for group in GROUPS)),
        expression=lambda view, as_of: _suggested(view),
    )
)
