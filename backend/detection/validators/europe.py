"""Identity and tax numbers of Europe."""

from typing import Final

from backend.detection.validators.shared import Validators, by_stdnum

EUROPE: Final[Validators] = {
    "codice_fiscale": by_stdnum("it.codicefiscale"),
    "de_tax_id": by_stdnum("de.idnr"),
    "es_dni": by_stdnum("es.dni"),
    "es_nie": by_stdnum("es.nie"),
    "fr_nir": by_stdnum("fr.nir"),
    "nl_bsn": by_stdnum("nl.bsn"),
}
