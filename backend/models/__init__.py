"""The tables, without decisions."""

from backend.models.administration import AdminEvent, Assignment, Group, GroupMember, Lockbox
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
from backend.models.counts import (
    ActivePerson,
    AuditDay,
    AuditHour,
    ClientDay,
    ServiceDay,
    ViolationDay,
    ViolationState,
)
from backend.models.governance import (
    Attestation,
    ExceptionDecision,
    Notice,
    PolicyException,
    ServiceSighting,
)
from backend.models.msp import Msp
from backend.models.shared import AiService, ComplianceFramework

__all__ = [
    "ActivePerson",
    "AdminEvent",
    "AiService",
    "Approval",
    "Assignment",
    "Attestation",
    "AuditDay",
    "AuditEntry",
    "AuditEventId",
    "AuditHour",
    "Client",
    "ClientDay",
    "ComplianceFramework",
    "Device",
    "EnrolmentCode",
    "ExceptionDecision",
    "Group",
    "GroupMember",
    "Lockbox",
    "Msp",
    "Notice",
    "OutboxEvent",
    "PatternDetection",
    "Policy",
    "PolicyException",
    "PolicyVersion",
    "PolicyViolation",
    "ServiceDay",
    "ServiceSighting",
    "Session",
    "TenantCounter",
    "User",
    "ViolationDay",
    "ViolationState",
]
