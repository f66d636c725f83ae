"""Writes what every client shares into the database: AI services and compliance frameworks.

Each migration and each start writes them, so that no installation is without. What the files no
longer have stays, because decisions may name it.
"""

import json
from dataclasses import asdict
from typing import Any, Final

from backend.services.shared_data import ai_services, frameworks


async def write_shared_rows(connection: Any) -> None:
    """Bring the shared tables to what the files say; rows that say it already are not touched."""
    services = [asdict(one) for one in ai_services()]
    await connection.execute(_SERVICES, json.dumps(services, default=str))
    await connection.execute(_FRAMEWORKS, json.dumps([asdict(one) for one in frameworks()]))


_COLUMNS: Final = """id, name, vendor, hosts, category, home_url, source, checked_on, training, baa,
    dpa, sso, residency, retention, regions, plan, shared_hosts"""
_SERVICES: Final = f"""
INSERT INTO ai_services AS s ({_COLUMNS})
SELECT {_COLUMNS} FROM jsonb_to_recordset($1::jsonb) AS g (
    id text, name text, vendor text, hosts text[], category text, home_url text, source text,
    checked_on date, training text, baa text, dpa text, sso text, residency text, retention text,
    regions text[], plan text, shared_hosts text[])
ON CONFLICT (id) DO UPDATE SET ({_COLUMNS}) = (
    SELECT excluded.id, excluded.name, excluded.vendor, excluded.hosts, excluded.category,
        excluded.home_url, excluded.source, excluded.checked_on, excluded.training, excluded.baa,
        excluded.dpa, excluded.sso, excluded.residency, excluded.retention, excluded.regions,
        excluded.plan, excluded.shared_hosts)
WHERE s IS DISTINCT FROM excluded
"""  # noqa: S608 -- made of constants only
_FRAMEWORKS: Final = """
INSERT INTO compliance_frameworks AS f (id, name, version, source)
SELECT id, name, version, source
FROM jsonb_to_recordset($1::jsonb) AS g (id text, name text, version text, source text)
ON CONFLICT (id) DO UPDATE
SET name = excluded.name, version = excluded.version, source = excluded.source
WHERE f IS DISTINCT FROM excluded
"""
