"""Contract of every offer type and policy."""

from collections import Counter

import ibis
import ibis.expr.types as ir
import pytest

from zhike.core.text import LOCALES
from zhike.data.assumption import assumptions
from zhike.decide.arbitrate import next_best_action
from zhike.decide.inputs import declared_view
from zhike.decide.offer import COMPONENTS, AnyOffer, OfferType
from zhike.decide.offers import offers
from zhike.decide.policies import policies
from zhike.decide.policy import AnyPolicy
from zhike.decide.render import filled, places

DECLARED = [*offers, *policies]
STAGES = ["eligible", "applicable", "suitable", "policy"]
each_declared = pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.name)


def known(declared: AnyOffer | AnyPolicy) -> dict[str, int | str]:
    shown = declared.shown_values if isinstance(declared, OfferType) else {}
    return {each.name: each.value for each in assumptions(declared.parameters)} | shown


@each_declared
def test_texts_can_be_filled(declared: AnyOffer | AnyPolicy) -> None:
    parameters, columns = known(declared), set(declared_view().columns)
    assert declared.owner
    assert places(declared.meaning) <= set(parameters)
    texts = [declared.meaning, *(gate.reason for gate in declared.gates), *(ground.text for ground in declared.grounds)]
    for text in texts:
        assert places(text) <= set(parameters) | columns, text
        for locale in LOCALES:
            assert "{" not in filled(text, {**dict.fromkeys(columns), **parameters}, "CNY", locale)


@each_declared
def test_gates_come_in_stages(declared: AnyOffer | AnyPolicy) -> None:
    stages = [STAGES.index(gate.stage) for gate in declared.gates]
    assert stages == sorted(stages)
    if isinstance(declared, OfferType):
        assert "policy" not in {gate.stage for gate in declared.gates}
        assert declared.channels or not declared.selling
    else:
        assert {gate.stage for gate in declared.gates} == {"policy"}
        assert all(gate.rule for gate in declared.gates)


@each_declared
def test_conditions_are_conditions_over_the_view(declared: AnyOffer | AnyPolicy) -> None:
    view = declared_view()
    for gate in declared.gates:
        assert isinstance(gate.passes(view, declared.parameters), ir.BooleanValue)
    for ground in declared.grounds:
        assert isinstance(ground.holds(view, declared.parameters), ir.BooleanValue)


@pytest.mark.parametrize("offer", list(offers), ids=lambda offer: offer.name)
def test_worth_is_in_whole_cents(offer: AnyOffer) -> None:
    economics = offer.economics(declared_view(), offer.parameters)
    for component in COMPONENTS:
        assert isinstance(getattr(economics, component), ir.IntegerValue)
    assert isinstance(offer.value_cents(declared_view()), ir.IntegerValue)


def test_codes_are_unique_and_masks_have_room() -> None:
    codes = Counter(part.code for declared in DECLARED for part in (*declared.gates, *declared.grounds))
    assert not [code for code, count in codes.items() if count > 1]
    assert not [code for code in codes if code.endswith("_unknown") and code.removesuffix("_unknown") in codes]
    before_selling = sum(len(policy.gates) for policy in policies)
    assert all(len(offer.gates) + before_selling <= 31 for offer in offers)


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "databricks"])
def test_the_whole_decision_compiles_and_stays_small(dialect: str) -> None:
    """An expression used twice is written twice: this notices before an engine does."""
    assert len(ibis.to_sql(next_best_action(declared_view()), dialect=dialect)) < 12_000 * len(offers.all())


def test_doing_nothing_is_always_possible() -> None:
    nothing = offers.get("do_nothing")
    assert not nothing.gates
    assert not nothing.selling
