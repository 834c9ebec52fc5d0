"""A small bank feed of every kind of file, a vault in memory, and ways to deliver, load and look."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from zhike.core.snapshot import SnapshotStore
from zhike.core.text import Text
from zhike.core.workspace import Workspace, open_workspace
from zhike.data.columns import (
    CardNumber,
    Code,
    Day,
    Identity,
    Ignored,
    Moment,
    Money,
    Number,
    Party,
    Personal,
    Surrogate,
    Whole,
    Words,
)
from zhike.data.ingest import LoadReport, load
from zhike.data.personal import PersonalField
from zhike.data.source import Companion, Delimited, FixedWidth, Map, RawFile, Rule, Source, Trailer

_TEXT = Text(zh="测试", en="test")

PEOPLE = RawFile(
    name="people",
    pattern=r"(?P<date>\d{8})/people\.csv",
    format=Delimited(),
    columns={
        "number": Party(first_known="since"), "name": Personal("full_name"), "paper": Identity(name="has_paper"),
        "born": Day("%Y-%m-%d", optional=True), "since": Day("%Y-%m-%d"), "note": Words(optional=True),
        "score": Number(optional=True, least=0, most=1),
    },
    maps=(Map("party", lambda raw: {"party_id": raw.number, "kind": ibis.literal("person"), "birth_date": raw.born}),),
)  # fmt: skip

ACCOUNTS = RawFile(
    name="accounts",
    pattern=r"(?P<date>\d{8})/accounts\.csv",
    format=Delimited(),
    columns={
        "account": Surrogate("account"), "number": Party(), "opened": Day("%Y-%m-%d"), "state": Code({"O": "open"}),
    },
    maps=(
        Map("account", lambda raw: {
            "account_id": raw.account, "kind": ibis.literal("credit"), "opened_on": raw.opened, "status": raw.state,
        }),
        Map("account_party", lambda raw: {
            "account_id": raw.account, "party_id": raw.number, "role": ibis.literal("main"),
        }),
    ),
)  # fmt: skip

MOVES = RawFile(
    name="moves",
    pattern=r"(?P<date>\d{8})/moves\.csv",
    format=Delimited(),
    columns={
        "ref": Words(), "account": Surrogate("account", known_in="account"), "day": Day("%Y-%m-%d"),
        "amount": Money(least=0, most=100_000_000), "kind": Code({"P": "purchase", "R": "refund"}),
        "count": Whole(optional=True, least=0, most=9), "text": Words(optional=True),
    },
    control=Companion(pattern=r"rows=(?P<count>\d+) sum=(?P<sum>[\d.]+)", total="amount"),
    rules=(Rule("contradiction", "kind", lambda raw: (raw.kind != "refund") | (raw.amount > 0)),),
    maps=(
        Map("transaction", lambda raw: {
            "transaction_id": raw.ref, "account_id": raw.account, "kind": raw.kind, "amount_cents": raw.amount,
            "direction": ibis.ifelse(raw.kind == "refund", "credit", "debit"), "channel": ibis.literal("pos"),
            "customer_initiated": raw.kind == "purchase", "purpose": raw.text, "business_date": raw.day,
        }),
    ),
    optional=True,
)  # fmt: skip

SWIPES = RawFile(
    name="swipes",
    pattern=r"(?P<date>\d{8})/swipes\.dat",
    format=FixedWidth(
        fields={"ref": 8, "card": 19, "day": 8, "time": 6, "amount": 12, "shop": 20}, header=r"HSWIPES\d{8}"
    ),
    columns={
        "ref": Words(), "card": CardNumber(), "day": Moment("%Y%m%d %H%M%S", and_column="time", name="at"),
        "time": Ignored(), "amount": Money(implied=True, least=0), "shop": Words(optional=True),
    },
    control=Trailer(pattern=r"T(?P<count>\d{8})(?P<sum>\d{14})", total="amount"),
    maps=(
        Map("authorisation", lambda raw: {
            "authorisation_id": raw.ref, "account_id": raw.card, "card_id": raw.card, "amount_cents": raw.amount,
            "outcome": ibis.literal("approved"), "channel": ibis.literal("pos"), "event_at": raw["at"],
            "business_date": raw["at__day"],
        }),
    ),
    optional=True,
)  # fmt: skip

SMALL = Source(
    name="small", title=_TEXT, meaning=_TEXT, currency="CNY", zone="Asia/Shanghai",
    files=(PEOPLE, ACCOUNTS, MOVES, SWIPES), consent="delivered",
)  # fmt: skip

PEOPLE_HEAD = "number,name,paper,born,since,note,score\n"
MOVES_HEAD = "ref,account,day,amount,kind,count,text\n"


class MemoryVault:
    """The vault's twin: keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.known_from: dict[tuple[str, str], date] = {}

    def write(self, fields: Iterable[PersonalField], /) -> int:
        changed = 0
        for one in fields:
            at = one.party_id, one.field
            if one.known_from >= self.known_from.get(at, date.min):
                changed += self.kept.get(at) != one.value
                self.kept[at], self.known_from[at] = one.value, one.known_from
        return changed


def deliver(folder: Path, day: str = "20260105", **changed: bytes | None) -> Path:
    """Writes a day's files; ``people=b...`` replaces one, None leaves it out."""
    moves = MOVES_HEAD + "m1,A1,2026-01-04,12.50,P,1,tea\nm2,A2,2026-01-05,7,R,,\n"
    files: dict[str, bytes | None] = {
        "people.csv": (
            PEOPLE_HEAD + "1,王小明,ID1,1980-02-29,2020-01-01,,0.5\n2,Ann Lee,ID2,,2021-05-06,vip,\n"
        ).encode(),
        "accounts.csv": b"account,number,opened,state\nA1,1,2020-01-02,O\nA2,2,2021-05-07,O\n",
        "moves.csv": moves.encode(),
        "moves.csv.ctl": b"rows=2 sum=19.50",
        "swipes.dat": swipes(day, [("s1", "6225880000001234", 500, "茶馆"), ("s2", "6225880000005678", 1250, "")]),
    }
    files |= {name.replace("__", "."): content for name, content in changed.items()}
    (folder / day).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if content is not None:
            (folder / day / name).write_bytes(content)
    return folder


def swipes(day: str, rows: list[tuple[str, str, int, str]], *, count: int | None = None) -> bytes:
    """A fixed-width file with header and trailer."""
    lines = [f"HSWIPES{day}".encode()]
    for ref, card, cents, shop in rows:
        lines.append(f"{ref:8}{card:19}{day}093000{cents:012d}".encode() + shop.encode("gb18030").ljust(20))
    total = sum(cents for _, _, cents, _ in rows)
    lines.append(f"T{len(rows) if count is None else count:08d}{total:014d}".encode())
    return b"\n".join(lines) + b"\n"


def workspace_at(folder: Path, *, secrets: bytes = b"k") -> Workspace:
    """A workspace whose secrets are those of every other one made here, so that ids can be compared."""
    opened = open_workspace(folder)
    for name in ("ids", "tokens", "staging"):
        path = folder / "keys" / f"{name}.key"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_bytes(secrets * 32)
    return opened


def taken(
    folder: Path, workspace: Workspace, vault: MemoryVault | None = None, source: Source | str = SMALL
) -> LoadReport:
    """Loads a folder."""
    return load(source, folder, workspace=workspace, vault=vault or MemoryVault(), progress=lambda *_: None)


def facts(workspace: Workspace, table: str) -> list[dict[str, Any]]:
    """All rows of a table of the current snapshot, in the order of its files."""
    store = SnapshotStore(workspace)
    parts = [pq.read_table(path, partitioning=None) for path in store.paths(store.current(), table)]
    return pa.concat_tables(parts).to_pylist() if parts else []


def reasons(workspace: Workspace) -> list[tuple[str, int, str, str | None]]:
    """(file, line, code, column) of everything quarantined."""
    return [(row["file"], row["line"], row["code"], row["column"]) for row in facts(workspace, "quarantine")]
