"""Splitting a KPI: rows get a label by what they can be placed by, one mechanism for all KPIs and all ways.

A row is placed by its own column, by its account or by its customer, whichever tells. A row that nothing places keeps
the label null, it is not left out: where labels do not overlap the pieces add up to the whole. Only named segments
overlap.
"""

from collections.abc import Callable
from dataclasses import dataclass

import ibis

from zhike.core.errors import BadInput, Invariant
from zhike.core.text import Text
from zhike.data.asof import Facts, kept
from zhike.data.compiler import ID, Road
from zhike.data.kpis import Kpi
from zhike.data.segment_language.tree import SEGMENT_PREFIX
from zhike.data.segments import classifications, named_segments


@dataclass(frozen=True)
class Beside:
    """Tables that no fact holds: the customer view of the same day (customer_id and labels), and whom each customer is
    assigned to (party_id, person). None where nothing is split by them."""

    view: ibis.Table | None = None
    people: ibis.Table | None = None


@dataclass(frozen=True)
class Split:
    """A way to split. ``keys``: rows need one of them; ``label(rows, facts, beside)`` is the rows with a ``label``."""

    name: str
    title: Text
    keys: frozenset[str]
    label: Callable[[ibis.Table, Facts, Beside], ibis.Table]
    adds_up: bool = True
    needs_view: bool = False
    needs_people: bool = False

    def places(self, columns: tuple[str, ...]) -> bool:
        """Whether rows with these columns can be placed: a split that leaves every row without a label is none."""
        return bool(self.keys & set(columns))


def splits() -> dict[str, Split]:
    """Every way by name; a classification of customers is a way of its own."""
    of_customer = frozenset({"account_id", "party_id"})
    ways = [
        Split("branch", Text("机构", "Branch"), of_customer, _by_branch),
        Split("product", Text("产品", "Product"), frozenset({"product_code", "account_id"}), _by_product),
        Split("channel", Text("渠道", "Channel"), frozenset({"channel"}), _by_channel),
        Split("person", Text("负责人", "Person"), of_customer, _by_person, needs_people=True),
        Split("segment", Text("客群", "Segment"), of_customer, _by_segment, adds_up=False, needs_view=True),
        *(
            Split(each.name, each.title, of_customer, _by_class(each.name), needs_view=True)
            for each in classifications()
        ),
    ]
    return {way.name: way for way in ways}


def labelled(kpi: Kpi, by: Split, facts: Facts, rows: ibis.Table, beside: Beside) -> ibis.Table:
    """The rows of a KPI with their labels; raises BadInput where the KPI cannot be split so."""
    if not by.places(rows.columns):
        possible = ", ".join(way.name for way in splits().values() if way.places(rows.columns))
        raise BadInput(
            Text(
                f"{kpi.name} 不能按 {by.name} 拆分：可按 {possible} 或 month。",
                f"{kpi.name} cannot be split by {by.name}: it can be by {possible} or month.",
            )
        )
    return by.label(rows, facts, beside)


def _by_branch(rows: ibis.Table, facts: Facts, _beside: Beside) -> ibis.Table:
    """By the branch that keeps the account; of a customer alone, that of the account they have held longest."""
    account = facts("account")
    of_account = account.select("account_id", label=account.branch_id.cast("string"))
    return _told(rows, {"account_id": of_account, "party_id": _home(facts)})


@kept("home")
def _home(facts: Facts) -> ibis.Table:
    """party_id, label: the branch of the account that a customer has held longest, as main holder where as any."""
    account, held = facts("account"), facts("account_party")
    joined = held.join(account, held.account_id == account.account_id)
    joined = joined.select(held.party_id, held.role, account.opened_on, account.account_id, account.branch_id)
    joined = joined.filter(joined.branch_id.notnull())
    order = [ibis.ifelse(joined.role == "main", 0, 1), joined.opened_on, joined.account_id]
    ranked = joined.mutate(place=ibis.row_number().over(ibis.window(group_by="party_id", order_by=order)))
    return ranked.filter(ranked.place == 0).select("party_id", label=ranked.branch_id.cast("string"))


def _by_product(rows: ibis.Table, facts: Facts, _beside: Beside) -> ibis.Table:
    account = facts("account")
    return _told(rows, {"account_id": account.select("account_id", label=account.product_code)}, "product_code")


def _by_channel(rows: ibis.Table, _facts: Facts, _beside: Beside) -> ibis.Table:
    return rows.mutate(label=rows.channel)


def _by_person(rows: ibis.Table, facts: Facts, beside: Beside) -> ibis.Table:
    if beside.people is None:
        raise Invariant("A split by person needs whom customers are assigned to.")
    return _of_party(rows, facts, beside.people.select("party_id", label=beside.people.person))


def _by_class(name: str) -> Callable[[ibis.Table, Facts, Beside], ibis.Table]:
    def label(rows: ibis.Table, facts: Facts, beside: Beside) -> ibis.Table:
        view = _view(beside)
        return _of_party(rows, facts, view.select(party_id=view.customer_id, label=view[name]))

    return label


def _by_segment(rows: ibis.Table, facts: Facts, beside: Beside) -> ibis.Table:
    """Once for each segment that the customer is in; null for customers in none."""
    view = _view(beside)
    members = [
        view.filter(view[SEGMENT_PREFIX + each.name].fill_null(False)).select(
            party_id=view.customer_id, label=ibis.literal(each.name)
        )
        for each in named_segments()
    ]
    return _of_party(rows, facts, ibis.union(*members))


def _told(rows: ibis.Table, labels: dict[str, ibis.Table], column: str = "") -> ibis.Table:
    """Rows labelled by their own column, else by the first key of ``labels`` that tells."""
    found = [column] if column in rows.columns else []
    for key in [key for key in labels if key in rows.columns]:
        of_key = labels[key].rename({f"{key}_of_label": key, f"label_by_{key}": "label"})
        rows = rows.left_join(of_key, rows[key] == of_key[f"{key}_of_label"]).drop(f"{key}_of_label")
        found.append(f"label_by_{key}")
    return rows.mutate(label=ibis.coalesce(*(rows[name] for name in found)))


def _of_party(rows: ibis.Table, facts: Facts, of_party: ibis.Table) -> ibis.Table:
    """Rows labelled by their customer: the one they name, else the main holder of their account."""
    held = Road(facts).holders().select("account_id", label=ibis._[ID])
    parties = rows.mutate(party_of_row=rows.party_id) if "party_id" in rows.columns else rows
    if "account_id" in rows.columns:
        told = _told(parties, {"account_id": held}, "party_of_row")
        parties = told.mutate(party_of_row=told.label).drop("label")
    labels = of_party.rename({"party_of_label": "party_id"})
    return parties.left_join(labels, parties.party_of_row == labels.party_of_label)


def _view(beside: Beside) -> ibis.Table:
    if beside.view is None:
        raise Invariant("A split by segment needs the customer view of the day.")
    return beside.view
