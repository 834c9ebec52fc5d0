"""Counts the golden facts of Berka by hand: plain Python over the raw files, nothing of Zhike.

python tests/golden/count_berka.py ../shared/data/berka > tests/golden/berka.json
"""

import csv
import gzip
import json
import sys
from calendar import monthrange
from collections import Counter
from datetime import date
from pathlib import Path

# The holder of the first card ever issued; a client whose loan was not paid back; a client who may only dispose.
CLIENTS = ("9593", "2166", "3")
AS_OF = date(1994, 3, 30)


def rows(folder, name):
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def day(text):
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def cents(text):
    whole, _, fraction = text.partition(".")
    return int(whole) * 100 + int(fraction.ljust(2, "0"))


def later(start, months):
    year, month = start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def born(number):
    year, month, number_day = int(number[:2]), int(number[2:4]), int(number[4:])
    return date(1900 + year, month - 50 if month > 50 else month, number_day).isoformat()


def client_facts(client, tables):
    one = next(row for row in tables["client"] if row["client_id"] == client)
    held = [row for row in tables["disp"] if row["client_id"] == client]
    accounts = {row["account_id"] for row in held}
    moves = [row for row in tables["trans_1993_to_19940331"] if row["account_id"] in accounts]
    # By the bank: interest, statement fee, penalty interest. Everything else is a movement.
    by_bank = [row for row in moves if row["k_symbol"] in ("UROK", "SLUZBY", "SANKC. UROK")]
    made = [row for row in moves if row not in by_bank]
    seen = [row for row in made if day(row["date"]) <= AS_OF]
    loans = [row for row in tables["loan"] if row["account_id"] in accounts]
    return {
        "birth_date_and_sex": [born(one["birth_number"]), "female" if int(one["birth_number"][2:4]) > 50 else "male"],
        "accounts_with_role_and_opening": sorted(
            [
                row["account_id"],
                {"OWNER": "main", "DISPONENT": "authorised"}[row["type"]],
                day(opened["date"]).isoformat(),
            ]
            for row in held
            for opened in tables["account"]
            if opened["account_id"] == row["account_id"]
        ),
        "transactions_and_postings_in_window": [len(made), len(by_bank)],
        "credit_and_debit_cents_as_of_1994_03_30": [
            sum(cents(row["amount"]) for row in seen if row["type"] == "PRIJEM"),
            sum(cents(row["amount"]) for row in seen if row["type"] != "PRIJEM"),
        ],
        "cards_and_loans": [
            sorted(
                [row["type"], day(row["issued"]).isoformat()]
                for row in tables["card"]
                if row["disp_id"] in {one["disp_id"] for one in held}
            ),
            sorted(
                [
                    row["loan_id"],
                    cents(row["amount"]),
                    row["status"],
                    later(day(row["date"]), int(row["duration"])).isoformat(),
                ]
                for row in loans
            ),
        ],
    }


def main():
    folder = Path(sys.argv[1])
    names = ("account", "client", "disp", "order", "loan", "card", "district", "trans_1993_to_19940331")
    tables = {name: rows(folder, name) for name in names}
    directions = Counter(
        (row["type"] == "PRIJEM", row["k_symbol"] in ("UROK", "SLUZBY", "SANKC. UROK"))
        for row in tables["trans_1993_to_19940331"]
    )
    golden = {
        "rows": {name: len(found) for name, found in tables.items()},
        "movements": {"credits": directions[True, False], "debits": directions[False, False]},
        "postings": {"credits": directions[True, True], "debits": directions[False, True]},
        "as_of_1994_03_30": {
            "accounts": sum(day(row["date"]) <= AS_OF for row in tables["account"]),
            "cards": sum(day(row["issued"]) <= AS_OF for row in tables["card"]),
            "loans_granted": sum(day(row["date"]) <= AS_OF for row in tables["loan"]),
            "loans_over": sum(later(day(row["date"]), int(row["duration"])) <= AS_OF for row in tables["loan"]),
            "loans_over_later": sum(row["status"] in "AB" for row in tables["loan"]),
        },
        "clients": {client: client_facts(client, tables) for client in CLIENTS},
    }
    json.dump(golden, sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
