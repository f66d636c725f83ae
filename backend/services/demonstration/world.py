"""Who exists in the demonstration. Every name is made up; every domain is reserved (RFC 2606)."""

from dataclasses import dataclass
from uuid import UUID, uuid5

_NAMESPACE = UUID("5b0f3c62-3b1c-5f5b-9d3e-7a1c1f0f6a10")
PLATFORM = UUID(int=0)
PEOPLE_PER_CLIENT = 48


def made_id(*parts: str) -> UUID:
    """Return the same id for the same parts, so that a second seeding changes nothing."""
    return uuid5(_NAMESPACE, "/".join(parts))


@dataclass(frozen=True, slots=True)
class DemoClient:
    """One customer organisation of the demonstration."""

    slug: str
    name: str
    msp_slug: str
    seats: int
    country: str
    timezone: str

    @property
    def id(self) -> UUID:
        """The client's id, which is the tenant id of all its rows."""
        return made_id("client", self.slug)

    @property
    def msp_id(self) -> UUID:
        """The id of the MSP that looks after this client."""
        return made_id("msp", self.msp_slug)


@dataclass(frozen=True, slots=True)
class DemoMsp:
    """One managed service provider of the demonstration."""

    slug: str
    name: str

    @property
    def id(self) -> UUID:
        """The MSP's id."""
        return made_id("msp", self.slug)


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One person of the demonstration; only those with `signs_in` get a password."""

    tenant_id: UUID
    msp_id: UUID
    client_id: UUID | None
    email: str
    display_name: str
    role: str
    signs_in: bool

    @property
    def id(self) -> UUID:
        """The user's id."""
        return made_id("user", str(self.tenant_id), self.email)


MSPS = (
    DemoMsp("harbor-it", "Harbor IT Partners"),
    DemoMsp("alpine-managed", "Alpine Managed Services"),
)
CLIENTS = (
    DemoClient("lakeside-clinic", "Lakeside Clinic", "harbor-it", 50, "US", "America/Chicago"),
    DemoClient("cedar-dental", "Cedar Dental Group", "harbor-it", 50, "US", "America/Denver"),
    DemoClient("summit-physio", "Summit Physiotherapy", "harbor-it", 50, "US", "America/New_York"),
    DemoClient("birchwood", "Birchwood Hospital", "alpine-managed", 50, "US", "America/Boise"),
    DemoClient("riverside", "Riverside Counselling", "alpine-managed", 50, "GB", "Europe/London"),
    DemoClient("oakfield-labs", "Oakfield Labs", "alpine-managed", 50, "DE", "Europe/Berlin"),
)
_FIRST = ("Ada", "Bela", "Cora", "Dani", "Ezra", "Fern", "Gil", "Hana", "Ines", "Jun", "Kai", "Lea")
_LAST = ("Alder", "Birch", "Clay", "Dale")


def users() -> tuple[DemoUser, ...]:
    """Return everybody: each role of each MSP and client, and those whose prompts are checked."""
    platform = DemoUser(
        PLATFORM, PLATFORM, None, "operator@quillgate.example", "Platform operator",
        "super_admin", signs_in=True,
    )  # fmt: skip
    staff = tuple(user for msp in MSPS for user in _staff(msp))
    people = tuple(user for client in CLIENTS for user in _people(client))
    return (platform, *staff, *people)


def _staff(msp: DemoMsp) -> tuple[DemoUser, ...]:
    domain = f"{msp.slug}.example"
    return (
        DemoUser(msp.id, msp.id, None, f"admin@{domain}", f"{msp.name} admin", "msp_admin", True),
        DemoUser(
            msp.id, msp.id, None, f"technician@{domain}", f"{msp.name} technician",
            "msp_technician", signs_in=True,
        ),
    )  # fmt: skip


def _people(client: DemoClient) -> tuple[DemoUser, ...]:
    def person(local: str, name: str, role: str, *, signs_in: bool) -> DemoUser:
        email = f"{local}@{client.slug}.example"
        return DemoUser(client.id, client.msp_id, client.id, email, name, role, signs_in)

    named = (
        person("admin", f"{client.name} admin", "client_admin", signs_in=True),
        person("auditor", f"{client.name} auditor", "auditor", signs_in=True),
        person("nurse", "Nora Nurse", "end_user", signs_in=True),
    )
    names = [f"{first} {last}" for last in _LAST for first in _FIRST][: PEOPLE_PER_CLIENT - 1]
    others = tuple(
        person(name.lower().replace(" ", "."), name, "end_user", signs_in=False) for name in names
    )
    return named + others
