"""Several hands at once, with real commits: one comes first, and what was signed is done once."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from approving import asked_for, made_kind, sign, user
from django.db import connections
from trust.goals import share

from zhike.core.actor import Actor
from zhike.core.errors import Conflict, Unavailable, ZhikeError
from zhike.operations.approvals import actions, queries
from zhike.operations.approvals.signing import request_refuse

ROUNDS = share(3, 30)


def at_once(*does: Callable[[], object]) -> list[object]:
    """What each gave or raised; all begin together, each on a connection of its own."""
    gate, found = threading.Barrier(len(does)), [None] * len(does)

    def run(place: int, one: Callable[[], object]) -> None:
        gate.wait(timeout=30)
        try:
            found[place] = one()
        except ZhikeError as fault:
            found[place] = fault
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, one)) for place, one in enumerate(does)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "two hands wait for each other"
    return found


@pytest.fixture
def hands(committed: None) -> tuple[Actor, list[Actor]]:
    return user("lin"), [user(f"checker{n}") for n in range(6)]


def test_of_many_signers_at_once_one_has_it_done(hands: tuple[Actor, list[Actor]]) -> None:
    maker, checkers = hands
    with made_kind() as bench:
        for place in range(ROUNDS):
            number = asked_for(maker)
            found = at_once(*(partial(sign, one, number) for one in checkers))
            assert [getattr(one, "state", None) for one in found].count("applied") == 1, found
            assert sum(isinstance(one, Conflict) for one in found) == len(checkers) - 1
            assert len(bench.done) == place + 1
            assert len(queries.request_get(maker, number).signatures) == 1


def test_of_two_that_are_needed_each_counts_once(hands: tuple[Actor, list[Actor]]) -> None:
    maker, checkers = hands
    with made_kind(signatures=2) as bench:
        for place in range(ROUNDS):
            number = asked_for(maker)
            # The same person twice, among others.
            found = at_once(*(partial(sign, one, number) for one in (*checkers[:3], checkers[0])))
            states = sorted(str(getattr(one, "state", "refused")) for one in found)
            assert states == ["applied", "open", "refused", "refused"], found
            assert len(bench.done) == place + 1
            whole = queries.request_get(maker, number)
            assert len({one.checker for one in whole.signatures}) == len(whole.signatures) == 2


def test_a_signature_and_an_edit_at_once_never_apply_what_was_not_signed(hands: tuple[Actor, list[Actor]]) -> None:
    maker, checkers = hands
    ends = []
    with made_kind() as bench:
        for place in range(3 * ROUNDS):
            number = asked_for(maker, text=f"seen {place}")
            given = {"text": f"edited {place}", "people": 100}
            signed, edited = at_once(
                partial(sign, checkers[0], number),
                partial(actions.request_edit, maker, request_id=number, given=given, reason="for a test"),
            )
            state = queries.request_get(maker, number).row
            if isinstance(signed, Conflict):
                assert edited == 2
                assert (state.state, state.given) == ("open", 0)
            else:
                assert isinstance(edited, Conflict)
                assert (state.state, state.version) == ("applied", 1)
            ends.append(state.state)
        assert len(bench.done) == ends.count("applied") == len(ends) - ends.count("open")
        assert [text for text, _ in bench.done if not text.startswith("seen")] == []


def test_signing_refusing_and_withdrawing_at_once_come_to_one_end(hands: tuple[Actor, list[Actor]]) -> None:
    maker, checkers = hands
    with made_kind() as bench:
        for _ in range(ROUNDS):
            before, number = len(bench.done), asked_for(maker)
            found = at_once(
                partial(sign, checkers[0], number),
                partial(request_refuse, checkers[1], request_id=number, version=1, remark="no"),
                partial(actions.request_withdraw, maker, request_id=number),
            )
            assert sum(isinstance(one, Conflict) for one in found) == 2, found
            state = queries.request_get(maker, number).row.state
            assert (len(bench.done) - before) == (state == "applied")


def test_what_was_rolled_back_is_done_by_the_next_signature(hands: tuple[Actor, list[Actor]]) -> None:
    maker, checkers = hands
    with made_kind() as bench:
        number = asked_for(maker)
        bench.fault = Unavailable("not now")
        found = at_once(*(partial(sign, one, number) for one in checkers[:3]))
        assert all(isinstance(one, Unavailable) for one in found), found
        assert queries.request_get(maker, number).row.given == 0
        bench.fault = None
        assert sign(checkers[0], number).state == "applied"
