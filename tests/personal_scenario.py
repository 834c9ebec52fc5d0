"""A bank's days in a workspace of its own, for who looks for clear personal data afterwards (P1).

``personal_scenario.py BANK OUT`` loads, builds in so little memory that DuckDB spills, decides, publishes, serves
requests good and bad, runs a job that fails, and writes into OUT: ``answers`` (what was served), ``dump`` (COPY of
every table), ``planted`` (the same with a phone among the arguments of a job). ZHIKE_HOME names the workspace.
"""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

AS_OF = date(2026, 10, 31)
PASSWORD_FILE, FAULTS = "password", ("broken by", "a job failed for")
_SPILLING_MB = 24
_KINDS = {
    "name": "full_name", "phone": "phone", "email": "email", "id_no": "id_number", "address": "address",
    "card_no": "card_number", "customer_no": "customer_number", "customer_id": "customer_number",
    "account_no": "account_number",
}  # fmt: skip
CVV = "cvvmark7719"


def marked(bank: Path) -> dict[tuple[str, str], None]:
    """(kind, clear value) of everybody in the raw files: names, phones, addresses, numbers, mail; in order."""
    from zhike.data.source import FixedWidth, sources

    found: dict[tuple[str, str], None] = {}
    for name in ("customer", "account", "card"):
        form = sources.get("made_cards").file(name).format
        assert isinstance(form, FixedWidth)
        for path in sorted((bank / "cards").glob(f"*/{name}.dat")):
            for line in path.read_bytes().splitlines():
                if len(line) == form.record_bytes:
                    found.update(dict.fromkeys(_fields(_cut(line, form.fields, form.encoding))))
    for name in ("customer", "account"):
        for path in sorted((bank / "core").glob(f"*/{name}.csv")):
            with path.open(encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    found.update(dict.fromkeys(_fields(row)))
    return found


def published(bank: Path) -> str:
    """What the bank itself makes known: names and places of branches and shops, among which a short address may be."""
    files = (path for name in ("branch", "merchant", "product") for path in (bank / "cards").glob(f"*/{name}.dat"))
    return "\n".join(path.read_bytes().decode("gb18030", errors="replace") for path in files)


def _cut(line: bytes, widths: Any, encoding: str) -> dict[str, str]:
    at, row = 0, {}
    for field, width in widths.items():
        row[field] = line[at : at + width].decode(encoding, errors="replace").strip()
        at += width
    return row


def _fields(row: dict[str, str | None]) -> Iterator[tuple[str, str]]:
    for column, value in row.items():
        if column in _KINDS and value and len(value) > 1 and "\ufffd" not in value:
            yield _KINDS[column], value


def main(bank: Path, out: Path) -> None:
    from zhike.interfaces.cli.session import operations

    (out / "answers").mkdir(parents=True)
    with operations() as actor:
        someone = list(marked(bank))
        _load(actor, bank, out)
        _build(actor)
        _serve(actor, out / "answers", dict(someone))
        _fail_a_job()
        _dump(out / "dump")
        _plant(next(value for kind, value in someone if kind == "phone"))
        _dump(out / "planted")


def _load(actor: Any, bank: Path, out: Path) -> None:
    from zhike.core.errors import BadInput
    from zhike.operations.customers import actions

    for source in ("made_core", "made_cards"):
        actions.data_load(actor, source=source, folder=bank)
    path = out / "refused" / "core" / AS_OF.strftime("%Y%m%d") / "customer.csv"
    path.parent.mkdir(parents=True)
    path.write_text(f'"customer_id","name","cvv2"\n"K1","nobody","{CVV}"\n')
    try:
        actions.data_load(actor, source="made_core", folder=out / "refused")
    except BadInput as fault:
        if "verification values" not in str(fault):
            raise
        (out / "answers" / "refused.txt").write_text(str(fault))
    else:
        raise AssertionError("a file with verification values was loaded")
    path.unlink()


def _build(actor: Any) -> None:
    """With memory for a fraction of what is sorted: what is built is built on disk."""
    from zhike.core.settings import settings
    from zhike.core.snapshot import SnapshotStore
    from zhike.core.workspace import workspace
    from zhike.data import build
    from zhike.operations.customers import actions
    from zhike.operations.marketing import actions as marketing

    kept, build.settings = build.settings, lambda: replace(settings(), memory_mb=_SPILLING_MB, threads=1)  # type: ignore[assignment]
    store = SnapshotStore(workspace())
    with build.open_session(store, store.current(), "transaction", "party") as session:
        session.query_sql(  # type: ignore[attr-defined]
            "SELECT count(*) FROM (SELECT t.*, p.*, row_number() OVER (ORDER BY t.amount_cents, p.party_id, t.event_at)"
            ' FROM "transaction" AS t, (SELECT * FROM party LIMIT 14) AS p)'
        )
    build.settings = kept
    actions.view_build(actor, as_of=AS_OF)
    marketing.decisions_make(actor, as_of=AS_OF)
    actions.view_publish(actor)


def _serve(actor: Any, answers: Path, person: dict[str, str]) -> None:
    """Pages, the API, searches, reveals and faults, by a user who logs in with a password."""
    from django.test import Client

    from zhike.operations.customers import queries
    from zhike.operations.governance import actions
    from zhike.operations.governance.models import User

    password = actions.user_create(actor, user="lin", role_name="administrator", locale="zh")
    (answers.parent / PASSWORD_FILE).write_text(password)
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.post("/login/", {"username": "lin", "login": "lin", "password": password + "x"})
    client.post("/login/", {"username": "lin", "login": "lin", "password": password})
    client.force_login(User.objects.get(username="lin"))
    customer = str(queries.segment_page(actor, "cards_held >= 1").rows[0]["customer_id"])
    addresses = [
        "/", "/customers/", "/quarantine/", f"/customers/{customer}/", f"/customers/{customer}/timeline/?more=1",
        f"/api/v1/customers/{customer}", f"/api/v1/customers/{customer}/decision", "/nowhere", "/api/v1/nowhere",
        f"/api/v1/customers/{person['phone']}", f"/customers/{person['customer_number']}/", "/metrics", "/healthz",
    ]  # fmt: skip
    told = [client.get(address) for address in addresses]
    told += [client.post("/search/", {"text": value}) for value in person.values()]
    kept, queries.reading.row = queries.reading.row, _broken(person)  # type: ignore[assignment]
    broken = [client.get(f"/customers/{customer}/"), client.get(f"/api/v1/customers/{customer}")]
    queries.reading.row = kept  # type: ignore[assignment]
    assert {answer.status_code for answer in broken} == {500}, [answer.status_code for answer in broken]
    for number, answer in enumerate([*told, *broken]):
        (answers / f"{number:03d}-{answer.status_code}.html").write_bytes(answer.content)
    # What is revealed is for the eyes of who asked: the answer is not among those looked through, its traces are.
    revealed = client.post(f"/customers/{customer}/reveal/", {"field": "phone", "purpose": "verify", "note": "case"})
    assert revealed.status_code == 200


def _broken(person: dict[str, str]) -> Any:
    def row(*_: object) -> None:
        raise RuntimeError(f"{FAULTS[0]} {person['full_name']} {person['phone']} {person['id_number']}")

    return row


def _fail_a_job() -> None:
    """A job that fails with a person's name in its fault, run by a worker of its own."""
    from django.db import connections

    from zhike.operations.governance.acting import action
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.jobs.enqueuing import enqueue

    failing = _failing_job()

    @action(permission="manage_jobs", audit="job.test")
    def ask(actor: Any) -> int:
        return enqueue(failing, customer_id="01970000-0000-7000-8000-000000000001")

    ask(system_actor())
    worker = subprocess.Popen([sys.executable, __file__, "worker", *sys.argv[1:2]])
    until = time.monotonic() + 300
    try:
        while time.monotonic() < until:
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'test.fails'")
                if cursor.fetchall() == [("failed",)]:
                    return
            if worker.poll() is not None:
                break
            time.sleep(0.2)
        raise AssertionError("the job never failed")
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(120)


def _failing_job() -> Any:
    from zhike.core.text import Text
    from zhike.operations.jobs.declaring import job

    @job("test.fails", title=Text("失败的任务", "A job that fails"), retries=0)
    def fails(actor: Any, customer_id: str) -> None:
        name, phone = os.environ["ZHIKE_TEST_PERSON"].split(",")
        raise ValueError(f"{FAULTS[1]} {name} {phone} of {customer_id}")

    return fails


def worker() -> None:
    from zhike.interfaces.cli.session import operations

    with operations():
        from zhike.operations.jobs.worker import run_worker  # its models want Django set up

        _failing_job()
        run_worker()


def _dump(folder: Path) -> None:
    """COPY of every table, as the owner, and everything in memory of the server brought to disk."""
    from django.db import connections

    folder.mkdir()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for (table,) in cursor.fetchall():
            with (folder / f"{table}.copy").open("wb") as file, cursor.copy(f"COPY {table} TO STDOUT") as rows:
                for block in rows:
                    file.write(block)
        cursor.execute("CHECKPOINT")


def _plant(phone: str) -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET args = args || jsonb_build_object('phone', %s::text)"
            " WHERE task_name = 'test.fails'",
            [phone],
        )
        assert cursor.rowcount == 1


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        worker()
    else:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
