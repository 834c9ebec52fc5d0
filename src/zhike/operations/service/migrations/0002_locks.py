"""What the database holds of complaints whoever writes: who sees them, the roads between states, steps by trigger."""

from typing import ClassVar

from django.db import migrations

from zhike.operations.governance.append_only import append_only, refusing
from zhike.operations.governance.row_security import protect

# Whom a complaint is about never sees it; a stranger's complaint is for who works for the whole bank.
_SEEN = """
    (SELECT zhike_scope()) IS NOT NULL
    AND ((SELECT zhike_sees_all()) OR (customer_id IS NOT NULL AND zhike_sees(customer_id)))
    AND about IS DISTINCT FROM (SELECT zhike_acting_name())
"""
_WHO = """
ALTER TABLE service_complaint ENABLE ROW LEVEL SECURITY;
ALTER TABLE service_complaint ADD CONSTRAINT complaint_about_is_a_user FOREIGN KEY (about)
    REFERENCES governance_user (username) ON UPDATE CASCADE;
ALTER TABLE service_complaint ADD CONSTRAINT complaint_handler_is_a_user FOREIGN KEY (handler)
    REFERENCES governance_user (username) ON UPDATE CASCADE;
CREATE POLICY acting ON service_complaint USING ({seen}) WITH CHECK ({seen});
"""
_OF_COMPLAINT = """
ALTER TABLE service_{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON service_{table} FOR SELECT USING (
    (SELECT zhike_scope()) IS NOT NULL
    AND EXISTS (SELECT FROM service_complaint AS whole WHERE whole.complaint_id = service_{table}.complaint_id)
);
"""
_WRITTEN = """
CREATE POLICY written ON service_{table} FOR INSERT WITH CHECK (
    (SELECT zhike_scope()) IS NOT NULL
    AND EXISTS (SELECT FROM service_complaint AS whole WHERE whole.complaint_id = service_{table}.complaint_id)
);
"""
_ROADS = """
CREATE FUNCTION service_complaint_road() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    roads constant text[] := ARRAY[
        'received>accepted', 'accepted>in_progress', 'in_progress>answered', 'answered>closed', 'answered>review',
        'review>answered', 'closed>review'
    ];
    withdrawn constant text[] := ARRAY['received>closed', 'accepted>closed', 'in_progress>closed'];
    road text := OLD.state || '>' || NEW.state;
BEGIN
    IF NEW.state <> OLD.state AND NOT (
        road = ANY (roads) OR (road = ANY (withdrawn) AND NEW.outcome = 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'a complaint goes no road from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.complaint_id, NEW.channel, NEW.received_at, NEW.received_on, NEW.taken_by, NEW.by_regulator, NEW.key_id)
        IS DISTINCT FROM
        (OLD.complaint_id, OLD.channel, OLD.received_at, OLD.received_on, OLD.taken_by, OLD.by_regulator, OLD.key_id)
        OR (OLD.customer_id IS NOT NULL AND NEW.customer_id IS DISTINCT FROM OLD.customer_id)
    THEN
        RAISE EXCEPTION 'how a complaint came is never changed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER road BEFORE UPDATE ON service_complaint FOR EACH ROW EXECUTE FUNCTION service_complaint_road();
CREATE FUNCTION service_complaint_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'received' OR NEW.outcome <> '' OR NEW.handler IS NOT NULL OR NEW.clock <> 'plain' THEN
        RAISE EXCEPTION 'a complaint begins as received' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.about = zhike_acting_name() THEN
        RAISE EXCEPTION 'nobody takes a complaint about themselves' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER begins BEFORE INSERT ON service_complaint FOR EACH ROW EXECUTE FUNCTION service_complaint_begins();
"""
# As its owner: the app has no right to write steps itself.
_STEPS = """
CREATE FUNCTION service_complaint_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE steps text[] := ARRAY[]::text[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        steps := steps || NEW.state;
        IF NEW.about IS NOT NULL THEN steps := steps || 'named'::text; END IF;
    ELSE
        IF NEW.about IS DISTINCT FROM OLD.about THEN steps := steps || 'named'::text; END IF;
        IF NEW.handler IS DISTINCT FROM OLD.handler THEN steps := steps || 'assigned'::text; END IF;
        IF NEW.clock <> OLD.clock AND NEW.state = OLD.state THEN steps := steps || 'extended'::text; END IF;
        IF NEW.state <> OLD.state THEN steps := steps || NEW.state::text; END IF;
    END IF;
    INSERT INTO service_complaintstep (complaint_id, at, actor, step, before, handler, clock, due_on)
    SELECT NEW.complaint_id, clock_timestamp(), coalesce(current_setting('zhike.actor', true), ''), one,
        CASE WHEN TG_OP = 'UPDATE' THEN OLD.state ELSE '' END, NEW.handler, NEW.clock, NEW.due_on
    FROM unnest(steps) WITH ORDINALITY AS told (one, place) ORDER BY place;
    RETURN NULL;
END $$;
CREATE TRIGGER step AFTER INSERT OR UPDATE ON service_complaint
    FOR EACH ROW EXECUTE FUNCTION service_complaint_step();
"""
# Counts past the rule of the person complained about, as selling stops for them too; a count tells nothing else.
_OPEN = """
CREATE FUNCTION service_open_complaints(customers text[]) RETURNS TABLE (customer_id text, complaints integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    PERFORM zhike_scope();
    RETURN QUERY SELECT whole.customer_id::text, count(*)::integer FROM service_complaint AS whole
    WHERE whole.state <> 'closed' AND whole.customer_id IS NOT NULL
        AND (customers IS NULL OR whole.customer_id = ANY (customers)) AND zhike_sees(whole.customer_id)
    GROUP BY 1;
END $$;
"""
_BACKWARD = """
DROP FUNCTION service_open_complaints(text[]);
DROP TRIGGER step ON service_complaint; DROP FUNCTION service_complaint_step();
DROP TRIGGER begins ON service_complaint; DROP FUNCTION service_complaint_begins();
DROP TRIGGER road ON service_complaint; DROP FUNCTION service_complaint_road();
DROP POLICY acting ON service_complaint;
"""
_PARTS = ("complaintstep", "complainttext", "complaintextension")
_FORWARD = (
    _WHO.replace("{seen}", _SEEN)
    + "".join(_OF_COMPLAINT.format(table=table) for table in _PARTS)
    + "".join(_WRITTEN.format(table=table) for table in _PARTS[1:])
    + _ROADS
    + _STEPS
    + _OPEN
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("service", "0001_initial"), ("governance", "0009_own_key")]
    operations: ClassVar = [
        refusing("service_append_only"),
        *(append_only(f"service_{table}", "service_append_only") for table in _PARTS),
        append_only("service_complaint", "service_append_only", "DELETE"),
        migrations.RunSQL(_FORWARD, _BACKWARD),
        protect("service_complaintnumber"),
    ]
