"""Loading, building, publishing. They work on files for minutes, so each is a long action (see `acting`)."""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import connection

from zhike.core.actor import Actor
from zhike.core.clock import require_reached
from zhike.core.errors import Conflict
from zhike.core.failpoint import failpoint
from zhike.core.settings import settings
from zhike.core.snapshot import SnapshotStore
from zhike.core.workspace import workspace
from zhike.data import build as building
from zhike.data import ingest
from zhike.data.asof import Facts
from zhike.data.build import VIEW, Built, open_session
from zhike.data.ingest import LoadReport
from zhike.data.rows import OPERATIONS
from zhike.data.tables import TABLES
from zhike.operations.customers import collecting, homes, reading, standing, telling
from zhike.operations.customers.models import Publication
from zhike.operations.customers.pieces import copy_pieces
from zhike.operations.customers.publishing import Copying, drop_published
from zhike.operations.customers.shapes import Published
from zhike.operations.governance.acting import action, note, step
from zhike.operations.governance.belonging import branches_keep
from zhike.operations.governance.vault import open_vault
from zhike.operations.marketing import actions as marketing
from zhike.operations.marketing.made import DECISION

Say = ingest.Progress
_PUBLISHER = 0x7A68_7075  # the advisory lock of whoever publishes


@dataclass(frozen=True)
class Publishing:
    """What a publication did: ``fresh`` is False when this snapshot was published already. ``rows`` by table."""

    published: Published
    fresh: bool
    rows: dict[str, int]


def _silent(_what: str, _done: int = 0, _of: int = 0, /) -> None:
    """Progress that nobody looks at."""


@action(permission="load_data", audit="data.load", about="source", long=True)
def data_load(actor: Actor, *, source: str, folder: Path, progress: Say = _silent) -> LoadReport:
    """Loads the files of a source from a folder; loading the same again, or after a crash, changes nothing twice."""
    vault = open_vault()
    loaded = ingest.load(source, folder, workspace=workspace(), vault=vault, progress=progress)
    if vault.erased_skipped:
        note(fields_of_erased_skipped=vault.erased_skipped)
    note(snapshot=loaded.snapshot, files=len(loaded.files), accepted=sum(file.accepted for file in loaded.files))
    return loaded


@action(permission="load_data", audit="operations.export", long=True)
def operations_export(actor: Actor, *, progress: Say = _silent) -> LoadReport | None:
    """Loads consents, contacts and complaints of every day that is over as facts; None when there was nothing new.

    Killed anywhere and run again it tells the same days: only what is loaded counts as told.
    """
    folder = workspace().home / "operations"
    first, last = telling.days(SnapshotStore(workspace()).current())
    with step():
        rows = telling.told(actor, first, last) if first <= last else {}
    note(until=last.isoformat(), rows=sum(map(len, rows.values())))
    if not rows:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    telling.write(rows, folder)
    failpoint("operations.written")
    loaded = ingest.load(OPERATIONS, folder, workspace=workspace(), vault=open_vault(), progress=progress)
    shutil.rmtree(folder)
    note(snapshot=loaded.snapshot)
    return loaded


@action(permission="build_view", audit="view.build", long=True)
def view_build(actor: Actor, *, as_of: date, full: bool = False, progress: Say = _silent) -> Built:
    """Builds the customer view as of a day over everything loaded; raises BadInput for a day after today."""
    require_reached(as_of, settings().zone)
    built = building.build(workspace(), as_of, full=full, progress=progress)
    note(snapshot=built.snapshot, as_of=as_of.isoformat(), customers=built.customers, fresh=built.fresh)
    return built


@action(permission="publish_view", audit="view.publish", long=True)
def view_publish(actor: Actor, *, progress: Say = _silent) -> Publishing:
    """Publishes the newest snapshot; publishing a published one says so and does nothing but clean up.

    Raises Conflict, saying what to run, when its view is not of its facts, or no decisions stand for that view.
    """
    with step():
        done = _publish(actor, progress)
    failpoint("publish.flipped")
    with step():
        dropped = drop_published(keep={done.published.number, done.published.number - 1})
    note(snapshot=done.published.snapshot, number=done.published.number, fresh=done.fresh, dropped=dropped)
    return done


@action(permission="collect_files", audit="files.collect", long=True)
def files_collect(actor: Actor) -> collecting.Removed:
    """Removes files and snapshots that nothing needs; raises Conflict while somebody writes."""
    with step():
        published = Publication.objects.values_list("snapshot", flat=True).first()
    removed = collecting.collect(workspace(), published)
    note(files=removed.files, snapshots=removed.snapshots, bytes=removed.bytes)
    return removed


def _publish(actor: Actor, progress: Say) -> Publishing:
    """Copies and flips in the transaction that stands open; one publisher at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_PUBLISHER])
    newest = reading.current()  # after the lock: while this one waited, another may have published a newer one
    reading.as_of(newest.manifest)
    known = Publication.objects.first()
    if known is not None and known.snapshot == newest.snapshot:
        return Publishing(reading.published(), fresh=False, rows={})
    hindrance = standing.hindrance(newest.snapshot)
    if hindrance is not None:
        raise Conflict(hindrance)
    manifest = newest.manifest
    copying = Copying(known.number + 1 if known is not None else 1)
    with open_session(SnapshotStore(workspace()), manifest, VIEW, DECISION) as session:
        copy_pieces(copying, session, manifest, progress)
        facts = Facts(lambda name: TABLES[name].unbound(), reading.as_of(manifest))
        branches_keep(actor, versions=homes.branch_versions(session, facts))
        progress("decisions")
        marketing.decisions_publish(actor, copying, session, manifest)
    failpoint("publish.copied")
    flipped = {"number": copying.number, "snapshot": newest.snapshot, "as_of": reading.as_of(manifest)}
    Publication.objects.update_or_create(id=1, defaults=flipped)
    return Publishing(reading.published(), fresh=True, rows=copying.counts)
