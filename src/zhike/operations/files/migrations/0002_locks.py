"""Who sees which files, whoever asks; and no hold is passed over."""

from typing import ClassVar

from django.db import migrations

from zhike.operations.governance.row_security import protect

_SEEN = """
    (SELECT zhike_scope()) IS NOT NULL
    AND (
        (SELECT zhike_sees_all())
        OR (customer_id IS NOT NULL AND zhike_sees(customer_id))
        OR (customer_id IS NULL AND uploaded_by = (SELECT zhike_acting_name()))
    )
"""
_FILES = f"""
ALTER TABLE files_storedfile ENABLE ROW LEVEL SECURITY;
CREATE POLICY acting ON files_storedfile USING ({_SEEN}) WITH CHECK ({_SEEN});
-- Files of a complaint follow the complaint: where its row is hidden, so are they.
CREATE POLICY complaint ON files_storedfile AS RESTRICTIVE USING (
    owner_type <> 'complaint' OR (
        (SELECT zhike_scope()) IS NOT NULL
        AND EXISTS (SELECT FROM service_complaint AS whole WHERE whole.complaint_id = files_storedfile.owner_id)
    )
);
CREATE FUNCTION files_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.legal_hold THEN
            RAISE EXCEPTION 'a file under legal hold is not dropped' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.file_id, NEW.blob_id, NEW.name, NEW.owner_type, NEW.owner_id, NEW.uploaded_by, NEW.at)
        IS DISTINCT FROM (OLD.file_id, OLD.blob_id, OLD.name, OLD.owner_type, OLD.owner_id, OLD.uploaded_by, OLD.at)
    THEN
        RAISE EXCEPTION 'a stored file is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON files_storedfile FOR EACH ROW EXECUTE FUNCTION files_keep();
"""
_NO_FILES = """
DROP TRIGGER keep ON files_storedfile; DROP FUNCTION files_keep();
DROP POLICY complaint ON files_storedfile; DROP POLICY acting ON files_storedfile;
ALTER TABLE files_storedfile DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("files", "0001_initial"), ("service", "0002_locks"), ("governance", "0009_own_key")]
    operations: ClassVar = [migrations.RunSQL(_FILES, _NO_FILES), protect("files_blob")]
