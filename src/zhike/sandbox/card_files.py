"""The files of the card system: fixed width, GB18030, header and trailer."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhike.sandbox import calendar, consents, damage, entries, layouts, life
from zhike.sandbox.billing import Statements
from zhike.sandbox.card_texts import CardTexts
from zhike.sandbox.consents import CONSENTS
from zhike.sandbox.entries import Entries
from zhike.sandbox.fixed_width import Bytes, Coded, Column, RecordFile
from zhike.sandbox.life import Steps
from zhike.sandbox.numbers import digits
from zhike.sandbox.people import income_band
from zhike.sandbox.record import Record
from zhike.sandbox.world import World

Ints = NDArray[np.int64]
Index = NDArray[np.integer]
Columns = dict[str, Column | Coded]
NEW, CONSENT_CHANGED, LIMIT_CHANGED, STATUS_CHANGED = range(4)
_YEARS_VALID = 10


class CardFiles:
    """Writes the day's folder of the card system and counts what it wrote."""

    def __init__(self, world: World, texts: CardTexts) -> None:
        self._people, self._accounts, self._ledger = world.people, world.accounts, world.ledger
        self._consents, self._merchants, self._since = world.consents, world.merchants, world.since
        self._texts = texts
        self._step_count = 0
        self.files = self.rows = self.bytes = 0

    def opening(self, folder: Path, day: int) -> None:
        """What is delivered once: branches, products, merchants, terminals."""
        for record, columns in self._texts.once():
            self._save(folder, record, day, [(len(next(iter(columns.values()))), columns)])

    def customers(self, folder: Path, day: int, new: Index, changed: Index) -> None:
        changes = ((new, NEW), (changed, CONSENT_CHANGED))
        parts = [(len(who), self._customer_columns(who, why, day)) for who, why in changes if len(who)]
        self._save(folder, layouts.CUSTOMER, day, parts)

    def accounts(self, folder: Path, day: int, changes: list[tuple[Index, int]]) -> None:
        """Accounts with the reason for which each is written."""
        parts = [(len(which), self._account_columns(which, why, day)) for which, why in changes if len(which)]
        self._save(folder, layouts.ACCOUNT, day, parts)

    def cards(self, folder: Path, day: int, steps: Steps) -> None:
        self._save(folder, layouts.CARD, day, [(len(steps), self._card_columns(steps))])

    def statements(self, folder: Path, day: int, closed: list[Statements]) -> None:
        self._save(folder, layouts.STATEMENT, day, [(len(part), self._statement_columns(part)) for part in closed])

    def movements(self, folder: Path, day: int, today: Entries, reference: Ints) -> None:
        """Writes the movement file, also an empty one."""
        date = calendar.day_of(day)
        torn: list[bytes] = []

        def spoil(lines: Bytes, piece: slice) -> None:
            torn.extend(damage.break_lines(lines, layouts.TXN, reference[piece], date))

        file = RecordFile(folder / layouts.TXN.file, layouts.TXN, date)
        file.append(len(today), self._movement_columns(today, reference, day), spoil)
        for line in torn:
            file.append_line(line)
        self._closed(file)

    def _customer_columns(self, person: Index, why: int, day: int) -> Columns:
        people, texts = self._people, self._texts
        flags: Columns = {}
        for which, (name, _, _) in enumerate(CONSENTS):
            state = self._consents.state(which, person, day)
            flags[name] = Coded(texts.consent_codes, state)
            gone = self._consents.withdrawn[which, person]
            flags[f"{name}_date"] = np.where(state == consents.WITHDRAWN, gone, self._since[person])
        return {
            "customer_no": texts.customer_no(person), "kind": "1", "name": Coded(texts.names, people.name[person]),
            "id_type": "01", "id_no": texts.identity[person], "birth_date": people.birth[person],
            "sex": Coded(texts.sexes, people.female[person].astype(int)), "phone": texts.phone[person],
            "email": texts.email(person), "division": Coded(texts.divisions, people.district[person]),
            "city_tier": Coded(texts.tiers, people.district[person]), "address": texts.address(people, person),
            "occupation": people.occupation[person], "income_band": income_band(people.income[person]),
            "segment": people.group[person] + 1, "branch_no": Coded(texts.branch_codes, texts.home[person]),
            "opened": self._since[person], **flags, "change": Coded(texts.changes, np.full(len(person), why)),
            "changed": np.full(len(person), day),
        }  # fmt: skip

    def _account_columns(self, account: Index, why: int, day: int) -> Columns:
        own, texts = self._accounts, self._texts
        limit = own.limit[account]
        return {
            "account_no": texts.account_no[account], "customer_no": texts.customer_no(own.person[account]),
            "product": Coded(texts.products, own.product[account]), "currency": "CNY", "opened": own.opened[account],
            "status": own.status[account] + 1, "status_date": own.status_since[account], "limit": limit,
            "limit_date": own.limit_since[account], "limit_reason": own.limit_reason[account] + 1,
            "cash_limit": limit // 2, "statement_day": own.statement_day[account],
            "autopay": Coded(texts.yes_no, own.autopay[account].astype(int)), "balance": self._ledger.balance[account],
            "branch_no": Coded(texts.branch_codes, own.branch[account]),
            "change": Coded(texts.changes, np.full(len(account), why)), "changed": np.full(len(account), day),
        }  # fmt: skip

    def _card_columns(self, steps: Steps) -> Columns:
        own, cards, texts = self._accounts, self._accounts.cards, self._texts
        card, account = steps.card, cards.account[steps.card]
        serial = self._step_count + 1 + np.arange(len(steps))
        self._step_count += len(steps)
        customer = steps.by == life.CUSTOMER
        second = np.where(customer, 28_800 + own.rolls.at(account).on(steps.step).below("step second", 50_000), 7_200)
        return {
            "event_ref": digits(serial, 16), "card_no": texts.card_no[card], "account_no": texts.account_no[account],
            "customer_no": texts.customer_no(cards.holder[card]),
            "role": Coded(texts.roles, (card >= len(own)).astype(int)),
            "product": Coded(texts.products, own.product[account]),
            "issued": cards.issued[card], "expires": cards.issued[card] + int(_YEARS_VALID * 365.25),
            "event": steps.step + 1, "event_date": steps.day, "event_time": second, "by": Coded(texts.by, steps.by),
            "detail": Coded(texts.details, steps.detail), "branch_no": Coded(texts.branch_codes, own.branch[account]),
        }  # fmt: skip

    def _statement_columns(self, closed: Statements) -> Columns:
        number = self._texts.account_no[closed.account]
        columns = {name: value for name, value in vars(closed).items() if name not in ("account", "day", "due")}
        dated = self._texts.date_text(closed.day)
        return {
            "statement_no": np.concatenate([number, dated], axis=1), "account_no": number, "statement_date": closed.day,
            "due_date": closed.due, "currency": "CNY", **columns,
        }  # fmt: skip

    def _movement_columns(self, today: Entries, reference: Ints, day: int) -> Columns:
        texts, nowhere = self._texts, today.merchant < 0
        abroad = today.country >= 0
        shop = np.where(nowhere, len(self._merchants), today.merchant)
        machine = (today.channel == entries.POS) | (today.channel == entries.WALLET) | (today.channel == entries.ATM)
        terminal = np.where(machine & ~nowhere, 1 + today.merchant * 3 + today.second % 3, 0)
        # Row 0 is blank; then come the shops' own names, and the same behind each wallet's prefix.
        printed = np.where(nowhere, 0, 1 + (today.wallet + 1) * len(self._merchants) + today.merchant)
        return {
            "ref": digits(reference, 16), "type": Coded(texts.types, today.type),
            "account_no": texts.account_no[today.account], "card_no": Coded(texts.card_no_or_blank, today.card + 1),
            "txn_date": day - today.ago, "txn_time": today.second, "post_date": np.full(len(today), day),
            "amount": today.amount, "currency": "CNY", "orig_amount": today.original,
            "orig_currency": Coded(texts.currencies, np.where(abroad, today.country + 1, 0)),
            "response": Coded(texts.responses, today.response), "channel": Coded(texts.channels, today.channel),
            "wallet": Coded(texts.wallets, today.wallet + 1), "merchant_no": Coded(texts.merchant_no, shop),
            "terminal_no": Coded(texts.terminal_no, terminal), "mcc": Coded(texts.mcc, shop),
            "merchant_name": Coded(texts.printed_names, printed), "division": Coded(texts.shop_division, shop),
            "country": Coded(texts.shop_country, shop), "of_ref": texts.reference_or_blank(today.of),
        }  # fmt: skip

    def _save(self, folder: Path, record: Record, day: int, parts: list[tuple[int, Columns]]) -> None:
        """Writes a file unless it would hold no row."""
        if not sum(count for count, _ in parts):
            return
        file = RecordFile(folder / record.file, record, calendar.day_of(day))
        for count, columns in parts:
            file.append(count, columns)
        self._closed(file)

    def _closed(self, file: RecordFile) -> None:
        file.close()
        self.files, self.rows, self.bytes = self.files + 1, self.rows + file.count, self.bytes + file.bytes
