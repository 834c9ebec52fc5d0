"""Codes of the canonical tables have words."""

from datetime import date

import pytest

from zhike.data.features import features
from zhike.data.kpis import kpis
from zhike.data.segments import classifications, named_segments
from zhike.data.sources._made_format import OCCUPATIONS, TARGET_GROUPS
from zhike.data.sources.made_atm import KINDS as ATM_KINDS
from zhike.data.tables import TABLES
from zhike.decide.offers import offers
from zhike.interfaces.console import codes, timeline, timeline_words
from zhike.operations.customers.shapes import TimelineEntry
from zhike.operations.service.codes import CAUSES
from zhike.sandbox import dialogue, life
from zhike.sandbox.actions import OFFERS

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


TOPICS = {
    *dialogue.TOPICS, *dialogue.KINDS[:4], *OFFERS, *offers.all(), *filter(None, ATM_KINDS.values()),
    *_codes("interaction", "purpose"),
}  # fmt: skip


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_every_topic_of_the_systems_that_are_read_has_words(topic: str) -> None:
    words = timeline_words.title("interaction", topic)
    assert words
    assert topic not in (words.zh, words.en)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in words.zh), "in Chinese"


def test_causes_and_details_of_cards_have_words() -> None:
    for cause in (*dialogue.CAUSES, *CAUSES):
        assert timeline_words.detail("complaint", cause), cause
    for why in filter(None, life.DETAILS):
        assert timeline_words.detail("card_event", why), why


def test_a_topic_that_only_its_source_knows_is_shown_as_it_is() -> None:
    assert timeline_words.title("interaction", "贵宾厅") is None
    entry = TimelineEntry(date(2026, 6, 1), None, "interaction", "贵宾厅", None, None, None, "phone", "done")
    ((_, (shown,)),) = timeline.days([entry], "en")
    assert (shown.title, shown.detail) == ("贵宾厅", "Phone · Done")


def test_a_log_in_reads_as_one() -> None:
    entry = TimelineEntry(date(2026, 6, 1), None, "interaction", "login", None, None, None, "app", "done")
    assert [timeline.days([entry], locale)[0][1][0].title for locale in ("zh", "en")] == ["登录", "Log-in"]


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
