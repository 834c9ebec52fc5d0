"""The decision table of a snapshot: what it was made from, and whether it still belongs to the view beside it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from zhike.core.errors import BadInput
from zhike.core.snapshot import Manifest
from zhike.data.build import VIEW
from zhike.decide.record import DecisionRecord, versions
from zhike.decide.terms import DecisionSettings, considered, unknown_consent
from zhike.operations.customers.reading import manifest_of

DECISION = "decision"
DecisionState = Literal["none", "another view", "another version", "stands"]
# What a source declares where it tells nothing of consent (data/source.py); only this one lets marketing go on.
_ASSUMED_GIVEN = "assumed_given_for_research_data"
# What is recorded here speaks of those who said something, and decides nothing about the others.
_RECORDED = "recorded"


def settings_of(manifest: Manifest) -> DecisionSettings:
    """Unknown consent is taken as given only when every loaded source declares that of itself.

    Else marketing is refused by the setting of those that do not; first named are those that deliver consents, since
    of this customer they delivered none.
    """
    declared = {name: str(source.get("consent", "default")) for name, source in manifest.sources.items()}
    declared = {name: setting for name, setting in declared.items() if setting != _RECORDED}
    refusing = {name: setting for name, setting in declared.items() if setting != _ASSUMED_GIVEN}
    if declared and not refusing:
        return unknown_consent("allow", _ASSUMED_GIVEN, ", ".join(sorted(declared)))
    settings = set(refusing.values())
    setting = "delivered" if "delivered" in settings else min(settings, default="default")
    deciding = sorted(name for name, own in refusing.items() if own == setting)
    return unknown_consent("refuse", setting, ", ".join(deciding) or "all")


def stands(manifest: Manifest) -> bool:
    """True when the snapshot's decisions were made over the very view that it holds."""
    step = manifest.steps.get(DECISION)
    return step is not None and step["view"] == manifest.content_hash([VIEW])


def record_of(snapshot: str) -> DecisionRecord | None:
    """With what the decisions of a snapshot were made; None when it holds none that this version can explain."""
    return _kept(snapshot)[1]


def state_of(snapshot: str) -> DecisionState:
    """Whether a snapshot's decisions can be shown, and if not, why."""
    return _kept(snapshot)[0]


def kept_record(manifest: Manifest) -> DecisionRecord:
    """With what the decisions of a snapshot that holds some were made, whichever version made them."""
    kept: Mapping[str, Any] = manifest.steps[DECISION]["record"]
    return DecisionRecord(kept["as_of"], kept["overrides"], tuple(kept["inputs"]), kept["versions"])


@lru_cache(maxsize=8)
def _kept(snapshot: str) -> tuple[DecisionState, DecisionRecord | None]:
    manifest = manifest_of(snapshot)
    if DECISION not in manifest.steps:
        return "none", None
    if not stands(manifest):
        return "another view", None
    record = kept_record(manifest)
    try:
        now = versions(considered(record.settings))
    except BadInput:
        return "another version", None
    # Masks are read by the declarations that made them: of others a reason could be wrong.
    return ("stands", record) if now == record.versions else ("another version", None)
