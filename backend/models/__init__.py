"""The tables, without decisions."""

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
    "AiService",
    "Approval",
    "AuditEntry",
    "AuditEventId",
    "Client",
    "ComplianceFramework",
    "Device",
    "EnrolmentCode",
    "Msp",
    "OutboxEvent",
    "PatternDetection",
    "Policy",
    "PolicyVersion",
    "PolicyViolation",
    "Session",
    "TenantCounter",
    "User",
]
