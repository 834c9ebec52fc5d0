"""The seals of the audit log: a queue of what is not sealed yet, the order of what is, and the seals."""

from typing import ClassVar

from django.db import migrations, models

from zhike.operations.governance.append_only import append_only

_FORWARD = """
CREATE FUNCTION governance_audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO governance_auditunsealed (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_queue AFTER INSERT ON governance_auditentry FOR EACH ROW EXECUTE FUNCTION governance_audit_queue();
INSERT INTO governance_auditunsealed (entry_id) SELECT id FROM governance_auditentry;
"""
_BACKWARD = "DROP TRIGGER audit_queue ON governance_auditentry; DROP FUNCTION governance_audit_queue()"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0004_row_security")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="AuditUnsealed",
            fields=[("entry_id", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
        migrations.CreateModel(
            name="AuditSealed",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("last_position", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("hash", models.BinaryField(max_length=32)),
                ("signature", models.BinaryField(max_length=64)),
            ],
        ),
        append_only("governance_auditsealed", "governance_audit_append_only"),
        append_only("governance_auditseal", "governance_audit_append_only"),
        migrations.RunSQL(_FORWARD, _BACKWARD),
    ]
