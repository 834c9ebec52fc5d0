"""Contract of every classification and segment."""

import dataclasses

import ibis
import pytest

from zhike.core.text import LOCALES
from zhike.data.assumption import assumptions
from zhike.data.segments import Classification, Entry, Segment, add_segments, named_segments, segments, view_fields
from zhike.decide.inputs import columns_read, declared_view
from zhike.decide.render import filled, places

ENTRIES = list(segments)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_says_what_it_is(entry: Entry) -> None:
    assert entry.owner
    assert segments.where(entry.name).endswith(tuple("0123456789"))
    if isinstance(entry, Classification):
        printed = {each.name: each.value for each in assumptions(entry.thresholds)}
        assert places(entry.meaning) <= set(printed)
        for locale in LOCALES:
            assert "{" not in filled(entry.meaning, printed, "CNY", locale)


@pytest.mark.parametrize(
    "entry", [each for each in ENTRIES if isinstance(each, Classification)], ids=lambda entry: entry.name
)
def test_classifications_are_ordered_and_complete(entry: Classification) -> None:  # type: ignore[type-arg]
    names = [label.name for label in entry.labels]
    assert len(set(names)) == len(names)
    assert [label.takes is None for label in entry.labels] == [False] * (len(names) - 1) + [True]
    view = declared_view()
    assert columns_read(entry.expression(view), view) == set(entry.needs)
    fields = {field.name for field in dataclasses.fields(entry.thresholds)}
    assert fields == {each.name for each in assumptions(entry.thresholds)}


@pytest.mark.parametrize("segment", named_segments(), ids=lambda entry: entry.name)
def test_segments_are_in_the_language(segment: Segment) -> None:
    expression = segment.parsed(view_fields(declared_view().schema()))
    assert expression.columns


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
def test_all_compile(dialect: str) -> None:
    declared = declared_view()
    added = [each.column if isinstance(each, Segment) else each.name for each in ENTRIES]
    view = ibis.table(declared.drop(*added).schema(), name="customer_view")
    with_segments = add_segments(view)
    assert set(with_segments.columns) == set(declared.columns)
    assert ibis.to_sql(with_segments, dialect=dialect)
