"""Variants: what a file names changes, what it does not know is refused, and a change comes on its day."""

from pathlib import Path

import numpy as np
import pytest

from zhike.core.errors import BadInput
from zhike.sandbox import entries, variant
from zhike.sandbox.actions import OFFERS
from zhike.sandbox.calendar import number
from zhike.sandbox.curves import USUAL
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.variant import EXAMPLES, parsed, read
from zhike.sandbox.world import World

PLAIN = Parameters(customers=400, months=3, seed=6)


def test_an_empty_file_is_the_usual_world():
    assert parsed({}).of(PLAIN) == PLAIN


def test_what_is_named_changes_and_the_rest_stays():
    found = parsed({
        "response": {
            "fatigue": 0.3, "offers": {"wake_up": {"base": 1.5, "usual": 900}}, "channels": {"sms": {"cost": 7}},
        },
        "crime": {"ring_members": 0}, "prices": {"interest_a_day": 0.0004, "bill_instalment": {"12": 0.005}},
    })  # fmt: skip
    wake = OFFERS.index("wake_up")
    assert (found.curves.fatigue, found.curves.offers[wake].base, found.curves.offers[wake].usual) == (0.3, 1.5, 900)
    assert found.curves.offers[wake].price == USUAL.offers[wake].price
    assert found.curves.channels[0].cost == 7
    assert [each for each in found.curves.offers if each not in USUAL.offers] == [found.curves.offers[wake]]
    assert found.crime.ring_members == 0
    assert dict(found.prices.bill_instalment)[12] == 0.005
    assert dict(found.prices.bill_instalment)[3] == 0.0075


@pytest.mark.parametrize(("content", "says"), [
    ({"respons": {}}, "knows no 'respons': give one of title, response"),
    ({"response": {"fatige": 1}}, "fatigue"),
    ({"response": {"fatigue": 99}}, "from 0 to 20"),
    ({"response": {"fatigue": "much"}}, "no number"),
    ({"response": {"fatigue": True}}, "no number"),
    ({"response": {"offers": {"gift": {}}}}, "first_use_gift"),
    ({"response": {"offers": {"wake_up": {"base": 50}}}}, "from -20 to 20"),
    ({"response": {"channels": {"sms": {"reach": 1.5}}}}, "from 0 to 1"),
    ({"crime": {"ring_members": -1}}, "from 0 to"),
    ({"prices": {"interest_a_day": 0.01}}, "from 0 to 0.001"),
    ({"prices": {"bill_instalment": {"13": 0.005}}}, "3, 6, 12, 24"),
    ({"prices": {"bill_instalment": {"12": 0.5}}}, "from 0 to 0.02"),
    ({"segment": [{"name": "new", "share": 2.0}]}, "from 0 to 1"),
    ({"segment": [{"name": "new", "share": 0.1, "group": "rich"}]}, "young_digital"),
    ({"segment": [{"name": "new", "share": 0.1, "shifts": {"gift": 1.0}}]}, "no offer"),
    ({"segment": {"name": "new"}}, r"\[\[segment\]\]"),
    ({"change": [{"prices": {}}]}, "needs its day"),
    ({"change": [{"day": "2026-08-01"}]}, "needs its day"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_what_can(content, says):
    with pytest.raises(BadInput, match=says):
        parsed(content)


def test_a_file_that_is_none_is_told(tmp_path: Path):
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "nothing.toml")
    (tmp_path / "bad.toml").write_text("a = = b")
    with pytest.raises(BadInput, match="no TOML"):
        read(tmp_path / "bad.toml")


def test_the_examples_are_worlds_that_live_otherwise():
    paths = sorted(EXAMPLES.glob("*.toml"))
    assert len(paths) == 2
    for path in paths:
        parameters = read(path).of(PLAIN)
        assert parameters != PLAIN
        world = World(parameters)
        for day in range(PLAIN.first_day, PLAIN.first_day + 3):
            world.step(day)


def _interest(parameters: Parameters) -> list[int]:
    world, found = World(parameters), []
    for day in range(parameters.first_day, parameters.last_day + 1):
        now = world.step(day).entries
        found.append(int(now.amount[now.type == entries.INTEREST].sum()))
    return found


def test_prices_change_on_their_day_and_not_before():
    day = number(variant.date(2026, 10, 1))
    changed = parsed({"change": [{"day": variant.date(2026, 10, 1), "prices": {"interest_a_day": 0.0}}]}).of(PLAIN)
    usual, other = _interest(PLAIN), _interest(changed)
    before = day - PLAIN.first_day
    assert usual[:before] == other[:before]
    assert sum(other[before:]) == 0 < sum(usual[before:])


def test_a_segment_that_wakes_up_later_is_drawn_from_the_start():
    segment = {"name": "hunters", "share": 0.3, "shifts": {"wake_up": 3.0}}
    found = parsed({"change": [{"day": variant.date(2026, 9, 1), "segment": [segment]}]})
    world = World(found.of(PLAIN))
    inside = world.contact.leanings.segment >= 0
    assert 0.2 < np.mean(inside) < 0.4
    start = number(variant.date(2026, 9, 1))
    assert found.curves.on(start - 1).segments[0].shifts == ()
    assert found.curves.on(start).segments[0].shifts == (("wake_up", 3.0),)
