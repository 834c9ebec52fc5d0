"""What the customer holds with the bank, by kind."""

from functools import partial

import ibis
import ibis.expr.types as ir

from zhike.core.text import Text
from zhike.data.feature import Derived, Feature, Measure
from zhike.data.features import features


def _held(rows: ibis.Table, *, kind: str) -> ir.BooleanValue:
    return (rows.kind == kind) & rows.status.isin(["open", "frozen"])


_KINDS = {"deposit": Text("存款", "Deposit"), "loan": Text("贷款", "Loan")}
for _kind, _title in _KINDS.items():
    features.register(
        Feature(
            name=f"{_kind}_accounts",
            title=Text(f"{_title.zh}账户数", f"{_title.en} accounts"),
            meaning=Text(f"未销户{_title.zh}账户数", f"{_title.en} accounts that are not closed"),
            unit="count",
            table="account",
            measure=Measure("count"),
            where=partial(_held, kind=_kind),
            empty=0,
        )
    )
_HELD = ("credit_accounts", "deposit_accounts", "loan_accounts", "instalments_running", "loans_running")
features.register(
    Derived(
        name="products_held",
        title=Text("持有产品数", "Products held"),
        meaning=Text(
            "信用、存款、贷款、分期四类中持有的种类数", "How many of the four: credit, deposit, loan, instalment plan"
        ),
        unit="count",
        type="int64",
        needs=_HELD,
        expression=lambda view, as_of: (
            ibis.ifelse(view.credit_accounts > 0, 1, 0)
            + ibis.ifelse(view.deposit_accounts > 0, 1, 0)
            + ibis.ifelse(view.loan_accounts + view.loans_running > 0, 1, 0)
            + ibis.ifelse(view.instalments_running > 0, 1, 0)
        ),
    )
)
