import numpy as np
import pytest

from zhike.core.errors import BadInput
from zhike.sandbox.actions import CHANNELS, COMMANDS, NOTHING, OFFERS, Actions, Commands, Contacts, Decisions


def _contacts(**changes: object) -> Contacts:
    row = {"person": [3], "offer": [1], "channel": [0], "hour": [10], "incentive": [500], "reference": [7]}
    return Contacts(**{name: np.array(value) for name, value in {**row, **changes}.items()})


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"offer": [len(OFFERS)]}, r"contacts.offer = 19 in row 0 .* 0 to 18"),
        ({"channel": [5]}, r"contacts.channel = 5 .* 0 to 4"),
        ({"hour": [25]}, r"contacts.hour = 25 .* 0 to 23"),
        ({"incentive": [-1]}, r"contacts.incentive = -1 .* 0 to 100,000,000"),
        ({"person": [-4]}, r"contacts.person = -4"),
        ({"hour": [10.5]}, "contacts.hour is not a column of whole numbers"),
        ({"hour": [[1, 2]]}, "contacts.hour is not a column"),
        ({"hour": ["10"]}, "contacts.hour is not a column"),
        ({"reference": np.array([2**64 - 1], np.uint64)}, "contacts.reference = 18446744073709551615 is more"),
        ({"reference": [1, 2]}, "contacts.reference has 2 rows, the columns before have 1"),
    ],
)
def test_bad_contacts_are_refused_with_the_range(changes, named):
    with pytest.raises(BadInput, match=named):
        _contacts(**changes)


def test_bad_commands_and_decisions_are_refused():
    one = np.array([1])
    with pytest.raises(BadInput, match=r"commands.kind = 6 .* 0 to 5"):
        Commands(account=one, kind=np.array([len(COMMANDS)]), amount=one, term=one, reference=one)
    with pytest.raises(BadInput, match=r"commands.term = 61 .* 0 to 60"):
        Commands(account=one, kind=one, amount=one, term=np.array([61]), reference=one)
    with pytest.raises(BadInput, match=r"decisions.incentive = -5"):
        Decisions(person=one, offer=one, incentive=np.array([-5]), reference=one)


def test_strangers_are_refused():
    actions = Actions(contacts=_contacts(person=[3]))
    actions.check(4)
    with pytest.raises(BadInput, match=r"contacts.person = 3 .* 0 to 2"):
        actions.check(3)
    eight = np.array([8])
    command = Commands(account=eight, kind=eight - 8, amount=eight, term=eight, reference=eight)
    with pytest.raises(BadInput, match=r"commands.account = 8 .* 0 to 7"):
        Actions(commands=command).check(4)
    NOTHING.check(1)


def test_a_block_takes_its_share():
    serial = np.arange(10)
    one = np.zeros(10, np.int64)
    actions = Actions(
        _contacts(**{name: serial if name == "person" else one for name in vars(_contacts())}),
        Decisions(serial, one, one, serial),
        Commands(serial, one, one, one, serial),
    )
    share = actions.within(range(2, 4))
    assert share.contacts.person.tolist() == share.decisions.reference.tolist() == [2, 3]
    assert share.commands.account.tolist() == [4, 5, 6, 7]
    assert sum(len(actions.within(range(low, low + 2))) for low in range(0, 10, 2)) == len(actions) == 30
    assert len(NOTHING.within(range(2, 4))) == 0


def test_words_are_distinct():
    for words in (OFFERS, CHANNELS, COMMANDS):
        assert len(set(words)) == len(words)
