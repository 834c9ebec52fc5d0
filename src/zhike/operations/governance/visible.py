"""Whose rows a model holds. Every model says so once, by one of these bases, and is read through ``visible_to``.

This is the first lock. The second is the policy of its table (`row_security`), which holds where a query forgot this
one; `tests/operations/test_visible.py` finds a model without either.
"""

from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models.functions import Cast

from zhike.core.actor import Actor, Scope
from zhike.operations.governance import effective


class ByCustomer(models.Model):
    """Rows about one customer each: seen by whom the customer is visible to. ``of`` is the column of the customer."""

    of: ClassVar[str] = "customer_id"

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The rows that the actor may see."""
        rows, scope = cls._default_manager.all(), actor.scope
        if scope.bank:
            return rows
        if scope.party is not None:
            return rows.filter(**{cls.of: scope.party})
        homes = apps.get_model("governance", "Home").objects.filter(branch_id__in=scope.branches)
        kind = type(cls._meta.get_field(cls.of))
        column = "customer_id" if kind is models.CharField else Cast("customer_id", kind())
        seen = models.Q(**{f"{cls.of}__in": homes.values_list(column, flat=True)})
        if scope.assigned:
            seen |= models.Q(**{f"{cls.of}__in": assignments(scope).values_list(column, flat=True)})
        return rows.filter(seen)


def assignments(scope: Scope) -> "models.QuerySet[Any]":
    """What is assigned to the users of a scope, or to teams they are of, on its day."""
    that_day = effective.on(scope.on)
    members = apps.get_model("governance", "TeamMember").objects.filter(that_day, user__username__in=scope.assigned)
    theirs = models.Q(user__username__in=scope.assigned) | models.Q(team__in=members.values("team"))
    return apps.get_model("governance", "Assignment").objects.filter(that_day, theirs)


class ByPerson(models.Model):
    """Rows of one member of staff each: their own, and everybody's for whose work is the whole bank.

    ``of`` names the column, or the path to it, that holds the log-in name.
    """

    of: ClassVar[str] = "user"

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The rows that the actor may see."""
        rows = cls._default_manager.all()
        return rows if actor.scope.bank else rows.filter(**{cls.of: actor.name})


class ByBank(models.Model):
    """Rows that only work for the whole bank sees."""

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The rows that the actor may see."""
        rows = cls._default_manager.all()
        return rows if actor.scope.bank else rows.none()


class ByStaff(models.Model):
    """Rows that tell of no customer and of no colleague: seen by whoever works here, and never by a cardholder."""

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The rows that the actor may see."""
        rows = cls._default_manager.all()
        return rows.none() if actor.kind == "cardholder" else rows
