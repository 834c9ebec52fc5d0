"""Users and where they belong, the audit log, the vault of personal data: one file each."""

from zhike.operations.governance.models.access import ApiKey, OpenSession
from zhike.operations.governance.models.audit import AuditEntry, AuditSeal, AuditSealed, AuditUnsealed
from zhike.operations.governance.models.own_key import OwnKey
from zhike.operations.governance.models.people import Branch, Home, Membership, User, UserManager
from zhike.operations.governance.models.teams import Assignment, Team, TeamMember
from zhike.operations.governance.models.vault import VaultErased, VaultField, VaultKey, VaultToken

__all__ = [
    "ApiKey",
    "Assignment",
    "AuditEntry",
    "AuditSeal",
    "AuditSealed",
    "AuditUnsealed",
    "Branch",
    "Home",
    "Membership",
    "OpenSession",
    "OwnKey",
    "Team",
    "TeamMember",
    "User",
    "UserManager",
    "VaultErased",
    "VaultField",
    "VaultKey",
    "VaultToken",
]
