"""Contract of every source: it compiles, its reasons are known, and nothing personal can reach a fact."""

import re

import ibis
import pytest

from zhike.core.money import exponent
from zhike.data.columns import CardNumber, Identity, Party, Personal, Surrogate
from zhike.data.ingest.distinct import outputs
from zhike.data.ingest.typed import fields, plan
from zhike.data.quarantine import REASONS
from zhike.data.source import Source, sources
from zhike.data.tables import TABLES

ENTRIES = list(sources)


@pytest.mark.parametrize("source", ENTRIES, ids=lambda source: source.name)
def test_every_file_compiles_and_fills_what_is_required(source: Source) -> None:
    for file in source.files:
        compiled = plan(source, file)
        assert {table for table, _ in compiled.maps} <= set(TABLES)
        for map_ in file.maps:
            raw = ibis.table(ibis.Schema.from_pyarrow(_accepted(source, file.name)), name="accepted")
            given = set(map_.columns(raw))
            table = TABLES[map_.table]
            filled = {"source", "currency", "known_at", "known_from", "valid_from"}
            lacking = {column.name for column in table.columns if column.required} - given - filled
            assert not lacking, f"{file.name} -> {table.name} never fills {lacking}"
            dated = "known_from" in given or table.shape == "event" or "(?P<date>" in file.pattern
            assert dated, f"{file.name} -> {table.name}: from when is it known?"


@pytest.mark.parametrize("source", ENTRIES, ids=lambda source: source.name)
def test_reasons_have_words(source: Source) -> None:
    for file in source.files:
        for code, column in plan(source, file).reasons:
            own = {rule.code for rule in file.rules if rule.meaning is not None}
            assert code in REASONS or code in own, f"{file.name}: nothing says what {code} means"
            assert column in file.columns or not column


@pytest.mark.parametrize("source", ENTRIES, ids=lambda source: source.name)
def test_direct_identifiers_have_no_typed_column(source: Source) -> None:
    for file in source.files:
        for raw, column in file.readings:
            if isinstance(column, Personal | Identity | CardNumber | Party) or (
                isinstance(column, Surrogate) and column.kind in ("account", "card", "household")
            ):
                assert raw in file.masked, f"{file.name}.{raw} would be shown in the quarantine"
        names = {field.name for field in fields(file)}
        assert not {raw for raw, column in file.readings if isinstance(column, Personal)} & names


@pytest.mark.parametrize("source", ENTRIES, ids=lambda source: source.name)
def test_patterns_and_currency(source: Source) -> None:
    if source.currency:
        assert exponent(source.currency) >= 0
    else:
        filled = {map_.table for file in source.files for map_ in file.maps}
        assert not [name for name in filled if "currency" in TABLES[name].names], "an amount without a currency"
    for file in source.files:
        assert not file.pattern.endswith(".gz"), "the packing is seen through, leave .gz out of the pattern"
        re.compile(file.pattern)


def _accepted(source: Source, name: str):  # type: ignore[no-untyped-def]
    """The columns that a map may read: typed ones, row, place, and whatever ``prepare`` adds."""
    import pyarrow as pa

    from zhike.data.ingest import typed

    file = source.file(name)
    schema = pa.schema([*typed.ROW, *fields(file)])
    table = ibis.table(ibis.Schema.from_pyarrow(schema), name="typed").mutate(_reason=ibis.null("int32"))
    if file.prepare is not None:
        table = file.prepare(table, lambda other: typed.lookup(source.file(other)))
    return table.schema().to_pyarrow()


@pytest.mark.parametrize("source", ENTRIES, ids=lambda source: source.name)
def test_card_numbers_become_token_bin_and_last_four(source: Source) -> None:
    """A column named as a card number is read as one: its number goes to the vault as tokens, or nowhere."""
    for file in source.files:
        for raw, column in file.readings:
            if re.fullmatch(r"(card|pan|main_card)_?(no|number|num)?", raw):
                assert isinstance(column, CardNumber), f"{file.name}.{raw}"
            if isinstance(column, CardNumber):
                made = [name for name, _ in outputs(column)]
                assert made == ["", "__bin", "__last4"]
