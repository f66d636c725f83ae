"""AI services with their risk, filtered, in order of their ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.services.ai_service_registry import ListedService, ServiceList
from backend.services.service_risk import ServiceRisk, service_risk
from backend.services.shared_data import FACTS, risk_table


@dataclass(frozen=True, slots=True)
class RankedService:
    """A service, how it stands, and its risk."""

    service: ListedService
    risk: ServiceRisk


@dataclass(frozen=True, slots=True)
class Sought:
    """Which services; empty and None do not filter."""

    words: str = ""
    category: str | None = None
    status: str | None = None
    band: str | None = None

    def fits(self, one: RankedService) -> bool:
        """Return whether a service is one of those; each word is in its name, vendor or hosts."""
        service = one.service
        text = " ".join((service.id, service.name, service.vendor, *service.hosts)).lower()
        return (
            all(word in text for word in self.words.lower().split())
            and self.category in {None, service.category}
            and self.status in {None, service.status.value}
            and self.band in {None, one.risk.band}
        )


def with_risk(service: ListedService, today: date) -> RankedService:
    """Return a service with its risk as it is today."""
    facts = {name: getattr(service, name) for name in FACTS}
    return RankedService(service, service_risk(facts, risk_table(), service.checked_on, today))


def ranked(
    found: ServiceList, sought: Sought, today: date, after: str | None = None, limit: int = 200
) -> tuple[Sequence[RankedService], bool]:
    """Return at most `limit` services behind the id `after`, and whether there are more."""
    fitting = [
        one
        for service in found.services
        if (after is None or service.id > after) and sought.fits(one := with_risk(service, today))
    ]
    return fitting[:limit], len(fitting) > limit
