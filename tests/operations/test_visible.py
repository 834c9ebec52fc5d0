"""Two locks on every table: each model says whose rows it holds, and each table has a policy or a reason for none."""

import pytest
from django.apps import apps
from django.db import connection, models

from zhike.operations.governance.actors import cardholder_actor, system_actor

OWN = [
    model
    for app in apps.get_app_configs()
    if app.name.startswith("zhike.operations.")
    for model in app.get_models(include_auto_created=True)
]
# Read before anybody can act: who does, and whether anything is published. Nothing in them is about a customer.
BEFORE_ANYBODY_ACTS = {"governance_user", "governance_branch", "governance_membership", "customers_publication"}
CUSTOMER = "01970000-0000-7000-8000-000000000004"

pytestmark = pytest.mark.django_db


def without_policy() -> set[str]:
    """Tables of our models that no row-level-security policy holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class AS c WHERE relkind = 'r'"
            " AND relnamespace::regnamespace::text = current_schema()"
            " AND NOT (relrowsecurity AND EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))"
        )
        return {name for (name,) in cursor.fetchall()} & {model._meta.db_table for model in OWN}


@pytest.mark.parametrize("model", OWN, ids=lambda model: model._meta.label)
def test_every_model_says_whose_rows_it_holds(model: type[models.Model]) -> None:
    assert hasattr(model, "visible_to"), "inherit one of the bases of governance/visible.py"
    for actor in (system_actor(), cardholder_actor(CUSTOMER)):
        assert issubclass(model.visible_to(actor).model, model)


def test_every_table_has_a_policy_or_a_reason() -> None:
    assert without_policy() == BEFORE_ANYBODY_ACTS


def test_every_policy_asks_who_acts() -> None:
    """Asking raises when nobody does: as soon as there is a row to judge (tests/operations/test_row_security.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, policyname, concat(qual, with_check) FROM pg_policies")
        policies = cursor.fetchall()
    assert len(policies) >= len(OWN) - len(BEFORE_ANYBODY_ACTS)
    assert [(table, name) for table, name, rule in policies if "zhike_s" not in rule] == []


def test_a_table_without_a_policy_is_found() -> None:
    from owning import owner

    with owner() as cursor:
        cursor.execute("ALTER TABLE governance_vaultfield DISABLE ROW LEVEL SECURITY")
    try:
        assert "governance_vaultfield" in without_policy()
    finally:
        with owner() as cursor:
            cursor.execute("ALTER TABLE governance_vaultfield ENABLE ROW LEVEL SECURITY")
