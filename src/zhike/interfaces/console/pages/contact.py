"""Consent and contacts of one customer: what they agreed to and how they were turned to; recorded here as well.

The customer page shows the same two panels: it asks for the parts of this page.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse

from zhike.core.actor import Actor
from zhike.core.errors import BadInput, NotFound, ZhikeError
from zhike.core.text import Text
from zhike.interfaces.console.panel import panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.console.showing import show
from zhike.interfaces.console.texts import said
from zhike.operations.contact import actions, queries
from zhike.operations.contact.reasons import TITLES
from zhike.operations.contact.shapes import ConsentState

_PURPOSES = ("marketing", "personalisation", "partner_sharing")
_CHANNELS = ("sms", "phone", "app", "email", "wallet", "all")
_SOURCES = ("branch", "call", "app", "web", "mail", "regulator")
_WHYS = ("marketing", "service", "collections")
_MEANS = ("sms", "phone", "app", "email", "wallet", "mail", "branch")
_STATES = ("answered", "unanswered", "sent", "delivered", "failed")
_TAGS = {"given": "good", "withdrawn": "bad", "expired": "watch", "unknown": ""}


@pages.register(
    Page(
        name="contact",
        path="customers/<uuid:customer_id>/contact/",
        title=Text("授权与触达", "Consent and contacts"),
        meaning=Text("客户同意了什么，银行如何联系客户", "What the customer agreed to, how the bank turned to them"),
        icon="handshake",
        permission="view_consent",
        under="customers",
        texts={
            "consents": Text("授权同意", "Consent"),
            "contacts": Text("触达记录", "Contacts"),
            "back": Text("返回客户页", "Back to the customer"),
            "whole": Text("查看全部", "See all"),
            "purpose": Text("用途", "Purpose"),
            "channel": Text("渠道", "Channel"),
            "state": Text("状态", "State"),
            "since": Text("自", "Since"),
            "told": Text("来源", "Told by"),
            "proof": Text("凭证", "Proof"),
            "wording": Text("告知文本", "Wording"),
            "history": Text("同意台账（{count}）", "Ledger ({count})"),
            "history.at": Text("表示时间", "Said at"),
            "history.by": Text("登记人", "Recorded by"),
            "record": Text("登记同意或撤回", "Record a consent or a withdrawal"),
            "given": Text("客户表示", "The customer"),
            "given.1": Text("同意", "Agrees"),
            "given.0": Text("撤回", "Withdraws"),
            "source": Text("在何处表示", "Said where"),
            "recipient": Text("接收方（仅合作方共享）", "Recipient (sharing only)"),
            "proof.help": Text(
                "录音、单据等的编号；退订后恢复必须有凭证，不得填写号码或证件号。",
                "Number of the recording or form; needed to lift an opt-out. No phone or ID number.",
            ),
            "none": Text("不适用（撤回）", "None (withdrawal)"),
            "save": Text("登记", "Record"),
            "saved": Text("已登记", "Recorded"),
            "at": Text("时间", "At"),
            "reference": Text("关联编号", "Reference"),
            "direction": Text("方向", "Direction"),
            "direction.out": Text("银行联系客户", "Bank to customer"),
            "direction.in": Text("客户联系银行", "Customer to bank"),
            "agency": Text("外包机构", "Agency"),
            "breaches": Text("违反规则", "Broke a rule"),
            "contacts.none": Text("没有触达记录", "No contacts yet"),
            "make": Text("登记一次触达", "Record a contact"),
            "cap.1": Text("今日营销", "Marketing today"),
            "cap.7": Text("本周营销", "Marketing, 7 days"),
            "cap.30": Text("30 天营销", "Marketing, 30 days"),
            "state.given": Text("已同意", "Given"),
            "state.withdrawn": Text("已撤回", "Withdrawn"),
            "state.expired": Text("已到期", "Expired"),
            "state.unknown": Text("无记录", "Not recorded"),
            "state.planned": Text("计划中", "Planned"),
            "state.sent": Text("已发出", "Sent"),
            "state.delivered": Text("已送达", "Delivered"),
            "state.answered": Text("已接通", "Answered"),
            "state.unanswered": Text("未接通", "Unanswered"),
            "state.failed": Text("未成功", "Failed"),
            "origin.ledger": Text("本系统登记", "Recorded here"),
            "origin.file": Text("银行文件", "The bank's files"),
            "for.marketing": Text("营销", "Marketing"),
            "for.personalisation": Text("个性化推荐", "Personalisation"),
            "for.partner_sharing": Text("合作方共享", "Sharing with a partner"),
            "for.service": Text("服务", "Service"),
            "for.collections": Text("催收", "Collections"),
            "by.sms": Text("短信", "Text message"),
            "by.phone": Text("电话", "Phone"),
            "by.app": Text("手机银行", "App"),
            "by.email": Text("邮件", "E-mail"),
            "by.wallet": Text("钱包", "Wallet"),
            "by.mail": Text("信函", "Letter"),
            "by.branch": Text("网点", "Branch"),
            "by.all": Text("所有渠道", "Every channel"),
            "at.branch": Text("网点", "At a branch"),
            "at.call": Text("电话", "By phone"),
            "at.app": Text("手机银行", "In the app"),
            "at.web": Text("网上", "On the web"),
            "at.mail": Text("书面", "In writing"),
            "at.file": Text("文件", "In a file"),
            "at.opt_out_link": Text("退订链接", "By the opt-out link"),
            "at.partner": Text("合作方", "By a partner"),
            "at.regulator": Text("监管转办", "Through the regulator"),
        },
    )
)
def contact(request: HttpRequest, actor: Actor, customer_id: Any) -> dict[str, Any]:
    state = queries.consent_state(actor, str(customer_id))  # NotFound for who is not the actor's, before all else
    return {**_consents(actor, customer_id, state), **_contacts(actor, customer_id)}


@contact.part("consents", "consents/")
def consents(request: HttpRequest, actor: Actor, customer_id: Any) -> dict[str, Any]:
    """The panel of consents, as the customer page shows it."""
    return _consents(actor, customer_id, queries.consent_state(actor, str(customer_id)))


@contact.part("contacts", "contacts/", permission="view_contact")
def contacts(request: HttpRequest, actor: Actor, customer_id: Any) -> dict[str, Any]:
    """The panel of contacts."""
    return _contacts(actor, customer_id)


@contact.part("say", "say/", method="POST", permission="record_consent")
def say(request: HttpRequest, actor: Actor, customer_id: Any) -> HttpResponse:
    """A consent given or withdrawn, then the panel anew."""
    form, fault = request.POST, None
    queries.consent_state(actor, str(customer_id))
    try:
        asked = {name: form.get(name, "") for name in ("purpose", "channel", "source", "proof", "recipient", "key")}
        if form.get("given") not in ("0", "1"):
            raise BadInput(said("contact.given"))
        if form["given"] == "1":
            wording = form.get("wording", "")
            actions.consent_record(actor, customer_id=str(customer_id), wording_version=wording, **asked)
        else:
            actions.consent_withdraw(actor, customer_id=str(customer_id), **asked)
    except ZhikeError as wrong:
        fault = wrong
    values = _consents(actor, customer_id, queries.consent_state(actor, str(customer_id)))
    return show(request, actor, contact, {**values, "saved": fault is None}, fault, "consents")


@contact.part("make", "make/", method="POST", permission="record_contact")
def make(request: HttpRequest, actor: Actor, customer_id: Any) -> HttpResponse:
    """A contact that was made, then the panel anew."""
    form, fault = request.POST, None
    queries.contacts_of(actor, str(customer_id), limit=1)
    try:
        asked = {name: form.get(name, "") for name in ("purpose", "channel", "direction", "state", "reference", "key")}
        actions.contact_record(actor, customer_id=str(customer_id), **asked)
    except ZhikeError as wrong:
        fault = wrong
    return show(request, actor, contact, {**_contacts(actor, customer_id), "saved": fault is None}, fault, "contacts")


def _consents(actor: Actor, customer_id: Any, state: ConsentState) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "lines": [(line, _TAGS[line.state]) for line in state.lines],
        "history": state.history,
        "wordings": queries.wordings(actor),
        "purposes": _PURPOSES,
        "channels": _CHANNELS,
        "sources": _SOURCES,
        "consent_key": str(uuid.uuid4()),
    }


def _contacts(actor: Actor, customer_id: Any) -> dict[str, Any]:
    found = panel(lambda: queries.contacts_of(actor, str(customer_id)), but=NotFound)
    known = found.value
    return {
        "customer_id": customer_id,
        "found": found,
        "made": [(each, [TITLES[code] for code in each.breaches]) for each in known.contacts] if known else (),
        "caps": [cap for cap in known.caps if not cap.channel] if known else (),
        "whys": _WHYS,
        "means": _MEANS,
        "states": _STATES,
        "contact_key": str(uuid.uuid4()),
    }
