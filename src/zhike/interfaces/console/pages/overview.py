"""The overview: how the card business stands, how fresh the data is, and whom to turn to first."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data.kpis import AREAS, Kpi, kpis
from zhike.interfaces.console import formatting
from zhike.interfaces.console.codes import OWNERS
from zhike.interfaces.console.formatting import Change, Figure
from zhike.interfaces.console.panel import narrowed, panel
from zhike.interfaces.console.registry import Page, pages
from zhike.operations.customers import queries
from zhike.operations.customers.shapes import KpiValue

_ACTIONS_SHOWN = 10


@dataclass(frozen=True)
class Tile:
    """One KPI as its tile shows it. ``verdict``: better or worse by the direction that its definition calls good."""

    kpi: KpiValue
    figure: Figure
    change: Change | None
    before: Figure
    period: str
    population: Text | None
    owner: str
    verdict: str


@dataclass(frozen=True)
class Area:
    """The KPIs of one area, below the tiles."""

    title: Text
    tiles: list[Tile]


@pages.register(
    Page(
        name="overview",
        path="",
        title=Text("经营总览", "Overview"),
        meaning=Text("指标、客群结构、数据新鲜度与对账", "KPIs, customer structure, data freshness and reconciliation"),
        icon="layout-dashboard",
        permission="view_overview",
        menu=10,
        texts={
            "kpis": Text("关键指标", "Key figures"),
            "others": Text("全部指标", "All KPIs"),
            "others.note": Text("没有数据可依的指标显示 —", "— where the sources tell nothing of it"),
            "kpi": Text("指标", "KPI"),
            "now": Text("本期", "Now"),
            "change": Text("变化", "Change"),
            "before": Text("对比期", "Before"),
            "period": Text("期间", "Period"),
            "meaning": Text("含义", "Meaning"),
            "as_of": Text("截至 {day}", "as of {day}"),
            "against": Text("{day} 为 {figure}", "{figure} on {day}"),
            "no_comparison": Text("无可比期", "nothing to compare with"),
            "watch": Text("需关注", "watch"),
            "definition": Text("指标定义：{title}", "Definition: {title}"),
            "formula": Text("公式", "Formula"),
            "population": Text("口径", "Population"),
            "owner": Text("负责部门", "Owner"),
            "tiers": Text("价值等级", "Value tiers"),
            "stages": Text("生命周期阶段", "Life-cycle stages"),
            "actions": Text("最值得先做的行动", "Most valuable next actions"),
            "actions.note": Text("按预期价值排序", "By expected value"),
            "customer": Text("客户", "Customer"),
            "action": Text("行动", "Action"),
            "reason": Text("首要理由", "First reason"),
            "value": Text("预期价值", "Expected value"),
            "freshness": Text("数据新鲜度", "Data freshness"),
            "published": Text("当前发布", "Published"),
            "behind": Text("有新数据尚未发布", "Newer data waits to be published"),
            "current": Text("已是最新", "Up to date"),
            "source": Text("数据源", "Source"),
            "newest": Text("最新业务日", "Newest day"),
            "files": Text("文件", "Files"),
            "reconciliation": Text("入库对账", "Reconciliation"),
            "reconciliation.note": Text("读入 = 接收 + 隔离", "Rows in = accepted + quarantined"),
            "rows_in": Text("读入行", "Rows in"),
            "accepted": Text("接收", "Accepted"),
            "quarantined": Text("隔离", "Quarantined"),
            "balance": Text("对账", "Balance"),
            "balanced": Text("平", "Balanced"),
            "unbalanced": Text("差 {rows} 行", "Off by {rows}"),
        },
    )
)
def overview(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    currency = workspace().currency
    freshness = panel(lambda: queries.freshness(actor))
    every = panel(lambda: [_tile(kpi, actor, currency) for kpi in queries.kpi_list(actor)])
    return {
        "tiles": narrowed(every, lambda found: sorted((t for t in found if t.kpi.tile), key=lambda t: t.kpi.tile)),
        "areas": narrowed(every, _areas),
        "tiers": panel(lambda: queries.distribution(actor, "tier")),
        "stages": panel(lambda: queries.distribution(actor, "stage")),
        "actions": panel(lambda: queries.top_actions(actor, _ACTIONS_SHOWN)),
        "freshness": freshness,
        "sources": panel(lambda: freshness.value.sources if freshness.value else ()),
    }


def _tile(kpi: KpiValue, actor: Actor, currency: str | None) -> Tile:
    def shown(value: float | None) -> Figure:
        return formatting.measured(value, kpi.unit, currency, actor.locale)

    if kpi.unit == "ratio":
        change = formatting.points_changed(kpi.value, kpi.previous, actor.locale)
    else:
        change = formatting.relatively_changed(kpi.value, kpi.previous, actor.locale)
    declared = kpis.all().get(kpi.name)
    owner = OWNERS.get(kpi.owner)
    return Tile(
        kpi=kpi,
        figure=shown(kpi.value),
        change=change,
        before=shown(kpi.previous),
        period=_period(declared, kpi),
        population=declared.population if declared else None,
        owner=owner.in_(actor.locale) if owner else kpi.owner,
        verdict=_verdict(kpi.direction, change),
    )


def _areas(found: list[Tile]) -> list[Area]:
    """What stands below the tiles, by area in the order of their declaration."""
    below = sorted((tile for tile in found if not tile.kpi.tile), key=lambda tile: _in_number(tile.kpi.name))
    areas = [Area(title, [tile for tile in below if tile.kpi.area == area]) for area, title in AREAS.items()]
    return [area for area in areas if area.tiles]


def _in_number(name: str) -> list[tuple[int, str]]:
    """An order of names in which 3 months come before 12."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]


def _period(declared: Kpi | None, kpi: KpiValue) -> str:
    """``2026-05-30 – 2026-06-28`` of a flow; empty of a stock, which stands at the as-of day."""
    if declared is None or declared.kind == "stock":
        return ""
    period = declared.period(kpi.as_of)
    return f"{formatting.day(period.start)} – {formatting.day(period.end)}"


def _verdict(good: str, change: Change | None) -> str:
    if change is None or change.direction == "flat" or good not in ("up", "down"):
        return ""
    return "better" if change.direction == good else "worse"
