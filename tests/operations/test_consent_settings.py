"""Which setting decides about people of whom no consent was ever recorded: that of the sources loaded."""

from typing import get_args

import pytest

from zhike.core.snapshot import Manifest
from zhike.data.source import ConsentSetting
from zhike.data.sources import sources
from zhike.decide.terms import considered
from zhike.operations.marketing.made import settings_of

GIVEN = "assumed_given_for_research_data"


@pytest.mark.parametrize(
    ("declared", "unknown", "setting", "named"),
    [
        ({}, "refuse", "default", "all"),
        ({"berka": GIVEN}, "allow", GIVEN, "berka"),
        ({"uci": GIVEN, "berka": GIVEN}, "allow", GIVEN, "berka, uci"),
        ({"made_core": "assumed_refused"}, "refuse", "assumed_refused", "made_core"),
        ({"operations": "recorded"}, "refuse", "default", "all"),
        ({"operations": "recorded", "berka": GIVEN}, "allow", GIVEN, "berka"),
        ({"made_core": "assumed_refused", "berka": GIVEN}, "refuse", "assumed_refused", "made_core"),
        ({"made_core": "assumed_refused", "made_cards": "delivered"}, "refuse", "delivered", "made_cards"),
    ],
)
def test_the_sources_decide(declared: dict[str, str], unknown: str, setting: str, named: str) -> None:
    manifest = Manifest(sources={name: {"consent": consent} for name, consent in declared.items()})
    settings = settings_of(manifest)
    assert settings.overrides == {"consent": {"unknown": unknown, "setting": setting, "sources": named}}
    assert considered(settings)


def test_every_source_declares_a_setting() -> None:
    assert {source.consent for source in sources} <= set(get_args(ConsentSetting))


def test_research_data_are_assumed_given() -> None:
    research = [source.name for source in sources if source.consent == GIVEN]
    assert {"berka", "berka_loans", "uci_credit_default", "cdnow"} == set(research)
