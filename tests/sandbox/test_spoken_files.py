"""The online log, the call centre's workbook and visits tell what passed in the world: no touch lost, none twice."""

import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.data.delivering import MemoryVault, facts, taken, workspace_at
from tests.sandbox.made import day, json_rows, rows, sheet_rows
from zhike import sandbox
from zhike.sandbox import actions, calendar, dialogue, layouts
from zhike.sandbox.actions import Actions, Contacts
from zhike.sandbox.parameters import Parameters
from zhike.sandbox.stepping import Bank
from zhike.sandbox.world import Today

CUSTOMERS, MONTHS, SEED = 500, 1, 5
OPENING = ("made_cards", "made_core")
SPOKEN = ("made_digital", "made_callcentre", "made_crm")


class Lived:
    """A bank that calls and writes to everybody once, its files and its facts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "bank"
        self.folder.mkdir()
        parameters = Parameters(customers=CUSTOMERS, months=MONTHS, seed=SEED)
        bank, self.days = Bank(parameters, self.folder), []
        for number in range(parameters.first_day, parameters.last_day + 1):
            self.days += bank.step(number, _asked(number, parameters.first_day)).days
        self.workspace = workspace_at(folder / "workspace")
        self.reports = {name: taken(self.folder, self.workspace, MemoryVault(), name) for name in (*OPENING, *SPOKEN)}

    def count(self, kinds: tuple[int, ...]) -> int:
        return sum(int(np.isin(today.interactions.kind, kinds).sum()) for today in self.days)

    def answers(self, channels: tuple[int, ...]) -> int:
        return sum(int(np.isin(today.answers.channel, channels).sum()) for today in self.days)


def _asked(day: int, first: int) -> Actions:
    """On the tenth day a message to every second person, a call to every fifth."""
    if day != first + 9:
        return Actions()
    person = np.arange(CUSTOMERS)
    channel = np.where(person % 5 == 0, actions.PHONE, np.where(person % 2 == 0, actions.SMS, actions.APP))
    size = {"offer": actions.CATEGORY_CASHBACK, "hour": 19, "incentive": 2_000}
    columns = {name: np.full(CUSTOMERS, value) for name, value in size.items()}
    return Actions(contacts=Contacts(person=person, channel=channel, reference=7_000_000 + person, **columns))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return Lived(tmp_path_factory.mktemp("lived"))


def _mine(lived: Lived, table: str, source: str) -> list[dict[str, object]]:
    return [row for row in facts(lived.workspace, table) if row["source"] == source]


def test_nothing_is_lost_between_world_and_facts(lived):
    for name in SPOKEN:
        for file in lived.reports[name].files:
            assert file.rows_in == file.accepted + file.quarantined
    refused = [row for row in facts(lived.workspace, "quarantine") if row["source"] in SPOKEN]
    assert {(row["source"], row["code"]) for row in refused} == {("made_digital", "not_json")}
    online = lived.count((dialogue.LOGIN, dialogue.VIEW, dialogue.CLICK, dialogue.CHAT))
    arrived = len(_mine(lived, "interaction", "made_digital"))
    assert online - 12 <= arrived <= online, "some events of the last days are still under way"
    assert online > 1_000
    calls = [row for row in rows(lived.folder, layouts.CALL) if row["direction"] == "in"]
    assert len(_mine(lived, "interaction", "made_callcentre")) == len(calls) > 5
    assert len(_mine(lived, "interaction", "made_crm")) == lived.count((dialogue.VISIT,)) > 0


def test_what_the_bank_sent_is_in_the_log_and_no_contact_again(lived):
    log = Counter(row["event"] for row in rows(lived.folder, layouts.DIGITAL_EVENT))
    assert log["message"] == lived.count((dialogue.MESSAGE,)) > 50
    told = {row["direction"] for row in rows(lived.folder, layouts.CALL)}
    assert told == {"in", "out"}
    assert {row["contact_direction"] for row in facts(lived.workspace, "interaction")} == {"inbound"}


def test_campaigns_of_the_bank_itself_are_contacts(tmp_path):
    bank = tmp_path / "bank"
    sandbox.make(bank, customers=400, months=1, seed=6)
    workspace = workspace_at(tmp_path / "workspace")
    for name in (*OPENING, *SPOKEN):
        taken(bank, workspace, MemoryVault(), name)
    outbound = [row for row in facts(workspace, "interaction") if row["contact_direction"] == "outbound"]
    sent = [row for row in rows(bank, layouts.DIGITAL_EVENT) if row["event"] == "message" and row["offer"]]
    called = [row for record in (layouts.CALL, layouts.CRM_VISIT) for row in rows(bank, record)]
    called = [row for row in called if row["direction"] == "out"]
    assert len(outbound) == len(sent) + len(called) > 50
    assert {row["reference"] for row in outbound} == {row["ref"] for row in (*sent, *called)}
    assert {row["topic"] for row in outbound} <= set(actions.OFFERS)
    assert {row["purpose"] for row in outbound} == {"marketing"}


def test_answers_by_every_channel(lived):
    found = Counter(row["source"] for row in facts(lived.workspace, "offer_response"))
    assert found["made_digital"] == lived.answers((actions.SMS, actions.APP, actions.EMAIL)) > 50
    by_phone = lived.answers((actions.PHONE,))
    assert 0 < found["made_callcentre"] <= by_phone
    answers = {row["answer"] for row in facts(lived.workspace, "offer_response")}
    assert answers <= set(dialogue.ANSWERS)
    assert {"accepted", "ignored"} <= answers | {"opened"}
    assert {row["offer"] for row in facts(lived.workspace, "offer_response")} <= set(actions.OFFERS)


def test_complaints_and_surveys(lived):
    def told(name: str) -> int:
        return sum(len(getattr(today, name)) for today in lived.days)

    assert len(_mine(lived, "complaint", "made_callcentre")) == told("complaints")
    assert len(_mine(lived, "survey_response", "made_callcentre")) == told("surveys") > 0
    for row in _mine(lived, "survey_response", "made_callcentre"):
        assert row["score"] in (range(1, 6) if row["kind"] == "csat" else range(11))


def test_events_come_late_and_twice_and_count_once(lived):
    seen: Counter[str] = Counter()
    late = 0
    for path in lived.folder.glob("digital/*/event.jsonl.gz"):
        for row in json_rows(path):
            seen[row["id"]] += 1
            days = day(path.parent.name) - day(row["at"][:10].replace("-", ""))
            assert 0 <= days.days <= 5
            late += days.days > 0 and seen[row["id"]] == 1
    assert late >= 2
    assert sum(count - 1 for count in seen.values()) >= 2
    keys = [row["interaction_id"] for row in _mine(lived, "interaction", "made_digital")]
    assert len(keys) == len(set(keys))
    known = [(row["known_at"] - row["business_date"]).days for row in _mine(lived, "interaction", "made_digital")]
    assert max(known) > 0


def test_the_workbook_is_of_one_month_and_the_same_each_time(lived, tmp_path):
    (path,) = lived.folder.glob("callcentre/*/callcentre.xlsx")
    assert path.parent.name == "20261031"
    days = {row["day"][:10] for row in sheet_rows(path, "calls")}
    assert len(days) > 5
    again = Lived(tmp_path)
    for pattern in ("callcentre/*/*", "digital/*/*", "crm/*/*"):
        ours, theirs = (sorted(folder.glob(pattern)) for folder in (lived.folder, again.folder))
        assert [one.read_bytes() for one in ours] == [one.read_bytes() for one in theirs], pattern


def test_the_order_of_keys_changes_with_the_upgrade_and_the_log_is_in_order_of_time(lived):
    first, last = sorted(lived.folder.glob("digital/*/event.jsonl.gz"))[:: len(lived.days) - 1]
    orders = [list(json.loads(gzip.decompress(path.read_bytes()).split(b"\n")[0])) for path in (first, last)]
    assert orders[0][:2] == ["id", "at"]
    assert orders[1][:2] == ["at", "id"]
    times = [json.loads(line)["at"] for line in gzip.decompress(last.read_bytes()).splitlines()]
    today = [at for at in times if at.startswith("2026-10-31")]
    assert today == sorted(today)
    assert times[: len(today)] == today, "late ones stand at the end"


def test_who_is_known_to_the_card_system_bears_its_number(lived):
    today: Today = lived.days[20]
    holders = {row["customer_no"] for row in rows(lived.folder, layouts.CUSTOMER)}
    others = {row["customer_id"] for row in rows(lived.folder, layouts.CORE_CUSTOMER)}
    name = calendar.day_of(today.day).strftime("%Y%m%d")
    content = gzip.decompress((lived.folder / f"digital/{name}/event.jsonl.gz").read_bytes())
    numbers = {json.loads(line)["customer"] for line in content.splitlines()}
    assert numbers <= holders | others
    assert numbers & holders
