"""Background jobs: what runs, waits and failed, who runs them, when the periodic ones ran; and what becomes of one."""

from typing import Any, get_args
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhike.core.actor import Actor
from zhike.core.text import Text
from zhike.interfaces.console import formatting
from zhike.interfaces.console.panel import Panel, panel
from zhike.interfaces.console.registry import Page, pages
from zhike.interfaces.input import whole_number
from zhike.operations.jobs import actions, queries
from zhike.operations.jobs.faults import said
from zhike.operations.jobs.queries import JobRow, State

_ROWS = 50
_TROUBLE: tuple[State, ...] = ("failed", "quarantined")
# The address's word -> which states are listed.
_LISTS: dict[str, tuple[State, ...]] = {
    "open": ("running", "waiting", *_TROUBLE),
    **{state: (state,) for state in get_args(State)},
}


@pages.register(
    Page(
        name="jobs",
        path="jobs/",
        title=Text("后台任务", "Jobs"),
        meaning=Text("后台任务的执行情况", "How the background jobs are doing"),
        icon="workflow",
        permission="view_jobs",
        menu=70,
        texts={
            "worker.alive": Text("{count} 个工作进程在运行", "{count} workers run"),
            "worker.heard": Text("{age}前有心跳", "heard of {age} ago"),
            "worker.none": Text("没有工作进程", "No worker runs"),
            "state.running": Text("执行中", "Running"),
            "state.waiting": Text("等待中", "Waiting"),
            "state.failed": Text("失败", "Failed"),
            "state.quarantined": Text("已隔离", "Quarantined"),
            "state.given_up": Text("已放弃", "Given up"),
            "state.open": Text("未完成", "Not done"),
            "waiting.oldest": Text("等待最久：{age}", "the oldest for {age}"),
            "failed.note": Text("已用完重试次数", "tried as often as they may be"),
            "quarantined.note": Text("多次中断进程，或不允许执行", "killed or hung a worker, or may not run"),
            "running.note": Text("完成即移出队列", "done ones leave the queue"),
            "look": Text("需要处理", "Needs a decision"),
            "states": Text("状态", "State"),
            "list": Text("任务", "Jobs"),
            "number": Text("编号", "Number"),
            "job": Text("任务", "Job"),
            "state": Text("状态", "State"),
            "tries": Text("次数", "Tries"),
            "actor": Text("代表", "For"),
            "since": Text("时间", "Since"),
            "trouble": Text("原因", "What went wrong"),
            "none": Text("没有这样的任务", "No such jobs"),
            "none.help": Text(
                "执行成功的任务会移出队列，结果见审计。", "Done jobs leave the queue: the audit log tells."
            ),
            "next": Text("下一页", "Next page"),
            "first": Text("回到首页", "First page"),
            "close": Text("关闭", "Close"),
            "enqueued": Text("提交时间", "Enqueued"),
            "due": Text("下次执行", "Next try"),
            "queue": Text("优先级", "Priority"),
            "queue.live": Text("实时", "Live"),
            "queue.campaign": Text("活动", "Campaign"),
            "queue.nightly": Text("夜间", "Nightly"),
            "queue.housekeeping": Text("日常维护", "Housekeeping"),
            "fault": Text("错误类型", "Kind of error"),
            "place": Text("位置", "Where"),
            "history": Text("经过", "What happened"),
            "history.none": Text("没有异常", "Nothing went wrong"),
            "reason": Text("理由（会记入审计）", "Reason (goes on record)"),
            "retry": Text("重试", "Run again"),
            "give_up": Text("放弃", "Give up"),
            "periodic": Text("定时任务", "Periodic jobs"),
            "periodic.note": Text("时间为本行时区", "in the bank's time zone"),
            "cron": Text("周期", "Schedule"),
            "tick": Text("最近一次", "Last tick"),
            "undeclared": Text("本版本没有这个任务", "Not a job of this version"),
            "nobody": Text("系统", "The clock"),
        },
    )
)
def jobs(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    listed = request.GET.get("state", "open")
    listed = listed if listed in _LISTS else "open"
    before = whole_number(request.GET.get("before", ""))
    found = panel(lambda: queries.jobs_list(actor, states=_LISTS[listed], before=before, limit=_ROWS))
    rows, queue = found.value or [], queries.queue_state(actor)
    chosen = whole_number(request.GET.get("job", ""))
    return {
        "queue": queue,
        "heard": formatting.age(queue.heard_seconds, actor.locale),
        "oldest": formatting.age(queue.oldest_wait_seconds, actor.locale),
        "tiles": [(state, queue.counts.get(state, 0), state in _TROUBLE) for state in get_args(State)[:4]],
        "lists": [(name, _address(name), name == listed) for name in _LISTS],
        "found": found,
        "rows": [(row, _address(listed, before=before, job=row.id), said(row.code)) for row in rows],
        "following": _address(listed, before=rows[-1].id) if len(rows) == _ROWS else "",
        "first": _address(listed) if before else "",
        "chosen": _chosen(actor, chosen),
        "close": _address(listed, before=before),
        "periodic": panel(lambda: queries.periodic_list(actor)),
    }


@jobs.part("retry", "<int:job_id>/retry/", method="POST", permission="manage_jobs")
def retry(request: HttpRequest, actor: Actor, job_id: int) -> HttpResponse:
    actions.job_retry(actor, job_id=job_id, purpose=request.POST.get("reason", "")[:200])
    return redirect("jobs")


@jobs.part("give_up", "<int:job_id>/give-up/", method="POST", permission="manage_jobs")
def give_up(request: HttpRequest, actor: Actor, job_id: int) -> HttpResponse:
    actions.job_give_up(actor, job_id=job_id, purpose=request.POST.get("reason", "")[:200])
    return redirect("jobs")


def _chosen(actor: Actor, job_id: int | None) -> Panel | None:
    def read() -> dict[str, Any]:
        row, events = queries.job_get(actor, job_id or 0)
        return {
            "row": row,
            "said": said(row.code),
            "events": [(event, said(event.code)) for event in events],
            "retries": actor.may("manage_jobs") and row.state in _TROUBLE,
            "gives_up": actor.may("manage_jobs") and _may_end(row),
        }

    return panel(read) if job_id is not None else None


def _may_end(row: JobRow) -> bool:
    return row.state in ("waiting", *_TROUBLE)


def _address(listed: str, before: int | None = None, job: int | None = None) -> str:
    places = [("state", listed if listed != "open" else None), ("before", before), ("job", job)]
    return "?" + urlencode([(name, value) for name, value in places if value])
