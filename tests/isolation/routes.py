"""What every operation answers to whom, by hand: a new operation is refused until it is here.

One word per caller, in the order of CALLERS. In a word of three letters the first is about a client
of the caller's own (for staff and the operator: one they look after), the second about another
client of the same MSP, the third about one of another MSP. One letter: no client is named.

+ answered   . nothing there, as if it did not exist   x refused, whatever is named
! there, but not in a state that allows it   w the password or code sent with it is wrong
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

CALLERS: Final = (
    "super_admin", "msp_admin", "msp_technician", "client_admin", "msp_auditor", "auditor",
    "end_user", "device",
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """How to call it, and what it answers; `{client}` and other names are filled in."""

    path: str
    answers: str
    body: dict[str, Any] | str | None = None
    """JSON, or the text of a CSV file."""
    needs_step_up: bool = False
    """Whether a second factor must have been shown lately; the letters are for who has."""
    asking: "Operation | None" = None
    """How it is called where only some of its calls ask for one."""

    @property
    def names_a_client(self) -> bool:
        """Whether one id or another makes a difference."""
        return "{" in self.path or any("{" in text for text in _texts(self.body))


def _texts(content: Any) -> list[str]:
    if isinstance(content, dict):
        return [text for value in content.values() for text in _texts(value)]
    if isinstance(content, list):
        return [text for value in content for text in _texts(value)]
    return [content] if isinstance(content, str) else []


_CLIENTS = "/api/v1/clients/{client}"
_POLICY = "/api/v1/policies/{policy}"
_SERVICE = "/api/v1/ai-services/chatgpt"
_MSP = "/api/v1/msp/{msp}"
_USER = "/api/v1/users/{person}"
_GROUP = "/api/v1/clients/{client}/groups/{group}"
_VIOLATION = "/api/v1/audit/violations/{submission}"
_WEBHOOK = "/api/v1/webhooks/{{webhook}}{}?client_id={{client}}"
_EXCEPTION = "/api/v1/exceptions/{exception}"
ENOUGH: Final = "The insurer asks for it today."
_LOOKING = {
    "email": "new@example.org", "display_name": "New", "role": "auditor", "client_id": "{client}",
}  # fmt: skip
_WHY = {"reason": "Because"}
# The callers behind the operator and the MSP's administrator.
_NOBODY = "xxx xxx xxx xxx xxx xxx"
_CLIENT_ADMIN = "xxx +.. xxx xxx xxx xxx"
_READERS = "++. +.. +.. ++. +.. xxx xxx"  # behind the operator
_SEEN = "++. +.. +.. ++. +.. +.. +.."  # behind the operator
_PUBLISHERS = "xxx +.. xxx xxx xxx xxx"  # behind the MSP's administrator
_PROMPT = {"text": "a", "service": "x", "channel": "typed"}
EVENT: Final = {
    "event_id": "01a21786-f2b6-7563-a863-7bed25748081", "entry_kind": "verdict", "service": "x",
    "submission_id": "01a21786-f2b6-7563-a863-7bed25748082", "channel": "typed", "size": 1,
    "action": "allow", "disposition": "sent", "policy_version": 1, "rulebook_version": "a",
    "occurred_at": "2026-11-20T12:00:00Z",
}  # fmt: skip
ATTESTED: Final = {
    "client_id": "{client}", "control": "training", "percent": 60, "evidence": "e",
    "expires_on": str((datetime.now(UTC) + timedelta(days=9)).date()),
}  # fmt: skip
PATCH: Final = {"base_version": 1, "reason": "r", "patch": {"default_action": "flag"}}

#                                  super msp   techn client msp   audit end   browser
#                                  admin admin ician admin  audit or    user
OPERATIONS: Final[dict[tuple[str, str], Operation]] = {
    ("get", "/api/v1/auth/api-keys"): Operation("/api/v1/auth/api-keys", "x . x + x x x x"),
    ("post", "/api/v1/auth/api-keys"): Operation(
        "/api/v1/auth/api-keys", "x + x + x x x x",
        {"name": "Nightly", "scopes": ["client:read"]}, needs_step_up=True,
    ),
    ("post", "/api/v1/auth/api-keys/{key_id}/rotate"): Operation(
        "/api/v1/auth/api-keys/{api_key}/rotate", "xxx ... xxx ... xxx xxx xxx xxx", {},
        needs_step_up=True,
    ),
    ("delete", "/api/v1/auth/api-keys/{key_id}"): Operation(
        "/api/v1/auth/api-keys/{api_key}", "xxx ... xxx +.. xxx xxx xxx xxx"
    ),
    ("get", "/api/v1/ai-services"): Operation(
        "/api/v1/ai-services?client_id={client}", "xxx ++. +.. +.. ++. +.. +.. +.."
    ),
    ("get", "/api/v1/ai-services/{service_id}"): Operation(
        "/api/v1/ai-services/chatgpt?client_id={client}", "xxx ++. +.. +.. ++. +.. +.. +.."
    ),
    ("get", "/api/v1/ai-services/{service_id}/decisions"): Operation(
        _SERVICE + "/decisions?client_id={client}", f"xxx {_READERS}"
    ),
    ("post", "/api/v1/ai-services/{service_id}/decisions"): Operation(
        _SERVICE + "/decisions?client_id={client}", f"xxx ++. {_PUBLISHERS}",
        {"status": "prohibited", "reason": "r"},
    ),
    ("get", "/api/v1/service-requests"): Operation(
        "/api/v1/service-requests?client_id={client}", "xxx ++. +.. +.. ++. +.. ... ..."
    ),
    ("post", "/api/v1/service-requests"): Operation(
        "/api/v1/service-requests", "x x x + x x + +",
        {"service": "poe.com", "reason": "To compare texts for the newsletter"},
    ),
    ("post", "/api/v1/service-requests/{request_id}/answer"): Operation(
        "/api/v1/service-requests/{service_request}/answer?client_id={client}",
        f"xxx ++. {_PUBLISHERS}", {"approves": True, "reason": "r"},
    ),
    ("post", "/api/v1/service-requests/{request_id}/end"): Operation(
        "/api/v1/service-requests/{service_request}/end?client_id={client}",
        "xxx !!. xxx !.. xxx xxx xxx xxx", {"reason": "r"},
    ),
    ("get", "/api/v1/service-sightings"): Operation(
        "/api/v1/service-sightings?client_id={client}", f"xxx {_READERS}"
    ),
    ("post", "/api/v1/service-sightings"): Operation(
        "/api/v1/service-sightings", "x x x + x x x +",
        {"hosts": [{"host": "poe.com", "count": 1}]},
    ),
    ("post", "/api/v1/service-sightings/import"): Operation(
        "/api/v1/service-sightings/import?client_id={client}", "xxx ++. +.. +.. xxx xxx xxx xxx",
        "host,count\npoe.com,3\n",
    ),
    ("get", "/api/v1/service-stops"): Operation(
        "/api/v1/service-stops?client_id={client}", f"... {_SEEN}"
    ),
    ("post", "/api/v1/service-stops"): Operation(
        "/api/v1/service-stops?client_id={client}", f"xxx ++. {_PUBLISHERS}",
        {"service_id": "claude", "reason": "r"},
    ),
    ("post", "/api/v1/service-stops/lift"): Operation(
        "/api/v1/service-stops/lift?client_id={client}", f"xxx ++. {_PUBLISHERS}",
        {"service_id": "poe", "reason": "r"},
    ),
    ("get", "/api/v1/analyze/ai-services"): Operation(
        "/api/v1/analyze/ai-services", "x x x + x + + +"
    ),
    ("post", "/api/v1/analyze/prompt"): Operation(
        "/api/v1/analyze/prompt", "x x x + x x + +", _PROMPT
    ),
    ("get", "/api/v1/audit/admin-events"): Operation(
        "/api/v1/audit/admin-events?client_id={client}", "xxx ++. +.. +.. ++. +.. ... xxx"
    ),
    ("get", "/api/v1/audit/export"): Operation(
        "/api/v1/audit/export?client_id={client}", f"xxx {_READERS}", needs_step_up=True
    ),
    ("get", "/api/v1/audit/logs"): Operation(
        "/api/v1/audit/logs?client_id={client}", "xxx ++. +.. +.. ++. +.. ... xxx"
    ),
    ("get", "/api/v1/audit/violations/{violation_id}"): Operation(
        _VIOLATION, "xxx ++. +.. +.. ++. +.. xxx xxx"
    ),
    ("patch", "/api/v1/audit/violations/{violation_id}"): Operation(
        _VIOLATION, "xxx ++. +.. +.. xxx xxx xxx xxx", {"base_version": 1, "status": "triaged"}
    ),
    ("get", "/api/v1/audit/violations"): Operation(
        "/api/v1/audit/violations?client_id={client}", "xxx ++. +.. +.. ++. +.. ... xxx"
    ),
    ("post", "/api/v1/audit/events"): Operation(
        "/api/v1/audit/events", "x x x x x x x +", {"events": [EVENT]}
    ),
    ("get", "/api/v1/auth/sessions"): Operation("/api/v1/auth/sessions", ". . . . . . . x"),
    ("post", "/api/v1/auth/password"): Operation(
        "/api/v1/auth/password", "w w w w w w w x",
        {"password": "not it", "new_password": "four words nobody joins"},
    ),
    ("post", "/api/v1/auth/totp"): Operation(
        "/api/v1/auth/totp", "w w w w w w w x", {"password": "not it"}
    ),
    ("post", "/api/v1/auth/totp/confirm"): Operation(
        "/api/v1/auth/totp/confirm", "! ! ! ! ! ! ! x", {"code": "000000"}
    ),
    ("post", "/api/v1/auth/totp/remove"): Operation(
        "/api/v1/auth/totp/remove", "w w w w w w w x", {"password": "not it", "code": "000000"}
    ),
    ("post", "/api/v1/auth/recovery-codes"): Operation(
        "/api/v1/auth/recovery-codes", "! ! ! ! ! ! ! x", {"code": "000000"}
    ),
    ("post", "/api/v1/auth/step-up"): Operation(
        "/api/v1/auth/step-up", "! ! ! ! ! ! ! x", {"code": "000000"}
    ),
    ("delete", "/api/v1/auth/sessions/{session_id}"): Operation(
        "/api/v1/auth/sessions/{session}", "... ... ... ... ... ... ... xxx"
    ),
    ("post", "/api/v1/auth/logout-everywhere"): Operation(
        "/api/v1/auth/logout-everywhere", "+ + + + + + + x"
    ),
    ("get", "/api/v1/clients"): Operation("/api/v1/clients", "+ + + + + + x x"),
    ("post", "/api/v1/clients"): Operation(
        "/api/v1/clients", f"+++ ++. {_NOBODY}", {"name": "New", "msp_id": "{msp}"}
    ),
    ("get", "/api/v1/clients/{client_id}"): Operation(
        _CLIENTS, "+++ ++. +.. +.. ++. +.. xxx xxx"
    ),
    ("patch", "/api/v1/clients/{client_id}"): Operation(
        _CLIENTS, f"+++ ++. {_CLIENT_ADMIN}", {"base_version": 1, "timezone": "Europe/Berlin"}
    ),
    ("post", "/api/v1/clients/{client_id}/suspend"): Operation(
        _CLIENTS + "/suspend", f"+++ ++. {_NOBODY}", _WHY
    ),
    ("post", "/api/v1/clients/{client_id}/reactivate"): Operation(
        _CLIENTS + "/reactivate", f"!!! !!. {_NOBODY}", _WHY
    ),
    ("post", "/api/v1/clients/{client_id}/archive"): Operation(
        _CLIENTS + "/archive", f"+++ ++. {_NOBODY}", _WHY
    ),
    ("get", "/api/v1/clients/{client_id}/export"): Operation(
        _CLIENTS + "/export", f"... ++. {_NOBODY}", needs_step_up=True
    ),
    ("post", "/api/v1/clients/{client_id}/offboard"): Operation(
        _CLIENTS + "/offboard", f"!!! !!. {_NOBODY}", {"confirm_name": "x", **_WHY}
    ),
    ("get", "/api/v1/clients/{client_id}/groups"): Operation(
        _CLIENTS + "/groups", f"... {_READERS}"
    ),
    ("post", "/api/v1/clients/{client_id}/groups"): Operation(
        _CLIENTS + "/groups", f"+++ ++. {_CLIENT_ADMIN}", {"name": "Nurses"}
    ),
    ("patch", "/api/v1/clients/{client_id}/groups/{group_id}"): Operation(
        _GROUP, f"+++ ++. {_CLIENT_ADMIN}", {"base_version": 1, "name": "Nurses"}
    ),
    ("delete", "/api/v1/clients/{client_id}/groups/{group_id}"): Operation(
        _GROUP, f"+++ ++. {_CLIENT_ADMIN}"
    ),
    ("get", "/api/v1/clients/{client_id}/groups/{group_id}/members"): Operation(
        _GROUP + "/members", f"... {_READERS}"
    ),
    ("put", "/api/v1/clients/{client_id}/groups/{group_id}/members"): Operation(
        _GROUP + "/members", f"+++ ++. {_CLIENT_ADMIN}", {"users": ["{person}"]}
    ),
    ("get", "/api/v1/extension"): Operation("/api/v1/extension", "+ + + + + + + +"),
    ("get", "/api/v1/extension/updates.xml"): Operation(
        "/api/v1/extension/updates.xml", "+ + + + + + + +"
    ),
    ("get", "/api/v1/extension/quillgate.crx"): Operation(
        "/api/v1/extension/quillgate.crx", "+ + + + + + + +"
    ),
    ("post", "/api/v1/clients/{client_id}/deployment"): Operation(
        _CLIENTS + "/deployment", "... ++. +.. +.. xxx xxx xxx xxx", {"uses": 5}
    ),
    ("get", "/api/v1/clients/{client_id}/users.csv"): Operation(
        _CLIENTS + "/users.csv", f"... {_READERS}", needs_step_up=True
    ),
    ("post", "/api/v1/clients/{client_id}/users/import"): Operation(
        _CLIENTS + "/users/import", f"+++ ++. {_CLIENT_ADMIN}",
        "email,display_name\nnew@example.org,New\n", needs_step_up=True,
        asking=Operation(
            _CLIENTS + "/users/import?dry_run=false", "",
            "email,display_name,role\nnew@example.org,New,auditor\n",
        ),
    ),
    ("post", "/api/v1/clients/{client_id}/devices/{device_id}/revoke"): Operation(
        _CLIENTS + "/devices/{device}/revoke", "+++ ++. +.. +.. xxx xxx ... xxx", _WHY
    ),
    ("get", "/api/v1/clients/{client_id}/lockbox"): Operation(
        _CLIENTS + "/lockbox", f"... {_READERS}"
    ),
    ("put", "/api/v1/clients/{client_id}/lockbox"): Operation(
        _CLIENTS + "/lockbox", f"xxx xxx {_CLIENT_ADMIN}", {"is_closed": True, **_WHY}
    ),
    ("get", "/api/v1/clients/{client_id}/technicians"): Operation(
        _CLIENTS + "/technicians", f"xxx ++. {_NOBODY}"
    ),
    ("put", "/api/v1/clients/{client_id}/technicians/{user_id}"): Operation(
        _CLIENTS + "/technicians/{technician}", f"xxx ++. {_NOBODY}"
    ),
    ("delete", "/api/v1/clients/{client_id}/technicians/{user_id}"): Operation(
        _CLIENTS + "/technicians/{technician}", f"xxx ++. {_NOBODY}"
    ),
    ("get", "/api/v1/clients/{client_id}/fleet"): Operation(
        _CLIENTS + "/fleet", "xxx ++. +.. +.. ++. +.. xxx xxx"
    ),
    ("post", "/api/v1/enrolment/codes"): Operation(
        "/api/v1/enrolment/codes", "... ++. +.. +.. xxx xxx xxx xxx", {"client_id": "{client}"}
    ),
    ("get", "/api/v1/exceptions"): Operation(
        "/api/v1/exceptions?client_id={client}", "xxx ++. +.. +.. ++. +.. ... ..."
    ),
    ("post", "/api/v1/exceptions"): Operation(
        "/api/v1/exceptions", "xxx xxx xxx +.. xxx xxx ... +..",
        {"submission_id": "{submission}", "justification": "treatment", "words": ENOUGH},
    ),
    ("get", "/api/v1/exceptions/{exception_id}"): Operation(
        _EXCEPTION, "xxx ++. +.. +.. ++. +.. ... ..."
    ),
    ("post", "/api/v1/exceptions/{exception_id}/approve"): Operation(
        _EXCEPTION + "/approve", "xxx ++. xxx +.. xxx xxx xxx xxx", {"minutes": 5, **_WHY}
    ),
    ("post", "/api/v1/exceptions/{exception_id}/reject"): Operation(
        _EXCEPTION + "/reject", "xxx ++. xxx +.. xxx xxx xxx xxx", _WHY
    ),
    ("post", "/api/v1/exceptions/{exception_id}/end"): Operation(
        _EXCEPTION + "/end", "xxx !!. xxx !.. xxx xxx xxx xxx", _WHY
    ),
    ("post", "/api/v1/exceptions/{exception_id}/withdraw"): Operation(
        _EXCEPTION + "/withdraw", "xxx xxx xxx ... xxx xxx ... ..."
    ),
    ("get", "/api/v1/msp"): Operation("/api/v1/msp", "+ + + + + + x x"),
    ("post", "/api/v1/msp"): Operation("/api/v1/msp", "+ x x x x x x x", {"name": "New"}),
    ("patch", "/api/v1/msp/{msp_id}"): Operation(
        _MSP, f"+!+ +!. {_NOBODY}", {"base_version": 1, "name": "New"}
    ),
    ("post", "/api/v1/msp/{msp_id}/suspend"): Operation(
        _MSP + "/suspend", f"+!+ xxx {_NOBODY}", _WHY
    ),
    ("post", "/api/v1/msp/{msp_id}/reactivate"): Operation(
        _MSP + "/reactivate", f"!!! xxx {_NOBODY}", _WHY
    ),
    ("get", "/api/v1/msp/staff"): Operation(
        "/api/v1/msp/staff?msp_id={msp}", "+++ ++. ++. xxx ++. xxx xxx xxx"
    ),
    ("get", "/api/v1/msp/seats"): Operation("/api/v1/msp/seats", ". + + x + x x x"),
    ("get", "/api/v1/msp/seats.csv"): Operation(
        "/api/v1/msp/seats.csv", "+ + + x + x x x", needs_step_up=True
    ),
    ("get", "/api/v1/msp/summary"): Operation("/api/v1/msp/summary", ". + + + + + x x"),
    ("get", "/api/v1/policies"): Operation(
        "/api/v1/policies?client_id={client}", "... ++. +.. +.. ++. +.. +.. +.."
    ),
    ("get", "/api/v1/policies/{policy_id}/versions"): Operation(
        _POLICY + "/versions", "... ++. +.. +.. ++. +.. +.. +.."
    ),
    ("post", "/api/v1/policies/{policy_id}/versions"): Operation(
        _POLICY + "/versions", "xxx ++. xxx +.. xxx xxx xxx xxx", PATCH
    ),
    ("get", "/api/v1/policies/effective"): Operation(
        "/api/v1/policies/effective?client_id={client}", f"... {_SEEN}"
    ),
    ("get", "/api/v1/policies/layers"): Operation(
        "/api/v1/policies/layers?client_id={client}", f"... {_SEEN}"
    ),
    ("post", "/api/v1/policies/layers"): Operation(
        "/api/v1/policies/layers", f"xxx ++. {_PUBLISHERS}",
        {"kind": "user", "client_id": "{client}", "owner_id": "{admin}", "name": "n",
         "reason": "r", "document": {"format": 1}},
    ),
    ("get", "/api/v1/policies/layers/{layer_id}"): Operation(
        "/api/v1/policies/layers/{layer}", f"... {_SEEN}"
    ),
    ("post", "/api/v1/policies/layers/{layer_id}/versions"): Operation(
        "/api/v1/policies/layers/{layer}/versions", f"xxx ++. {_PUBLISHERS}", PATCH
    ),
    ("post", "/api/v1/policies/layers/{layer_id}/preview"): Operation(
        "/api/v1/policies/layers/{layer}/preview", f"xxx ++. {_PUBLISHERS}",
        {"base_version": 1, "patch": {"default_action": "warn"}},
    ),
    ("get", "/api/v1/policies/layers/{layer_id}/changes"): Operation(
        "/api/v1/policies/layers/{layer}/changes", f"... {_SEEN}"
    ),
    ("post", "/api/v1/policies/{policy_id}/template"): Operation(
        _POLICY + "/template", f"xxx ++. {_NOBODY}",
        {"template_id": "{template}", "base_version": 1, "reason": "r"},
    ),
    ("post", "/api/v1/policies/{policy_id}/rollback"): Operation(
        _POLICY + "/rollback", "xxx !!. xxx !.. xxx xxx xxx xxx",
        {"version": 1, "base_version": 1, "reason": "r"},
    ),
    ("get", "/api/v1/policies/{policy_id}/diff"): Operation(
        _POLICY + "/diff?before=1&after=1", "... !!. !.. !.. !!. !.. !.. !.."
    ),
    ("get", "/api/v1/policies/{policy_id}/shadow"): Operation(
        _POLICY + "/shadow", f"... {_SEEN}"
    ),
    ("get", "/api/v1/policies/{policy_id}/drift"): Operation(_POLICY + "/drift", f"... {_SEEN}"),
    ("post", "/api/v1/policies/{policy_id}/test"): Operation(
        _POLICY + "/test", f"xxx ++. {_PUBLISHERS}", {"text": "harmless"}
    ),
    ("post", "/api/v1/policies/{policy_id}/backtest"): Operation(
        _POLICY + "/backtest", f"xxx ++. {_PUBLISHERS}",
        {"base_version": 1, "draft": {"default_action": "flag"}},
    ),
    ("get", "/api/v1/policies/{policy_id}/changes"): Operation(
        _POLICY + "/changes", f"... {_SEEN}"
    ),
    ("post", "/api/v1/policies/changes/{change_id}/approve"): Operation(
        "/api/v1/policies/changes/{change}/approve", f"xxx ++. {_PUBLISHERS}", _WHY
    ),
    ("post", "/api/v1/policies/changes/{change_id}/reject"): Operation(
        "/api/v1/policies/changes/{change}/reject", f"xxx ++. {_PUBLISHERS}", _WHY
    ),
    ("post", "/api/v1/policies/{policy_id}/digests"): Operation(
        _POLICY + "/digests", "xxx ++. xxx +.. xxx xxx xxx xxx", {"values": ["Ann Lee"]}
    ),
    ("post", "/api/v1/reports/attestations"): Operation(
        "/api/v1/reports/attestations", "xxx ++. xxx +.. xxx xxx xxx xxx", ATTESTED
    ),
    ("get", "/api/v1/reports/attestations"): Operation(
        "/api/v1/reports/attestations?client_id={client}", f"... {_READERS}"
    ),
    ("get", "/api/v1/reports/compliance"): Operation(
        "/api/v1/reports/compliance?client_id={client}&format=csv", f"... {_READERS}",
        needs_step_up=True,
    ),
    ("get", "/api/v1/reports/score"): Operation(
        "/api/v1/reports/score?client_id={client}", f"... {_READERS}"
    ),
    ("get", "/api/v1/reports/frameworks"): Operation(
        "/api/v1/reports/frameworks", "+ + + + + + x x"
    ),
    ("get", "/api/v1/sync"): Operation("/api/v1/sync", "x x x x x x x +"),
    ("get", "/api/v1/sync/rulebooks/{digest}"): Operation(
        "/api/v1/sync/rulebooks/none", "x x x x x x x ."
    ),
    ("get", "/api/v1/users"): Operation(
        "/api/v1/users?client_id={client}", "... ++. +.. +.. ++. +.. +.. xxx"
    ),
    ("post", "/api/v1/users"): Operation(
        "/api/v1/users", f"+++ ++. {_CLIENT_ADMIN}",
        {"email": "new@example.org", "display_name": "New", "role": "end_user",
         "client_id": "{client}"}, needs_step_up=True,
        asking=Operation("/api/v1/users", "", _LOOKING),
    ),
    ("patch", "/api/v1/users/{user_id}"): Operation(
        _USER, "... ++. xxx +.. xxx xxx ... xxx", {"display_name": "New"}, needs_step_up=True,
        asking=Operation(_USER, "", {"role": "auditor"}),
    ),
    ("post", "/api/v1/users/{user_id}/suspend"): Operation(
        _USER + "/suspend", f"... ++. {_CLIENT_ADMIN}", _WHY
    ),
    ("post", "/api/v1/users/{user_id}/reactivate"): Operation(
        _USER + "/reactivate", "... !!. xxx !.. xxx xxx xxx xxx", _WHY
    ),
    ("post", "/api/v1/users/{user_id}/archive"): Operation(
        _USER + "/archive", f"... ++. {_CLIENT_ADMIN}", _WHY
    ),
    ("get", "/api/v1/identity-provider"): Operation(
        "/api/v1/identity-provider?client_id={client}", f"... {_READERS}"
    ),
    ("put", "/api/v1/identity-provider"): Operation(
        "/api/v1/identity-provider", f"+++ ++. {_CLIENT_ADMIN}",
        {"client_id": "{client}", "issuer": "https://id.example.org", "openid_client_id": "q",
         "domains": ["example.org"], "base_version": 1}, needs_step_up=True,
    ),
    ("delete", "/api/v1/identity-provider"): Operation(
        "/api/v1/identity-provider?client_id={client}", f"+++ ++. {_CLIENT_ADMIN}"
    ),
    ("delete", "/api/v1/users/{user_id}/identity"): Operation(
        _USER + "/identity", f"... ++. {_CLIENT_ADMIN}"
    ),
    ("get", "/api/v1/webhooks"): Operation(
        "/api/v1/webhooks?client_id={client}", f"xxx ++. {_PUBLISHERS}"
    ),
    ("post", "/api/v1/webhooks"): Operation(
        "/api/v1/webhooks?client_id={client}", f"xxx ++. {_PUBLISHERS}",
        {"url": "https://siem.example.org/quillgate"}, needs_step_up=True,
    ),
    ("post", "/api/v1/webhooks/{webhook_id}/resume"): Operation(
        "/api/v1/webhooks/{webhook}/resume?client_id={client}", f"xxx ++. {_PUBLISHERS}"
    ),
    ("patch", "/api/v1/webhooks/{webhook_id}"): Operation(
        _WEBHOOK.format(""), f"xxx ++. {_PUBLISHERS}", {"kinds": ["policies"]}
    ),
    ("post", "/api/v1/webhooks/{webhook_id}/rotate"): Operation(
        _WEBHOOK.format("/rotate"), f"xxx ++. {_PUBLISHERS}", {"overlap_hours": 1},
        needs_step_up=True,
    ),
    ("post", "/api/v1/webhooks/{webhook_id}/replay"): Operation(
        _WEBHOOK.format("/replay"), f"xxx ++. {_PUBLISHERS}",
        {"since": "2026-11-01T00:00:00Z"}, needs_step_up=True,
    ),
    ("post", "/api/v1/webhooks/{webhook_id}/pause"): Operation(
        _WEBHOOK.format("/pause"), f"xxx ++. {_PUBLISHERS}"
    ),
    ("post", "/api/v1/webhooks/{webhook_id}/test"): Operation(
        _WEBHOOK.format("/test"), f"xxx ++. {_PUBLISHERS}"
    ),
    ("get", "/api/v1/webhooks/{webhook_id}/deliveries"): Operation(
        _WEBHOOK.format("/deliveries"), f"xxx ++. {_PUBLISHERS}"
    ),
    ("delete", "/api/v1/webhooks/{webhook_id}"): Operation(
        "/api/v1/webhooks/{webhook}?client_id={client}", f"xxx ++. {_PUBLISHERS}"
    ),
    ("post", "/api/v1/users/{user_id}/invitation"): Operation(
        _USER + "/invitation", "... !!. xxx !.. xxx xxx xxx xxx"
    ),
    ("delete", "/api/v1/users/{user_id}/invitation"): Operation(
        _USER + "/invitation", "... !!. xxx !.. xxx xxx xxx xxx"
    ),
}  # fmt: skip
# Whoever calls needs no sign-in; each has tests of its own.
PUBLIC: Final = frozenset(
    {
        ("post", "/api/v1/auth/login"), ("post", "/api/v1/auth/logout"),
        ("post", "/api/v1/auth/invitations/accept"), ("post", "/api/v1/auth/password-resets"),
        ("post", "/api/v1/auth/password-resets/confirm"),
        ("post", "/api/v1/auth/refresh"), ("post", "/api/v1/enrolment/devices"),
        ("get", "/health/live"), ("get", "/health/ready"), ("get", "/metrics"),
    }
)  # fmt: skip
# Files that hold nothing of a client's, each with its reason.
NO_EXPORTS: Final = {
    ("get", "/api/v1/extension/updates.xml"): "public",
    ("get", "/api/v1/extension/quillgate.crx"): "public",
    ("post", "/api/v1/clients/{client_id}/users/import"): "says what became of the lines sent",
}
