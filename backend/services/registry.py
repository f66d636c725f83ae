"""All use-cases of one running server, built once by `backend.app` and handed to the routes."""

from dataclasses import dataclass

from backend.core.bus import Bus
from backend.core.clock import Clock
from backend.core.config import Settings
from backend.core.database import Database
from backend.core.passwords import Passwords
from backend.core.signing import KeyRing
from backend.detection.rulebook import Rulebook
from backend.live.hub import Hub
from backend.live.publisher import Publisher
from backend.services.accounts import Accounts
from backend.services.admin_trail import AdminTrail
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.attestations import Attestations
from backend.services.audit_log import AuditLog
from backend.services.audit_query import AuditQuery
from backend.services.client_score import ClientScores
from backend.services.clients import Clients
from backend.services.compliance_reporter import ComplianceReporter
from backend.services.custom_detections import CustomDetections
from backend.services.enrolment import Enrolment
from backend.services.extension_events import ExtensionEvents
from backend.services.fleet import Fleet
from backend.services.msp_summary import MspSummary
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from backend.services.prompt_analysis import PromptAnalysis
from backend.services.sessions import Sessions
from backend.services.sync_bundles import SyncBundles
from backend.services.users import Users
from backend.services.violation_feed import ViolationFeed


@dataclass(frozen=True, slots=True)
class Services:
    """What a route may call. Everything here lives as long as the server."""

    settings: Settings
    keys: KeyRing
    clock: Clock
    database: Database
    bus: Bus
    hub: Hub
    publisher: Publisher
    passwords: Passwords
    accounts: Accounts
    sessions: Sessions
    enrolment: Enrolment
    admin_trail: AdminTrail
    clients: Clients
    users: Users
    ai_service_registry: AiServiceRegistry
    policy_lookup: PolicyLookup
    policy_publishing: PolicyPublishing
    sync_bundles: SyncBundles
    fleet: Fleet
    msp_summary: MspSummary
    client_scores: ClientScores
    compliance_reporter: ComplianceReporter
    attestations: Attestations
    audit_log: AuditLog
    audit_query: AuditQuery
    extension_events: ExtensionEvents
    prompt_analysis: PromptAnalysis
    custom_detections: CustomDetections
    violation_feed: ViolationFeed
    rulebook: Rulebook
