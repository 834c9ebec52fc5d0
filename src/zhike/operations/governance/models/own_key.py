"""Data keys of things that are no person: a complaint, a stored file."""

from django.db import models

from zhike.operations.governance.visible import ByStaff


class OwnKey(ByStaff):
    """The data key of one thing, wrapped by the master key; destroying this row makes the thing unreadable.

    Its id is what the thing keeps. It says nothing of what it opens: whoever may see that says so there.
    """

    key_id = models.UUIDField(primary_key=True)
    wrapped_key = models.BinaryField()
    master_key_id = models.CharField(max_length=128)
