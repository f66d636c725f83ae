"""Secrets as they stand in files, commands and logs, and what looks like one and is none."""

import json
import re
import string
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from backend.detection.rulebook import Rule, Rulebook
from tests.performance.standins.cases import Case

VECTORS: Final = Path(__file__).parents[3] / "shared-rules/vectors/detection/examples.json"
PLACES: Final = (
    "{NAME}={value}", 'export {NAME}="{value}"', "{name}: {value}", '  {name}: "{value}"',
    '{{"{name}": "{value}", "timeout": 30}}', '{name} = "{value}"', "ENV {NAME} {value}",
    'variable "{name}" {{\n  default = "{value}"\n}}', "- name: {NAME}\n  value: {value}",
    'const {camel} = "{value}";', "{name} = '{value}'", 'String {camel} = "{value}";',
    'let {name} = "{value}".to_string();', '{camel} := "{value}"', "${name} = '{value}';",
    'private const string {Camel} = "{value}";', "{name}: '{value}',", 'setenv {NAME} "{value}"',
    '+    {name} = "{value}"', "[{name}]\ntoken = {value}", "2024-05-01 INFO using {name} {value}",
    '<add key="{Camel}" value="{value}" />', "docker run -e {NAME}={value} app",
    "##[debug] {NAME}: {value}", "SET {name} = '{value}'", "the {name} is {value}, why refused?",
)  # fmt: skip
"""Sixteen languages and formats, and what people paste."""
GENERIC: Final = (
    "DB_PASSWORD", "JWT_SECRET", "api_key", "client_secret", "SECRET_KEY", "access_token",
    "admin_password", "smtp_password", "encryption_key", "webhook_secret", "session_secret",
)  # fmt: skip
_ALL: Final = string.ascii_letters + string.digits


def secrets(seed: int = 4) -> Iterator[Case]:
    """Yield a value of each secret rule behind its vendor's name, and made-up passwords."""
    chance = Random(seed)  # noqa: S311 -- the same texts every time
    for rule, value in _known(chance):
        vendor = rule.context.words[0] if rule.context.words else rule.id.split("-")[0]
        is_whole = re.fullmatch(rule.pattern, value, re.IGNORECASE if rule.ignore_case else 0)
        if rule.context.need == "before" or (rule.context.need == "none" and is_whole):
            yield _placed(chance, f"{vendor} key", value)
    for turn in range(200):
        value = "".join(chance.choices(_ALL, k=chance.choice((16, 20, 24, 32, 40))))
        yield _placed(chance, GENERIC[turn % len(GENERIC)], value)


def _known(chance: Random) -> Iterator[tuple[Rule, str]]:
    rules = {rule.id: rule for rule in Rulebook.load().rules if rule.category == "secret"}
    values: defaultdict[str, list[str]] = defaultdict(list)
    for vector in json.loads(VECTORS.read_text("utf-8")):
        for found in vector["findings"]:
            value = vector["text"][found["start"] : found["end"]]
            if found["rule"] in rules and value.isascii() and not set(value) & set("\n \"'"):
                values[found["rule"]].append(value)
    for name, some in sorted(values.items()):
        yield rules[name], chance.choice(some)


def _placed(chance: Random, name: str, value: str) -> Case:
    snake = "_".join(name.lower().replace(".", " ").replace("-", " ").replace("_", " ").split())
    pascal = "".join(word.capitalize() for word in snake.split("_"))
    around = chance.choice(PLACES).format(
        name=snake, NAME=snake.upper(), Camel=pascal, camel=pascal[0].lower() + pascal[1:],
        value="\0",
    )  # fmt: skip
    before, after = around.split("\0")
    return Case.of((before, (value, "SECRET"), after))


SYNTAXES: Final = tuple(
    line.replace("\\n", "\n")
    for line in Path(__file__).with_name("syntaxes.txt").read_text("utf-8").splitlines()
)
"""Passwords and keys as files, commands, URLs and people hold them; a sign behind ¤ is a value."""
CHOSEN: Final = (
    "Tr0ub4dor&3",
    "hunter2!Xy",
    "S3cr3tP@ss",
    "winter-Mountain7",
    "gL9#kq2Zp",
    "7Sparrow&Elm",
)


def assigned(seed: int = 8) -> Iterator[str]:
    """Yield a text with a secret in each syntax, three times."""
    chance = Random(seed)  # noqa: S311 -- the same texts every time
    for syntax in SYNTAXES * 3:
        values = {
            "p": chance.choice(CHOSEN) + "".join(chance.choices(_ALL, k=2)),
            "k": "".join(chance.choices(_ALL, k=chance.choice((20, 24, 32, 40)))),
            "a": "".join(chance.choices(_ALL, k=40)),
            "b": b64encode(f"bob:{chance.choice(CHOSEN)}".encode()).decode(),
            "B": b64encode(chance.randbytes(64)).decode(),
            "c": b64encode(chance.randbytes(32)).decode(),
            "h": chance.randbytes(chance.choice((16, 20))).hex(),
            "u": str(UUID(bytes=chance.randbytes(16), version=4)),
        }  # fmt: skip
        yield re.sub("¤(.)", partial(_value, values), syntax)


def _value(values: dict[str, str], found: re.Match[str]) -> str:
    return values[found[1]]


VENDORS: Final = (
    "github", "gitlab", "datadog", "heroku", "bitly", "mailchimp", "cloudflare", "amplitude",
    "mixpanel", "sentry", "twilio", "stripe", "algolia", "contentful", "netlify", "okta",
)  # fmt: skip
HARMLESS: Final = (
    "{vendor} commit {sha1}", "fixed in {vendor} revision {sha1}", "{vendor} request id: {md5}",
    "{vendor} X-Request-Id: {uuid}", "{vendor} build {sha1} failed", "{vendor} trace_id={md5}",
    "git checkout {sha1} # {vendor}", "https://{vendor}.com/acme/app/commit/{sha1}",
    "{vendor} image sha256:{sha256}", '{vendor} ETag: "{md5}"', "{vendor} checksum {sha256}",
    '"{vendor}": "^2.1.0", "integrity": "sha512-{sri}"', "md5 of the {vendor} export: {md5}",
    "{vendor} span_id {md5}", "{vendor} file hash {sha256}", "{vendor}-sdk@1.2.3 digest {sha1}",
    "{vendor} cli 4.1.2 (rev {sha1})", '"resolved": "https://r/{vendor}.tgz#{sha1}"',
    "{vendor} deploy id {uuid}", "{vendor}: correlation id {uuid}", "{vendor} event id {md5}",
)  # fmt: skip
PLACEHOLDERS: Final = tuple(
    Path(__file__).with_name("placeholders.txt").read_text("utf-8").splitlines()
)
"""What stands where a secret would, line by line."""


def lookalikes(seed: int = 5) -> Iterator[Case]:
    """Yield texts without any secret: hashes beside vendors' names, placeholders, encoded bytes."""
    chance = Random(seed)  # noqa: S311 -- the same texts every time
    for text in HARMLESS:
        for vendor in VENDORS:
            yield Case(text.format(vendor=vendor, **_hashes(chance)), ())
    for text in PLACEHOLDERS:
        yield Case(text, ())
    for _ in range(60):
        yield Case(
            f"data:image/png;base64,iVBORw0KGgo{b64encode(chance.randbytes(150)).decode()}", ()
        )
        yield Case(f"{_hashes(chance)['sha256']}  release-{chance.randrange(99)}.tar.gz", ())
        yield Case(f"order {_hashes(chance)['uuid']} was shipped", ())


def _hashes(chance: Random) -> dict[str, str]:
    return {
        "md5": chance.randbytes(16).hex(), "sha1": chance.randbytes(20).hex(),
        "sha256": chance.randbytes(32).hex(), "sri": b64encode(chance.randbytes(64)).decode(),
        "uuid": str(UUID(bytes=chance.randbytes(16), version=4)),
    }  # fmt: skip
