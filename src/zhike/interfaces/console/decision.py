"""A decision as a customer's page shows it: the winner with its reasons, then every other candidate with its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhike.core.actor import Actor
from zhike.core.errors import NotFound
from zhike.core.text import Locale, Text
from zhike.decide.offers import offers
from zhike.decide.render import filled
from zhike.interfaces.console.codes import shown_value
from zhike.interfaces.console.formatting import moment

_CONSENT: dict[int | None, Text] = {
    1: Text("已同意", "given"),
    0: Text("已撤回", "withdrawn"),
    None: Text("无记录", "not recorded"),
}


@dataclass(frozen=True)
class Candidate:
    """One offer type of a decision. ``value_cents`` None: it was refused before it was valued."""

    title: str
    meaning: str
    outcome: str
    value_cents: int | None
    reasons: list[dict[str, Any]]


@dataclass(frozen=True)
class Change:
    """One thing that was said or done since the decision was published, before and now."""

    title: str
    before: str
    now: str


@dataclass(frozen=True)
class Decision:
    """``decided_at`` is empty for the published decision; else it was made again then, for these ``changes``."""

    winner: Candidate
    others: list[Candidate]
    decided_at: str = ""
    changes: tuple[Change, ...] = ()


def decision(actor: Actor, found: dict[str, Any], currency: str) -> Decision | None:
    """From the customer's JSON shape; None when no decision was made."""
    actor.require("view_decision")
    best = found.get("next_best_action")
    if not best:
        return None
    others = [_candidate(one, currency, actor.locale) for one in found.get("candidates", ()) if one["outcome"] != "won"]
    live = found.get("live") or {}
    at = moment(datetime.fromisoformat(live["decided_at"])) if live else ""
    changes = tuple(_change(each, currency, actor.locale) for each in live.get("changed", ()))
    return Decision(_candidate({"outcome": "won", **best}, currency, actor.locale), others, at, changes)


def _change(raw: dict[str, Any], currency: str, locale: Locale) -> Change:
    def shown(value: Any) -> str:
        if raw["column"].startswith("consent_"):
            return _CONSENT[value].in_(locale)
        return str(shown_value(raw["column"], value, currency, locale))

    return Change(raw["title"], shown(raw["published"]), shown(raw["now"]))


def _candidate(raw: dict[str, Any], currency: str, locale: Locale) -> Candidate:
    title, meaning = _titles(raw["offer"], currency, locale)
    return Candidate(title, meaning, raw["outcome"], raw.get("value_cents"), list(raw.get("reasons", ())))


def _titles(offer: str, currency: str, locale: Locale) -> tuple[str, str]:
    """Title and meaning of an offer type, its terms filled in; a retired one's name, as decided then."""
    try:
        known = offers.get(offer)
    except NotFound:
        return offer, ""
    terms = {**known.shown_values, **vars(known.parameters)}
    return known.title.in_(locale), filled(known.meaning, terms, currency, locale)
