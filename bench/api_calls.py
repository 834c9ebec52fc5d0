"""The customer API through the whole of Django, in turns with a view on the same server that reads one row."""

import json
import random
import sys
from datetime import date
from pathlib import Path
from typing import Any

from measure import Clocked

from zhike.core.workspace import workspace
from zhike.interfaces.cli.session import operations

CALLS = 400


def main(as_of: date) -> None:
    with operations() as actor:
        published = _publish(actor, as_of)
        ids = _some_ids(published)
        print(json.dumps(_measure(_client(), ids)))


def _publish(actor: Any, as_of: date) -> Any:
    from zhike.operations.customers.actions import view_build, view_publish
    from zhike.operations.marketing.actions import decisions_make

    view_build(actor, as_of=as_of)
    decisions_make(actor, as_of=as_of)
    return view_publish(actor).published


def _some_ids(published: Any) -> list[str]:
    import pyarrow.parquet as pq

    from zhike.core.snapshot import SnapshotStore

    store = SnapshotStore(workspace())
    path = store.paths(store.load(published.snapshot), "customer_view")[0]
    everyone = pq.read_table(path, columns=["customer_id"])["customer_id"].to_pylist()
    return random.Random(1).choices(everyone, k=CALLS + 20)


def _client() -> Any:
    from django.test import Client

    from zhike.operations.governance.actions import user_create
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.governance.models import User

    if not User.objects.filter(username="bench").exists():
        user_create(system_actor(), user="bench", role_name="analyst")
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="bench"))
    return client


def _measure(client: Any, ids: list[str]) -> dict[str, Any]:
    from django.test.utils import override_settings

    ours, peer = Clocked(), Clocked()
    with override_settings(ROOT_URLCONF="api_peer"):
        for place, customer_id in enumerate(ids):
            first, second = (Clocked(), Clocked()) if place < 20 else (ours, peer)
            for clocked, address in ((first, f"/api/v1/customers/{customer_id}"), (second, f"/one-row/{customer_id}")):
                answer = clocked.call(lambda address=address: client.get(address))
                if answer.status_code != 200 or answer.json()["customer_id"] != customer_id:
                    raise SystemExit(f"{address}: {answer.status_code} {answer.content[:200]!r}")
    return {"ours": vars(ours.latency()), "peer": vars(peer.latency())}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main(date.fromisoformat(sys.argv[1]))
