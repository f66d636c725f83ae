"""The tables, without decisions."""

from backend.models.administration import (
    AdminEvent,
    Assignment,
    Group,
    GroupMember,
    IdempotencyKey,
    Lockbox,
    SeatMonth,
)
from backend.models.client import (
    Approval,
    AuditEntry,
    AuditEventId,
    Client,
    Device,
    EnrolmentCode,
    OutboxEvent,
    PatternDetection,
    Policy,
    PolicyVersion,
    PolicyViolation,
    Session,
    TenantCounter,
    User,
)
from backend.models.msp import Msp
from backend.models.shared import AiService, ComplianceFramework

__all__ = [
    "AdminEvent",
    "AiService",
    "Approval",
    "Assignment",
    "AuditEntry",
    "AuditEventId",
    "Client",
    "ComplianceFramework",
    "Device",
    "EnrolmentCode",
    "Group",
    "GroupMember",
    "IdempotencyKey",
    "Lockbox",
    "Msp",
    "OutboxEvent",
    "PatternDetection",
    "Policy",
    "PolicyVersion",
    "PolicyViolation",
    "SeatMonth",
    "Session",
    "TenantCounter",
    "User",
]
