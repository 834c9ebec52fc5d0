"""The audit log refuses every change, whoever asks: by trigger, so that a forgotten line of code cannot."""

from django.db import migrations

_FORWARD = """
CREATE FUNCTION governance_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only: % is refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON governance_auditentry
    FOR EACH ROW EXECUTE FUNCTION governance_audit_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON governance_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION governance_audit_append_only();
"""
_BACKWARD = """
DROP TRIGGER audit_no_change ON governance_auditentry;
DROP TRIGGER audit_no_truncate ON governance_auditentry;
DROP FUNCTION governance_audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
