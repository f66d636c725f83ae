"""The first shape of the database: roles, signed scope, tables with their guards, audit recording."""

from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True
_SQL = Path(__file__).parents[1] / "sql"
_AERICH = """
CREATE TABLE IF NOT EXISTS "aerich" (
  "id" SERIAL NOT NULL PRIMARY KEY, "version" VARCHAR(255) NOT NULL, "app" VARCHAR(100) NOT NULL, "content" JSONB NOT NULL
);
REVOKE ALL ON "aerich" FROM PUBLIC;
"""


def _part(name: str) -> str:
    return (_SQL / f"0_{name}.sql").read_text(encoding="utf-8")


async def upgrade(db: BaseDBAsyncClient) -> str:
    owned = "".join(_part(name) for name in ("scope", "tables", "guards"))
    return f"""{_part("roles")}
SET LOCAL ROLE qg_owner;
{owned}
RESET ROLE;
{_part("record")}
{_AERICH}"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
DROP FUNCTION IF EXISTS qg_record(jsonb, bytea[]);
DROP SCHEMA IF EXISTS qg_private CASCADE;
DROP TABLE IF EXISTS pattern_detections, client_policy_violations, client_audit_logs, audit_event_ids, tenant_counters,
  approvals, outbox, policy_versions, policies, enrolment_codes, sessions, devices, users, clients, msps,
  compliance_frameworks, ai_services CASCADE;
DROP FUNCTION IF EXISTS qg_tenant(), qg_tenant_msp(), qg_msp(), qg_signing_in(), qg_relaying(), qg_ingesting();
"""


MODELS_STATE = (
    "eJztXWtv27Ya/iuEv6wDvKBL0qbbDg6QpNmWoW2Kxt0Vg0BLtE1YJjWRsuvt7L8fUhdbF0"
    "o1ZTuRnfdLG1N8ZfkhRb7Pe+M/vRn3iC9OLuk9CefUJb1v0T89hmf6j+rFPurhIFhf0g0S"
    "D/24N6aOSPrF7XgoZIhdqS6NsC+IavKIcEMaSMqZFrhk6PIWpTIoIDzwCZrhJQoJdid9hA"
    "WSE6I+jam61RJNGV8IROWJvr3HXdVI2XjrO0WM/hURR/IxUZ1Cdb8//lTNlHnkk/op6cdg"
    "6owo8b0CQNTTN4jbHbkM4rbrCQ6/j3vqpxw6LvejGVv3DpZywtmqu3oe3TomjIRYEi8HF4"
    "t8PwU3a0qeVTXIMCKrh/TWDR4Z4cjXoGvp5AnWbT3HeXc3cO5vBo7TqwxIJpFDNm1yOdOD"
    "SZkU8e+f4U+OT9hYTtTHl+f/Jt+zxiHppb/w58sP1z9efnj28vxL/YVczYhktrxLr5zGl/"
    "6Nb4ElTm4So76GOf6/AvSAfJJmoLP+u4E6a1hjvZ7PDwB2A7iDm18H+s4zIf7y86A+e3v5"
    "a4z3bJleeXP37oese24Qrt/cXcXgr8GeE+bx0AbutQQA3gLwCRdSVPG+DEO8NAO+kijh7a"
    "vV7fgA/+PPEmCu+mljHi5t5mheBmZpi1kaf7VwFG6UBZGsYn/FuU8wM8NvkC6NwlCJbzAM"
    "6TZ3AKNwdXf3pjAKV7dlmD++vbr58OzreEhUJyrj5tt3gxL2Q4wdPMc0AcEO+Yos4L4x7h"
    "M+I04U+jYLTV4GFpoWC43gUehaqXtrCQC8BeDuhLhT4qnFuQr6awVbzYZakCoBrzR5IumM"
    "nOg/jmsIXl8ObhSAmhKOpjm2ohuG2J0ucOg5lSv8lNf1rV6anc7KLZjhcQyDfl79dBk1D4"
    "KQz7HfM9H27Fq/kbWnvTbk7L9MsEQYuT4lTCKPuNQjHsJDHqnmPAvvo0iNXYg4I2gUqidb"
    "8HCKeIiw71cJ/O5uu2M2//Hj7WsLNh9F1DvRMvvh9L3/jCLm6rFAev4o3nXi8pCcKLSYpO"
    "rJQ3GiH+Hiv72HfzPidejsZbwMBYqhjMP4YgzhZwi+JAwz6dgNQEFol+PQ3cXnsxDnFgER"
    "WOK5lgAwy1tkSPRPdrCB97xO97qabbIg2bRN6j8OEOCe+oHeHfOX6XrVpL3cvr25H1y+fV"
    "9QYfSGqq+cFtSXrPXZy5LdcHUT9Mvt4EekP6Lf797dlEdx1W/we08/E44kdxhfONjLLa1Z"
    "a4ZaYdTXBm3jm1Rv6K0IHoVeuh+r7xru1XZuiXZZrhXYHeO3+8ZaSCwjg9GxgWStJI5iMj"
    "80yUpVWmdosFrWb8lFqS225Y5N793symrnESbSWj+J1xIwiVtM4pDMKVk4XmQwz9RbCopS"
    "W1oKDmcid8xQEHlU3jAZLnsmU8H6ar/JWJDwcwfr7o7PxxsaDQYTgtRNFV39iitNEYVEsV"
    "YP8VFM4+ck9KgrNYn3qFDvPNVyfbSgaqYo/q8991K90lWrwQ7vu4XZgMyJNXfNyzyaCSH+"
    "Jv3POZgLnjrDBXPBThUTvQ61sheURI/QYHAgBoIMk0YLgSAKUmbyVl3R8S2ro1I5qdIAK5"
    "AOcEjV86r/vvrm9PTs7OL0+dnLVy/OLy5evHr+SvWNn7h66aLJhXv7g3bGFoa16p0V0XBG"
    "haA6qMBq5aoIwgJWgpZoVdCZqt9gw66KUsCwWjCsSJDQcjbnRGAeV6wutdbbJqNLveX2yd"
    "tcPmMTr18cdmMTPxxM9xMbkyKoA0CtjLclOVibW8XJYMaIVTBYTgQgbzPf6d8G3bpesU67"
    "H5NSffr1+cX5q7OX5ytdetXSpEJX1WUcG32sluyVBEzeNi6ftdHRBvWSGEDfAnrNQQzezZ"
    "/u796ZQV8JlA0u2oD8P3R8iRUaimbYywiXdEN9g4p/KPK1dmeXzJIXepr5LAH3qbt05iQU"
    "xrWidr+rCsLOZ9j59Awbcj6tR7jBY2yQhSW5xZJM2Jgyq7D+tQQA3gJw7rpRGLZyQpREwQ"
    "nRaSeEn0ZOWCSFZSLtcsEOaDB3mQxGsEcMedFXlOGwLlF3JVNGeimTKglHBHWqJK6gVmvY"
    "1e27yw+/mVexK4NSefXb4Oaya0EzOlTjthjyYbreb8yyiSNmsqiPzetjxBKIegj7Os46C3"
    "EhXh8JjmScNZP1EvofudAVMFweqQFDnLnEWCxjR7eFoJnOWeohaGbvEEPQzF7ABHf+/qCF"
    "MJXeo4WpQDDYEfOwjiiq13FctklFTa80KqdJVPemSilyIyH5TOdgh2PMqMD60rdpOLVWF0"
    "7QrdISlXZJRa5VN/CRztNGVF0O+UIYdNNd3/3B0sH3pik9De0UVKkd7vdQL+8hYxT8aGwD"
    "dtYfwG4D9kHkrcaRE3PyCCvwnqLOsKlAYQNxwMbyhHtkDc/3Sxl25oqMLWiWlQvXIg84gz"
    "/eH8vs1czob27neszLPCTog+tjQR0qptSvKcdVMaUrFJjPAp9i5pLvs3ogPRMfNnTrN5Lj"
    "lYCzKjSyMVUWRGpWqoNIhPao5Dktmimmi8SELxRjRVNCAiMfbnMLqGjejXorUNG8E3tRi7"
    "AviPaCIq6dB7wjO+9rUndwSHqlcX9Nsu023FHvGEGEhdz3iYeG2shLwuqmWdsLaoNCbVCw"
    "D4OxHWqDAtPdsjYoJOqDx+qQdMXCcSKJSmSDd04EIG+T/fJJaSRxiFoLMmoUhmFoMQxBNP"
    "Sp60yJwQNTnxxalNoqQ/Rw6lfsJUE0Y2UtlKWS6BFqSweiHW2YkySkIwhhLUa6LAtD3emh"
    "DsmcT1uGt+YldzDMh7O6HtwoP3aOeseG9ihT1DuG8UMrh9jVx0IrFWPcajUziMOS1uUlDX"
    "s4kCR0JgT7cmJDCKqSQArsSEFHXFc3mlTMCJPX6nPP4MEqdug3ObJI1lVNFG9Th9Yl0p2T"
    "jFtJicjcVQJJvjoP7zsUV7fXeQ0TLCY68WFKAkM9/K3vBg4ycJCBORocZOAgAwfZlg4yvR"
    "M5eoOpDnpTxZSCGBRNKTOZpqIpJfekcHwyMrxytUy9IHNMCd87Y+k6SFSjZAFqXgQwNWA6"
    "wlRb9dWXWuFaFoNUozKw5FNA1QrRxtVSkDzCbfdAttmNrBiZjmR3sGRRCg45qJxzCC6No3"
    "xzOmJ3eiuCnsHapJv7TTYmxTI3NiylX47Ssx9QEPI59UjYR4sJdSfI53wqEB5JEuq+y9Q8"
    "ZExC2upeD2ZU2g8Hfxr1NyAAD0pGHCnYUDIC0r87NP+PzObXEY3qLpJD/imuxWvSrPKXGz"
    "UsHnfcWMciQqjnid1rjHGlBahui5BKSRiiLKlPFmImkqN0dJZ21s+sZ217P3DggQMPfE7g"
    "wAMHHmzmWzrwbE//hXN/t0lMwUufYwPeDVkpaxE4tGyLnJQ4u0dMWq1vZVkw+ILB10hP3m"
    "OlwofsNZHETYegwlEqfRqJSpD0ViOedrcooTFSk0kNelwwGc0p99MiywtFGYhiFJ76C8s+"
    "YmROwrTI8idDvOGW9wKyAmQF9GsgK0BWgKxsSVZWG4/li1SWg9fJfKSvDRHMiQAXbFOwWK"
    "NlgXfWH8Bu46hS0Iy5ZUXunAyA3qqgvOICVFqBnpcB0NvMdM5GmnyYynJ+73NcW34+L1ZC"
    "fqTljgv713cfr97coPcfbq5v729Te9NK1Ykv6qb1SbEfbi7flOd3gJkjJA5twu+LQhArbg"
    "hpjiFKqzRbAruWAmSNmQ1iarMaZ/1hJW5Tjxr7EXE8OibCsEA0ZUeVJVsmSB2OjXlf+VGd"
    "qLfxFN+Drtjj46o0PZMVPrnSb7S96z500xz/X+LjtNOQaLTA+ghtjzOC8JBHMjOgi+/ilP"
    "x0Tgk04b4Xm8vVuEUzc2D2Tu8M1niwxoPFC6zxYI0Ha/yW1nhIJnlIczGZBb6Cx8pknJMB"
    "0NsY06Iw1KWe7OshGiTBImGwSESB13LnKEoe4c5xIDtF52OyYqb3c/oe1lLBn9cv6mcY4a"
    "rKqUUo1iqCcMXGslAp4lE1I5PT7qdkmaV/aCowxILoum3PEk2+j5Kv72cc70tzqNYev2sL"
    "8kgkNiRD1p85mPWHUwdJfjfb5NRBYIvAFrsMZrqK2uFZEAJINz37slZBBcW0WTHN9k4bvp"
    "WXAb7VpjZ3pECzPXCrIAQ1jso1jrCw9HutJGAKQ0kEMIV2vSRCSl+zCOdePcNddek3cdzE"
    "zehkVDcT2rgglVIs4sxErhmiLlLOEPZ9vugjHJ9sj72Z4p2CEIGoTHyW1NPUU1NREQ1nVG"
    "jF5Atj5YTd3hx8oeALBfYA7BZ8oaAAbOkLFUQhbAy6vqLj+pjVnNQxsfBvTk/Pzi5On5+9"
    "fPXi/OLixavnKzpevdTEy69uf9DUvDCqBicSnNK8yxXMI7r6pyWgBSFg4SW7BnXSmqqWSX"
    "YVQTjxrU0eUoLghJsCsZtykYpyYA9pYw9RHI0R3wb3nAhA3uqEQ2n0BTQsMysJABwSHQ8D"
    "dF2IzFDvt76S1koA6mhtUUfLo0J1obYrTEkMZnyb6nGPfDhz1/Dfed7pYZQQZ2TxCBbbvc"
    "xo7sZxsm2MZSXRI7SWHYh1rDb+s+iGdnnotTxrpyAKA925ge6II/SeiLoQ3+xSv8nxKZJO"
    "FlG9go7ZV5QlRREDtbty9Xeo/k4PZP4OhWSkwJ0gyaeECeTyiEkUBTryltZUWtzFTcGxCY"
    "5NsGSDYxMcm+DY3NKxCb418K11GtFY/SGhhTkkJwHnCZeNICGXLVf5ouQRrvIHsqpvRMh9"
    "LKQ+sbzNQJdlYag7PdRwQviTGGY4zfopjXKbvJ6yJMQSHVQxu0Fs6rlOlVeDlbPYod9k60"
    "zNRqkmvKHJczAhSO/9CEcelSgLXkVjOicsPswSJfetGjbtRLcwX3bLiPY0DhUHK9sO6Wys"
    "XLeLJq+IHg27fYB48o4s8h+FeW2P2xuXdG112zhJL/Er9RMnU1pYlIfxR4be3r//QiAh8W"
    "hkysGzkgVPFHiiYFmHPRI8UeCJ2tITlSam271FBSFwnRTfIzLD1CozYyUA8bstoh11DLSP"
    "l45t3dyyHIDfAvyQ+1agZ/0B7FbnnAux4IoLTbAwnOFTj3pFEGyULUpFcxk4gihdxyrdsS"
    "QGyLdIBDuMDAKd7jcnj8BJ97PYkDAt6+OQgLs2Z4aZRI/GaLZVSEhHzGGXJKTupGcwiKVX"
    "+k0mMbzu8zmbWD24O7Zg1c5FI0UxzL50id3OctX5rKx641Rt+lt9LeljO8GrWFD69MWLBk"
    "CzBVb1qi0pHV8r5ZCrl8oC4bT7EaL79fPnG6CretWiG1+rHNIqjbVl67OXcyKQv2yZv/yo"
    "m9m//wdPNoCZ"
)

