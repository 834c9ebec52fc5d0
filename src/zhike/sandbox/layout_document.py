"""The record layouts as a page.

``python -m zhike.sandbox.layout_document > docs/reference/made-bank-files.md``
"""

import sys
from datetime import date

from zhike.sandbox import damage, deliveries, layouts
from zhike.sandbox.numbers import PHONE_PREFIX, TEST_BIN
from zhike.sandbox.record import Record

_HEADER = layouts.HEADER.format(name="TXN", day=date(2026, 10, 31))
_TRAILER = layouts.TRAILER.format(count=3, total=-1250)
_INTRODUCTION = f"""# The files of the made bank

Written from `src/zhike/sandbox/layouts.py`; a test holds the two equal. `zhike sandbox make DIR` writes

    DIR/cards/YYYYMMDD/*.dat    card system: fixed width in bytes, GB18030, lines end in LF
    DIR/core/YYYYMMDD/*.csv     core banking: CSV in UTF-8, every text in quotes, with *.csv.ctl beside each
    DIR/pos/YYYYMMDD/*.txt      POS settlement: fields with | between, GB18030, with *.txt.ctl beside each
    DIR/atm/YYYYMMDD/*.csv      cash machines: CSV in UTF-8, with *.csv.ctl beside each
    DIR/digital/YYYYMMDD/*.jsonl.gz   online and mobile bank: an object of JSON a line, with *.jsonl.ctl beside each
    DIR/callcentre/YYYYMMDD/callcentre.xlsx   call centre: a workbook a month, with callcentre.xlsx.ctl beside it
    DIR/crm/YYYYMMDD/*.csv      branch CRM: CSV in GB18030, with *.csv.ctl beside each
    DIR/truth/*/*.parquet       what the bank does not know, for judges: never loaded
    DIR/bank.json               written last: a folder with bank.partial instead was interrupted: run it again

A folder per system and day from the first day to the last. A kind of file without rows on a day is not written, but for
`txn.dat`, `points.dat` and `movement.csv`, which are written every day. The first day's files also hold what was there
before: all customers, accounts and steps of cards, the last statement of each account in use, the points of each, and
the last purchase of each card that was used (its `txn_date` lies before the file's day; balances contain it).

**Fixed width.** First line `{_HEADER}`: H, kind of file in 10 bytes, day, zone.
Last line `{_TRAILER}`: T, number of lines between (10 digits), sum of the field named
*control total* in minor units (sign and 17 digits; 0 where no field is named).
`text` and `code`: left, padded with spaces; empty is blank. `int`: digits with zeros before. `cents`: sign and digits
of minor units. `date`: YYYYMMDD. `time`: HHMMSS, bank-local (+08:00).

**CSV.** A header line names the columns. `date`: YYYY-MM-DD. `time`: HH:MM:SS. `cents`: yuan with two decimals.
The companion: `file=… day=… rows=… sum=…`, the sum in yuan. Names and order of the columns are those of the header: in
the middle of the history a system upgrade changes the order in core banking, the online log and the branch CRM.

**JSON lines.** UTF-8; fields without a value are left out; `device.os` is field `os` of the object `device`.
**Workbook.** A sheet for each record, days and times as cells of their kind; the companion has a line for each sheet.

**Nobody real.** Identity numbers carry a wrong check digit, always. Mobile numbers start with {PHONE_PREFIX}, which
no operator holds. Card numbers start with {TEST_BIN} and pass the Luhn check: 9 means that a country
code follows (ISO/IEC 7812-1), and 999 is nobody's. Mail addresses end in `mail.example`.

**Broken rows.** {damage.SENTENCE}

**Late, twice, wrong.** {deliveries.SENTENCE}

The last column of each table is the personal-data class: *identifier* names a person, an account or a card directly,
*attribute* is a trait or an act of a person, *none* is neither.
"""


def page() -> str:
    """The whole page, Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(record) for record in layouts.RECORDS)])


def _section(record: Record) -> str:
    fixed = record.system == "cards"
    size = f"Record: {record.width} bytes and LF. " if fixed else ""
    total = f"Control total: `{record.total}`." if record.total else "Control total: none."
    place = " start | bytes |" if fixed else ""
    head = f"| field | type |{place} meaning | 含义 | class |"
    what = f"{record.title.en} · {record.title.zh}. Written: {record.when.en} ({record.when.zh}). {size}{total}"
    sheet = f", sheet {record.name}" if record.system == "callcentre" else ""
    lines = [f"## {record.system}/YYYYMMDD/{record.file}{sheet}", "", what, "", head, "|" + " --- |" * head.count(" |")]
    for field in record.fields:
        place = f" {field.start} | {field.width} |" if fixed else ""
        meaning = f"{field.meaning.en} | {field.meaning.zh}"
        lines.append(f"| `{field.name}` | {field.kind} |{place} {meaning} | {field.personal} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
