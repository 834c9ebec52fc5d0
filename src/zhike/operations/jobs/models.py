"""What is kept beside procrastinate's own tables: what went otherwise than well, and which ticks were seen to."""

from typing import ClassVar

from django.db import models

from zhike.operations.governance.visible import ByBank

# How a run can end otherwise than well, and what a person did about a job.
HOWS = ("raised", "killed", "overdue", "interrupted", "refused", "retried", "given_up")


class JobEvent(ByBank):
    """One run of a job that did not end well, or one decision on a job; never a message, which may quote a value.

    ``attempt`` counts runs from 0. ``code`` names the fault in plain words (`faults`), ``fault`` is the class of the
    exception and ``place`` the file and line where it came from. No foreign key: it outlives the job.
    """

    job_id = models.BigIntegerField(db_index=True)
    job_name = models.CharField(max_length=128)
    attempt = models.IntegerField()
    how = models.CharField(max_length=16)
    code = models.CharField(max_length=32, blank=True)
    fault = models.CharField(max_length=128, blank=True)
    place = models.CharField(max_length=256, blank=True)
    at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(how__in=HOWS), name="job_event_known"),
        ]


class JobTick(ByBank):
    """A tick of a periodic job that was seen to: by a job, or (``job_id`` null) by one that still waited."""

    pk = models.CompositePrimaryKey("job_name", "tick")
    job_name = models.CharField(max_length=128)
    tick = models.DateTimeField()
    job_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=models.functions.Now())
