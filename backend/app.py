"""Where everything is put together: settings, connections, services, routes."""

import asyncio
import contextlib
import functools
from importlib.metadata import version as installed_version  # noqa: TID251 -- reads a version, imports nothing
from uuid import UUID

import structlog
from quart import Quart

from backend import console
from backend.api import documentation, errors, fast_path, headers, limits
from backend.api.v1 import router
from backend.core import logging
from backend.core.bus import Bus, InProcessBus
from backend.core.clock import SystemClock
from backend.core.config import Settings
from backend.core.database import Database
from backend.core.once import MemoryOnce, Once
from backend.core.outside import Outside
from backend.core.passwords import Passwords
from backend.core.signing import KeyRing
from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook
from backend.live.hub import Hub
from backend.live.publisher import Publisher
from backend.policy.patch import RuleNames
from backend.policy.taxonomy import Taxonomy
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
from backend.services.development import DevelopmentSignIn, refuse_real_clients
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
from backend.services.given_reasons import GivenReasons
from backend.services.graces import Graces
from backend.services.groups import Groups
from backend.services.identity_providers import IdentityProviders
from backend.services.invitations import Invitations
from backend.services.justifications import Justifications
from backend.services.lockboxes import Lockboxes
from backend.services.mail_clearing import MailClearing
from backend.services.mail_delivery import MailDelivery
from backend.services.mails import Mails
from backend.services.missing_events import MissingEvents
from backend.services.msp_summary import MspSummary
from backend.services.msps import Msps
from backend.services.offboarding import Offboarding
from backend.services.openid_client import OpenIdClient
from backend.services.own_password import OwnPassword
from backend.services.own_sessions import OwnSessions
from backend.services.password_resets import PasswordResets
from backend.services.policy_adoption import PolicyAdoption
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
from backend.services.policy_renewal import PolicyRenewal
from backend.services.prompt_analysis import PromptAnalysis
from backend.services.proposed_differences import ProposedDifferences
from backend.services.provider_sign_in import ProviderSignIn
from backend.services.registry import Services
from backend.services.reminders import Reminders
from backend.services.repetitions import Repetitions
from backend.services.seats import Seats
from backend.services.second_factors import SecondFactors
from backend.services.service_announcements import ServiceAnnouncements
from backend.services.service_approvals import ServiceApprovals
from backend.services.service_news import ServiceNews
from backend.services.service_notices import ServiceNotices
from backend.services.service_requests import Reasons, ServiceRequests
from backend.services.service_sightings import ServiceSightings
from backend.services.service_stops import ServiceStops
from backend.services.session_watch import SessionWatch
from backend.services.sessions import Sessions
from backend.services.shipped_rulebook import ShippedRulebook
from backend.services.site_adapters import adapters
from backend.services.sync_bundles import SyncBundles
from backend.services.user_administration import UserAdministration
from backend.services.user_import import UserImport
from backend.services.users import Users
from backend.services.violation_feed import ViolationFeed
from backend.services.violation_work import ViolationWork
from backend.services.webhook_deliveries import WebhookDeliveries
from backend.services.webhook_delivery import WebhookDelivery
from backend.services.webhooks import Webhooks

OUTBOX_SECONDS = 30
DUE_SECONDS = 600
WEBHOOK_SECONDS = 5
_log = structlog.get_logger(__name__)


def build_services(settings: Settings, keys: KeyRing, database_url: str) -> Services:
    """Make every service once; nothing is connected yet."""
    clock = SystemClock()
    database = Database(database_url, keys.scope_key, settings.database_pool_size)
    bus = _bus(settings.redis_url, keys.bus_key)
    publisher = Publisher(bus)
    rulebook = _rulebook()
    sessions = Sessions(database, keys, clock)
    passwords = Passwords()
    mails = Mails(keys.sealing_key, settings.public_url)
    is_local = settings.demonstration or settings.debug
    outside = Outside(allows_loopback=is_local)
    invitations = Invitations(database, passwords, mails)
    fresh_factors = FreshFactors(clock, settings.step_up_minutes)
    second_factors = SecondFactors(database, passwords, sessions, keys, clock, mails)
    registry = AiServiceRegistry(database)
    taxonomy = Taxonomy(
        frozenset((rule.id, rule.type, rule.family, rule.category) for rule in rulebook.rules)
    )
    lookup = PolicyLookup(database, taxonomy=taxonomy)
    feed = ViolationFeed(database)
    custom = CustomDetections(keys)
    audit_log = AuditLog(database, publisher)
    names = RuleNames(
        rules=frozenset(rule.id for rule in rulebook.rules),
        entities=frozenset(rule.type for rule in rulebook.rules),
    )
    versions = PolicyAnnouncements(database, publisher, lookup, clock)
    publishing = PolicyPublishing(database, versions, lookup, clock, names)
    layers = PolicyLayers(database, versions, lookup, clock)
    renewal = PolicyRenewal(database, versions, lookup, clock)
    adoption = PolicyAdoption(database, versions, lookup, clock)
    detector = _detector()
    given_reasons = GivenReasons(detector, custom)
    missing = MissingEvents(database)
    exceptions = ExceptionList(database, clock)
    requests = ExceptionRequests(
        database, lookup, registry, given_reasons, exceptions, publisher, clock
    )
    work = ViolationWork(database, publisher, clock)
    clients = Clients(database)
    enrolment = Enrolment(database, sessions, clock)
    package = ExtensionPackage(settings.data_dir, settings.public_url)
    announcements = ServiceAnnouncements(database, publisher, clock)
    notices = ServiceNotices(publisher)

    def forget(client_id: UUID) -> None:
        lookup.invalidate(client_id)
        registry.invalidate(client_id)

    return Services(
        settings=settings,
        keys=keys,
        clock=clock,
        database=database,
        bus=bus,
        hub=(hub := Hub(bus, feed.versions, forget)),
        publisher=publisher,
        passwords=passwords,
        api_keys=ApiKeys(database, clock),
        accounts=Accounts(database, passwords, sessions, second_factors),
        own_password=OwnPassword(database, passwords, sessions, second_factors, mails),
        password_resets=PasswordResets(database, passwords, mails),
        invitations=invitations,
        identity_providers=IdentityProviders(database, keys, allows_http=is_local),
        provider_sign_in=ProviderSignIn(
            database,
            OpenIdClient(outside),
            sessions,
            second_factors,
            keys,
            clock,
            settings.public_url,
        ),
        mail_clearing=MailClearing(database, settings.mail_retention_days),
        mail_delivery=MailDelivery(database, mails, settings.smtp_url, settings.mail_from),
        second_factors=second_factors,
        fresh_factors=fresh_factors,
        allowances=Allowances(settings.calls_per_minute),
        sessions=sessions,
        own_sessions=OwnSessions(database, sessions, clock),
        session_watch=SessionWatch(database, sessions, hub.end_session),
        development=DevelopmentSignIn(database, sessions, clock) if settings.debug else None,
        device_proofs=DeviceProofs(_once(settings.redis_url), clock, settings.public_url),
        device_revocation=DeviceRevocation(database, sessions, publisher, clock),
        enrolment=enrolment,
        extension_package=package,
        deployment_files=DeploymentFiles(clients, enrolment, package, settings.public_url),
        admin_trail=AdminTrail(database),
        assignments=Assignments(database, publisher),
        client_administration=ClientAdministration(database, publisher, announcements, clock),
        graces=Graces(database, announcements, publisher, clock),
        groups=Groups(database, renewal),
        lockboxes=Lockboxes(database, publisher, clock),
        msps=Msps(database, publisher, clock),
        reminders=Reminders(database, mails, publisher, clock),
        repetitions=Repetitions(database, keys, clock),
        seats=Seats(database, clock),
        user_administration=UserAdministration(
            database, publisher, renewal, invitations, fresh_factors
        ),
        user_import=UserImport(database, invitations, fresh_factors),
        offboarding=Offboarding(database, publisher, clock, lookup),
        clients=clients,
        users=Users(database),
        ai_service_registry=registry,
        service_announcements=announcements,
        service_approvals=ServiceApprovals(database, registry, announcements, clock),
        service_news=ServiceNews(database, clock),
        service_requests=ServiceRequests(
            database, registry, announcements, notices, Reasons(lookup, given_reasons), clock
        ),
        service_sightings=ServiceSightings(database, registry, notices, clock),
        service_stops=ServiceStops(lookup, publishing, registry, clock),
        policy_announcements=versions,
        policy_lookup=lookup,
        policy_layers=layers,
        policy_history=PolicyHistory(database, lookup),
        policy_promotions=PolicyPromotions(database, publishing, versions, lookup, clock),
        policy_reach=PolicyReach(database, layers),
        adoption_reach=AdoptionReach(database, adoption, lookup),
        policy_departures=PolicyDepartures(database, lookup),
        proposed_differences=ProposedDifferences(publishing),
        policy_publishing=publishing,
        policy_approvals=PolicyApprovals(database, publishing, layers, adoption, clock),
        policy_backtests=PolicyBacktests(database, publishing, lookup, registry, clock),
        shipped_rulebook=(shipped := _shipped_rulebook()),
        sync_bundles=SyncBundles(
            lookup, registry, shipped, adapters(), keys.bundles, clock, custom
        ),
        fleet=Fleet(database, clock),
        msp_summary=MspSummary(database, clock),
        client_scores=ClientScores(database, clock),
        compliance_reporter=ComplianceReporter(database, clock),
        attestations=Attestations(database, clock),
        audit_log=audit_log,
        audit_query=(audit_query := AuditQuery(database)),
        audit_export=AuditExport(database, audit_query, clock),
        exception_decisions=ExceptionDecisions(
            database, lookup, requests, exceptions, publisher, clock
        ),
        exception_list=exceptions,
        exception_requests=requests,
        extension_events=ExtensionEvents(
            registry,
            audit_log,
            clock,
            Justifications(database, lookup, given_reasons),
            missing,
        ),
        missing_events=missing,
        prompt_analysis=PromptAnalysis(detector, lookup, registry, audit_log, keys, clock, custom),
        custom_detections=custom,
        violation_feed=feed,
        violation_work=work,
        first_steps=ClientFirstSteps(database),
        webhooks=Webhooks(database, keys, clock, allows_http=is_local),
        webhook_delivery=WebhookDelivery(database, keys, outside, clock),
        webhook_deliveries=WebhookDeliveries(database),
        false_positives=FalsePositives(database, work, requests, lookup, publisher, clock),
        rulebook=rulebook,
    )


@functools.cache
def _shipped_rulebook() -> ShippedRulebook:
    return ShippedRulebook.load()


@functools.cache
def _rulebook() -> Rulebook:
    """Read it once a process."""
    return Rulebook.load()


@functools.cache
def _detector() -> Detector:
    detector = Detector(_rulebook())
    detector.prepare()
    return detector


def _bus(redis_url: str | None, key: bytes) -> Bus:
    if redis_url is None:
        return InProcessBus()
    # Here and not above: redis costs half a second of the start of a server that has none.
    from backend.core.redis_bus import RedisBus  # noqa: PLC0415

    return RedisBus(redis_url, key)


def _once(redis_url: str | None) -> Once:
    if redis_url is None:
        return MemoryOnce()
    from backend.core.redis_once import RedisOnce  # noqa: PLC0415 -- as above

    return RedisOnce(redis_url)


def create_app(settings: Settings, keys: KeyRing, database_url: str) -> Quart:
    """Return the web application; it connects when it starts to serve."""
    logging.configure(settings.log_level)
    app = Quart("backend", static_folder=None)
    # Its redirect would name whatever host the request does.
    app.url_map.merge_slashes = False
    services = build_services(settings, keys, database_url)
    app.extensions["quillgate"] = services
    limits.install(app)
    headers.install(app, settings)
    errors.install(app)
    router.install(app)
    console.install(app)
    documentation.install(app, installed_version("quillgate"))
    fast_path.install(app, services)
    outbox: list[asyncio.Task[None]] = []

    @app.before_serving
    async def connect() -> None:
        await services.database.open()
        if services.development is not None:
            await refuse_real_clients(services.database)
        await services.bus.open()
        await services.hub.start()
        await services.session_watch.start()
        await services.mail_delivery.start()
        await services.audit_log.open()
        outbox.append(asyncio.create_task(_announce_regularly(services)))
        outbox.append(asyncio.create_task(_see_to_what_is_due(services)))
        outbox.append(asyncio.create_task(_send_webhooks(services)))

    @app.after_serving
    async def disconnect() -> None:
        for task in outbox:
            task.cancel()
        await asyncio.gather(*outbox, return_exceptions=True)
        await services.mail_delivery.stop()
        await services.password_resets.settle()
        await services.session_watch.stop()
        await services.hub.stop()
        await services.audit_log.close()
        await services.device_proofs.close()
        await services.bus.close()
        services.passwords.close()
        await services.database.close()

    return app


async def _announce_regularly(services: Services) -> None:
    """Announce what a crash between commit and message left behind."""
    while True:
        with contextlib.suppress(Exception):
            await services.policy_announcements.publish_pending()
            await services.service_announcements.publish_pending()
        await asyncio.sleep(OUTBOX_SECONDS)


async def _see_to_what_is_due(services: Services) -> None:
    """Take what has come due by the clock alone, each thing once whatever process sees it first."""
    while True:
        for due in (
            services.policy_promotions.raise_due,
            services.graces.note_ends,
            services.reminders.write_due,
            services.mail_clearing.clear,
        ):
            with contextlib.suppress(Exception):
                await due()
        await asyncio.sleep(DUE_SECONDS)


async def _send_webhooks(services: Services) -> None:
    """Send what happens to whoever has asked for it."""
    while True:
        await asyncio.sleep(WEBHOOK_SECONDS)
        with contextlib.suppress(Exception):
            await services.webhook_delivery.send_due()
