"""One customer: who it is (masked), what is known, what happened, and what to do next and why."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, NotFound, ZhikeError
from zhike.core.text import Text
from zhike.core.workspace import workspace
from zhike.data.segments import named_segments
from zhike.data.themes import THEMES
from zhike.interfaces.console import charts
from zhike.interfaces.console.codes import column_theme, column_title, shown_value, value_title
from zhike.interfaces.console.decision import decision
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.interfaces.console.texts import said
from zhike.interfaces.console.timeline import days
from zhike.operations.customers import queries
from zhike.operations.governance import actions
from zhike.operations.governance import queries as governance
from zhike.operations.service import queries as service

_MONTHS = 12
_EVENTS = 20
_EVENTS_MORE = 100
# What stands at the top. Every other column of the view follows, folded by the theme that its declaration says: a new
# feature is shown without a change here. The date of birth stays out: the age says enough.
_FACTS = {
    "relation": ("customer_since", "accounts_open", "cards_held", "days_since_last_use"),
    "spending": ("spend_30d_cents", "spend_90d_cents", "spend_365d_cents", "purchases_90d", "favourite_class_90d"),
    "balances": ("limit_cents", "utilisation", "owed_cents", "deposits_cents", "days_past_due", "payment_ratio"),
    "worth": ("contribution_12m_cents", "income_12m_cents", "cost_12m_cents", "growth_score"),
    "person": ("age_years", "sex", "city_tier", "occupation", "marketing_consent"),
}
_STRIP = ("full_name", "phone", "customer_number", "id_number")  # then what else the vault knows
_UNSHOWN = {"birth_date"}
_PURPOSES = ("verify", "call_back", "complaint", "other")


@pages.register(
    Page(
        name="customer",
        path="customers/<uuid:customer_id>/",
        title=Text("客户详情", "Customer"),
        meaning=Text("身份、事实、动态与下一步最佳行动", "Identity, facts, timeline and next best action"),
        icon="user",
        permission="view_customer",
        under="customers",
        charts=True,
        texts={
            "identity": Text("身份信息", "Identity"),
            "identity.erased": Text("身份信息已依法销毁", "The identity was erased"),
            "identity.empty": Text("数据源未提供身份信息", "No source told who this is"),
            "id": Text("客户编号", "Customer id"),
            "who_looked": Text("谁查看过该客户", "Who looked at this customer"),
            "reveal": Text("查看", "Reveal"),
            "hide": Text("隐藏", "Hide"),
            "reveal.title": Text("查看明文：", "Reveal: "),
            "reveal.why": Text(
                "查看会记入审计：谁、何时、看了谁的哪一项、为何。",
                "Each reveal is audited: who, when, which field of whom, and why.",
            ),
            "reveal.purpose": Text("用途", "Purpose"),
            "reveal.note": Text("说明（可选）", "Note (optional)"),
            "reveal.needed": Text("请说明用途", "Say what it is for"),
            "reveal.cancel": Text("取消", "Cancel"),
            "purpose.verify": Text("核实身份", "Verify identity"),
            "purpose.call_back": Text("回电联系", "Call the customer back"),
            "purpose.complaint": Text("处理投诉", "Handle a complaint"),
            "purpose.other": Text("其他（请说明）", "Other (say what)"),
            "facts": Text("客户事实", "Facts"),
            "facts.relation": Text("关系", "Relationship"),
            "facts.spending": Text("消费", "Spending"),
            "facts.balances": Text("额度与余额", "Limit and balances"),
            "facts.worth": Text("价值", "Worth"),
            "facts.person": Text("画像", "Profile"),
            "facts.more": Text("全部指标（{count}）", "All measures ({count})"),
            "facts.known": Text("{count} 项有值", "{count} known"),
            "spend": Text("月度消费", "Monthly spend"),
            "spend.note": Text(
                "近 {months} 个月 · 消费净额 · 截至 {day}", "Last {months} months · net of refunds · as of {day}"
            ),
            "spend.none": Text("近 {months} 个月没有消费", "No purchases in {months} months"),
            "spend.month": Text("月份", "Month"),
            "spend.amount": Text("消费额", "Spend"),
            "spend.count": Text("{count} 笔", "{count} purchases"),
            "spend.partial": Text("当月至 {day}", "month to {day}"),
            "timeline": Text("客户动态", "Timeline"),
            "timeline.empty": Text("没有近期动态", "Nothing happened lately"),
            "timeline.more": Text("显示更多", "Show more"),
            "action": Text("下一步最佳行动", "Next best action"),
            "action.none": Text("尚未做出决策", "No decision made yet"),
            "action.none.help": Text("下次决策运行后显示。", "It shows after the next decision run."),
            "action.value": Text("预期价值", "Expected value"),
            "action.live": Text("已按最新情况重新决策 · {at}", "Decided again, {at}: what was said since counts"),
            "action.others": Text("其他候选", "Other candidates"),
            "complaint.open": Text("有未结投诉", "Open complaint"),
            "complaint.take": Text("登记投诉", "Take a complaint"),
            "outcome.lost": Text("落选", "Lost"),
            "outcome.refused": Text("不可用", "Refused"),
        },
    )
)
def customer(request: HttpRequest, actor: Actor, customer_id: Any) -> dict[str, Any]:
    found, currency = queries.customer_get(actor, str(customer_id)), workspace().currency
    spend = panel(lambda: queries.customer_monthly_spend(actor, str(customer_id), _MONTHS))
    known = panel(lambda: governance.identity_masked(actor, str(customer_id)))
    return {
        "customer": found,
        "labels": [
            (column_title(name), value_title(name, found[name])) for name in ("tier", "stage") if found.get(name)
        ],
        "segments": [one.title for one in named_segments() if one.name in found["segments"]],
        "identity": replace(known, value=_ordered(known.value.fields)) if known.value else known,
        "erased": known.value is not None and known.value.erased,
        "facts": _facts(found["features"], actor, currency),
        "more": (more := _more(found["features"], actor, currency)),
        "more_count": sum(len(folded.facts) for folded in more),
        "spend": spend,
        "months": _MONTHS,
        "chart": charts.months(spend.value or [], currency, found["as_of"], actor.locale),
        "decision": panel(lambda: decision(actor, found, currency or "")),
        "purposes": _PURPOSES,
        "complaints_open": _complaints_open(actor, str(customer_id)),
        **timeline(request, actor, customer_id),
    }


@customer.part("timeline", "timeline/")
def timeline(request: HttpRequest, actor: Actor, customer_id: Any) -> dict[str, Any]:
    """The latest entries; more of them when asked."""
    limit = _EVENTS_MORE if request.GET.get("more") else _EVENTS
    events = panel(lambda: queries.customer_timeline(actor, str(customer_id), limit + 1), but=NotFound)
    entries = events.value or []
    return {
        "events": events,
        "days": days(entries[:limit], actor.locale),
        "has_more": len(entries) > limit,
        "customer_id": customer_id,
    }


@customer.part("reveal", "reveal/", method="POST", permission="reveal_identity")
def reveal(request: HttpRequest, actor: Actor, customer_id: Any) -> HttpResponse:
    """One field in clear, for a purpose; the action writes the audit entry."""
    field, note = request.POST.get("field", ""), request.POST.get("note", "").strip()[:200]
    purpose = request.POST.get("purpose", "")
    values: dict[str, Any] = {"field": field, "customer_id": customer_id}
    try:
        values["masked"] = governance.identity_masked(actor, str(customer_id)).fields.get(field, "")
        if purpose not in _PURPOSES or (purpose == "other" and not note):
            raise BadInput(said("customer.reveal.needed"))
        stated = ": ".join(filter(None, (purpose, note)))
        values["clear"] = actions.identity_reveal(actor, customer_id=str(customer_id), field=field, purpose=stated)
    except ZhikeError as fault:
        return show(request, actor, customer, values, fault, "revealed")
    return show(request, actor, customer, values, piece="revealed")


def _complaints_open(actor: Actor, customer_id: str) -> int:
    """How many complaints are open: selling stops. 0 also for who may not know."""
    return service.complaints_open_now(actor, [customer_id]).get(customer_id, 0) if actor.may("view_decision") else 0


def _ordered(fields: dict[str, str]) -> dict[str, str]:
    return {field: fields[field] for field in (*_STRIP, *sorted(fields.keys() - set(_STRIP))) if field in fields}


def _facts(features: dict[str, Any], actor: Actor, currency: str | None) -> list[tuple[str, list[tuple[Text, Any]]]]:
    return [
        (
            f"customer.facts.{theme}",
            [_fact(name, features[name], actor, currency) for name in names if name in features],
        )
        for theme, names in _FACTS.items()
    ]


@dataclass(frozen=True)
class Folded:
    """The columns of one theme; ``known`` of them have a value for this customer, and stand first."""

    title: Text
    facts: list[tuple[Text, Any]]
    known: int


def _more(features: dict[str, Any], actor: Actor, currency: str | None) -> list[Folded]:
    above = {name for names in _FACTS.values() for name in names} | _UNSHOWN
    by_theme: dict[str, list[str]] = {theme: [] for theme in THEMES}
    for name in sorted(features.keys() - above, key=lambda name: (features[name] is None, name)):
        by_theme[column_theme(name)].append(name)
    return [
        Folded(
            THEMES[theme],
            [_fact(name, features[name], actor, currency) for name in names],
            sum(features[name] is not None for name in names),
        )
        for theme, names in by_theme.items()
        if names
    ]


def _fact(name: str, value: Any, actor: Actor, currency: str | None) -> tuple[Text, Any]:
    return column_title(name), shown_value(name, value, currency, actor.locale)
