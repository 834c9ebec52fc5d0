"""Random histories in the canonical tables, with rows and versions from the future planted in them."""

import random
from datetime import date, timedelta
from functools import partial

from tests.data import random_dealings as dealings

AS_OF = date(2026, 6, 30)
Rows = dict[str, list[dict]]


def history(seed: int, customers: int = 60) -> Rows:
    """Rows by table. About a tenth of the events lie after AS_OF or became known after it."""
    chance = random.Random(seed)
    rows: Rows = {name: [] for name in (
        "party", "account", "account_party", "card", "card_event", "limit_event", "statement", "payment", "posting",
        "transaction", "consent", "interaction", "complaint", *dealings.TABLES)}  # fmt: skip
    for number in range(customers):
        _customer(chance, rows, number)
    return rows


def _day(chance: random.Random, back: int = 420, ahead: int = 40) -> date:
    return AS_OF + timedelta(days=chance.randint(-back, ahead))


def _event(chance: random.Random, **columns: object) -> dict:
    day = _day(chance)
    late = chance.random() < 0.1
    known = day + timedelta(days=chance.randint(1, 60) if late else 0)
    return {"business_date": day, "known_at": known, "source": "made", **columns}


def _versions(chance: random.Random, first: date, table: list[dict], columns: dict, changed: dict) -> None:
    """One version, and now and then a second one, sometimes known late or in the future."""
    table.append({"valid_from": first, "valid_to": None, "known_from": first, "source": "made", **columns})
    if chance.random() < 0.4:
        later = max(_day(chance, 200), first + timedelta(days=1))
        known = later + timedelta(days=chance.choice([0, 0, 30, 90]))
        ended = later + timedelta(days=10) if chance.random() < 0.2 else None
        table.append({"valid_from": later, "valid_to": ended, "known_from": known, "source": "made",
                      **columns, **changed})  # fmt: skip


def _customer(chance: random.Random, rows: Rows, number: int) -> None:
    party = f"party-{number:04d}"
    opened = AS_OF - timedelta(days=chance.randint(430, 900)) if chance.random() < 0.9 else _day(chance)
    birth = date(1950, 1, 1) + timedelta(days=chance.randint(0, 18_000))
    _versions(chance, opened, rows["party"], {"party_id": party, "kind": "person", "sex": "female", "birth_date": birth,
                                              "household_id": number // 3, "occupation": "clerk"},
              {"occupation": "teacher"})  # fmt: skip
    if chance.random() < 0.5:  # another system knows the same person, in part
        rows["party"].append({"party_id": party, "kind": "person", "sex": None, "birth_date": birth, "source": "x",
                              "occupation": None, "region_code": "310000", "target_group": "rural",
                              "known_from": opened, "valid_to": None,
                              "valid_from": chance.choice([opened, _day(chance, 100)])})  # fmt: skip
    for channel in chance.sample(["sms", "phone", "email", "app", "all"], chance.randint(0, 3)):
        _versions(chance, opened, rows["consent"], {"party_id": party, "purpose": "marketing", "channel": channel,
                                                    "given": chance.random() < 0.7}, {"given": False})  # fmt: skip
    for channel in chance.sample(["all", "app"], chance.randint(0, 2)):
        _versions(chance, opened, rows["consent"], {"party_id": party, "purpose": "personalisation", "channel": channel,
                                                    "given": chance.random() < 0.7}, {"given": False})  # fmt: skip
    _turned_to(chance, rows, party)
    dealings.of_party(chance, rows, party, partial(_event, chance))
    for account in range(chance.randint(1, 3)):
        _account(chance, rows, party, number * 10 + account, opened)


def _turned_to(chance: random.Random, rows: Rows, party: str) -> None:
    """Contacts and complaints, some recorded here, some delivered by other systems."""
    for place in range(chance.randint(0, 12)):
        row = _event(chance, interaction_id=f"i{party}{place}", party_id=party, topic="offer",
                     channel=chance.choice(["sms", "sms", "phone", "app", "branch", "mail", "online"]),
                     contact_direction=chance.choice(["outbound", "outbound", "inbound"]),
                     outcome=chance.choice([None, "sent", "planned", "failed", "answered"]),
                     purpose=chance.choice(["marketing", "marketing", "service", "digital"]))  # fmt: skip
        if chance.random() < 0.5:
            row["business_date"] = AS_OF - timedelta(days=chance.choice([-1, 0, 1, 6, 7, 8, 29, 30, 31]))
            row["known_at"] = row["business_date"] + timedelta(days=chance.choice([0, 0, 0, 40]))
        rows["interaction"].append(row | {"source": chance.choice(["made", "operations"])})
    for complaint in range(chance.randint(0, 2)):
        source = chance.choice(["made", "operations"])
        for place, step in enumerate(["received", "answered", "closed", "received"][: chance.randint(1, 4)]):
            row = _event(chance, complaint_event_id=f"c{party}{complaint}{place}", party_id=party,
                         complaint_id=f"c{party}{complaint}", step=step,
                         by_regulator=chance.choice([None, False, True]))  # fmt: skip
            rows["complaint"].append(row | {"source": source})


def _account(chance: random.Random, rows: Rows, party: str, account: int, opened: date) -> None:
    kind = chance.choice(["credit", "credit", "deposit"])
    _versions(chance, opened, rows["account"], {"account_id": account, "kind": kind, "currency": "CNY",
                                                "status": "open", "opened_on": opened},
              {"status": "closed"})  # fmt: skip
    rows["account_party"].append({"account_id": account, "party_id": party, "role": "main", "valid_from": opened,
                                  "valid_to": None, "known_from": opened, "source": "made"})  # fmt: skip
    rows["account_party"].append({"account_id": account, "party_id": "somebody", "role": "authorised", "source": "made",
                                  "valid_from": opened, "valid_to": None, "known_from": opened})  # fmt: skip
    _versions(chance, opened, rows["limit_event"], {"account_id": account, "kind": "permanent", "currency": "CNY",
                                                    "limit_cents": 100_000}, {"limit_cents": 250_000})  # fmt: skip
    _versions(chance, opened, rows["card"], {"card_id": account, "account_id": account, "party_id": party,
                                             "issued_on": opened}, {"product_code": "GOLD"})  # fmt: skip
    for kind_of_step in ("issued", "activated", "bound", "closed"):
        if chance.random() < (0.3 if kind_of_step == "closed" else 0.8):
            rows["card_event"].append(_event(chance, card_event_id=f"{account}-{kind_of_step}", card_id=account,
                                             kind=kind_of_step))  # fmt: skip
    dealings.of_account(chance, rows, account, opened, partial(_event, chance))
    own = random.Random(f"temporary limit of {account}")  # a chance of its own: nothing else moves with it
    if own.random() < 0.3:
        granted = _day(own, 60)
        for days in (0, 5)[: own.randint(1, 2)]:  # as granted, and now and then ended early
            rows["limit_event"].append({
                "account_id": account, "kind": "temporary", "currency": "CNY", "limit_cents": 300_000, "source": "made",
                "valid_from": granted, "valid_to": granted + timedelta(days=30 - 5 * days),
                "known_from": granted + timedelta(days=days - own.choice([0, 2])),
            })  # fmt: skip
    for index in range(chance.randint(0, 40)):
        _movements(chance, rows, account, f"{account:05d}{index}")


def _movements(chance: random.Random, rows: Rows, account: int, key: str) -> None:
    kind = chance.choice(
        ["purchase"] * 6 + ["refund", "cash_advance", "withdrawal", "salary", "transfer_in", "transfer_out", "deposit"]
    )
    amount = chance.choice([chance.randint(0, 90_000), 10_000 * chance.randint(0, 9)])
    base = {"account_id": account, "currency": "CNY", "amount_cents": amount}
    balance = chance.choice([None, chance.randint(0, 10**6)])
    rows["transaction"].append(_event(
        chance, **base, transaction_id=f"t{key}", kind=kind, customer_initiated=kind not in ("refund", "salary"),
        direction="debit", channel=chance.choice(["pos", "online", "wallet", "app"]), balance_after_cents=balance,
        merchant_id=chance.choice([None, 1, 2, 3, 4, 5]), local_hour=chance.choice([None, 3, 4, 5, 14]),
        mcc=chance.choice(dealings.MCCS), country=chance.choice([None, "CN", "CN", "JP", "TH"]),
        original_currency=chance.choice([None, None, "JPY"]), purpose=chance.choice([None, "mortgage"])))  # fmt: skip
    if chance.random() < 0.3:
        rows["posting"].append(_event(chance, **base, posting_id=f"p{key}", customer_initiated=False,
                                      direction=chance.choice(["debit", "debit", "credit"]),
                                      kind=chance.choice(["interest", "late_fee", "annual_fee", "waiver",
                                                          "instalment_interest"]),
                                      balance_after_cents=balance))  # fmt: skip
        rows["payment"].append(_event(chance, **base, payment_id=f"y{key}", channel="app",
                                      autopay=chance.choice([None, False, True])))  # fmt: skip
        pays_minimum = account % 4 == 0
        rows["statement"].append(_event(
            chance, account_id=account, statement_id=f"s{key}", currency="CNY",
            balance_cents=chance.randint(-500, 90_000),
            minimum_cents=100 if pays_minimum else chance.choice([None, 100]),
            revolving_cents=chance.choice([None, 0, 700]), unbilled_cents=chance.choice([None, 0, 0, 30_000]),
            paid_cents=110 if pays_minimum else chance.choice([None, 0, 99, 100, 115, 50_000, 90_000]),
            due_date=chance.choice([None, AS_OF]), days_past_due=chance.choice([None, 0, 31])))  # fmt: skip
