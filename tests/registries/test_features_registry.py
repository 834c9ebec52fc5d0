"""What holds for every feature, whoever adds it."""

import re
from itertools import pairwise

import ibis
import pytest

from tests.data.random_facts import AS_OF
from zhike.core.engine import sql
from zhike.data.asof import Facts
from zhike.data.assumption import assumptions
from zhike.data.compiler import compile_view
from zhike.data.feature import AnyFeature, Derived, Feature, Trait
from zhike.data.features import features
from zhike.data.joined import JOINED
from zhike.data.merchant_classes import CLASSES
from zhike.data.tables import TABLES
from zhike.data.themes import THEMES, theme
from zhike.decide.inputs import columns_read, declared_view

CODE = re.compile(r"\d{4}")
UNITS = {"count", "cents", "days", "years", "ratio", "score", "points", "date", ""}
each = pytest.mark.parametrize("feature", list(features), ids=lambda feature: feature.name)


@each
def test_declares_its_unit_and_words(feature: AnyFeature) -> None:
    assert feature.unit in UNITS
    assert feature.title.zh != feature.title.en
    assert "{" not in feature.title.zh + feature.title.en + feature.meaning.zh + feature.meaning.en
    assert feature.name.isidentifier()
    assert (feature.unit == "cents") == feature.name.endswith("_cents"), "the unit stands at the end of the name"


@each
def test_reads_declared_columns_only(feature: AnyFeature) -> None:
    if isinstance(feature, Trait):
        assert feature.column in TABLES["party"].names
    elif isinstance(feature, Derived):
        view = declared_view()
        assert columns_read(feature.expression(view, ibis.literal(AS_OF)), view) == set(feature.needs)
    else:
        assert feature.table in TABLES or feature.table in JOINED
        if isinstance(feature.measure.column, str) and feature.table in TABLES:
            assert feature.measure.column in TABLES[feature.table].names


@each
def test_belongs_to_a_theme_and_says_what_it_assumes(feature: AnyFeature) -> None:
    """Numbers that somebody chose have an owner and say where they come from."""
    assert theme(feature) in THEMES
    if not isinstance(feature, Trait):
        for stated in assumptions(feature.assumptions):
            assert stated.owner
            assert stated.origin
            assert stated.title.zh != stated.title.en


def test_no_two_classes_of_merchants_share_a_code() -> None:
    ranges = sorted(codes for each in CLASSES for codes in each.codes)
    assert all(CODE.fullmatch(low) and CODE.fullmatch(high) and low <= high for low, high in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


@each
def test_no_current_state_and_no_unknown_currency(feature: AnyFeature) -> None:
    """Sums of money come from a table that names its currency, which the build checks row by row."""
    if isinstance(feature, Feature) and feature.unit == "cents" and feature.table in TABLES:
        assert "currency" in TABLES[feature.table].names
    if isinstance(feature, Feature) and feature.table in TABLES and TABLES[feature.table].shape == "dimension":
        assert feature.window_days is None, "a dimension is read as of the day; it has no window"


def test_the_whole_view_compiles_for_every_engine() -> None:
    view = compile_view(Facts(lambda name: TABLES[name].unbound(), AS_OF), features)
    assert set(view.columns) == {"customer_id", *features.all()}
    for dialect in ("duckdb", "databricks"):
        assert len(sql(view, dialect)) > 1_000


def test_every_entry_says_where_it_stands() -> None:
    for name in features.all():
        path, line = features.where(name).rsplit(":", 1)
        assert path.startswith("zhike/data/features/")
        assert int(line) > 0
