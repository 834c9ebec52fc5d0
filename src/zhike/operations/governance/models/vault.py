"""The vault of personal data.

It stands apart from the facts: facts know a party only by its surrogate, the vault knows the person behind it, field
by field, encrypted. What the columns hold and why: `sealing.py`, `vault.py`.
"""

from datetime import date

from django.db import models

from zhike.operations.governance.visible import ByCustomer


class VaultKey(ByCustomer):
    """The data key of one party, wrapped by a version of the master key. Without this row nobody can read the party."""

    of = "party_id"

    party_id = models.UUIDField(primary_key=True)
    wrapped_key = models.BinaryField()
    master_key_id = models.CharField(max_length=128)


class VaultField(ByCustomer):
    """One personal field of one party, encrypted; ``fingerprint`` tells whether a newly delivered value differs."""

    of = "party_id"

    pk = models.CompositePrimaryKey("party_id", "field")
    party_id = models.UUIDField()
    field = models.CharField(max_length=32)
    ciphertext = models.BinaryField()
    fingerprint = models.BinaryField(max_length=32)
    # The last day on which a source told this value; what was known earlier never replaces it.
    known_from = models.DateField(db_default=date.min)
    changed_at = models.DateTimeField(db_default=models.functions.Now())


class VaultToken(ByCustomer):
    """A keyed token of a searchable field: equality search finds the party without decrypting anything."""

    of = "party_id"

    pk = models.CompositePrimaryKey("field", "token", "party_id")
    field = models.CharField(max_length=32)
    token = models.BinaryField(max_length=32)
    party_id = models.UUIDField(db_index=True)


class VaultErased(ByCustomer):
    """A person who was erased: what a later file says of them is not kept. The id alone, and when."""

    of = "party_id"

    party_id = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField(db_default=models.functions.Now())
