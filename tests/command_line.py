"""The command line run in the tests' own process."""

import json
from typing import Any

import pytest

from zhike.interfaces.cli import main


class Run:
    """Runs a command in this process: exit code, standard output, standard error."""

    def __init__(self, streams: pytest.CaptureFixture[str]) -> None:
        self._streams = streams

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        self._streams.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = self._streams.readouterr()
        return int(ended.value.code or 0), out, err

    def json(self, *arguments: str) -> Any:
        code, out, err = self(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    def fault(self, *arguments: str) -> str:
        code, out, err = self(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("Error: ")
        assert err.count("\n") == 1
        assert "Traceback" not in err
        return err
