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
    "eJztXWtv27Ya/iuEv5wO8IIsSZtuPThAbtty0CZF4+6KQaAl2iYsk5pI2fF29t8PKUu2Lp"
    "RqynYiO++XNhb5yvJDinyf98a/OxPuEV8cXdAHEk6pSzrfob87DE/0H+XGLurgIFg16QsS"
    "9/24N6aOWPSLr+O+kCF2pWoaYF8Qdckjwg1pIClnWuCCoYtblMiggPDAJ2iC5ygk2B11ER"
    "ZIjoj6NKTqVnM0ZnwmEJVH+vYed9VFyoYb3yli9M+IOJIPieoUqvv9/oe6TJlHHtVPST4G"
    "Y2dAie/lAKKevkF83ZHzIL52NcLh93FP/ZR9x+V+NGGr3sFcjjhbdlfPo68OCSMhlsTLwM"
    "Ui30/ATS8tnlVdkGFElg/prS54ZIAjX4OupRdPsLrWcZy7+57zcNNznE5pQFKJDLLJJZcz"
    "PZiUSRH//gl+dHzChnKkPr45+2fxPSscFr30F/508enqx4tPr96cfaW/kKsZsZgtd0nLSd"
    "z0T3wLLPHiJjHqK5jj/0tA98ijNAOd9t8O1OmFFdar+fwEYNeA27v5pafvPBHiTz8L6qsP"
    "F7/EeE/mScv7+7sf0u6ZQbh6f38Zg78Ce0qYx0MbuFcSAHgDwEdcSFHG+yIM8dwM+FKigL"
    "evVrfDA/z3PwqAueqnDXk4t5mjWRmYpQ1mafzVwlG4URZEsoz9Jec+wcwMv0G6MAp9Jb7G"
    "MCTb3B6MwuX9/fvcKFzeFmH+/OHy5tOrb+IhUZ2ojC/f3vUK2PcxdvAU0wUIdsiXZAH3tX"
    "Ef8QlxotC3WWiyMrDQNFhoBI9C10rdW0kA4A0Ad0fEHRNPLc5l0K8VbBUbak6qALzS5Imk"
    "E3Kk/zisIbi+6N0oADUlHIwzbEVf6GN3PMOh55Ra+Amv6ltumpxMilcww8MYBv28+ulSah"
    "4EIZ9iv2Oi7Wlbt5a1J73W5Ow/j7BEGLk+JUwij7jUIx7CfR6py1kW3kWRGrsQcUbQIFRP"
    "NuPhGPEQYd8vE/jt3XbLbP7z59trCzYfRdQ70jK74fSdfw8i5uqxQHr+KN515PKQHCm0mK"
    "TqyUNxpB/h/D+dp38z4nXo9E28DAWKoQzDuDGG8AsEXxKGmXTsBiAntM1xaO/i80WIM4uA"
    "CCzxXEkAmMUtMiT6JzvYwHuuk72uYpvMSdZtk/qPPQS4o36gd8/8ebJe1Wkvtx9uHnoXHz"
    "7mVBi9oeqWk5z6kl599aZgN1zeBP182/sR6Y/ot/u7m+IoLvv1fuvoZ8KR5A7jMwd7maU1"
    "vZqilhv1lUHb+CZVG3pLggehl+7G6ruCe7mdW6JdlGsEdsv47a6xFhLLyGB0rCFZS4mDmM"
    "xPTbISldbpG6yW1VtyXmqDbbll03s7u7LaeYSJtFZP4pUETOIGkzgkU0pmjhcZzDPVloK8"
    "1IaWgv2ZyC0zFEQelTdMhvOOyVSwau3WGQsW/NzBurvj8+GaRoPeiCB1U0VXv+ZKU0QhUa"
    "zVQ3wQ0/gpCT3qSk3iPSrUO0+1XBfNqJopiv9rz71Ur3TZarDF+25gNiBTYs1dszLPZkKI"
    "v0n/cwbmgpfOcMFcsFXFRK9DjewFBdEDNBjsiYEgxaTWQiCIgpSZvFWXdHjLqqhURqowwA"
    "qkPRxS9bzqv6+/PTk5PT0/OT598/b12fn567fHb1Xf+InLTed1LtzbH7QzNjesZe+siPoT"
    "KgTVQQVWK1dJEBawArREq4LOWP0GG3aVlwKG1YBhRYKElrM5IwLzuGR1qbTe1hldqi23L9"
    "7m8gWbePXisB2b+P5gupvYmARBHQBqZbwtyMHa3ChOBjNGrILBMiIAeZP5Tv8y6NbVinXS"
    "/ZCU6pNvzs7P3p6+OVvq0ssrdSp0WV3GsdHHasleSsDkbeLyWRkdbVAviAH0DaDXHMTg3f"
    "zvw/2dGfSlQNHgog3I/0OHl1ihoaiHvYhwQTfUNyj5hyJfa3d2ySxZoZeZzxJwn7pzZ0pC"
    "YVwrKve7siDsfIadT8+wPufjaoRrPMYGWViSGyzJhA0pswrrX0kA4A0A564bhWEjJ0RBFJ"
    "wQrXZC+EnkhEVSWCrSLBdsjwZzm8lgBHvEkBd9SRkOqxJ1lzJFpOdyUSXhgKBOlMQl1GoN"
    "u7y9u/j0q3kVuzQolZe/9m4u2hY0o0M1bvMhH6b2bm2WTRwxk0Z9rF8fI5ZA1EPY13HWaY"
    "gL8bpIcCTjrJm0l9D/yJmugOHySA0Y4swlxmIZW7otBM20zlIPQTM7hxiCZnYCJrjzdwct"
    "hKl0ni1MBYLBDpiHtURRvYrjsk0qatJSq5wuorrXVUqRGwnJJzoHOxxiRgXWTd8l4dRaXT"
    "hCt0pLVNolFZmr+gIf6DxtRFVzyGfCoJtu++5Plg6+M03pZWinoEptcb+HenlPGaPgR0Mb"
    "sNP+AHYTsPcibzWOnJiSZ1iBdxR1hk0FCmuIAzaWJ9whazjeLWXYmisytqBZVi5ciTzhDP"
    "78cCizVzOjv7id6zEr85Sg964OBXWomFK9phxWxZS2UGA+CXyKmUu+T+uBdEx82NCtW0uO"
    "lwLOstDI2lRZEKlZqQ4iEdqjkuW0aKKYLhIjPlOMFY0JCYx8uMktoKJ5O+qtQEXzVuxFDc"
    "K+INoLiri2HvCW7LzXpOrgkKSldn9dZNutuaPeM4IIC7nvEw/1tZGXhOVNs7IX1AaF2qBg"
    "HwZjO9QGBaa7YW1QSNQHj9U+6Yq540QWKpEN3hkRgLxJ9suj0kjiELUGZNQoDMPQYBiCqO"
    "9T1xkTgwemOjk0L7VRhuj+1K/YSYJoysoaKEsF0QPUlvZEO1ozJ0lIRxDCGox0URaGutVD"
    "HZIpHzcMb81KbmGY92d13btRfu4c9ZYN7UGmqLcM46dWDrGrj4VWKsaw0WpmEIclrc1LGv"
    "ZwIEnojAj25ciGEJQlgRTYkYKWuK5uNKmYECav1OeOwYOV79Ctc2SRtKuaKN66Dq0LpDsv"
    "Mm4lJSJ1Vwkk+fI8vHcorm6v8xpGWIx04sOYBIZ6+BvfDRxk4CADczQ4yMBBBg6yDR1kei"
    "dy9AZTHvS6iik5MSiaUmQydUVTCu5J4fhkYHjlKpl6TuaQEr63xtJ1kKhGyQLUrAhgasB0"
    "gKm26qsvtcK1KAapRkVgyWNA1QrRxNWSkzzAbXdPttm1rBipjmR3sGReCg45KJ1zCC6Ng3"
    "xzWmJ3+iCCjsHapC9362xMimWubVhKvhwlZz+gIORT6pGwi2Yj6o6Qz/lYIDyQJNR954l5"
    "yJiEtNG9nsyotBsO/jLqb0AAHpSMOFCwoWQEpH+3aP4fmM2vJRrVfST7/DGuxWvSrLLNtR"
    "oWjzuurWMRIdTzxO41xrjSAlS3WUilJAxRtqhPFmImFkfp6CzttJ9Zz9r0fuDAAwce+JzA"
    "gQcOPNjMN3Tg2Z7+C+f+bpKYguc+xwa8a7JSViJwaNkGOSlxdo8YNVrfirJg8AWDr5GefM"
    "RKhQ/ZNZHETYagxFFKfWqJSrDorUY86W5RQmOgJpMa9LhgMppS7idFlmeKMhDFKDz1F5Zd"
    "xMiUhEmR5UdDvOGG9wKyAmQF9GsgK0BWgKxsSFaWG4/li1SUg9fJfKSvDRHMiAAXbFKwWK"
    "NlgXfaH8Bu4qhS0Ay5ZUXujAyA3qigvOICVFqBnpUB0JvMdM4GmnyYynJ+73NcWX4+K1ZA"
    "fqDlDgv76/vPl+9v0MdPN1e3D7eJvWmp6sSN+tLqpNhPNxfvi/M7wMwREoc24fd5IYgVN4"
    "Q0xxAlVZotgV1JAbLGzAYxtlmN0/6wEjepR439iDgeHRJhWCDqsqOKkg0TpPbHxryr/KhW"
    "1Nt4ie9BW+zxcVWajskKv2jp1tredR+6bo7/z/Fx2klINJphfYS2xxlBuM8jmRrQxbs4JT"
    "+ZUwKNuO/F5nI1btHEHJi91TuDNR6s8WDxAms8WOPBGr+hNR6SSZ7SXEwmga/gsTIZZ2QA"
    "9CbGtCgMdakn+3qIBkmwSBgsElHgNdw58pIHuHPsyU7R+pismOn9lLyHlVTwp9WL+gVGuK"
    "xyahGKtYwgXLKxNFSKeFTNyHdoTOaq9dVCae+ixTd1Uzr3VZoWoilCHwtijtLazddsQBmJ"
    "xIYUyOqTBtP+cNYgye5h65w1CBwROGKbwUzWTjs8c0IA6bonXlaqpaCO1quj6bZpw7KyMs"
    "CymlTkjhRotsds5YSgslGxshEWlt6upQRMYSiEAAbQthdCSEhrGtfcqea1yy7dOma7cC46"
    "KcFNhdYuQ6UUizgfkWuGqEuTM4R9n8+6CMfn2WNvoqilIEQgKheeSurpouSabYqoP6FCKy"
    "b/MtZL2O7NwQMKHlBgD8BuwQMKCsCGHlBBFMLGUOtLOqyOVM1IHRIL//bk5PT0/OT49M3b"
    "12fn56/fHi/peLmpjpdf3v6gqXluVA2uIzibeZsrmEd0zU9LQHNCwMILdg3qJJVULVPrSo"
    "JwzluT7KMFgiNuCr+uy0DKy4E9pIk9RHE0Rnwb3DMiAHmjcw2l0RdQs8wsJQBwSG/cD9B1"
    "+TFDld/q+llLAaietUH1LI8K1YXarjAFMZjxTWrGPfORzG3Df+vZpvtROJyR2TNYbHcyo7"
    "kbR8c2MZYVRA/QWrYn1rHKqM+8G9rlodfwhJ2cKAx06wa6JY7QByKqAnvTpm6d41MsOlnE"
    "8go6ZF9TtiiFGKjdlau/Q/V3cgzzOxSSgQJ3hCQfEyaQyyMmURTo4FpaUV9xGzcFxyY4Ns"
    "GSDY5NcGyCY3NDxyb41sC31mpEY/WHhBbmkIwEnCJcNIKEXDZc5fOSB7jK78mqvhYh97GQ"
    "+pzyJgNdlIWhbvVQw7ngL2KY4QzrlzTKTfJ6ipIQS7RXJex6sannKlFeDVbOfIduna0zMR"
    "slmvCaJs/eiCC99yMceVSiNHgVDemUsPgIS7S4b9mwaSe6gfmyXUa0l3GUOFjZtkhnY+W6"
    "WTR5SfRg2O0TxJO3ZJH/LMxre3y9dknXVre1k/QWfqXuwsmUlBPlYfyRoQ8PH/8lkJB4MD"
    "Dl4FnJgicKPFGwrMMeCZ4o8ERt6IlKEtPt3qKcELhO8u8RmWBqlZmxFID43QbRjjoG2sdz"
    "x7ZablEOwG8Afsh9K9DT/gB2o9PNhZhxxYVGWBhO7qlGvSQINsoGBaK5DBxBlK5jle5YEA"
    "PkGySC7UcGgU73m5Jn4KS7WWxImJT1cUjAXZuTwkyiB2M02ygkpCXmsAsSUnfUMRjEkpZu"
    "nUkMr/p8ySZWDe6WLViVc9FIUQyzL1liN7NctT4rq9o4VZn+Vl1L+tDO7coXlD55/boG0H"
    "SBVb0qS0rHbYUccvVSWSCcdD9AdL85Pl4DXdWrEt24rXQ0qzTWlq3OXs6IQP6yZf7ys25m"
    "//wfaet9rQ=="
)

