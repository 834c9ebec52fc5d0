"""The live decision of rows with the present laid over them: equal, offer by offer, to the batch over such a view."""

import random
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
import pytest

from tests.decide.decision_reference import Row, random_customers
from zhike.core.engine import Limits, duckdb_session
from zhike.core.errors import Invariant
from zhike.data.derive import following_from, with_derived
from zhike.data.feature import Derived
from zhike.data.features import features
from zhike.data.segments import classifications
from zhike.decide.arbitrate import next_best_action
from zhike.decide.inputs import VIEW, declared_view
from zhike.decide.live import RECORDED, laid_over, live_schema
from zhike.decide.record import record
from zhike.decide.terms import DecisionSettings, unknown_consent
from zhike.operations.marketing.live import decide_again

AS_OF = date(2026, 6, 30)
COLUMNS = [name for name in live_schema() if name != "as_of"]


def random_rows(count: int, seed: int) -> list[Row]:
    """Rows of the view as far as a live decision reads them."""
    dice = random.Random(seed)
    rows = []
    for row in random_customers(count, seed):
        recorded = {name: dice.choice([0, 1, None]) for name in COLUMNS if name.startswith("consent_")}
        counts = {name: dice.choice([0, 0, 0, 1, 2]) for name in COLUMNS if "contacts" in name or "complaints" in name}
        personal = {
            "personalisation_all": dice.choice([0, 1, 1, None]),
            "personalisation_refusals": dice.choice([0, 0, 1]),
        }
        rows.append({name: (row | recorded | counts | personal).get(name) for name in COLUMNS})
    return rows


def by_batch(rows: list[Row], settings: DecisionSettings) -> list[dict[str, Any]]:
    """The same rows through the batch road: all that is derived from what is recorded, then the decision, in DuckDB."""
    schema = pa.schema([(name, declared_view().schema()[name].to_pyarrow()) for name in COLUMNS])
    view = ibis.table(ibis.Schema.from_pyarrow(schema), name=VIEW)
    derived = with_derived(view, following_from(RECORDED), ibis.literal(AS_OF))
    with duckdb_session({}, Limits()) as session:
        session.add(VIEW, pa.Table.from_pylist(rows, schema))
        return session.query(next_best_action(derived, settings).order_by("customer_id")).to_pylist()


@pytest.mark.django_db
@pytest.mark.parametrize("settings", [DecisionSettings(), unknown_consent("allow", "assumed_given_for_research_data")])
def test_live_equals_batch(settings: DecisionSettings) -> None:
    seed = 31
    rows = random_rows(3_000, seed)
    live, batch = decide_again(rows, record(AS_OF.isoformat(), settings)), by_batch(rows, settings)
    assert len({row["winner"] for row in batch}) == 5
    for one, other in zip(live, batch, strict=True):
        assert one == other, f"seed {seed}, {one['customer_id']}"


def test_only_what_is_recorded_here_can_be_laid_over() -> None:
    row = {"consent_sms": 1, "consent_all": None, "complaints_open_recorded": 0}
    assert laid_over(row, {"consent_sms": 1, "consent_all": None}) == {}
    assert laid_over(row, {"consent_sms": 0, "complaints_open_recorded": 2}) == {
        "consent_sms": 0, "complaints_open_recorded": 2,
    }  # fmt: skip
    with pytest.raises(Invariant, match="spend_365d_cents"):
        laid_over(row, {"spend_365d_cents": 1})


def test_no_label_of_a_customer_follows_from_what_is_recorded() -> None:
    """A live decision keeps the published labels (stage, tier): they may not depend on what is laid over it."""
    moving = {*RECORDED, *(each.name for each in following_from(RECORDED))}
    assert not [each.name for each in classifications() if moving & set(each.needs)]
    assert moving <= {*features.all()}
    assert {each.name for each in following_from(["consent_sms"])} == {"marketing_consent"}
    assert not [name for name in RECORDED if isinstance(features.get(name), Derived)]
