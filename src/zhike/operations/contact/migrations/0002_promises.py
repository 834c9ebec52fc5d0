"""What the database itself holds of consents and contacts: append-only, forward-only, and seen by whom they may be."""

from typing import ClassVar

from django.db import migrations

from zhike.operations.governance.append_only import append_only, refusing
from zhike.operations.governance.row_security import protect, protect_by_party

_FORWARD_ONLY = """
CREATE FUNCTION contact_rank(state text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE state WHEN 'planned' THEN 0 WHEN 'sent' THEN 1 WHEN 'delivered' THEN 2 ELSE 3 END
$$;
-- Only the state, its times and what came of it may change, each forward and once.
CREATE FUNCTION contact_forward_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF contact_rank(NEW.state) <= contact_rank(OLD.state) THEN
        RAISE EXCEPTION 'a contact goes forward only: % after % is refused', NEW.state, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (to_jsonb(NEW) - ARRAY['state', 'sent_at', 'delivered_at', 'answered_at', 'ended_at', 'at', 'informative', 'outcome'])
        <> (to_jsonb(OLD) - ARRAY['state', 'sent_at', 'delivered_at', 'answered_at', 'ended_at', 'at', 'informative', 'outcome'])
        OR (OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at)
        OR (OLD.delivered_at IS NOT NULL AND NEW.delivered_at IS DISTINCT FROM OLD.delivered_at) THEN
        RAISE EXCEPTION 'what is known of a contact is never rewritten'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER forward_only BEFORE UPDATE ON contact_contact FOR EACH ROW EXECUTE FUNCTION contact_forward_only();
"""
# A number is another customer's too (a family's phone): counted as the owner, told as a count only.
_BY_NUMBER = """
CREATE FUNCTION contact_attempts(number text, besides text, since timestamptz, until timestamptz)
RETURNS TABLE (state text, at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT state, at FROM contact_contact
    WHERE number_token = number AND number <> '' AND customer_id <> besides AND direction = 'out'
    AND purpose = 'collections' AND channel = 'phone' AND state <> 'failed' AND at >= since AND at < until
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contact", "0001_initial"), ("governance", "0006_membership")]
    operations: ClassVar = [
        refusing("contact_append_only"),
        append_only("contact_consent", "contact_append_only"),
        append_only("contact_wording", "contact_append_only"),
        append_only("contact_contact", "contact_append_only", "DELETE"),
        migrations.RunSQL(
            _FORWARD_ONLY,
            "DROP TRIGGER forward_only ON contact_contact; DROP FUNCTION contact_forward_only();"
            "DROP FUNCTION contact_rank(text)",
        ),
        migrations.RunSQL(_BY_NUMBER, "DROP FUNCTION contact_attempts(text, text, timestamptz, timestamptz)"),
        protect_by_party("contact_consent", "customer_id"),
        protect_by_party("contact_contact", "customer_id"),
        protect("contact_wording"),
    ]
