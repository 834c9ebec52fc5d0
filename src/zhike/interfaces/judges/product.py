"""Zhike itself as a policy: it loads the bank's files of the days that passed, builds the view, decides, and its
decisions go out by the first of an offer's channels to which the customer has agreed.

The actions are those that the command line calls. Contacts come back to it the way they do in a bank: by the files.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhike.core import ids
from zhike.core.errors import Unavailable
from zhike.core.settings import child_environment
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import Workspace
from zhike.sandbox import calendar
from zhike.sandbox.actions import CHANNELS, OFFERS, Contacts
from zhike.sandbox.numbers import card_customer_numbers
from zhike.sandbox.world import World

_HOUR = 10  # within the hours of the bank's own rule; the product has no opinion on hours yet
_NOTHING = "do_nothing"


@contextmanager
def running(home: Path) -> Iterator["Start"]:
    """The product in a process of its own, on a workspace of its own."""
    environment = child_environment(ZHIKE_HOME=str(home), ZHIKE_DATABASE_URL="", ZHIKE_FAILPOINT="")
    command = [sys.executable, "-m", "zhike.interfaces.judges.product_child"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True)
    try:
        yield lambda bank, worlds: _Product(child, Workspace(home), bank, worlds)
    finally:
        child.communicate()  # its input ends, so it puts its database away and ends too


@dataclass
class _Product:
    """Acts on the morning of a day upon all that was delivered until the evening before."""

    child: "subprocess.Popen[str]"
    workspace: Workspace
    bank: Path
    worlds: list[World]
    _sent: dict[int, list[int]] = field(default_factory=dict)

    def __call__(self, day: int) -> Contacts:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        request = {"bank": str(self.bank), "as_of": calendar.day_of(day - 1).isoformat()}
        self.child.stdin.write(json.dumps(request) + "\n")
        self.child.stdin.flush()
        answer = self.child.stdout.readline().strip()
        if answer != "done":
            raise Unavailable(f"Zhike could not decide in this game: {answer.removeprefix('fault: ') or 'it ended'}")
        return self._contacts(day)

    def _contacts(self, day: int) -> Contacts:
        decided = self._decided()
        known = self._persons()
        rows = [row for row in decided if row["winner"] != _NOTHING and row["customer_id"] in known]
        found = [chosen for row in rows if (chosen := self._contact(row, known[row["customer_id"]], day)) is not None]
        columns: list[NDArray[np.int64]] = [np.array(column, np.int64) for column in zip(*found, strict=True)]
        return Contacts(*columns) if found else Contacts.none()

    def _contact(self, row: dict[str, Any], person: int, day: int) -> tuple[int, ...] | None:
        """Person, offer, channel, hour, incentive, reference; None where the customer agreed to none of the means."""
        from zhike.decide.offers import offers
        from zhike.decide.policies.contact_caps import CONTACT_CAPS

        winner, caps = str(row["winner"]), CONTACT_CAPS.parameters
        means = [each for each in offers.get(winner).channels if each in CHANNELS and row.get(f"consent_{each}") == 1]
        before = [each for each in self._sent.get(person, []) if day - each < 30]
        full = len(before) >= caps.month_max or sum(day - each < 7 for each in before) >= caps.week_max
        if winner not in OFFERS or not means or full:
            return None
        self._sent[person] = [*before, day]
        incentive = int(row.get(f"{winner}__incentive_cents") or 0)
        reference = day * 10**6 + person
        return person, OFFERS.index(winner), CHANNELS.index(means[0]), _HOUR, incentive, reference

    def _decided(self) -> list[dict[str, Any]]:
        """Decisions of the newest snapshot, each with the consents of the view."""
        store = SnapshotStore(self.workspace)
        manifest = store.current()
        decided = pa.concat_tables([pq.read_table(path) for path in store.paths(manifest, "decision")])
        incentives = [name for name in decided.column_names if name.endswith("__incentive_cents")]
        consents = ["customer_id", *(f"consent_{channel}" for channel in CHANNELS)]
        paths = store.paths(manifest, "customer_view")
        view = pa.concat_tables([pq.read_table(path, columns=consents) for path in paths])
        winners = decided.select(["customer_id", "winner", *incentives])
        return winners.join(view, "customer_id").sort_by("customer_id").to_pylist()

    def _persons(self) -> dict[str, int]:
        """Person numbers by party, through the keyed tokens of the card system's customer numbers."""
        secret = self.workspace.secret("tokens")
        numbers = np.concatenate([world.people.number for world in self.worlds])
        texts = card_customer_numbers(numbers)
        tokens = {
            ids.token(secret, "customer_number", bytes(text).decode()): int(number)
            for text, number in zip(texts, numbers, strict=True)
        }
        store = SnapshotStore(self.workspace)
        keys = [pq.read_table(path) for path in store.paths(store.current(), "party_key")]
        rows = pa.concat_tables(keys).select(["key_token", "party_id"]).to_pylist()
        return {row["party_id"]: tokens[row["key_token"]] for row in rows if row["key_token"] in tokens}


Start = Callable[[Path, list[World]], _Product]
