"""No file tells who commits crime: not a number, not a code, not the place in the file. Only what people do tells."""

from dataclasses import dataclass

import numpy as np
import pytest

from tests.sandbox.made import rows
from tests.sandbox.signals import area, fitted
from zhike import sandbox
from zhike.sandbox import layouts
from zhike.sandbox.crime_rates import CrimeRates
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.truth import Truth

# So much crime that a column that tells it would be seen.
_RATES = CrimeRates(
    ring_members=100_000, members_a_ring=12, lost_or_stolen=60_000, card_not_present=60_000,
    account_taken_over=60_000, applications=200_000, points_abusers=12_000,
)  # fmt: skip
_SUBJECTS = ("customer_no", "customer_id", "customer", "account_no", "card_no")
# Rings live in some cities, and so do their members: a place is no secret.
# What DOMAIN section 4 names as a sign: with so much crime, half of what agencies sell is cash.
_SIGNS = ("mcc", "merchant_no", "merchant_name", "terminal_no")
_PLACES = ("branch_no", "division", "address", "name")


@dataclass
class Files:
    """All rows of a bank, and the people behind the numbers in them."""

    rows: dict[str, list[dict[str, str]]]
    person: dict[str, int]
    people: np.ndarray
    guilty: np.ndarray
    deeds: set[str]
    ring_shops: set[str]
    taken_over: dict[int, tuple[str, str]]  # person: first day, day of the report


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("hidden")
    parameters = Parameters(customers=3_000, months=3, seed=17, crime=_RATES)
    bank = sandbox.Bank(parameters, folder)
    truth = Truth(bank.worlds[0])
    for day in range(parameters.first_day, parameters.last_day + 1):
        truth.see(bank.step(day).days[0])
    tables = truth.tables()
    every = {f"{record.system}/{record.name}": rows(folder, record) for record in layouts.RECORDS}
    person = {row["number"]: row["person"] for row in tables["numbers"].to_pylist() if row["person"] >= 0}
    for kind in ("cards/account", "cards/card", "core/account"):
        for row in every[kind]:
            owner = person[row.get("customer_no") or row["customer_id"]]
            person.setdefault(row["account_no"], owner)
            person.setdefault(row.get("card_no", row["account_no"]), owner)
    cases = tables["crime_case"].to_pylist()
    guilty = np.zeros(parameters.customers, bool)
    guilty[[case["person"] for case in cases if case["committed_by_holder"] and case["since"] <= parameters.end]] = True
    deeds = {
        f"{row['reference']:016d}"
        for row in tables["crime_movement"].to_pylist()
        if row["what"] in ("purchase", "cash_advance")
    }
    shops = {number for row in tables["crime_ring"].column("merchants").to_pylist() for number in row}
    known = np.array(sorted(set(person.values())))
    taken = {
        case["person"]: (case["since"].isoformat(), case["reported"].isoformat())
        for case in cases
        if case["kind"] == "account_taken_over"
    }
    return Files(every, person, known, guilty, deeds, shops, taken)


def test_there_is_much_to_hide(files):
    assert files.guilty.sum() > 150
    assert len(files.deeds) > 3_000
    assert len(files.ring_shops) > 30


def _number(text: str) -> float:
    digits = "".join(filter(str.isdigit, text))
    return float(int(digits[-15:])) if digits else -1.0


def _reference(row: dict[str, str]) -> str:
    return row["ref"]


def _stump(value: np.ndarray, label: np.ndarray, known: np.ndarray) -> float:
    """Area on the unknown half of the best single cut of the known half."""
    cuts = np.unique(np.quantile(value[known], np.linspace(0.03, 0.97, 33)))
    gains = [area((value[known] > cut).astype(float), label[known]) - 0.5 for cut in cuts]
    best = int(np.argmax(np.abs(gains)))
    found = area((value[~known] > cuts[best]).astype(float), label[~known])
    return found if gains[best] > 0 else 1 - found


def test_no_number_of_a_person_and_no_place_in_a_file_tells(files):
    """The best cut on each identifier, and on the first place of a person in each file, judged on other people."""
    worst: dict[str, float] = {}
    for record in layouts.RECORDS:
        kind = f"{record.system}/{record.name}"
        names = [field.name for field in record.fields]
        subject = next((name for name in _SUBJECTS if name in names), None)
        if subject is None:
            continue
        first: dict[int, tuple[int, dict[str, str]]] = {}
        for place, row in enumerate(files.rows[kind]):
            who = files.person.get(row.get(subject, ""), -1)
            if who >= 0:
                first.setdefault(who, (place, row))
        people = np.array(sorted(first), int)
        label, known = files.guilty[people], people // 2 % 2 == 0
        if min(label[known].sum(), label[~known].sum()) < 60:
            continue
        # Who stands in a file of deeds first is who acts often: there the place is what people do.
        if len(files.rows[kind]) < 2 * len(people):
            places = np.array([first[who][0] for who in people], float)
            worst[f"{kind} place"] = _stump(places, label, known)
        for field in record.fields:
            if field.personal == "identifier" and field.name not in _PLACES:
                value = np.array([_number(first[who][1].get(field.name, "")) for who in people])
                worst[f"{kind} {field.name}"] = _stump(value, label, known)
    for name, found in sorted(worst.items(), key=lambda one: -one[1])[:5]:
        print(f"{name:36} {found:.3f}")
    assert len(worst) > 15
    assert max(worst.values()) < 0.60


def test_a_model_of_all_digits_finds_nobody(files):
    """The digits of a person's numbers in the card system, all together."""
    first = {files.person[row["customer_no"]]: row for row in reversed(files.rows["cards/customer"])}
    people = np.array(sorted(first))
    texts = [first[who]["customer_no"] + first[who]["phone"] + first[who]["email"][1:9] for who in people]
    digits = np.array([[ord(sign) - 48 for sign in text] for text in texts], float)
    digits = digits[:, digits.std(axis=0) > 0]
    label, known = files.guilty[people], people // 2 % 2 == 0
    found = area(fitted(digits, label, known)[~known], label[~known])
    print(f"digits: AUC {found:.3f}")
    assert 0.42 < found < 0.58


def test_no_code_of_any_file_is_the_mark_of_the_guilty(files):
    """Of the people with a code, at least half are honest, whatever the file and the column."""
    checked = 0
    for record in layouts.RECORDS:
        kind = f"{record.system}/{record.name}"
        names = [field.name for field in record.fields]
        subject = next((name for name in _SUBJECTS if name in names), None)
        if subject is None:
            continue
        for field in record.fields:
            if field.name in _SIGNS:
                continue
            holders: dict[str, set[int]] = {}
            for row in files.rows[kind]:
                who = files.person.get(row.get(subject, ""), -1)
                if who >= 0:
                    holders.setdefault(row.get(field.name, ""), set()).add(who)
            if len(holders) > 150:
                continue
            for code, people in holders.items():
                if len(people) >= 25:
                    checked += 1
                    share = files.guilty[list(people)].mean()
                    assert share < 0.5, f"{kind} {field.name} = {code}: {share:.2f} guilty of {len(people)}"
    assert checked > 100


def test_references_and_shops_do_not_tell(files):
    """A movement's place in the file and its reference follow the clock; the shops of rings stand among the others."""
    # Of a row that was delivered late or twice, the delivery tells the place.
    bought = [row for row in files.rows["cards/txn"] if row["type"] in ("1001", "1002")]
    txn = sorted({row["ref"]: row for row in bought if row["txn_date"] == row["post_date"]}.values(), key=_reference)
    day = np.array([int(row["post_date"]) for row in txn])
    second = np.array([int(row["txn_time"]) for row in txn])
    same = day[1:] == day[:-1]
    # Corrections of rows that were wrong at first come behind the others.
    assert (np.diff(second)[same] < 0).mean() < 0.003
    guilty = np.array([row["ref"] in files.deeds for row in txn])
    tie = np.flatnonzero(same & (np.diff(second) == 0) & (guilty[1:] != guilty[:-1]))
    print(f"{len(tie)} times somebody honest in the same second, before {guilty[tie + 1].mean():.2f}")
    assert len(tie) < 60 or 0.3 < guilty[tie + 1].mean() < 0.7
    shops = files.rows["cards/merchant"]
    mine = np.array([row["merchant_no"] in files.ring_shops for row in shops])
    assert mine.sum() == len(files.ring_shops)
    known = np.arange(len(shops)) % 2 == 0
    kinds = {row["mcc"] for row, ring in zip(shops, mine, strict=True) if ring}
    among = np.array([row["mcc"] in kinds and row["country"] == "CN" for row in shops])
    for name in ("merchant_no", "place"):
        value = (
            np.array([_number(row.get(name, "")) for row in shops])
            if name != "place"
            else np.arange(len(shops)) % 997.0
        )
        found = _stump(value[among], mine[among], known[among])
        print(f"shops of rings by {name}: {found:.3f}")
        assert found < 0.66


def test_deeds_do_not_stand_out_by_card_or_account(files):
    """Single cuts over the numbers in the rows of purchases, judged on rows of other people."""
    txn = [row for row in files.rows["cards/txn"] if row["type"] == "1001" and row["response"] == "00"]
    who = np.array([files.person[row["account_no"]] for row in txn])
    label = np.array([row["ref"] in files.deeds for row in txn])
    for name in ("account_no", "card_no"):
        value = np.array([_number(row[name]) for row in txn])
        found = _stump(value, label, who // 2 % 2 == 0)
        print(f"{name:12} {found:.3f}")
        assert found < 0.60


def test_whoever_takes_an_account_over_comes_by_another_device(files):
    """The log shows it; so do many honest people who have another phone."""
    seen: dict[int, list[tuple[str, str]]] = {}
    for row in files.rows["digital/event"]:
        who = files.person.get(row["customer"], -1)
        seen.setdefault(who, []).append((row["at"][:10], row["device.os"] + row["device.version"]))
    changed = {who for who, events in seen.items() if len({device for _, device in events}) > 1}
    taken = {who for who, (first, last) in files.taken_over.items() if any(first <= day < last for day, _ in seen[who])}
    told = [who for who in taken if any(day < files.taken_over[who][0] for day, _ in seen[who])]
    print(f"another device: {np.mean([who in changed for who in told]):.2f} of {len(told)} accounts taken over")
    assert len(told) >= 8
    assert np.mean([who in changed for who in told]) > 0.6
    others = [who in changed for who in seen if who not in files.taken_over]
    assert 0 < np.mean(others) < 0.2
