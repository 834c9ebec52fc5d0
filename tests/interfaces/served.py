"""Serves the bank of `small_bank` as an installation would: its own process, workspace and database.

``python served.py PORT PASSWORD`` with ZHIKE_HOME set; one user of every role, named as the role; ends on SIGTERM.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ["DJANGO_SETTINGS_MODULE"] = "zhike.interfaces.site"


def prepare(password: str) -> None:
    """Loads, builds, decides and publishes the bank; makes the users."""
    import django

    django.setup()
    import small_bank
    from django.core.management import call_command

    from zhike.core.workspace import workspace
    from zhike.operations.customers import actions as customers
    from zhike.operations.governance.actors import system_actor
    from zhike.operations.governance.models import User
    from zhike.operations.governance.roles import ROLES
    from zhike.operations.marketing import actions as marketing

    call_command("migrate", database="owner", verbosity=0)
    small_bank.load_facts(workspace())
    small_bank.keep_people()
    customers.view_build(system_actor(), as_of=small_bank.AS_OF)
    marketing.decisions_make(system_actor(), as_of=small_bank.AS_OF)
    customers.view_publish(system_actor())
    for role in ROLES:
        User.objects.create_user(role, password, role=role)


def main(port: str, password: str) -> None:
    from zhike.core import postgres
    from zhike.core.workspace import workspace

    with postgres.running(workspace()):
        prepare(password)
        server = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port]
        web = subprocess.Popen([*server, "--log-level", "warning", "zhike.interfaces.wsgi:application"])
        signal.signal(signal.SIGTERM, lambda *_: web.terminate())
        web.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
