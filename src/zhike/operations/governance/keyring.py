"""The master keys that persons' data keys stand under: one interface, from a file or from the bank's key service.

A wrapped data key is kept beside the id of the master version that wrapped it, so several versions live side by side:
new data keys are wrapped under the current one, what was wrapped before stays readable until it is rewrapped.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhike.core.errors import Conflict, Unavailable
from zhike.core.settings import settings
from zhike.core.workspace import Workspace

if TYPE_CHECKING:
    from zhike.operations.governance.key_file import FileKeys

_OF_SERVICE = "kms:"

# A data key (clear or wrapped), and what it is bound to: it opens in this context only.
Bound = tuple[bytes, str]


@dataclass(frozen=True)
class Versions:
    """The versions of the master key that a service holds, and the one that wraps from now on."""

    current: str
    all: tuple[str, ...]


class KeyService(ABC):
    """Wraps and unwraps data keys under a master key that nobody else sees. Many at once, answers in their order.

    Every method raises Unavailable when the service or that version does not answer; `unwrap` raises Invariant when a
    key was not wrapped in this context by this version.
    """

    @abstractmethod
    def versions(self) -> Versions:
        """What there is now: never remembered, because another process may have made a new one."""

    @abstractmethod
    def wrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]: ...

    @abstractmethod
    def unwrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]: ...

    @abstractmethod
    def renew(self) -> str:
        """Makes a version, the current one from now on, and returns its id."""

    @abstractmethod
    def retire(self, key_id: str) -> None:
        """Gives up a version that is not the current one."""


class Keyring(KeyService):
    """The service that the settings name, and the file for what was wrapped before there was one.

    Ids of the key service begin with ``kms:``, so a bank moves from the file to its service by a rotation.
    """

    def __init__(self, file: "FileKeys", service: KeyService | None) -> None:
        self._file, self._service = file, service

    def versions(self) -> Versions:
        if self._service is None:
            return self._file.versions()
        served = self._service.versions()
        held = (*self._file.held(), *(_OF_SERVICE + each for each in served.all))
        return Versions(_OF_SERVICE + served.current, held)

    def wrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]:
        service, bare = self._of(key_id)
        return service.wrap(bare, keys)

    def unwrap(self, key_id: str, keys: Sequence[Bound]) -> list[bytes]:
        service, bare = self._of(key_id)
        return service.unwrap(bare, keys)

    def renew(self) -> str:
        return self._file.renew() if self._service is None else _OF_SERVICE + self._service.renew()

    def retire(self, key_id: str) -> None:
        if key_id == self.versions().current:
            raise Conflict(f"Master key {key_id} is the current one: zhike keys rotate makes another first.")
        service, bare = self._of(key_id)
        service.retire(bare)

    def _of(self, key_id: str) -> tuple[KeyService, str]:
        if not key_id.startswith(_OF_SERVICE):
            return self._file, key_id
        if self._service is None:
            raise Unavailable(f"Keys are wrapped by the key service ({key_id}): set ZHIKE_KMS_COMMAND.")
        return self._service, key_id.removeprefix(_OF_SERVICE)


def open_keyring(of: Workspace) -> Keyring:
    """The keyring of a workspace: its key files, and the key service where ``ZHIKE_KMS_COMMAND`` names one."""
    from zhike.operations.governance.key_command import command_keys
    from zhike.operations.governance.key_file import file_keys

    command = settings().kms_command
    service = command_keys(command, settings().kms_seconds) if command else None
    return Keyring(file_keys(of), service)
