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
from backend.services.adoption_reach import AdoptionReach
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.allowances import Allowances
from backend.services.api_keys import ApiKeys
from backend.services.assignments import Assignments
from backend.services.attestations import Attestations
from backend.services.audit_export import AuditExport
from backend.services.audit_log import AuditLog
from backend.services.audit_query import AuditQuery
from backend.services.client_administration import ClientAdministration
from backend.services.client_score import ClientScores
from backend.services.clients import Clients
from backend.services.compliance_reporter import ComplianceReporter
from backend.services.custom_detections import CustomDetections
from backend.services.deployment_files import DeploymentFiles
from backend.services.development import DevelopmentSignIn
from backend.services.device_proofs import DeviceProofs
from backend.services.device_revocation import DeviceRevocation
from backend.services.enrolment import Enrolment
from backend.services.exception_decisions import ExceptionDecisions
from backend.services.exception_list import ExceptionList
from backend.services.exception_requests import ExceptionRequests
from backend.services.extension_events import ExtensionEvents
from backend.services.extension_package import ExtensionPackage
from backend.services.false_positives import FalsePositives
from backend.services.first_steps import ClientFirstSteps
from backend.services.fleet import Fleet
from backend.services.fresh_factors import FreshFactors
from backend.services.graces import Graces
from backend.services.groups import Groups
from backend.services.identity_providers import IdentityProviders
from backend.services.invitations import Invitations
from backend.services.lockboxes import Lockboxes
from backend.services.mail_clearing import MailClearing
from backend.services.mail_delivery import MailDelivery
from backend.services.missing_events import MissingEvents
from backend.services.msp_summary import MspSummary
from backend.services.msps import Msps
from backend.services.offboarding import Offboarding
from backend.services.own_password import OwnPassword
from backend.services.own_sessions import OwnSessions
from backend.services.password_resets import PasswordResets
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_approvals import PolicyApprovals
from backend.services.policy_backtests import PolicyBacktests
from backend.services.policy_departures import PolicyDepartures
from backend.services.policy_history import PolicyHistory
from backend.services.policy_layers import PolicyLayers
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_promotions import PolicyPromotions
from backend.services.policy_publishing import PolicyPublishing
from backend.services.policy_reach import PolicyReach
from backend.services.prompt_analysis import PromptAnalysis
from backend.services.proposed_differences import ProposedDifferences
from backend.services.provider_sign_in import ProviderSignIn
from backend.services.reminders import Reminders
from backend.services.repetitions import Repetitions
from backend.services.seats import Seats
from backend.services.second_factors import SecondFactors
from backend.services.service_announcements import ServiceAnnouncements
from backend.services.service_approvals import ServiceApprovals
from backend.services.service_news import ServiceNews
from backend.services.service_requests import ServiceRequests
from backend.services.service_sightings import ServiceSightings
from backend.services.service_stops import ServiceStops
from backend.services.session_watch import SessionWatch
from backend.services.sessions import Sessions
from backend.services.shipped_rulebook import ShippedRulebook
from backend.services.sync_bundles import SyncBundles
from backend.services.user_administration import UserAdministration
from backend.services.user_import import UserImport
from backend.services.users import Users
from backend.services.violation_feed import ViolationFeed
from backend.services.violation_work import ViolationWork
from backend.services.webhook_deliveries import WebhookDeliveries
from backend.services.webhook_delivery import WebhookDelivery
from backend.services.webhooks import Webhooks


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
    api_keys: ApiKeys
    sessions: Sessions
    identity_providers: IdentityProviders
    invitations: Invitations
    mail_clearing: MailClearing
    mail_delivery: MailDelivery
    own_password: OwnPassword
    own_sessions: OwnSessions
    password_resets: PasswordResets
    provider_sign_in: ProviderSignIn
    second_factors: SecondFactors
    fresh_factors: FreshFactors
    allowances: Allowances
    session_watch: SessionWatch
    development: DevelopmentSignIn | None
    device_proofs: DeviceProofs
    device_revocation: DeviceRevocation
    enrolment: Enrolment
    extension_package: ExtensionPackage
    deployment_files: DeploymentFiles
    admin_trail: AdminTrail
    assignments: Assignments
    client_administration: ClientAdministration
    graces: Graces
    groups: Groups
    lockboxes: Lockboxes
    msps: Msps
    reminders: Reminders
    repetitions: Repetitions
    seats: Seats
    user_administration: UserAdministration
    user_import: UserImport
    offboarding: Offboarding
    clients: Clients
    users: Users
    ai_service_registry: AiServiceRegistry
    service_announcements: ServiceAnnouncements
    service_approvals: ServiceApprovals
    service_news: ServiceNews
    service_requests: ServiceRequests
    service_sightings: ServiceSightings
    service_stops: ServiceStops
    policy_announcements: PolicyAnnouncements
    policy_lookup: PolicyLookup
    policy_publishing: PolicyPublishing
    policy_layers: PolicyLayers
    policy_history: PolicyHistory
    policy_promotions: PolicyPromotions
    policy_reach: PolicyReach
    adoption_reach: AdoptionReach
    policy_departures: PolicyDepartures
    proposed_differences: ProposedDifferences
    policy_approvals: PolicyApprovals
    policy_backtests: PolicyBacktests
    shipped_rulebook: ShippedRulebook
    sync_bundles: SyncBundles
    fleet: Fleet
    missing_events: MissingEvents
    msp_summary: MspSummary
    client_scores: ClientScores
    compliance_reporter: ComplianceReporter
    attestations: Attestations
    audit_log: AuditLog
    audit_query: AuditQuery
    audit_export: AuditExport
    exception_decisions: ExceptionDecisions
    exception_list: ExceptionList
    exception_requests: ExceptionRequests
    extension_events: ExtensionEvents
    prompt_analysis: PromptAnalysis
    custom_detections: CustomDetections
    violation_feed: ViolationFeed
    violation_work: ViolationWork
    first_steps: ClientFirstSteps
    webhooks: Webhooks
    webhook_delivery: WebhookDelivery
    webhook_deliveries: WebhookDeliveries
    false_positives: FalsePositives
    rulebook: Rulebook
