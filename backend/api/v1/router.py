"""All endpoint files, under /api/v1."""

from quart import Blueprint, Quart

from backend.api import health
from backend.api.v1.endpoints import (
    ai_services,
    analyze,
    api_keys,
    assignments,
    audit,
    audit_export,
    auth,
    clients,
    deployment,
    enrolment,
    exceptions,
    fleet,
    groups,
    identity_providers,
    invitations,
    live,
    lockboxes,
    msp,
    password_resets,
    policies,
    policy_changes,
    policy_layers,
    policy_origins,
    policy_trials,
    reports,
    service_requests,
    service_sightings,
    service_stops,
    sync,
    user_files,
    users,
    webhooks,
)

ENDPOINTS = (
    ai_services, analyze, api_keys, assignments, audit, audit_export, auth, clients, deployment,
    enrolment, exceptions, fleet, groups, identity_providers, invitations, live, lockboxes, msp,
    password_resets, policies, policy_changes, policy_layers, policy_origins, policy_trials,
    reports, service_requests, service_sightings, service_stops, sync, user_files, users, webhooks,
)  # fmt: skip
PREFIX = "/api/v1"


def install(app: Quart) -> None:
    """Register every blueprint, and health beside them."""
    for module in ENDPOINTS:
        blueprint: Blueprint = module.blueprint
        app.register_blueprint(blueprint, url_prefix=PREFIX)
    app.register_blueprint(health.blueprint)
