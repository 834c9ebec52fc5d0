"""The rest of the whole view in plain Python: habits, classes, settlement, plans, points, contacts, worth, growth."""

from datetime import date, timedelta
from itertools import pairwise

# Written out once more, not read from the declarations.
CLASS_OF = {
    "5411": "groceries", "5499": "groceries", "5812": "dining", "4111": "transport", "3001": "travel",
    "5311": "shopping", "5732": "home", "8062": "health", "8299": "education", "7832": "leisure", "6300": "bills",
}  # fmt: skip
CLASSES = ("groceries", "dining", "transport", "travel", "shopping", "home", "health", "education", "leisure", "bills")


def rest(party: dict, parties: dict, seen: dict, mine: dict, known: dict, as_of: date) -> dict:
    """``mine`` are the customer's accounts by id, ``known`` the features that are counted already."""
    who = party["party_id"]
    own = {name: [row for row in rows if row.get("account_id") in mine and "party_id" not in row]
           for name, rows in seen.items()}  # fmt: skip
    told = {name: [row for row in rows if row.get("party_id") == who] for name, rows in seen.items()}
    values = known | _habits(own, as_of) | _classes(own["transaction"], as_of) | _settled(own["statement"], as_of)
    values |= _money(own["transaction"], as_of) | _plans(own["instalment_plan"], as_of)
    values |= _said(told, as_of) | _cards(told["card"], seen["card_event"], as_of)
    home = party.get("household_id")
    values["household_members"] = (
        sum(one.get("household_id") == home for one in parties.values()) if home is not None else None
    )
    values |= _worth(own, mine, values, as_of)
    return values | _growth(values)


def last(rows: list[dict], days: int, as_of: date) -> list[dict]:
    return [row for row in rows if as_of - timedelta(days=days) < row["business_date"] <= as_of]


def newest(rows: list[dict]) -> date | None:
    return max((row["business_date"] for row in rows), default=None)


def charged(rows: list[dict], *kinds: str) -> int:
    taken = [row for row in rows if row["kind"] in kinds]
    return sum(-row["amount_cents"] if row["direction"] == "credit" else row["amount_cents"] for row in taken)


def share(part: int, whole: int | None) -> float | None:
    return part / whole if whole is not None and whole > 0 else None


def _habits(own: dict, as_of: date) -> dict:
    moved = own["transaction"]
    bought = [row for row in moved if row["kind"] == "purchase"]
    abroad = [
        row for row in bought if (row["country"] != "CN" if row["country"] else row["original_currency"] is not None)
    ]
    rounds = [row for row in bought if row["amount_cents"] > 0 and row["amount_cents"] % 10_000 == 0]
    wallet = [row for row in bought if row["channel"] == "wallet"]
    declined = [row for row in last(own["authorisation"], 90, as_of) if row["outcome"] == "declined"]
    made = [row for row in moved if row["customer_initiated"]]
    purchases = len(last(bought, 90, as_of))
    days = {f"days_active_{days}d": len({row["business_date"] for row in last(made, days, as_of)})
            for days in (30, 180, 365)}  # fmt: skip
    return days | {
        "purchases_30d": len(last(bought, 30, as_of)),
        "purchases_365d": len(last(bought, 365, as_of)),
        "merchants_30d": len({row["merchant_id"] for row in last(bought, 30, as_of)} - {None}),
        "largest_purchase_90d_cents": max((row["amount_cents"] for row in last(bought, 90, as_of)), default=None),
        "last_purchase_on": newest(bought),
        "transactions_previous_90d": len(last(made, 90, as_of - timedelta(days=90))),
        "wallet_share_90d": share(len(last(wallet, 90, as_of)), purchases),
        "round_share_90d": share(len(last(rounds, 90, as_of)), purchases),
        "overseas_share_90d": share(len(last(abroad, 90, as_of)), purchases),
        "overseas_purchases_365d": len(last(abroad, 365, as_of)),
        "overseas_countries_365d": len({row["country"] for row in last(abroad, 365, as_of)} - {None}),
        "last_overseas_on": newest(abroad),
        "declines_90d": len(declined),
        "decline_share_90d": share(len(declined), len(declined) + purchases),
    }


def _classes(moved: list[dict], as_of: date) -> dict:
    def spent(name: str, until: date) -> int:
        rows = [row for row in last(moved, 90, until) if CLASS_OF.get(row["mcc"], "other") == name]
        bought = sum(row["amount_cents"] for row in rows if row["kind"] == "purchase")
        return bought - sum(row["amount_cents"] for row in rows if row["kind"] == "refund")

    now = {name: spent(name, as_of) for name in (*CLASSES, "other")}
    before = {name: spent(name, as_of - timedelta(days=90)) for name in now}
    total = sum(now.values())
    best = max(CLASSES, key=lambda name: now[name])
    return {
        **{f"spend_{name}_90d_cents": cents for name, cents in now.items()},
        **{f"spend_{name}_previous_90d_cents": cents for name, cents in before.items()},
        **{f"share_{name}_90d": share(cents, total) for name, cents in now.items()},
        **{f"trend_{name}": share(cents, before[name]) for name, cents in now.items()},
        "favourite_class_90d": best if now[best] > 0 else None,
        "classes_used_90d": sum(now[name] > 0 for name in CLASSES),
    }


def _settled(statements: list[dict], as_of: date) -> dict:
    answers = []
    in_turn = sorted(statements, key=lambda row: (row["business_date"], len(row["statement_id"]), row["statement_id"]))
    for account in {row["account_id"] for row in statements}:
        told = [row for row in in_turn if row["account_id"] == account and row["paid_cents"] is not None]
        told = [row for row in told if row["business_date"] > as_of - timedelta(days=427)]
        answers += [(row, after) for row, after in pairwise(told) if _due(row) > 0]
    answers = [(row, after) for row, after in answers if after["business_date"] > as_of - timedelta(days=365)]
    full = [pair for pair in answers if pair[1]["paid_cents"] >= _due(pair[0]) - 1_000]
    rest_of = [(row["minimum_cents"], after["paid_cents"]) for row, after in answers if (row, after) not in full]
    minimum = sum(least is not None and least <= paid <= least * 1.2 for least, paid in rest_of)
    year = last(statements, 365, as_of)
    return {
        "settled_statements_365d": len(answers),
        "full_payments_365d": len(full),
        "minimum_payments_365d": minimum,
        "short_payments_365d": sum(least is not None and paid < least for least, paid in rest_of),
        "full_payment_share_365d": share(len(full), len(answers)),
        "minimum_payer": minimum >= 3 and minimum * 2 > len(answers),
        "late_statements_365d": sum((row["days_past_due"] or 0) > 0 for row in year),
        "worst_past_due_365d": max((row["days_past_due"] for row in year if row["days_past_due"] is not None),
                                   default=None),
        "revolving_statements_365d": sum((row["revolving_cents"] or 0) > 0 for row in year),
        "billed_365d_cents": sum(
            row["balance_cents"] for row in year if row["due_date"] is not None and row["balance_cents"] > 0
        ),
    }  # fmt: skip


def _due(statement: dict) -> int:
    return statement["balance_cents"] - (statement["unbilled_cents"] or 0)


def _money(moved: list[dict], as_of: date) -> dict:
    quarter = last(moved, 90, as_of)
    salary = [row for row in moved if row["kind"] == "salary"]
    home = [row for row in moved if row["kind"] == "transfer_out" and row["purpose"] == "mortgage"]
    out = [row for row in quarter if row["kind"] in ("withdrawal", "transfer_out")]
    came = [row for row in quarter if row["kind"] in ("salary", "deposit", "transfer_in")]
    return {
        "salaries_365d": len(last(salary, 365, as_of)),
        "salary_90d_cents": sum(row["amount_cents"] for row in last(salary, 90, as_of)),
        "last_salary_on": newest(salary),
        "mortgage_payments_365d": len(last(home, 365, as_of)),
        "net_inflow_90d_cents": sum(row["amount_cents"] for row in came) - sum(row["amount_cents"] for row in out),
        "refunds_90d_cents": sum(row["amount_cents"] for row in quarter if row["kind"] == "refund"),
    }


def _plans(plans: list[dict], as_of: date) -> dict:
    alive = [row for row in plans if row["status"] in ("running", "running_in_debt")]
    split = [row for row in plans if row["kind"] != "loan"]
    booked = [
        row for row in split
        if row["status"] != "cancelled" and as_of - timedelta(days=365) < row["booked_on"] <= as_of
    ]  # fmt: skip
    return {
        "instalments_running": sum(row["kind"] != "loan" for row in alive),
        "instalments_principal_cents": sum(row["principal_cents"] for row in alive if row["kind"] != "loan"),
        "loans_running": sum(row["kind"] == "loan" for row in alive),
        "loans_monthly_cents": sum(row["payment_cents"] or 0 for row in alive if row["kind"] == "loan"),
        "instalments_booked_365d": len(booked),
        "instalment_volume_365d_cents": sum(row["principal_cents"] for row in booked),
    }


def _cards(cards: list[dict], steps: list[dict], as_of: date) -> dict:
    days = [
        ({step["kind"] for step in steps if step["card_id"] == card["card_id"]},
         min((step["business_date"] for step in steps
              if step["card_id"] == card["card_id"] and step["kind"] == "bound"), default=None))
        for card in cards
    ]  # fmt: skip
    return {
        "cards_bound": sum("bound" in kinds and "closed" not in kinds for kinds, _ in days),
        "cards_ended": sum("closed" in kinds for kinds, _ in days),
        "first_bound_on": min((day for _, day in days if day), default=None),
    }


def _said(told: dict, as_of: date) -> dict:
    """Contacts, offers, complaints, surveys, applications, points and benefits."""
    year = {name: last(rows, 365, as_of) for name, rows in told.items() if rows and "business_date" in rows[0]}
    contacts = told["interaction"]
    inbound = [row for row in contacts if row["contact_direction"] == "inbound"]
    sent = [row for row in contacts
            if row["contact_direction"] == "outbound" and row["outcome"] not in ("planned", "failed")]  # fmt: skip
    asked = [row for row in last(inbound, 365, as_of) if row["purpose"] != "digital"]
    by = {one: sum(row["channel"] == one for row in asked) for one in ("phone", "branch", "app", "online")}
    best = max(by, key=lambda one: by[one])
    points = [row["points"] if row["direction"] == "credit" else -row["points"] for row in told["points_movement"]]
    earned = [row for row in year.get("points_movement", ()) if row["kind"] in ("earn", "promotion", "reverse")]
    received = [row for row in told["complaint"] if row["step"] == "received"]
    declined = [row for row in told["offer_response"] if row["answer"] == "declined"]
    order = sorted(
        told["survey_response"],
        key=lambda row: (row["business_date"], len(row["survey_response_id"]), row["survey_response_id"]),
    )
    return {
        **{f"contacts_{one}_365d": count for one, count in by.items()},
        "preferred_channel": best if by[best] else None,
        "digital_visits_90d": sum(row["purpose"] == "digital" for row in last(inbound, 90, as_of)),
        **{f"outreach_{one}_365d": sum(row["channel"] == one for row in last(sent, 365, as_of))
           for one in ("sms", "phone", "mail")},
        "offers_accepted_365d": sum(row["answer"] == "accepted" for row in year.get("offer_response", ())),
        "last_offer_declined_on": newest(declined),
        "complaints_365d": len(last(received, 365, as_of)),
        "complaints_regulator_365d": sum(bool(row["by_regulator"]) for row in last(received, 365, as_of)),
        **{f"{kind}_last": next((row["score"] for row in reversed(order) if row["kind"] == kind), None)
           for kind in ("csat", "nps")},
        "applications_365d": sum(row["outcome"] == "received" for row in year.get("application", ())),
        "points_balance": sum(points) if points else None,
        "points_earned_365d": sum(
            row["points"] if row["direction"] == "credit" else -row["points"] for row in earned
        ) if earned else None,
        "benefit_cost_365d_cents": sum(row["cost_cents"] or 0 for row in year.get("benefit_use", ())),
    }  # fmt: skip


def _worth(own: dict, mine: dict, known: dict, as_of: date) -> dict:
    """Income less cost, every rate written out once more."""
    posted = last(own["posting"], 365, as_of)
    on_credit = [row for row in last(own["transaction"], 365, as_of) if mine[row["account_id"]]["kind"] == "credit"]
    spent = sum(row["amount_cents"] for row in on_credit if row["kind"] == "purchase")
    spent -= sum(row["amount_cents"] for row in on_credit if row["kind"] == "refund")
    late, owed = known["days_past_due"] or 0, max(known["owed_cents"] or 0, 0)
    rate = 8_000 if late >= 90 else 5_500 if late >= 60 else 3_500 if late >= 30 else 800 if late >= 1 else 150
    earned = known["points_earned_365d"]
    parts = {
        "interchange_12m_cents": spent * 45 // 10_000,
        "waived_365d_cents": -charged(posted, "waiver"),
        "instalment_interest_365d_cents": charged(posted, "instalment_interest"),
        "points_cost_12m_cents": max(spent * 20 // 10_000 if earned is None else earned * 4, 0),
        "funding_cost_12m_cents": known["billed_365d_cents"] * 200 // 120_000,
        "expected_loss_12m_cents": owed * rate // 10_000,
        "service_cost_12m_cents": known["contacts_phone_365d"] * 800 + known["contacts_branch_365d"] * 2_000
        + (known["contacts_app_365d"] + known["contacts_online_365d"]) * 200 + known["complaints_365d"] * 15_000,
        "channel_cost_12m_cents": known["outreach_sms_365d"] * 5 + known["outreach_phone_365d"] * 300
        + known["outreach_mail_365d"] * 500,
    }  # fmt: skip
    income = parts["interchange_12m_cents"] - parts["waived_365d_cents"]
    income += known["interest_365d_cents"] + known["fees_365d_cents"]
    cost = sum(parts[f"{one}_cost_12m_cents"] for one in ("points", "funding", "service", "channel"))
    cost += parts["expected_loss_12m_cents"] + known["benefit_cost_365d_cents"]
    return parts | {"income_12m_cents": income, "cost_12m_cents": cost, "contribution_12m_cents": income - cost}


def _growth(known: dict) -> dict:
    by_ledger = known["ledger_deposits_cents"]
    deposits = known["statement_deposits_cents"] if by_ledger is None else by_ledger
    moves = (
        (known["spend_90d_cents"], known["spend_previous_90d_cents"], 40),
        (known["transactions_90d"], known["transactions_previous_90d"], 30),
        (deposits, known["deposits_90d_ago_cents"], 30),
    )
    real = [(now, before, weight) for now, before, weight in moves if before is not None and before > 0]
    moved = sum(
        weight * max(min((now - before) * 100 // before, 100), -100) for now, before, weight in real if now is not None
    )
    return {"growth_score": 50 + moved // 200 if real else None}
