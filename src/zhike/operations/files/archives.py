"""What an office document holds, looked at by a child process with hard limits before anything of ours parses it."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from zhike.core.errors import BadInput
from zhike.core.text import Text

_CHILD = Path(__file__).with_name("archive_child.py")
_SECONDS = 10
_WHY = {
    "broken": Text("文件已损坏", "it is broken"),
    "no_document": Text("不是 Excel 或 Word 文档", "it is no Excel or Word document"),
    "too_many": Text("内含的部件过多", "it holds too many parts"),
    "too_large": Text("展开后过大", "it is too large once unpacked"),
    "bomb": Text("压缩比异常", "it is packed as a bomb is"),
    "overlapping": Text("部件互相重叠", "its parts overlap"),
    "double_names": Text("部件重名", "its parts share names"),
    "unsafe_name": Text("部件名不安全", "a part's name leads elsewhere"),
    "encrypted": Text("已加密，无法检查", "it is encrypted and cannot be looked into"),
    "packed_oddly": Text("压缩方式不受支持", "it is packed in an unknown way"),
    "nested": Text("内含压缩包、宏或程序", "it holds an archive, a macro or a program"),
    "entities": Text("内含外部实体声明", "it declares entities"),
}


def document_kind(content: Iterable[bytes]) -> str:
    """``xlsx`` or ``docx``; raises BadInput with the reason for everything else, also when the child gives up."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_CHILD)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/",
    )  # fmt: skip
    try:
        with contextlib.suppress(BrokenPipeError):  # the child has given up: what it said counts
            told, _ = child.communicate(b"".join(content), timeout=_SECONDS)
        answer = json.loads(told) if child.returncode == 0 else {"refused": "too_large"}
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        answer = {"refused": "too_large"}
    finally:
        child.kill()
        child.wait()
        for end in (child.stdin, child.stdout):
            if end is not None:
                end.close()
    if "kind" in answer:
        return str(answer["kind"])
    why = _WHY.get(answer.get("refused", ""), _WHY["broken"])
    raise BadInput(
        Text(
            f"文档被拒收：{why.zh}。请另存后再上传。",
            f"The document is refused: {why.en}. Save it anew and upload that.",
        )
    )
