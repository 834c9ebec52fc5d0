"""A decision as a customer's page shows it: the winner with its reasons, then every other candidate with its own."""

from dataclasses import dataclass
from typing import Any

from zhike.core.actor import Actor
from zhike.core.errors import NotFound
from zhike.core.text import Locale
from zhike.decide.offers import offers
from zhike.decide.render import filled


@dataclass(frozen=True)
class Candidate:
    """One offer type of a decision. ``value_cents`` None: it was refused before it was valued."""

    title: str
    meaning: str
    outcome: str
    value_cents: int | None
    reasons: list[dict[str, Any]]


@dataclass(frozen=True)
class Decision:
    winner: Candidate
    others: list[Candidate]


def decision(actor: Actor, found: dict[str, Any], currency: str) -> Decision | None:
    """From the customer's JSON shape; None when no decision was made."""
    actor.require("view_decision")
    best = found.get("next_best_action")
    if not best:
        return None
    others = [_candidate(one, currency, actor.locale) for one in found.get("candidates", ()) if one["outcome"] != "won"]
    return Decision(_candidate({"outcome": "won", **best}, currency, actor.locale), others)


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
