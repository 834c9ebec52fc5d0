"""Codes of the canonical tables have words."""

import pytest

from zhike.data.features import features
from zhike.data.kpis import kpis
from zhike.data.segments import classifications, named_segments
from zhike.data.sources._made_format import OCCUPATIONS, TARGET_GROUPS
from zhike.data.tables import TABLES
from zhike.interfaces.console import codes

_TIMELINE = {
    "transaction": "kind",
    "posting": "kind",
    "card_event": "kind",
    "application": "outcome",
    "complaint": "step",
}


def _codes(table: str, column: str) -> set[str]:
    return {code for each in TABLES[table].columns if each.name == column for code in each.codes}


@pytest.mark.parametrize(("table", "column"), _TIMELINE.items())
def test_every_code_on_the_timeline_has_words(table: str, column: str) -> None:
    assert _codes(table, column) == codes.KINDS[table].keys()


def test_channels_and_outcomes_have_words() -> None:
    assert _codes("interaction", "channel") == codes.CHANNELS.keys()
    assert _codes("interaction", "outcome") == codes.OUTCOMES.keys()


def test_codes_of_the_person_have_words() -> None:
    for column in ("sex", "city_tier"):
        assert _codes("party", column) == codes.VALUES[column].keys()


def test_codes_of_the_made_bank_have_words() -> None:
    assert set(OCCUPATIONS.values()) == codes.VALUES["occupation"].keys()
    assert set(TARGET_GROUPS.values()) == codes.VALUES["target_group"].keys()


def test_owners_have_words() -> None:
    assert {kpi.owner for kpi in kpis} <= codes.OWNERS.keys()


def test_columns_of_the_view_have_titles_and_units() -> None:
    for feature in features:
        assert codes.column_title(feature.name) == feature.title
        assert codes.column_unit(feature.name) == feature.unit
    for segment in named_segments():
        assert codes.column_title(segment.column) == segment.title
    for classification in classifications():
        for label in classification.labels:
            assert codes.value_title(classification.name, label.name) == label.title


def test_a_word_of_the_source_is_shown_as_it_is() -> None:
    assert codes.value_title("occupation", "工程师") is None
    assert str(codes.shown_value("occupation", "工程师", "CNY", "en")) == "工程师"
