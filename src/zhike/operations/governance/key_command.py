"""Master keys in a key service (KMS): a program of the bank's that ``ZHIKE_KMS_COMMAND`` names.

It is sent JSON, one object a line, and answers each with one line that bears the same ``id``, in any order of its own
making but one answer to each: ``docs/how-to/run-in-production.md`` has the whole of the protocol. It is kept running,
bounded in time and started again when it died. No key of the service's ever comes here, data keys in clear do.
"""

import base64
import binascii
import json
import os
import select
import subprocess
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from zhike.core.errors import Invariant, Unavailable
from zhike.operations.governance.keyring import Bound, KeyService, Versions

# Requests on the way at once: what both pipes hold however slow the program reads.
_WINDOW = 32
_MOST_ANSWER_BYTES = 1 << 20
# Keys unwrapped lately, by what they were wrapped as: a destroyed key is never asked for again.
_REMEMBERED, _REMEMBERED_SECONDS = 10_000, 300.0


class CommandKeys(KeyService):
    """A key service behind one running program; safe for many threads, one conversation at a time."""

    def __init__(self, command: Sequence[str], seconds: int) -> None:
        self._command, self._seconds = list(command), seconds
        self._program: _Program | None = None
        self._lock = threading.Lock()
        self._lately: OrderedDict[tuple[str, bytes, str], tuple[float, bytes]] = OrderedDict()

    def versions(self) -> Versions:
        (told,) = self._ask([{"op": "versions"}])
        try:
            return Versions(str(told["current"]), tuple(map(str, told["versions"])))
        except (KeyError, TypeError):
            raise self._odd() from None

    def wrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]:
        return self._transformed("wrap", key_id, keys)

    def unwrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]:
        now = time.monotonic()
        found = {at: self._remembered((key_id, *bound), now) for at, bound in enumerate(keys)}
        asked = [at for at, key in found.items() if key is None]
        for at, key in zip(asked, self._transformed("unwrap", key_id, [keys[at] for at in asked]), strict=True):
            found[at] = self._remember((key_id, *keys[at]), now, key)
        return [key for key in found.values() if key is not None]

    def renew(self) -> str:
        self.versions()  # starts a program that died: what follows is asked once only
        (told,) = self._ask([{"op": "rotate"}])
        if not isinstance(told.get("key_id"), str):
            raise self._odd()
        return str(told["key_id"])

    def retire(self, key_id: str) -> None:
        self._ask([{"op": "retire", "key_id": key_id}])

    def _transformed(self, op: str, key_id: str, keys: Sequence[Bound]) -> list[bytes]:
        asked = [
            {"op": op, "key_id": key_id, "context": context, "data": base64.b64encode(key).decode()}
            for key, context in keys
        ]
        try:
            return [base64.b64decode(told["data"], validate=True) for told in self._ask(asked)]
        except (KeyError, TypeError, binascii.Error):
            raise self._odd() from None

    def _ask(self, requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The answers in the order of the requests; a program that died is started again, once."""
        answers: list[dict[str, Any]] = []
        with self._lock:
            for begin in range(0, len(requests), _WINDOW):
                answers += self._asked(requests[begin : begin + _WINDOW])
        return answers

    def _asked(self, requests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        # Asked twice, a rotation would make two versions: what became of the first is for the operator to see.
        tries = 1 if requests and requests[0]["op"] == "rotate" else 2
        for left in reversed(range(tries)):
            try:
                if self._program is None or self._program.pid_of_parent != os.getpid():
                    self._program = _Program(self._command)
                told = self._program.talk(requests, self._seconds)
                break
            except OSError as fault:
                self.close()
                if not left:
                    why = fault.strerror or str(fault) or type(fault).__name__
                    raise Unavailable(
                        f"The key service does not answer ({why}): look at the program that ZHIKE_KMS_COMMAND names."
                    ) from None
        for answer in told:
            _require_done(answer)
        return told

    def close(self) -> None:
        """Ends the program; the next question starts it again."""
        if self._program is not None:
            self._program.end()
            self._program = None

    def _odd(self) -> Unavailable:
        return Unavailable(
            "The key service answers what is no answer: compare it with docs/how-to/run-in-production.md."
        )

    def _remembered(self, at: tuple[str, bytes, str], now: float) -> bytes | None:
        since, key = self._lately.get(at, (-_REMEMBERED_SECONDS, None))
        return key if now - since < _REMEMBERED_SECONDS else None

    def _remember(self, at: tuple[str, bytes, str], now: float, key: bytes) -> bytes:
        self._lately[at] = now, key
        while len(self._lately) > _REMEMBERED:
            try:
                self._lately.popitem(last=False)
            except KeyError:  # another thread took the last
                break
        return key


class _Program:
    """The running program; every fault of it is an OSError."""

    def __init__(self, command: list[str]) -> None:
        self.pid_of_parent = os.getpid()  # a forked child must not talk into its parent's conversation
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        assert self._process.stdout is not None
        self._poll = select.poll()
        self._poll.register(self._process.stdout, select.POLLIN)
        self._number = 0
        self._rest = b""

    def talk(self, requests: Sequence[Mapping[str, Any]], seconds: float) -> list[dict[str, Any]]:
        until = time.monotonic() + seconds
        first = self._number + 1
        self._number += len(requests)
        lines = [json.dumps({"id": first + at, **request}) + "\n" for at, request in enumerate(requests)]
        assert self._process.stdin is not None
        _write_all(self._process.stdin.fileno(), "".join(lines).encode())
        told: dict[int, dict[str, Any]] = {}
        while len(told) < len(requests):
            answer = self._answer(until)
            told[int(answer.get("id", -1))] = answer
        if told.keys() != set(range(first, first + len(requests))):
            raise OSError("it answers what was not asked")
        return [told[first + at] for at in range(len(requests))]

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _answer(self, until: float) -> dict[str, Any]:
        assert self._process.stdout is not None
        while b"\n" not in self._rest:
            if not self._poll.poll(max(until - time.monotonic(), 0) * 1000):
                raise OSError("no answer in time")
            read = os.read(self._process.stdout.fileno(), 65536)
            if not read or len(self._rest) > _MOST_ANSWER_BYTES:
                raise OSError("it ended" if not read else "an answer without an end")
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            answer = json.loads(line)
            int(answer["id"])
        except (ValueError, KeyError, TypeError):
            raise OSError("it answers what is no JSON object with an id") from None
        return dict(answer)


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]


@cache
def command_keys(command: tuple[str, ...], seconds: int) -> CommandKeys:
    """The one conversation of this process with the program."""
    return CommandKeys(command, seconds)


def _require_done(answer: Mapping[str, Any]) -> None:
    if answer.get("error") == "refused":
        raise Invariant(
            "The vault refuses a data key: the key service says that it was moved, changed, or wrapped by another key."
        )
    if answer.get("error"):
        raise Unavailable(f"The key service says: {str(answer['error'])[:120]}")
