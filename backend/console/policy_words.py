"""What the parts of a policy are called on a page, with examples people know."""

from typing import Final

FAMILIES: Final = {
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
}
SERVICES: Final = {
    "unapproved": ("Not approved yet", "services nobody decided about, or under review"),
    "prohibited": ("Prohibited", "services you have ruled out"),
}
MESSAGES: Final = {"warn": "When a prompt is warned about", "block": "When a prompt is blocked"}
ORIGINS: Final = {"template": "from the template", "client": "set for this client"}
