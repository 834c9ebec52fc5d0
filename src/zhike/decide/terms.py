"""What decides beside the customer: which offers and policies there are, and with which parameters."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from zhike.core.errors import BadInput
from zhike.decide.offer import AnyGate, AnyGround, AnyOffer
from zhike.decide.offers import offers
from zhike.decide.policies import policies
from zhike.decide.policy import AnyPolicy

Overrides: TypeAlias = Mapping[str, Mapping[str, int | str]]
D = TypeVar("D", AnyOffer, AnyPolicy)

DO_NOTHING = "do_nothing"


@dataclass(frozen=True)
class DecisionSettings:
    """Parameters that differ from the declared ones, by offer type or policy.

    ``{"consent": {"unknown": "allow", "setting": "assumed_given_for_research_data", "sources": "berka"}}`` lets
    marketing reach people of whom no consent was ever recorded, and says in every reason by which setting, and whose.
    """

    overrides: Overrides = field(default_factory=dict)


def unknown_consent(choice: str, setting: str, sources: str = "all") -> DecisionSettings:
    """``refuse`` or ``allow`` marketing where no consent was recorded, by the setting of that name of these sources.

    Raises BadInput on another choice.
    """
    if choice not in ("refuse", "allow"):
        raise BadInput(f"The setting for unknown consent is {choice!r}: it must be refuse or allow.")
    return DecisionSettings({"consent": {"unknown": choice, "setting": setting, "sources": sources}})


@dataclass(frozen=True)
class Considered:
    """One offer with everything it must pass, in the order of its bits: own gates, then the policies'."""

    offer: AnyOffer
    policies: tuple[AnyPolicy, ...]

    @property
    def owners(self) -> tuple[AnyOffer | AnyPolicy, ...]:
        return (self.offer, *self.policies)

    def gates(self) -> list[tuple[AnyOffer | AnyPolicy, AnyGate]]:
        """Each gate with the declaration whose parameters it reads."""
        return [(owner, gate) for owner in self.owners for gate in owner.gates]

    def grounds(self) -> list[tuple[AnyOffer | AnyPolicy, AnyGround]]:
        return [(owner, ground) for owner in self.owners for ground in owner.grounds]


def considered(settings: DecisionSettings) -> list[Considered]:
    """Every offer: *do nothing* first, then by name. Ties of value are broken in this order.

    Raises BadInput when the settings name an offer, policy or parameter that does not exist.
    """
    unknown = set(settings.overrides) - set(offers.all()) - set(policies.all())
    if unknown:
        raise BadInput(f"Decision settings name no offer or policy: {', '.join(sorted(unknown))}.")
    before_selling = tuple(_adjusted(policy, settings) for policy in policies)
    found = [
        _adjusted(offer, settings) for offer in sorted(offers, key=lambda offer: (offer.name != DO_NOTHING, offer.name))
    ]
    return [
        Considered(offer, tuple(policy.before(offer) for policy in before_selling if policy.applies(offer)))
        if offer.selling
        else Considered(offer, ())
        for offer in found
    ]


def _adjusted(declared: D, settings: DecisionSettings) -> D:
    changes = settings.overrides.get(declared.name, {})
    known = {each.name: getattr(declared.parameters, each.name) for each in dataclasses.fields(declared.parameters)}
    for name, value in changes.items():
        if name not in known or type(value) is not type(known[name]):
            there = ", ".join(f"{each} ({type(default).__name__})" for each, default in known.items())
            raise BadInput(f"Decision settings: {declared.name} has no parameter {name}={value!r}. There are: {there}.")
    return (
        dataclasses.replace(declared, parameters=dataclasses.replace(declared.parameters, **changes))
        if changes
        else declared
    )
