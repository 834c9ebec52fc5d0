"""A key service as a bank would put before its KMS: ``key_service.py FOLDER [fault]``, the protocol of the how-to.

Versions stand in FOLDER, one file each. Faults: ``dies`` (after each third answer), ``hangs``, ``babbles``.
"""

import base64
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def _versions(folder: Path) -> list[str]:
    found = sorted(folder.glob("*.key"), key=lambda path: int(path.stem))
    return [path.stem for path in found] or [_made(folder)]


def _made(folder: Path) -> str:
    number = max((int(path.stem) for path in folder.glob("*.key")), default=0) + 1
    (folder / f"{number}.key").write_bytes(AESGCM.generate_key(256))
    return str(number)


def _answer(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    if asked["op"] == "versions":
        versions = _versions(folder)
        return {"current": versions[-1], "versions": versions}
    if asked["op"] == "rotate":
        return {"key_id": _made(folder)}
    path = folder / f"{asked['key_id']}.key"
    if not path.exists():
        return {"error": f"no version {asked['key_id']}"}
    if asked["op"] == "retire":
        path.unlink()
        return {}
    key, bound, data = AESGCM(path.read_bytes()), asked["context"].encode(), base64.b64decode(asked["data"])
    if asked["op"] == "wrap":
        nonce = os.urandom(12)
        return {"data": base64.b64encode(nonce + key.encrypt(nonce, data, bound)).decode()}
    try:
        return {"data": base64.b64encode(key.decrypt(data[:12], data[12:], bound)).decode()}
    except InvalidTag:
        return {"error": "refused"}


def main(folder: Path, fault: str) -> None:
    with (folder / "starts").open("a") as starts:
        starts.write("x")
    for number, line in enumerate(sys.stdin, 1):
        asked = json.loads(line)
        if fault == "hangs":
            time.sleep(60)
        told = "what?" if fault == "babbles" else json.dumps({"id": asked["id"], **_answer(folder, asked)})
        print(told, flush=True)
        if fault == "dies" and number == 3:
            sys.exit(1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
