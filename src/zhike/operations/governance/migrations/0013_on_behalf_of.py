"""For whom somebody acts, as the transaction was told: an API key has the limits of its owner, and one record with them."""

from typing import ClassVar

from django.db import migrations

# Empty where somebody acts for themselves, never null: no name is empty.
_WHO = """
CREATE FUNCTION zhike_acting_for() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(current_setting('zhike.on_behalf_of', true), '')
$$;
-- The owner of a key; else who acts.
CREATE FUNCTION zhike_acting_person() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN starts_with(current_setting('zhike.actor', true), 'key:') AND zhike_acting_for() <> ''
        THEN zhike_acting_for() ELSE zhike_acting_name() END
$$;
ALTER POLICY acting ON governance_auditentry USING (
    (SELECT zhike_sees_all()) OR actor_name = (SELECT zhike_acting_name())
    OR actor_name = (SELECT zhike_acting_person()) OR on_behalf_of = (SELECT zhike_acting_person())
);
"""
_BACK = """
ALTER POLICY acting ON governance_auditentry
    USING ((SELECT zhike_sees_all()) OR actor_name = (SELECT zhike_acting_name()));
DROP FUNCTION zhike_acting_person();
DROP FUNCTION zhike_acting_for();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0012_teams")]
    operations: ClassVar = [migrations.RunSQL(_WHO, _BACK)]
