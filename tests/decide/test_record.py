"""Old decisions come again byte for byte, or say why they cannot."""

import dataclasses

import pyarrow as pa
import pytest
from decision_reference import random_customers, session_of, view_of_inputs

from zhike.core.errors import Conflict
from zhike.core.text import Text
from zhike.decide.arbitrate import next_best_action
from zhike.decide.offer import OfferType
from zhike.decide.offers import offers
from zhike.decide.policies import policies
from zhike.decide.record import DecisionRecord, decision_bytes, record, replay, versions
from zhike.decide.terms import Considered, DecisionSettings, considered, unknown_consent

SETTINGS = unknown_consent("allow", "the workspace")


def test_replays_byte_for_byte_from_what_was_kept() -> None:
    customers = random_customers(2_000, 5)
    with session_of(customers) as session:
        made = session.query(next_best_action(view_of_inputs(), SETTINGS).order_by("customer_id"))
    kept = record("2026-06-30", SETTINGS).to_json()

    # Later: other facts stand in the view; only the decision rows and the record are looked at.
    with session_of(random_customers(2_000, 6)) as session:
        session.add("decision", made)
        import ibis

        old = ibis.table(ibis.Schema.from_pyarrow(made.schema), name="decision")
        again = session.query(replay(old, DecisionRecord.from_json(kept)).order_by("customer_id"))
    assert again.schema == made.schema
    assert [decision_bytes(row) for row in again.to_pylist()] == [decision_bytes(row) for row in made.to_pylist()]


def test_a_record_is_canonical() -> None:
    kept = record("2026-06-30", SETTINGS)
    assert DecisionRecord.from_json(kept.to_json()).to_json() == kept.to_json()
    assert set(kept.versions) == {
        "arbitration", *(f"offer:{name}" for name in offers.all()),
        *(f"policy:{name}:{each.name}" for name in policies.all() for each in offers
          if each.selling and policies.get(name).applies(each)),
    }  # fmt: skip
    assert record("2026-06-30", SETTINGS) == kept


def test_a_changed_declaration_is_named() -> None:
    kept = record("2026-06-30", SETTINGS)
    older = dataclasses.replace(kept, versions={**kept.versions, "offer:wake_up": "0", "offer:gone": "1"})
    with pytest.raises(Conflict, match=r"offer:gone, offer:wake_up changed since"):
        replay(view_of_inputs(), older)


def test_a_version_changes_with_parameters_conditions_and_words() -> None:
    def version(offer: OfferType) -> str:  # type: ignore[type-arg]
        return versions([Considered(offer, ())])[f"offer:{offer.name}"]

    offer = offers.get("wake_up")
    gate = offer.gates[0]
    changed = [
        dataclasses.replace(offer, parameters=dataclasses.replace(offer.parameters, reward_cents=1)),
        dataclasses.replace(
            offer, gates=(dataclasses.replace(gate, passes=lambda v, _: v.accounts_open > 1), *offer.gates[1:])
        ),
        dataclasses.replace(offer, gates=(dataclasses.replace(gate, reason=Text("无", "None")), *offer.gates[1:])),
        dataclasses.replace(offer, gates=offer.gates[1:]),
    ]
    assert len({version(each) for each in [offer, *changed]}) == 5


def test_settings_are_part_of_the_version() -> None:
    plain, allowed = versions(considered(DecisionSettings())), versions(considered(SETTINGS))
    assert {name for name in plain if plain[name] != allowed[name]} == {
        f"policy:consent:{each.name}" for each in offers if each.selling
    }


def test_columns_are_whole_numbers_of_64_bits() -> None:
    with session_of(random_customers(5, 1)) as session:
        made = session.query(next_best_action(view_of_inputs()))
    for field in made.schema:
        if "__" in field.name or field.name == "winner_value_cents":
            assert field.type == pa.int64(), field
