"""The tables that were still open: the audit log and its seals, the tree of branches, the homes.

Of an audit entry whoever acts may write it; it is read by whose work is the whole bank, and by whoever acted. What must
be read before anybody acts (users and where they belong) cannot be held by a policy that asks who acts.
"""

from typing import ClassVar

from django.db import migrations

from zhike.operations.governance.row_security import protect, protect_by_bank

_NAME = """
CREATE FUNCTION zhike_acting_name() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT substr(current_setting('zhike.actor', true), strpos(current_setting('zhike.actor', true), ':') + 1)
$$
"""
_ENTRIES = """
ALTER TABLE governance_auditentry ENABLE ROW LEVEL SECURITY;
CREATE POLICY acting ON governance_auditentry FOR SELECT
    USING ((SELECT zhike_sees_all()) OR actor_name = (SELECT zhike_acting_name()));
CREATE POLICY writing ON governance_auditentry FOR INSERT WITH CHECK ((SELECT zhike_scope()) IS NOT NULL);
"""
_NO_ENTRIES = """
DROP POLICY writing ON governance_auditentry;
DROP POLICY acting ON governance_auditentry;
ALTER TABLE governance_auditentry DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0006_membership")]
    operations: ClassVar = [
        migrations.RunSQL(_NAME, "DROP FUNCTION zhike_acting_name()"),
        migrations.RunSQL(_ENTRIES, _NO_ENTRIES),
        protect_by_bank("governance_auditunsealed"),
        protect_by_bank("governance_auditsealed"),
        protect_by_bank("governance_auditseal"),
        protect("governance_home"),
    ]
