"""What must be kept of a run so that any of its decisions can be given again, byte for byte.

The rows carry their inputs; the record carries the settings and a version of every declaration. A replay decides those
inputs again: facts that arrived later are not looked at.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from typing import Any

import ibis

from zhike.core.errors import Conflict
from zhike.data.assumption import assumptions
from zhike.decide.arbitrate import inputs, judgement, next_best_action
from zhike.decide.inputs import declared_view
from zhike.decide.offer import AnyOffer, Gate, Ground
from zhike.decide.policy import AnyPolicy
from zhike.decide.terms import Considered, DecisionSettings, considered

# Raised when arbitration itself comes to decide otherwise.
ARBITRATION_VERSION = 1


@dataclass(frozen=True)
class DecisionRecord:
    """``as_of`` ISO date; ``overrides`` of `DecisionSettings`; ``versions`` by ``offer:name`` and by
    ``policy:name:offer``."""

    as_of: str
    overrides: Mapping[str, Mapping[str, int | str]]
    inputs: tuple[str, ...]
    versions: Mapping[str, str]

    @property
    def settings(self) -> DecisionSettings:
        return DecisionSettings(self.overrides)

    def to_json(self) -> str:
        """Canonical JSON: equal records give equal bytes."""
        return _canonical(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "DecisionRecord":
        held = json.loads(text)
        return cls(held["as_of"], held["overrides"], tuple(held["inputs"]), held["versions"])


def record(as_of: str, settings: DecisionSettings) -> DecisionRecord:
    """The record of a run that decides with these settings now."""
    candidates = considered(settings)
    read = tuple(inputs(declared_view().schema(), candidates))
    return DecisionRecord(as_of, settings.overrides, read, versions(candidates))


def versions(candidates: list[Considered]) -> dict[str, str]:
    """A hash of everything that each declaration decides by, and of what it says."""
    found = {"arbitration": str(ARBITRATION_VERSION)}
    view = declared_view()
    for candidate in candidates:
        for policy in candidate.policies:
            gates = {gate.code: gate.passes(view, policy.parameters) for gate in policy.gates}
            grounds = {ground.code: ground.holds(view, policy.parameters) for ground in policy.grounds}
            found[f"policy:{policy.name}:{candidate.offer.name}"] = _version(policy, view.select(**gates, **grounds))
        alone = judgement(view, Considered(candidate.offer, ()))
        found[f"offer:{candidate.offer.name}"] = _version(candidate.offer, view.select(**alone))
    return dict(sorted(found.items()))


def replay(decisions: ibis.Table, kept: DecisionRecord) -> ibis.Table:
    """The decision table of the inputs that ``decisions`` carries, as it was decided.

    Raises Conflict that names the declarations which have changed since: then this code cannot give it again.
    """
    settings = kept.settings
    now = versions(considered(settings))
    changed = sorted(name for name in {*now, *kept.versions} if now.get(name) != kept.versions.get(name))
    if changed:
        raise Conflict(
            f"The decisions of {kept.as_of} cannot be replayed by this version: {', '.join(changed)} changed since. "
            "Run the version that decided them."
        )
    return next_best_action(decisions.select("customer_id", *kept.inputs), settings)


def decision_bytes(row: Mapping[str, Any]) -> bytes:
    """One decision row as bytes: what a replay must equal."""
    return _canonical(dict(row)).encode()


def _version(declared: AnyOffer | AnyPolicy, computes: ibis.Table) -> str:
    says = {
        "name": declared.name,
        "texts": [asdict(declared.title), asdict(declared.meaning)],
        "parameters": {each.name: each.value for each in assumptions(declared.parameters)},
        "gates": [_said(gate) for gate in declared.gates],
        "grounds": [_said(ground) for ground in declared.grounds],
        "computes": ibis.to_sql(computes, dialect="duckdb"),
    }
    return hashlib.sha256(_canonical(says).encode()).hexdigest()[:16]


def _said(part: Gate[Any] | Ground[Any]) -> dict[str, Any]:
    """Its words and codes; what it computes stands in the SQL of the offer."""
    held = {each.name: getattr(part, each.name) for each in fields(part)}
    return {name: _text(value) for name, value in held.items() if not callable(value)}


def _text(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no value of a decision")
