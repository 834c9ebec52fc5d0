"""What went wrong, in plain words, by code; the class and the place of an exception, never its message."""

from pathlib import Path
from types import TracebackType

from django.db import DatabaseError, InterfaceError, OperationalError

from zhike.core import errors
from zhike.core.text import Text

_ROOT = Path(__file__).parents[2]  # whatever the folder of the checkout is called

FAULTS: dict[str, Text] = {
    "killed": Text("执行它的进程被终止", "the process that ran it was killed"),
    "overdue": Text("超过时限未完成", "it took longer than its lease"),
    "interrupted": Text("服务停止时正在执行", "the server was stopped while it ran"),
    "no_actor": Text("任务没有执行主体", "the job carries no actor"),
    "undeclared": Text("任务未按规定声明", "the job is not declared"),
    "person_gone": Text("发起人已不能登录", "who asked for it may not log in any more"),
    "bad_argument": Text("任务参数不可用", "an argument is no id or code"),
    "bad_input": Text("数据无法使用", "what it was given cannot be used"),
    "forbidden": Text("权限不足", "it lacks a right"),
    "not_found": Text("对象不存在", "what it is about is not there"),
    "conflict": Text("与其他操作冲突", "another was at work, or the state had moved on"),
    "too_many": Text("超过频次上限", "done too often"),
    "unavailable": Text("所需服务没有响应", "a part it needs did not answer"),
    "invariant": Text("系统自身的约束被破坏", "a promise of Zhike itself was broken"),
    "database": Text("数据库没有响应或拒绝执行", "the database did not answer, or refused"),
    "unexpected": Text("程序错误", "a fault in the program"),
    "retried": Text("由人工重试", "tried again by a person"),
    "given_up": Text("由人工放弃", "given up by a person"),
}
_CLASSES: tuple[tuple[type[BaseException], str], ...] = (
    (errors.BadInput, "bad_input"), (errors.Forbidden, "forbidden"), (errors.NotFound, "not_found"),
    (errors.Conflict, "conflict"), (errors.TooMany, "too_many"), (errors.Unavailable, "unavailable"),
    (errors.Invariant, "invariant"), (OperationalError, "database"), (InterfaceError, "database"),
    (DatabaseError, "database"),
)  # fmt: skip


def code_of(fault: BaseException) -> str:
    """The code of an exception, one of `FAULTS`."""
    return next((code for kind, code in _CLASSES if isinstance(fault, kind)), "unexpected")


def place_of(fault: BaseException) -> str:
    """``operations/customers/actions.py:71``: the innermost line of Zhike's own, else the innermost of all."""
    innermost, own = "", ""
    trace: TracebackType | None = fault.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        innermost = f"{path.name}:{trace.tb_lineno}"
        if path.is_relative_to(_ROOT):
            own = f"{path.relative_to(_ROOT).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return (own or innermost)[-256:]


def said(code: str) -> Text:
    """The words of a code."""
    return FAULTS.get(code, FAULTS["unexpected"])
