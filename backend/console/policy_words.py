"""What the parts of a policy are called on a page, with examples people know."""

from collections.abc import Mapping
from typing import Final

from backend.console.shapes import capitalised
from backend.detection.explanation import named
from backend.policy.fields import split_attribute

Words = Mapping[str, tuple[str, str]]
ACTIONS: Final = {
    "allow": "It passes, and counts as use, not as a violation.",
    "flag": "It passes, and the person sees nothing; it appears in the live feed for review.",
    "warn": "It is held. The person may clean it, or decide to send it after all.",
    "block": "It is held and cannot be sent as it is. The person may clean it or report a mistake.",
}
FAMILIES: Final[Words] = {
    "name": ("Names of people", "“patient Maria Lopez”"),
    "contact": ("Contact details", "e-mail addresses, phone and fax numbers"),
    "location": ("Addresses", "streets, postal codes"),
    "date": ("Dates about a person", "birth, admission, discharge; ages"),
    "government-id": ("Government numbers", "social security, passport, tax id"),
    "health-id": ("Health numbers", "record, insurance and Medicare numbers"),
    "financial-id": ("Bank details", "IBAN, routing and account numbers"),
    "card": ("Payment cards", "card numbers, security codes"),
    "device": ("Devices", "serial numbers, IMEI, MAC addresses"),
    "network": ("Network addresses", "IP addresses"),
    "vehicle": ("Vehicles", "licence plates, VIN"),
    "licence": ("Licences", "driving licence numbers"),
    "online-id": ("Web addresses", "links to profiles and records"),
    "secret": ("Secrets", "API keys, passwords, private keys"),
    "health-term": ("Health words", "diagnoses, ICD-10 codes, treatments"),
    "other": ("Other identifiers", "biometrics, photos, unique codes"),
    "custom": ("Your own rules", "keyword lists, patterns, known values"),
}
CATEGORIES: Final[Words] = {
    "phi": ("Health data", "what ties a person to care"),
    "pii": ("Personal data", "what identifies a person"),
    "secret": ("Secret data", "what opens doors"),
}
SERVICES: Final[Words] = {
    "unapproved": ("Not approved yet", "services nobody decided about, or under review"),
    "prohibited": ("Prohibited", "services you have ruled out"),
}
FILES: Final[Words] = {
    "unreadable": ("Cannot be read", "pictures, archives, locked or very large files"),
}
MESSAGES: Final = {"warn": "When a prompt is warned about", "block": "When a prompt is blocked"}
REMEDIES: Final = {
    "redact": "clean and send",
    "justify": "send with a reason",
    "acknowledge": "send after reading the warning",
    "request_exception": "ask for an exception",
    "redirect": "use an approved AI service",
    "report_false_positive": "report a mistake",
}
SERVER_VERDICTS: Final = {
    "never": "the browser decides alone",
    "on_finding": "the server checks again when the browser finds something",
    "always": "the server checks every prompt",
}
ON_UNAVAILABLE: Final = {
    "enforce_cached": "the browser decides by the policy it knows",
    "warn": "the person is warned",
    "block": "nothing is sent",
    "allow_and_queue": "the prompt passes and is recorded later",
}
EXCEPTION_APPROVERS: Final = {
    "two_if_locked": "one approver; two where a lock stops the prompt",
    "two": "two approvers",
}
SECOND_APPROVAL: Final = {
    "never": "one person alone",
    "weakening": "two people",
}
_SINGLE: Final = {
    "name": "Name of the policy",
    "default_action": "Everything else that is found",
    "minimum_confidence": "Findings count from a confidence of",
    "combinations": "Together in one prompt",
    "server_verdict": "Who decides",
    "on_unavailable": "When the server does not answer",
    "exception_minutes": "An exception lasts at most",
    "exception_approvers": "An exception needs",
    "second_approval": "What protects less is published by",
    "contact": "Whom people ask",
    "acceptable_use_page": "Page about what is allowed",
}
_ATTRIBUTES: Final = {
    "on_unavailable": "when the server does not answer",
    "promote": "rises by itself",
}
_GROUPS: Final[Mapping[str, Words]] = {
    "families": FAMILIES,
    "categories": CATEGORIES,
    "services": SERVICES,
    "files": {"unreadable": ("Files that cannot be read", "")},
}
_PREFIXES: Final = {
    "messages": MESSAGES,
    "remedies": {"warn": "Ways out of a warning", "block": "Ways out of a block"},
}


def field_in_words(path: str) -> str:
    """Return what a page calls one field of a policy document."""
    setting, attribute = split_attribute(path)
    if attribute:
        return f"{field_in_words(setting)}: {_ATTRIBUTES[attribute]}"
    group, _, name = path.partition(".")
    if group in _GROUPS and name in _GROUPS[group]:
        return _GROUPS[group][name][0]
    if group in _PREFIXES and name in _PREFIXES[group]:
        return _PREFIXES[group][name]
    return _SINGLE.get(path) or titled(name or group)


def titled(code: str) -> str:
    """Return a type or rule as a label."""
    return capitalised(named(code))
