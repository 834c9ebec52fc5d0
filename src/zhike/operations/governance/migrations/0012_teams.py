"""Teams and assignments: whose customer a customer is, below the branch; cardholders who log in."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from zhike.operations.governance.row_security import protect, protect_by_party

_SEES = """
CREATE OR REPLACE FUNCTION zhike_sees(party text) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
    told text := zhike_scope();
    branches text := told;
    day date;
    names text[];
BEGIN
    IF told = 'bank' THEN
        RETURN true;
    ELSIF starts_with(told, 'party:') THEN
        RETURN party = substr(told, 7);
    ELSIF starts_with(told, 'assigned:') THEN  -- assigned:<day>:<user>,<user>[;branches:<id>,<id>]
        day := substr(told, 10, 10)::date;
        names := string_to_array(split_part(substr(told, 21), ';', 1), ',');
        branches := split_part(told, ';', 2);
        IF EXISTS (
            SELECT FROM governance_assignment AS given WHERE given.customer_id = party
            AND given.valid_from <= day AND (given.valid_to IS NULL OR given.valid_to > day)
            AND (
                given.user_id IN (SELECT id FROM governance_user WHERE username = ANY (names))
                OR given.team_id IN (
                    SELECT member.team_id FROM governance_teammember AS member
                    JOIN governance_user AS person ON person.id = member.user_id
                    WHERE person.username = ANY (names)
                    AND member.valid_from <= day AND (member.valid_to IS NULL OR member.valid_to > day)
                )
            )
        ) THEN
            RETURN true;
        END IF;
    END IF;
    RETURN EXISTS (
        SELECT FROM governance_home AS home WHERE home.customer_id = party
        AND home.branch_id = ANY (string_to_array(substr(branches, 10), ',')::bigint[])
    );
END $$;
"""


def _to(model: str, name: str, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(null=null, on_delete=django.db.models.deletion.CASCADE, related_name=name, to=model)


def _ends_later(name: str) -> models.CheckConstraint:
    ends = models.Q(("valid_to__isnull", True)) | models.Q(("valid_to__gt", models.F("valid_from")))
    return models.CheckConstraint(condition=ends, name=name)


_ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
_DAYS = [
    ("valid_from", models.DateField()),
    ("valid_to", models.DateField(null=True)),
    ("made_by", models.CharField(max_length=128)),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0011_stopped")]
    operations: ClassVar = [
        migrations.AddField("user", "party_id", models.CharField(max_length=36, null=True, unique=True)),
        migrations.AddField("user", "assigned_only", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("party_id__isnull", False), ("role", "cardholder"))
                | models.Q(models.Q(("role", "cardholder"), _negated=True), ("party_id__isnull", True)),
                name="cardholder_has_a_party",
            ),
        ),
        migrations.CreateModel(
            name="Team",
            fields=[_ID, ("name", models.CharField(max_length=64, unique=True))],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                _ID,
                *_DAYS,
                ("team", _to("governance.team", "members")),
                ("user", _to(settings.AUTH_USER_MODEL, "teams")),
            ],
            options={"constraints": [_ends_later("team_member_ends_after_it_begins")]},
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                _ID,
                ("customer_id", models.CharField(db_index=True, max_length=36)),
                *_DAYS,
                ("team", _to("governance.team", "assignments", null=True)),
                ("user", _to(settings.AUTH_USER_MODEL, "assignments", null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("team__isnull", True), ("user__isnull", False))
                        | models.Q(("team__isnull", False), ("user__isnull", True)),
                        name="assignment_to_one",
                    ),
                    _ends_later("assignment_ends_after_it_begins"),
                ]
            },
        ),
        migrations.RunSQL(_SEES, migrations.RunSQL.noop),
        protect("governance_team"),
        protect("governance_teammember"),
        protect_by_party("governance_assignment", "customer_id"),
    ]
