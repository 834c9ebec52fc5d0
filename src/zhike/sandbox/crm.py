"""The branches' own register of customers: typed by hand under numbers of its own, with slips, and with prospects.

Who stands in it is known to the truth: `told` gives the true person of every record.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhike.sandbox import mistyped, names
from zhike.sandbox import text_columns as texts
from zhike.sandbox.branches import BRANCHES, home
from zhike.sandbox.card_texts import identities
from zhike.sandbox.dice import Dice, Rolls, quantiles
from zhike.sandbox.mistyped import BIRTH_DATE, FULL_WIDTH, MARRIED_NAME, MISSING, OLD_PHONE, RIGHT, SAME
from zhike.sandbox.numbers import Bytes, identity_numbers, phone_numbers, scattered
from zhike.sandbox.places import DISTRICTS

if TYPE_CHECKING:
    from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NOBODY = -1

# Who is on file, by planning group as in `groups.GROUPS`; of all people, how many know a prospect of the bank.
_ON_FILE = np.array([0.12, 0.35, 0.95, 0.40, 0.55, 0.65, 0.08])
_PROSPECTS = 0.04
# Of those on file: shares of `mistyped.DIFFERENCES`. Dirty registers of Chinese branches are said to hold 5 to 30 %.
_SHARES = (70, 9, 3, 8, 5, 5)
# Of those that differ: how the identity number stands, as `mistyped.PAPERS` from the second on.
_PAPERS = (45, 25, 30)
# Of prospects, how many have shown a paper; nobody lives under this ending of a division code.
_PROSPECTS_PAPERS, _PROSPECTS_DIVISION, _PROSPECTS_PHONE = 0.35, b"99", 60_000_000
# In core banking, of those who bank with both: still under the old identity number.
_OLD_IN_CORE = 0.02
_OLDEST_DAYS, _NEW = 6 * 365, 0.12
_MANAGERS_A_BRANCH = 2


@dataclass(frozen=True)
class Register:
    """One position per record. ``person`` is the block's position, NOBODY for a prospect; days since 1970."""

    rolls: Rolls
    person: Ints
    number: pa.Array  # of the record, as the branches write it
    since: Ints
    name: pa.Array
    identity: pa.Array
    phone: pa.Array
    birth: Ints
    female: Bools
    district: Ints
    branch: Ints
    difference: Ints
    papers: Ints

    def __len__(self) -> int:
        return len(self.person)


def make(world: "World") -> Register:
    """The register of a block."""
    people, dice = world.people, Dice(world.parameters.seed)
    on_file = people.rolls.happens("on file in a branch", _ON_FILE[people.group])
    known = np.flatnonzero(on_file & (people.in_cards | people.in_core))
    knows = np.flatnonzero(people.rolls.happens("knows a prospect", _PROSPECTS))
    serial = np.concatenate([people.number[known] * 2, people.number[knows] * 2 + 1])
    rolls = dice.rolls("branch record", serial)
    customers = _customers(world, known, rolls.at(np.arange(len(known))), identities(people))
    prospects = _prospects(world, knows, dice.rolls("prospect", people.number[knows]))
    both = {name: _joined(customers[name], prospects[name]) for name in customers}
    number = texts.numbered("R", scattered(serial, 9), 9)
    return Register(rolls=rolls, number=number, since=_since(world, rolls), **both)


def told(world: "World", register: Register) -> pa.Table:
    """The true person of every record; NOBODY is a prospect, who is in no other system. The rest as in `mistyped`."""
    person = np.where(register.person < 0, NOBODY, world.people.number[register.person])
    there = np.flatnonzero(register.since <= world.parameters.last_day)
    return pa.table({
        "person": pa.array(person, pa.int64()), "system": pa.array(["crm"] * len(register), pa.string()),
        "number": register.number.cast(pa.string()),
        "difference": pa.array(mistyped.DIFFERENCES).take(register.difference),
        "papers": pa.array(mistyped.PAPERS).take(register.papers),
    }).take(pa.array(there))  # fmt: skip


def old_in_core(world: "World") -> Bools:
    """Who is in core banking under an identity number and a phone of before, and so looks like somebody else."""
    people = world.people
    both = people.in_core & people.in_cards
    old = both & people.rolls.happens("old papers in core", _OLD_IN_CORE)
    if world.numbers.start == 0 and both.any():
        old[np.flatnonzero(both)[0]] = True  # the smallest bank has one too
    return old


def managers() -> list[tuple[str, str]]:
    """Number and branch of every relationship manager."""
    below = [branch.code for branch in BRANCHES if branch.level == 3]
    return [(f"E{branch}{turn}", branch) for branch in below for turn in range(1, _MANAGERS_A_BRANCH + 1)]


def _since(world: "World", rolls: Rolls) -> Ints:
    first, last = world.parameters.first_day, world.parameters.last_day
    late = rolls.happens("new on file", _NEW)
    inside, before = first + rolls.below("on file day", last - first + 1), rolls.below("on file before", _OLDEST_DAYS)
    return np.where(late, inside, first - 1 - before)


def _customers(world: "World", person: Ints, rolls: Rolls, identity: Bytes) -> dict[str, Any]:
    """Their particulars as they were typed."""
    people = world.people
    difference = rolls.drawn("difference", quantiles(list(_SHARES)))
    papers = np.where(difference == SAME, RIGHT, MISSING + rolls.drawn("papers", quantiles(list(_PAPERS))))
    if world.numbers.start == 0:
        _sure(difference, papers, people.female[person])
    difference[(difference == MARRIED_NAME) & ~people.female[person]] = mistyped.TYPING_ERROR
    right = texts.strings(identity[person])
    before = mistyped.old_identity(
        identity[person][:, :6], identity[person][:, 6:14], people.female[person], people.number[person]
    )
    phone = texts.strings(phone_numbers(people.number[person]))
    former = texts.strings(mistyped.old_phones(people.number[person]))
    return {
        "person": person.astype(np.int64), "name": _names(people.name[person].astype(np.int64), difference, rolls),
        "identity": _chosen(papers, right, texts.same("", len(person)), texts.strings(before), mistyped.wide(right)),
        "phone": _chosen(
            np.select([difference == OLD_PHONE, difference == FULL_WIDTH], [1, 2], 0), phone, former,
            mistyped.wide(phone),
        ),
        "birth": np.where(difference == BIRTH_DATE, mistyped.turned(people.birth[person]), people.birth[person]),
        "female": people.female[person], "district": people.district[person].astype(np.int64),
        "branch": home(people.city[person], people.rolls.at(person)).astype(np.int64), "difference": difference,
        "papers": papers,
    }  # fmt: skip


def _sure(difference: Ints, papers: Ints, female: Bools) -> None:
    """Each kind is sure to be there in the smallest bank: among the first women on file."""
    sure = np.flatnonzero(female)[: len(_SHARES)]
    difference[sure] = np.arange(len(sure))
    papers[sure] = np.where(difference[sure] == SAME, RIGHT, MISSING + difference[sure] % 3)


def _names(name: Ints, difference: Ints, rolls: Rolls) -> pa.Array:
    right = pa.array(names.full_names()).take(name)
    spouse = mistyped.surnames().take(names.draw(rolls.on(1), np.zeros(len(name), bool)))
    married = pa.compute.binary_join_element_wise(spouse, right, "")
    which = np.select([difference == mistyped.TYPING_ERROR, difference == MARRIED_NAME], [1, 2], 0)
    return _chosen(which, right, mistyped.misspelt().take(name), married)


def _prospects(world: "World", knows: Ints, rolls: Rolls) -> dict[str, Any]:
    """People of the neighbourhood who hold nothing at the bank yet."""
    people, count = world.people, len(knows)
    female = rolls.happens("sex", 0.5)
    birth = world.parameters.first_day - 22 * 365 - rolls.below("age", 40 * 365)
    division = np.array([list(DISTRICTS[at].code[:4].encode() + _PROSPECTS_DIVISION) for at in people.district[knows]])
    born = _digits_of(birth)
    paper = identity_numbers(division.astype(np.uint8).reshape(count, 6), born, female, people.number[knows])
    shown = rolls.happens("has shown a paper", _PROSPECTS_PAPERS)
    return {
        "person": np.full(count, NOBODY), "name": pa.array(names.full_names()).take(names.draw(rolls, female)),
        "identity": _chosen(shown.astype(int), texts.same("", count), texts.strings(paper)),
        "phone": texts.strings(phone_numbers(people.number[knows] + _PROSPECTS_PHONE)), "birth": birth,
        "female": female, "district": people.district[knows].astype(np.int64),
        "branch": home(people.city[knows], rolls).astype(np.int64), "difference": np.full(count, SAME),
        "papers": np.where(shown, RIGHT, MISSING),
    }  # fmt: skip


def _digits_of(birth: Ints) -> Bytes:
    from zhike.sandbox import fixed_width

    return fixed_width.dates()[fixed_width.date_position(birth)]


def _chosen(which: NDArray[np.integer], *choices: pa.Array) -> pa.Array:
    """Of several columns of texts the one that each row names."""
    count = len(which)
    whole = pa.chunked_array([choice.cast(pa.large_string()) for choice in choices]).combine_chunks()
    return whole.take(np.asarray(which, np.int64) * count + np.arange(count))


def _joined(customers: Any, prospects: Any) -> Any:
    if isinstance(customers, np.ndarray):
        return np.concatenate([customers, prospects])
    return pa.chunked_array([each.cast(pa.large_string()) for each in (customers, prospects)]).combine_chunks()
