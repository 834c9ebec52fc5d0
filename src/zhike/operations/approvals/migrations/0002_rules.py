"""What holds whatever the code does: two people, one version, one digest, and no way back (docs/decisions/0009)."""

from typing import ClassVar

from django.db import migrations

from zhike.operations.governance.append_only import append_only

_KEYS = """
ALTER TABLE approvals_request ADD CONSTRAINT request_version
    FOREIGN KEY (id, version, digest) REFERENCES approvals_version (request_id, number, digest)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE approvals_signature ADD CONSTRAINT signature_maker
    FOREIGN KEY (request_id, maker) REFERENCES approvals_request (id, maker);
ALTER TABLE approvals_signature ADD CONSTRAINT signature_version
    FOREIGN KEY (request_id, version, digest) REFERENCES approvals_version (request_id, number, digest);
"""
_NO_KEYS = """
ALTER TABLE approvals_signature DROP CONSTRAINT signature_version;
ALTER TABLE approvals_signature DROP CONSTRAINT signature_maker;
ALTER TABLE approvals_request DROP CONSTRAINT request_version;
"""
_FUNCTIONS = r"""
CREATE FUNCTION approvals_never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- As its owner: what a rule reads is not held by what the actor sees.
CREATE FUNCTION approvals_version_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE held approvals_request;
BEGIN
    SELECT * INTO held FROM approvals_request WHERE id = NEW.request_id FOR UPDATE;
    IF held.state NOT IN ('draft', 'open') THEN
        RAISE EXCEPTION 'request % is %: no new version', held.id, held.state USING ERRCODE = 'check_violation';
    ELSIF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM approvals_version WHERE request_id = held.id) THEN
        RAISE EXCEPTION 'request %: versions follow each other', held.id USING ERRCODE = 'check_violation';
    ELSIF NEW.digest <> encode(sha256(convert_to(
            held.kind || E'\x1f' || NEW.number || E'\x1f' || NEW.payload, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'request %: the digest is not of this payload', held.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION approvals_signature_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE held approvals_request;
BEGIN
    SELECT * INTO held FROM approvals_request WHERE id = NEW.request_id FOR UPDATE;
    IF held.state <> 'open' OR held.expires_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'request % is not open for signatures', held.id USING ERRCODE = 'check_violation';
    ELSIF (NEW.version, NEW.digest) <> (held.version, held.digest) THEN
        RAISE EXCEPTION 'request %: a signature is for the current version', held.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION approvals_request_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'draft' OR NEW.version <> 1 OR NEW.expires_at IS NOT NULL THEN
        RAISE EXCEPTION 'a request begins as the draft of its first version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION approvals_request_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE signed bigint; refused bigint;
BEGIN
    SELECT count(*) FILTER (WHERE decision = 'signed'), count(*) FILTER (WHERE decision = 'refused')
        INTO signed, refused FROM approvals_signature
        WHERE request_id = NEW.id AND version = NEW.version AND digest = NEW.digest;
    IF (OLD.id, OLD.kind, OLD.maker, OLD.needed, OLD.created_at)
            IS DISTINCT FROM (NEW.id, NEW.kind, NEW.maker, NEW.needed, NEW.created_at) THEN
        RAISE EXCEPTION 'request %: who asked for what kind never changes', OLD.id USING ERRCODE = 'check_violation';
    ELSIF OLD.expires_at IS DISTINCT FROM NEW.expires_at AND (OLD.state, NEW.state) <> ('draft', 'open') THEN
        RAISE EXCEPTION 'request %: its day of expiry stays', OLD.id USING ERRCODE = 'check_violation';
    ELSIF (OLD.version, OLD.digest, OLD.reason) IS DISTINCT FROM (NEW.version, NEW.digest, NEW.reason) AND NOT (
            OLD.state IN ('draft', 'open') AND NEW.state = OLD.state AND NEW.version = OLD.version + 1) THEN
        RAISE EXCEPTION 'request %: an edit is a new version', OLD.id USING ERRCODE = 'check_violation';
    ELSIF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
            ('draft', 'open'), ('draft', 'withdrawn'), ('open', 'approved'), ('open', 'refused'), ('open', 'withdrawn'),
            ('open', 'expired'), ('approved', 'applied'), ('approved', 'failed')) THEN
        RAISE EXCEPTION 'request %: from % there is no way to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    ELSIF OLD.state = NEW.state AND OLD.state NOT IN ('draft', 'open') THEN
        RAISE EXCEPTION 'request % is %: nothing of it changes', OLD.id, OLD.state USING ERRCODE = 'check_violation';
    ELSIF NEW.state IN ('approved', 'applied', 'failed') AND (signed < NEW.needed OR refused > 0) THEN
        RAISE EXCEPTION 'request %: % of % signatures', OLD.id, signed, NEW.needed USING ERRCODE = 'check_violation';
    ELSIF NEW.state = 'approved' AND NEW.expires_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'request % has expired', OLD.id USING ERRCODE = 'check_violation';
    ELSIF NEW.state = 'refused' AND refused = 0 THEN
        RAISE EXCEPTION 'request %: nobody refused it', OLD.id USING ERRCODE = 'check_violation';
    ELSIF NEW.state = 'expired' AND OLD.state <> 'expired' AND NEW.expires_at > clock_timestamp() THEN
        RAISE EXCEPTION 'request % has not expired', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION approvals_delegation_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.delegator, OLD.delegate, OLD.kind, OLD.valid_from, OLD.made_at)
            IS DISTINCT FROM (NEW.id, NEW.delegator, NEW.delegate, NEW.kind, NEW.valid_from, NEW.made_at)
            OR NEW.valid_to > OLD.valid_to THEN
        RAISE EXCEPTION 'delegation %: it can only end earlier', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- The person behind the actor, and the kinds whose requests they see: told by approvals.seeing, else this raises.
CREATE FUNCTION approvals_told(setting text) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    IF zhike_scope() IS NULL OR coalesce(current_setting('zhike.person', true), '') = '' THEN
        RAISE EXCEPTION 'nobody reads approvals: this transaction was not told who'
            USING ERRCODE = 'insufficient_privilege', HINT = 'Read through approvals.queries.';
    END IF;
    RETURN coalesce(current_setting(setting, true), '');
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION approvals_told(text);
DROP FUNCTION approvals_delegation_changed();
DROP FUNCTION approvals_request_changed();
DROP FUNCTION approvals_request_added();
DROP FUNCTION approvals_signature_added();
DROP FUNCTION approvals_version_added();
DROP FUNCTION approvals_never();
"""
_TRIGGERS = (
    ("approvals_request", "added", "BEFORE INSERT", "ROW", "approvals_request_added"),
    ("approvals_request", "changed", "BEFORE UPDATE", "ROW", "approvals_request_changed"),
    ("approvals_request", "no_delete", "BEFORE DELETE", "ROW", "approvals_never"),
    ("approvals_request", "no_truncate", "BEFORE TRUNCATE", "STATEMENT", "approvals_never"),
    ("approvals_version", "added", "BEFORE INSERT", "ROW", "approvals_version_added"),
    ("approvals_signature", "added", "BEFORE INSERT", "ROW", "approvals_signature_added"),
    ("approvals_delegation", "changed", "BEFORE UPDATE", "ROW", "approvals_delegation_changed"),
    ("approvals_delegation", "no_delete", "BEFORE DELETE", "ROW", "approvals_never"),
)
_ACTS = "(SELECT zhike_scope()) NOT LIKE 'party:%'"
_PERSON = "(SELECT approvals_told('zhike.person'))"
_KINDS = "string_to_array((SELECT approvals_told('zhike.kinds')), ',')"
_SEEN = f"{_ACTS} AND (maker = {_PERSON} OR {_KINDS} && ARRAY['*', kind::text])"
_WITH_REQUEST = f"{_ACTS} AND EXISTS (SELECT FROM approvals_request AS r WHERE r.id = request_id)"
_OWN_REQUEST = (
    f"{_ACTS} AND EXISTS (SELECT FROM approvals_request AS r WHERE r.id = request_id AND r.maker = {_PERSON})"
)
_LENT = f"{_ACTS} AND ({_PERSON} IN (delegator, delegate) OR {_KINDS} && ARRAY['*'])"
_POLICIES = (
    ("approvals_request", "seeing", "SELECT", f"USING ({_SEEN})"),
    ("approvals_request", "asking", "INSERT", f"WITH CHECK ({_ACTS} AND maker = {_PERSON})"),
    ("approvals_request", "changing", "UPDATE", f"USING ({_SEEN}) WITH CHECK ({_SEEN})"),
    ("approvals_version", "seeing", "SELECT", f"USING ({_WITH_REQUEST})"),
    ("approvals_version", "asking", "INSERT", f"WITH CHECK ({_OWN_REQUEST})"),
    ("approvals_signature", "seeing", "SELECT", f"USING ({_WITH_REQUEST})"),
    ("approvals_signature", "signing", "INSERT", f"WITH CHECK ({_ACTS} AND checker = {_PERSON})"),
    ("approvals_delegation", "seeing", "SELECT", f"USING ({_LENT})"),
    ("approvals_delegation", "lending", "INSERT", f"WITH CHECK ({_ACTS} AND delegator = {_PERSON})"),
    ("approvals_delegation", "ending", "UPDATE", f"USING ({_ACTS} AND delegator = {_PERSON})"),
)


def _triggers() -> migrations.RunSQL:
    made = [
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {does}();"
        for table, name, when, each, does in _TRIGGERS
    ]
    gone = [f"DROP TRIGGER {name} ON {table};" for table, name, *_ in _TRIGGERS]
    return migrations.RunSQL("".join(made), "".join(gone))


def _policies() -> migrations.RunSQL:
    tables = sorted({table for table, *_ in _POLICIES})
    made = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;" for table in tables]
    made += [f"CREATE POLICY {name} ON {table} FOR {verb} {rule};" for table, name, verb, rule in _POLICIES]
    gone = [f"DROP POLICY {name} ON {table};" for table, name, *_ in _POLICIES]
    gone += [f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;" for table in tables]
    return migrations.RunSQL("".join(made), "".join(gone))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("approvals", "0001_initial"), ("governance", "0006_membership")]
    operations: ClassVar = [
        migrations.RunSQL(_KEYS, _NO_KEYS),
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        _triggers(),
        append_only("approvals_version", "approvals_never"),
        append_only("approvals_signature", "approvals_never"),
        _policies(),
    ]
