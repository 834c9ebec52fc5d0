"""docs/how-to/add-a-job.md works as it is written: enqueued by its action, run by a worker, shown, gone when done."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from owning import entries
from procrastinate.contrib.django import app
from test_jobs_running import run, status

from zhike.operations.governance.actors import system_actor
from zhike.operations.jobs.declaring import JOBS
from zhike.operations.jobs.queries import jobs_list

_HOW_TO = (Path(__file__).parents[2] / "docs" / "how-to" / "add-a-job.md").read_text()


@pytest.fixture
def example(committed: None, tmp_path: Path) -> Iterator[ModuleType]:
    (code,) = re.findall(r"```python\n(.*?)```", _HOW_TO, re.S)
    (tmp_path / "example_jobs.py").write_text(code)
    spec = importlib.util.spec_from_file_location("example_jobs", tmp_path / "example_jobs.py")
    assert spec
    assert spec.loader
    made = sys.modules["example_jobs"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    yield made
    del sys.modules["example_jobs"], JOBS["example.welcome"]
    app.tasks.pop("example.welcome")


def test_the_example_runs_as_it_is_written(example: ModuleType) -> None:
    job_id = example.welcome_ask(system_actor(), user_id=7)
    (row,) = jobs_list(system_actor(), states=("waiting",))
    assert (row.id, row.title.en, row.queue, row.actor) == (job_id, "Welcome a new user", "live", "example.welcome")
    assert run(job_id) == "done"
    assert status(job_id) == "done"
    (entry,) = entries(action="example.welcome")
    assert (entry.actor_name, entry.object_id) == ("example.welcome", "7")
    assert entry.on_behalf_of == system_actor().name
