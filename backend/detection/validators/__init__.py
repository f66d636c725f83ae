"""Named checks a rule may ask for; the twin of each is in extension/src/detection/validators."""

from typing import Final

from backend.detection.validators.africa import AFRICA
from backend.detection.validators.americas import AMERICAS
from backend.detection.validators.asia import ASIA
from backend.detection.validators.asia_pacific import ASIA_PACIFIC
from backend.detection.validators.crypto import CRYPTO
from backend.detection.validators.devices import DEVICES
from backend.detection.validators.europe import EUROPE
from backend.detection.validators.europe_east import EAST
from backend.detection.validators.europe_nordic_baltic import NORDIC_BALTIC
from backend.detection.validators.europe_south import SOUTH
from backend.detection.validators.europe_union import UNION
from backend.detection.validators.europe_west import WEST
from backend.detection.validators.finance import FINANCE
from backend.detection.validators.health import HEALTH
from backend.detection.validators.latin_america import LATIN_AMERICA
from backend.detection.validators.north_america import NORTH_AMERICA
from backend.detection.validators.oceania import OCEANIA
from backend.detection.validators.shapes import SHAPES
from backend.detection.validators.shared import Validator, Validators
from backend.detection.validators.standards import STANDARDS
from backend.detection.validators.technical import TECHNICAL

__all__ = ["VALIDATORS", "Validator"]

VALIDATORS: Final[Validators] = {
    **AFRICA, **AMERICAS, **ASIA, **ASIA_PACIFIC, **CRYPTO, **DEVICES, **EUROPE, **EAST,
    **NORDIC_BALTIC, **SOUTH, **UNION, **WEST, **FINANCE, **HEALTH, **LATIN_AMERICA,
    **NORTH_AMERICA, **OCEANIA, **SHAPES, **STANDARDS, **TECHNICAL,
}  # fmt: skip
