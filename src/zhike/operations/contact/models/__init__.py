"""The ledger of consents with its wordings, and the record of contacts: one file each."""

from zhike.operations.contact.models.consent import Consent, Wording
from zhike.operations.contact.models.contact import Contact

__all__ = ["Consent", "Contact", "Wording"]
