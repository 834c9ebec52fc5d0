"""Do the KPIs tie? Statements against what moved between them, to the cent, and every row that does not tie by name.

Between two statements of an account the balance moves by what was spent, taken, charged and paid. What the KPIs call
spend, cash, fees and interest is added up by the rules of the KPIs themselves, so that a rule that forgets a kind of
row, or counts one twice, shows as a difference of some statement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from zhike.core.engine import Session
from zhike.core.text import Text
from zhike.data.asof import Facts
from zhike.data.kpis.fee_income import FEES
from zhike.data.kpis.net_interest_income import INTEREST
from zhike.data.rows import BESIDE_BALANCE, charged, net_spend, spends

_PARTS = ("spend", "cash", "fees", "interest", "other", "paid")


@dataclass(frozen=True)
class Untied:
    """A statement that its movements do not explain. Cents; ``difference`` is told − explained."""

    account_id: int
    statement_id: str
    on: date
    what: str
    told: int
    explained: int

    @property
    def difference(self) -> int:
        return self.told - self.explained


@dataclass(frozen=True)
class Tie:
    """One check over all its rows: sums of both sides in cents, and the rows that differ."""

    name: str
    title: Text
    rows: int
    told: int
    explained: int
    untied: tuple[Untied, ...]


def reconcile(session: Session, facts: Facts) -> list[Tie]:
    """Every check as of a day, as known then."""
    cycles = session.keep("kept_cycles", _cycles(facts))
    checks = [
        ("balance", Text("账单余额 = 上期余额 + 消费 + 取现 + 费用 + 利息 − 还款",
                         "Balance = balance before + spend + cash + fees + interest − payments"),
         cycles.kind == "credit", cycles.balance_cents, _explained(cycles)),
        ("deposit", Text("存款余额 = 上期余额 + 存入 − 支出", "Deposit = deposit before + in − out"),
         cycles.kind == "deposit", cycles.balance_cents, cycles.before_cents - _moved(cycles)),
        ("spend", Text("账单推出的消费 = 指标的消费", "Spend that statements imply = spend of the KPI"),
         cycles.kind == "credit", _explained_spend(cycles), cycles.spend),
        ("income", Text("账单推出的收入 = 入账的费用与利息", "Income that statements imply = fees and interest posted"),
         cycles.kind == "credit", _explained_income(cycles), cycles.fees + cycles.interest),
        ("payments", Text("账单记录的还款 = 还款流水", "Paid by the statement = payments told"),
         (cycles.kind == "credit") & cycles.paid_cents.notnull(), cycles.paid_cents, cycles.paid),
    ]  # fmt: skip
    return [
        _tie(session, name, title, cycles, which, told, explained) for name, title, which, told, explained in checks
    ]


def _explained(cycles: ibis.Table) -> ir.IntegerValue:
    return cycles.before_cents + _moved(cycles) - cycles.paid


def _moved(cycles: ibis.Table) -> ir.IntegerValue:
    return cycles.spend + cycles.cash + cycles.fees + cycles.interest + cycles.other


def _explained_spend(cycles: ibis.Table) -> ir.IntegerValue:
    """What the change of the balance leaves for spend once everything else is taken out."""
    return cycles.balance_cents - _explained(cycles) + cycles.spend


def _explained_income(cycles: ibis.Table) -> ir.IntegerValue:
    return cycles.balance_cents - _explained(cycles) + cycles.fees + cycles.interest


def _tie(
    session: Session, name: str, title: Text, cycles: ibis.Table, which: ir.BooleanValue, told: ir.IntegerValue,
    explained: ir.IntegerValue,
) -> Tie:  # fmt: skip
    rows = cycles.mutate(told=told, explained=explained).filter(which)
    sums = session.query(
        rows.aggregate(rows=rows.count(), told=rows.told.sum(), explained=rows.explained.sum())
    ).to_pylist()[0]
    off = rows.filter(rows.told != rows.explained).order_by("account_id", "business_date")
    found = session.query(off.select("account_id", "statement_id", "business_date", "told", "explained")).to_pylist()
    untied = tuple(
        Untied(row["account_id"], row["statement_id"], row["business_date"], name, row["told"], row["explained"])
        for row in found
    )
    return Tie(name, title, sums["rows"], sums["told"] or 0, sums["explained"] or 0, untied)


def _cycles(facts: Facts) -> ibis.Table:
    """Every statement that has one before it, of credit and deposit accounts, with what moved in between by part."""
    billed, account = facts("statement"), facts("account").select("account_id", "kind")
    window = ibis.window(group_by="account_id", order_by=[billed.business_date, billed.statement_id])
    told = billed.mutate(
        before_cents=billed.balance_cents.lag().over(window), after=billed.business_date.lag().over(window)
    ).select(
        "account_id", "statement_id", "business_date", "balance_cents", "paid_cents", "before_cents", "after", "source"
    )
    told = told.filter(told.after.notnull()).join(account, "account_id").join(_first_told(facts), "source")
    # A cycle that began before a source's files began cannot be explained by them.
    told = told.filter(told.kind.isin(["credit", "deposit"]), told.after >= told.first_on)
    moves = _movements(facts)
    met = told.select("statement_id", "account_id", "after", until=told.business_date).join(moves, "account_id")
    met = met.filter(met.day > met.after, met.day <= met.until)
    sums = met.group_by("statement_id").aggregate(
        **{part: met.cents.sum(where=met.part == part).cast("int64") for part in _PARTS}
    )
    rows = told.left_join(sums, "statement_id").drop("statement_id_right")
    return rows.mutate(**{part: rows[part].fill_null(0) for part in _PARTS})


def _first_told(facts: Facts) -> ibis.Table:
    """source, first_on: the day of the first file of each source that told a movement."""
    moved, posted = facts("transaction"), facts("posting")
    told = ibis.union(moved.select("source", "known_at"), posted.select("source", "known_at"))
    return told.group_by("source").aggregate(first_on=told.known_at.min())


def _movements(facts: Facts) -> ibis.Table:
    """account_id, day, part, cents: positive raises what is owed, or takes from a deposit; payments are positive."""
    moved, posted, paid = facts("transaction"), facts("posting"), facts("payment")
    spent = moved.filter(spends(moved))
    other = moved.filter(~spends(moved))
    kept = posted.filter(posted.kind.notin(BESIDE_BALANCE))
    part = ibis.cases((kept.kind.isin(FEES), "fees"), (kept.kind.isin(INTEREST), "interest"), else_="other")
    return ibis.union(
        _line(spent, ibis.literal("spend"), net_spend(spent)),
        _line(other, ibis.ifelse(other.kind == "cash_advance", "cash", "other"), charged(other)),
        _line(kept, part, charged(kept)),
        _line(paid, ibis.literal("paid"), paid.amount_cents),
    )


def _line(rows: ibis.Table, part: ir.StringValue, cents: ir.IntegerValue) -> ibis.Table:
    return rows.select("account_id", day=rows.business_date, part=part.cast("string"), cents=cents.cast("int64"))


def untied(ties: list[Tie]) -> Iterator[tuple[Untied, list[str]]]:
    """Every statement that does not tie once, with the checks that it fails."""
    failed: dict[str, list[str]] = {}
    first: dict[str, Untied] = {}
    for tie in ties:
        for row in tie.untied:
            failed.setdefault(row.statement_id, []).append(tie.name)
            first.setdefault(row.statement_id, row)
    for name, row in first.items():
        yield row, failed[name]
