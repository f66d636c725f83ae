"""What a key may be allowed, in words, by what it is about."""

from typing import Final

from backend.core.permissions import ALL
from backend.services.api_keys import NEVER

WORDS: Final = {
    "msp:read": ("Organisation", "see the organisation and its figures"),
    "msp:export": ("Organisation", "take the seats along as a file"),
    "msp:write": ("Organisation", "change the organisation"),
    "client:read": ("Clients", "see clients"),
    "client:export": ("Clients", "take along what an offboarded client leaves"),
    "client:write": ("Clients", "make and change clients"),
    "assignment:write": ("Clients", "assign technicians"),
    "lockbox:write": ("Clients", "open and close the lockbox"),
    "user:read": ("People", "see people"),
    "user:export": ("People", "take people along as a file"),
    "user:write": ("People", "invite and change people"),
    "policy:read": ("Policies", "read policies"),
    "policy:write": ("Policies", "draft policies"),
    "policy:publish": ("Policies", "publish policies and stop AI services"),
    "ai_service:read": ("AI services", "list the AI services that may be used"),
    "ai_service:review": ("AI services", "read risks and decisions"),
    "ai_service:decide": ("AI services", "decide about AI services"),
    "ai_service:discover": ("AI services", "report AI services that were reached"),
    "ai_service:request": ("AI services", "ask for an AI service"),
    "framework:write": ("Reports", "attest controls"),
    "report:read": ("Reports", "read reports and scores"),
    "report:export": ("Reports", "take reports along as a file"),
    "violation:feed": ("Violations", "read violations as they happen"),
    "violation:write": ("Violations", "take up and close violations"),
    "exception:read": ("Violations", "read exceptions"),
    "exception:request": ("Violations", "ask for an exception"),
    "exception:decide": ("Violations", "decide about exceptions"),
    "audit:read": ("Audit", "read the audit log"),
    "audit:export": ("Audit", "take the audit log along as a file"),
    "audit:append": ("Audit", "add to the audit log"),
    "audit:verify": ("Audit", "verify the audit log"),
    "audit:redact": ("Audit", "redact the audit log"),
    "retention:write": ("Audit", "change how long things are kept"),
    "device:read": ("Browsers", "see browsers"),
    "device:enrol-code": ("Browsers", "make enrolment codes"),
    "device:revoke": ("Browsers", "disconnect browsers"),
    "sync:read": ("Browsers", "fetch rules as a browser does"),
    "analyze:run": ("Browsers", "have a text judged"),
    "webhook:write": ("Programs", "set up webhooks"),
    "system:write": ("Programs", "change the platform"),
}
"""Group and words of everything a key may hold."""
GRANTABLE: Final = tuple(name for name in WORDS if name in ALL and name not in NEVER)
