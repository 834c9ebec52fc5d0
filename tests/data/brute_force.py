"""The features once more, in plain Python over rows as dictionaries: slow, obvious, and independent of the compiler."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from tests.data.brute_force_whole import charged, rest

KEYS = {"party": ("party_id", "source"), "account": ("account_id",), "account_party": ("account_id", "party_id"),
        "card": ("card_id",), "limit_event": ("account_id", "kind"),
        "instalment_plan": ("plan_id",), "consent": ("party_id", "purpose", "channel")}  # fmt: skip


def visible_events(rows: list[dict], as_of: date) -> list[dict]:
    return [row for row in rows if row["business_date"] <= as_of and row["known_at"] <= as_of]


def visible_versions(table: str, rows: list[dict], as_of: date) -> list[dict]:
    newest: dict[tuple, dict] = {}
    for row in sorted(rows, key=lambda row: (row["valid_from"], row["known_from"])):
        if row["valid_from"] <= as_of and row["known_from"] <= as_of:
            newest[tuple(row[column] for column in KEYS[table])] = row
    return [row for row in newest.values() if row["valid_to"] is None or row["valid_to"] > as_of]


def features(rows: dict[str, list[dict]], as_of: date) -> dict[str, dict]:
    """Feature values by customer."""
    seen = {name: visible_versions(name, rows[name], as_of) if name in KEYS else visible_events(rows[name], as_of)
            for name in rows}  # fmt: skip
    owner = {link["account_id"]: link["party_id"] for link in seen["account_party"] if link["role"] == "main"}
    accounts = {row["account_id"]: row for row in seen["account"] if row["account_id"] in owner}
    owner = {account: party for account, party in owner.items() if account in accounts}
    parties = _merged(seen["party"])
    before = as_of - timedelta(days=90)
    then = {name: visible_events(rows[name], before) for name in ("transaction", "posting", "statement")}
    found = {}
    for party, row in parties.items():
        mine = {account: accounts[account] for account, who in owner.items() if who == party}
        found[party] = _customer(row, seen, accounts, owner, as_of)
        found[party] |= _deposits_then(then, set(mine), accounts)
        found[party] |= rest(row, parties, seen, mine, found[party], as_of)
    return found


def _merged(rows: list[dict]) -> dict[str, dict]:
    """Each party once: of every column the newest value that any source knows."""
    merged: dict[str, dict] = defaultdict(dict)
    oldest_first = sorted(rows, key=lambda row: row["source"], reverse=True)
    for row in sorted(oldest_first, key=lambda row: (row["valid_from"], row["known_from"])):
        merged[row["party_id"]].update({name: value for name, value in row.items() if value is not None})
    return merged


def _customer(party: dict, seen: dict, accounts: dict, owner: dict, as_of: date) -> dict:
    mine = {account for account, who in owner.items() if who == party["party_id"]}
    moved = [row for row in seen["transaction"] if row["account_id"] in mine]
    own = [row for row in moved if row["customer_initiated"]]
    bought = [row for row in moved if row["kind"] == "purchase"]
    last = max((row["business_date"] for row in own), default=None)
    values = {
        "age_years": _age(party.get("birth_date"), as_of),
        "occupation": party.get("occupation"),
        "sex": party.get("sex"),
        "region_code": party.get("region_code"),
        "days_since_last_transaction": (as_of - last).days if last else None,
        "days_since_last_use": _silence(own, mine, accounts, as_of),
        "merchants_90d": len({row["merchant_id"] for row in _in(bought, as_of, 90)} - {None}),
        "days_active_90d": len({row["business_date"] for row in _in(own, as_of, 90)}),
        "largest_purchase_30d_cents": max((row["amount_cents"] for row in _in(bought, as_of, 30)), default=None),
        "cash_90d_cents": _sum(_in(moved, as_of, 90), lambda row: row["kind"] in ("cash_advance", "withdrawal")),
        "inflow_90d_cents": _sum(
            _in(moved, as_of, 90), lambda row: row["kind"] in ("salary", "deposit", "transfer_in")
        ),
        "spend_previous_90d_cents": _net(_in(moved, as_of - timedelta(days=90), 90)),
        "purchases_90d": len(_in(bought, as_of, 90)),
        "online_purchases_90d": sum(row["channel"] in ("online", "wallet", "app") for row in _in(bought, as_of, 90)),
        "night_purchases_90d": sum((row["local_hour"] or 99) < 5 for row in _in(bought, as_of, 90)),
    }
    for days in (30, 90, 365):
        values[f"transactions_{days}d"] = len(_in(own, as_of, days))
        values[f"spend_{days}d_cents"] = _net(_in(moved, as_of, days))
    values["spend_180d_cents"], values["transactions_180d"] = _net(_in(moved, as_of, 180)), len(_in(own, as_of, 180))
    values["spend_trend"] = _ratio(values["spend_90d_cents"], values["spend_previous_90d_cents"])
    values["online_share_90d"] = _ratio(values["online_purchases_90d"], values["purchases_90d"])
    values |= _turned_to(party, seen, as_of)
    return values | _holdings(party, seen, accounts, mine) | _credit(seen, accounts, mine, as_of)


def _silence(own: list[dict], mine: set, accounts: dict, as_of: date) -> int | None:
    credit = {account for account in mine if accounts[account]["kind"] == "credit"}
    holds = {account for account in credit if accounts[account]["status"] in ("open", "frozen")}
    days = [row["business_date"] for row in own if row["account_id"] in credit or not holds]
    return (as_of - max(days)).days if days else None


def _holdings(party: dict, seen: dict, accounts: dict, mine: set) -> dict:
    cards = {row["card_id"] for row in seen["card"] if row["party_id"] == party["party_id"]}
    consents = [row for row in seen["consent"] if row["party_id"] == party["party_id"]]
    given = [row["given"] for row in consents if row["purpose"] == "marketing"]
    personal = {row["channel"]: row["given"] for row in consents if row["purpose"] == "personalisation"}
    return {
        "accounts_open": sum(accounts[account]["status"] == "open" for account in mine),
        "accounts_closed": sum(accounts[account]["status"] == "closed" for account in mine),
        "customer_since": min((accounts[account]["opened_on"] for account in mine), default=None),
        "cards_held": len(cards),
        "cards_activated": sum(row["kind"] == "activated" and row["card_id"] in cards for row in seen["card_event"]),
        **{f"consent_{one}": _consent(seen, party, one) for one in ("sms", "phone", "email", "app", "all")},
        "consent_personalisation": 0 if False in personal.values() else 1 if personal.get("all") else None,
        "marketing_consent": "given" if any(given) else "withdrawn" if given else "unknown",
    }


def _consent(seen: dict, party: dict, channel: str) -> int | None:
    rows = [row for row in seen["consent"] if row["party_id"] == party["party_id"] and row["channel"] == channel]
    rows = [row for row in rows if row["purpose"] == "marketing"]
    return int(rows[0]["given"]) if rows else None


def _turned_to(party: dict, seen: dict, as_of: date) -> dict:
    """Contacts and complaints."""
    sold = [
        row
        for row in seen["interaction"]
        if row["party_id"] == party["party_id"]
        and (row["purpose"], row["contact_direction"]) == ("marketing", "outbound")
        and row["outcome"] not in ("planned", "failed")
    ]
    counts = {}
    for days in (7, 30):
        within = _in(sold, as_of, days)
        counts[f"marketing_contacts_{days}d"] = len(within)
        counts[f"marketing_contacts_recorded_{days}d"] = sum(row["source"] == "operations" for row in within)
    newest: dict[tuple, dict] = {}
    told = [row for row in seen["complaint"] if row["party_id"] == party["party_id"]]
    for row in sorted(told, key=lambda row: (row["business_date"], row["step"] == "closed")):
        if row["step"] in ("received", "closed"):
            newest[row["source"], row["complaint_id"]] = row
    waiting = [row for row in newest.values() if row["step"] == "received"]
    return counts | {
        "complaints_open": len(waiting),
        "complaints_open_recorded": sum(row["source"] == "operations" for row in waiting),
    }


def _credit(seen: dict, accounts: dict, mine: set, as_of: date) -> dict:
    credit = {account for account in mine if accounts[account]["kind"] == "credit"}
    deposit = {account for account in mine if accounts[account]["kind"] == "deposit"}
    newest = _newest([row for row in seen["statement"] if row["account_id"] in mine], "statement_id")
    limits: dict[int, int] = defaultdict(int)
    for row in seen["limit_event"]:
        if row["account_id"] in mine and accounts[row["account_id"]]["status"] in ("open", "frozen"):
            limits[row["account_id"]] = max(limits[row["account_id"]], row["limit_cents"])
    lasting = [
        row["limit_cents"]
        for row in seen["limit_event"]
        if row["account_id"] in mine
        and row["kind"] == "permanent"
        and accounts[row["account_id"]]["status"] in ("open", "frozen")
    ]
    lost = {account for account in mine if accounts[account]["status"] == "charged_off"}
    live = {account for account in credit if accounts[account]["status"] in ("open", "frozen")}
    drawn = [row["balance_cents"] for row in newest if row["account_id"] in live]
    posted = [row for row in _in(seen["posting"], as_of, 365) if row["account_id"] in mine]
    paid = [row for row in _in(seen["payment"], as_of, 90) if row["account_id"] in mine]
    return {
        "owed_cents": _total([row["balance_cents"] for row in newest if row["account_id"] in credit - lost]),
        "drawn_cents": _total(drawn) if drawn else None,
        "utilisation": _ratio(sum(drawn), sum(limits.values())) if limits else None,
        "revolving_cents": _total([row["revolving_cents"] for row in newest if row["account_id"] in credit]),
        "days_past_due": max(
            (row["days_past_due"] for row in newest if row["days_past_due"] is not None), default=None
        ),
        "ledger_deposits_cents": _ledger(seen, deposit),
        "statement_deposits_cents": _total([row["balance_cents"] for row in newest if row["account_id"] in deposit]),
        "limit_cents": sum(limits.values()) if limits else None,
        "limit_permanent_cents": _total(lasting),
        "interest_365d_cents": charged(posted, "interest", "instalment_interest"),
        "fees_365d_cents": charged(posted, "late_fee", "annual_fee"),
        "payments_90d_cents": _sum(paid, lambda row: True),
    }


def _ledger(seen: dict, deposit: set) -> int | None:
    moved = [dict(row, entry=row.get("transaction_id") or row.get("posting_id"))
             for row in (*seen["transaction"], *seen["posting"])
             if row["account_id"] in deposit and row["balance_after_cents"] is not None]  # fmt: skip
    return _total([row["balance_after_cents"] for row in _newest(moved, "entry")])


def _deposits_then(then: dict, mine: set, accounts: dict) -> dict:
    """Deposits a quarter ago, by what was known a quarter ago."""
    deposit = {account for account in mine if accounts[account]["kind"] == "deposit"}
    newest = _newest([row for row in then["statement"] if row["account_id"] in deposit], "statement_id")
    by_ledger, by_statement = _ledger(then, deposit), _total([row["balance_cents"] for row in newest])
    return {"deposits_90d_ago_cents": by_statement if by_ledger is None else by_ledger}


def _in(rows: list[dict], last: date, days: int) -> list[dict]:
    return [row for row in rows if last - timedelta(days=days) < row["business_date"] <= last]


def _sum(rows: list[dict], test: Callable[[dict], bool]) -> int:
    return sum(row["amount_cents"] for row in rows if test(row))


def _net(rows: list[dict]) -> int:
    return _sum(rows, lambda row: row["kind"] == "purchase") - _sum(rows, lambda row: row["kind"] == "refund")


def _newest(rows: list[dict], key: str) -> list[dict]:
    """Each account's newest row: by day, then by key, a longer one being greater."""
    newest = {}
    for row in sorted(rows, key=lambda row: (row["business_date"], len(row[key]), row[key])):
        newest[row["account_id"]] = row
    return list(newest.values())


def _total(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def _age(birth: date | None, as_of: date) -> int | None:
    if birth is None:
        return None
    return as_of.year - birth.year - ((as_of.month, as_of.day) < (birth.month, birth.day))
