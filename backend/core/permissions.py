"""Who may do what: one table of roles and `resource:verb` permissions, and how far each reaches.

The page `backend/core/permissions.md` is generated from it; tests hold a second copy, by hand.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """What a principal is to its MSP or client."""

    SUPER_ADMIN = "super_admin"
    MSP_ADMIN = "msp_admin"
    MSP_TECHNICIAN = "msp_technician"
    CLIENT_ADMIN = "client_admin"
    AUDITOR = "auditor"
    END_USER = "end_user"
    DEVICE = "device"


class Reach(IntEnum):
    """How far a permission reaches; a wider reach holds what a narrower one does."""

    NONE = 0
    SELF = 1
    OWN = 2
    ASSIGNED = 3
    MSP = 4
    PLATFORM = 5

    @property
    def word(self) -> str:
        """How the matrix names it."""
        return "-" if self is Reach.NONE else self.name.lower()


COLUMNS: Final = tuple(Role)
_WORDS: Final = {reach.word: reach for reach in Reach}
# A column per role: super admin, MSP admin, MSP technician, client admin, auditor, end user,
# browser.
# `scope`: an auditor of an MSP sees its clients, one of a client that client. `glass`: only in an
# emergency, opened with a reason and logged; nobody holds it until then.
_MATRIX: Final = """
msp:read            platform  msp  msp       own   scope  -     -
msp:write           platform  msp  -         -     -      -     -
msp:export          platform  msp  msp       -     scope  -     -
client:read         platform  msp  assigned  own   scope  -     -
client:write        platform  msp  -         own   -      -     -
client:export       platform  msp  -         -     -      -     -
user:read           platform  msp  assigned  own   scope  self  -
user:write          platform  msp  -         own   -      self  -
user:export         platform  msp  assigned  own   scope  -     -
role:grant          platform  msp  -         own   -      -     -
account:write       self      self self       self  self   self  -
session:read        self      msp  self      own   self   self  -
session:revoke      self      msp  self      own   self   self  -
policy:read         platform  msp  assigned  own   scope  own   own
policy:write        platform  msp  assigned  own   -      -     -
policy:publish      glass     msp  -         own   -      -     -
audit:read          glass     msp  assigned  own   scope  self  -
audit:export        -         msp  assigned  own   scope  -     -
audit:append        -         -    -         -     -      -     self
audit:verify        platform  msp  assigned  own   scope  self  self
audit:redact        -         -    -         own   -      -     -
retention:write     -         -    -         own   -      -     -
violation:feed      -         msp  assigned  own   scope  -     -
violation:write     -         msp  assigned  own   -      -     -
device:read         -         msp  assigned  own   scope  -     -
device:enrol-code   platform  msp  assigned  own   -      -     -
device:revoke       platform  msp  assigned  own   -      self  -
analyze:run         -         -    -         own   -      self  self
ai_service:read     -         msp  assigned  own   scope  own   own
ai_service:decide   -         msp  -         own   -      -     -
ai_service:review   -         msp  assigned  own   scope  -     -
ai_service:request  -         -    -         self  -      self  self
ai_service:discover -         msp  assigned  own   -      -     self
framework:write     -         msp  -         own   -      -     -
exception:read      -         msp  assigned  own   scope  self  self
exception:request   -         -    -         self  -      self  self
exception:decide    -         msp  -         own   -      -     -
lockbox:write       -         -    -         own   -      -     -
assignment:write    -         msp  -         -     -      -     -
report:read         platform  msp  assigned  own   scope  -     -
report:export       platform  msp  assigned  own   scope  -     -
webhook:write       -         msp  -         own   -      -     -
apikey:write        -         msp  -         own   -      -     -
sync:read           -         -    -         -     -      -     self
system:write        platform  -    -         -     -      -     -
"""
_LINES: Final = tuple(line.split() for line in _MATRIX.strip().splitlines())
ALL: Final = tuple(line[0] for line in _LINES)
"""Every permission there is, in the order of the matrix."""

CELLS: Final[Mapping[tuple[str, Role], str]] = MappingProxyType(
    {(line[0], role): word for line in _LINES for role, word in zip(COLUMNS, line[1:], strict=True)}
)
"""The word in each cell of the matrix."""


def reach_of(role: Role, permission: str, *, is_of_client: bool) -> Reach:
    """Return how far a role's permission reaches; `is_of_client` tells auditors apart."""
    word = CELLS.get((permission, role), "-")
    if word == "scope":
        return Reach.OWN if is_of_client else Reach.MSP
    return _WORDS.get(word, Reach.NONE)


PERMISSIONS: Final[Mapping[Role, frozenset[str]]] = MappingProxyType(
    {
        role: frozenset(name for name in ALL if reach_of(role, name, is_of_client=True))
        for role in Role
    }
)
"""What each role holds at any reach, its own person only included."""
