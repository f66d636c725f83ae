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
    "eJztXWtv27Ya/iuEv6wDvKBL0qZbDw6QpNlODtqmaNxdMQi0RNuEZVITKbvezv77IXWxda"
    "FUU7YT2Xm/tDHFV5YfUuT7vDf+3Ztxj/ji5JLek3BOXdL7Hv3dY3im/6he7KMeDoL1Jd0g"
    "8dCPe2PqiKRf3I6HQobYlerSCPuCqCaPCDekgaScaYFLhi5vUSqDAsIDn6AZXqKQYHfSR1"
    "ggOSHq05iqWy3RlPGFQFSe6Nt73FWNlI23vlPE6J8RcSQfE9UpVPf7/Q/VTJlHPqufkn4M"
    "ps6IEt8rAEQ9fYO43ZHLIG67nuDwh7infsqh43I/mrF172ApJ5ytuqvn0a1jwkiIJfFycL"
    "HI91Nws6bkWVWDDCOyekhv3eCREY58DbqWTp5g3dZznPd3A+f+ZuA4vcqAZBI5ZNMmlzM9"
    "mJRJEf/+Gf7s+ISN5UR9fHn+T/I9axySXvoLf7r8eP2fy4/PXp5/rb+QqxmRzJb36ZXT+N"
    "I/8S2wxMlNYtTXMMf/V4AekM/SDHTWfzdQZw1rrNfz+QHAbgB3cPPLQN95JsSffh7UZ+8u"
    "f4nxni3TK2/v3v+Ydc8NwvXbu6sY/DXYc8I8HtrAvZYAwFsAPuFCiirel2GIl2bAVxIlvH"
    "21uh0f4L//UQLMVT9tzMOlzRzNy8AsbTFL468WjsKNsiCSVeyvOPcJZmb4DdKlURgq8Q2G"
    "Id3mDmAUru7u3hZG4eq2DPOnd1c3H599Gw+J6kRl3Hz7flDCfoixg+eYJiDYIV+RBdw3xn"
    "3CZ8SJQt9mocnLwELTYqERPApdK3VvLQGAtwDcnRB3Sjy1OFdBf6Ngq9lQC1Il4JUmTySd"
    "kRP9x3ENwZvLwY0CUFPC0TTHVnTDELvTBQ49p3KFn/K6vtVLs9NZuQUzPI5h0M+rny6j5k"
    "EQ8jn2eybanl3rN7L2tNeGnP3nCZYII9enhEnkEZd6xEN4yCPVnGfhfRSpsQsRZwSNQvVk"
    "Cx5OEQ8R9v0qgd/dbXfM5j99un1jweajiHonWmY/nL73r1HEXD0WSM8fxbtOXB6SE4UWk1"
    "Q9eShO9CNc/Lv38G9GvA6dvYyXoUAxlHEYX4wh/ALBl4RhJh27ASgI7XIcurv4fBHi3CIg"
    "Aks81xIAZnmLDIn+yQ428J436V5Xs00WJJu2Sf3HAQLcUz/Qu2P+Ml2vmrSX23c394PLdx"
    "8KKozeUPWV04L6krU+e1myG65ugn6+HfwH6Y/ot7v3N+VRXPUb/NbTz4QjyR3GFw72cktr"
    "1pqhVhj1tUHb+CbVG3orgkehl+7H6ruGe7WdW6JdlmsFdsf47b6xFhLLyGB0bCBZK4mjmM"
    "wPTbJSldYZGqyW9VtyUWqLbblj03s3u7LaeYSJtNZP4rUETOIWkzgkc0oWjhcZzDP1loKi"
    "1JaWgsOZyB0zFEQelTdMhsueyVSwvtpvMhYk/NzBurvj8/GGRoPBhCB1U0VXv+FKU0QhUa"
    "zVQ3wU0/g5CT3qSk3iPSrUO0+1XB8tqJopiv9rz71Ur3TVarDD+25hNiBzYs1d8zKPZkKI"
    "v0n/cw7mgqfOcMFcsFPFRK9DrewFJdEjNBgciIEgw6TRQiCIgpSZvFVXdHzL6qhUTqo0wA"
    "qkAxxS9bzqv2++Oz09O7s4fX728tWL84uLF6+ev1J94yeuXrpocuHe/qidsYVhrXpnRTSc"
    "USGoDiqwWrkqgrCAlaAlWhV0puo32LCrohQwrBYMKxIktJzNORGYxxWrS631tsnoUm+5ff"
    "I2ly/YxOsXh93YxA8H0/3ExqQI6gBQK+NtSQ7W5lZxMpgxYhUMlhMByNvMd/qXQbeuV6zT"
    "7sekVJ9+e35x/urs5flKl161NKnQVXUZx0YfqyV7JQGTt43LZ210tEG9JAbQt4BecxCDd/"
    "O/93fvzaCvBMoGF21A/h86vsQKDUUz7GWES7qhvkHFPxT5WruzS2bJCz3NfJaA+9RdOnMS"
    "CuNaUbvfVQVh5zPsfHqGDTmf1iPc4DE2yMKS3GJJJmxMmVVY/1oCAG8BOHfdKAxbOSFKou"
    "CE6LQTwk8jJyySwjKRdrlgBzSYu0wGI9gjhrzoK8pwWJeou5IpI72USZWEI4I6VRJXUKs1"
    "7Or2/eXHX82r2JVBqbz6dXBz2bWgGR2qcVsM+TBd7zdm2cQRM1nUx+b1MWIJRD2EfR1nnY"
    "W4EK+PBEcyzprJegn9j1zoChguj9SAIc5cYiyWsaPbQtBM5yz1EDSzd4ghaGYvYII7f3/Q"
    "QphK79HCVCAY7Ih5WEcU1es4LtukoqZXGpXTJKp7U6UUuZGQfKZzsMMxZlRgfen7NJxaqw"
    "sn6FZpiUq7pCLXqhv4SOdpI6ouh3whDLrpru/+YOnge9OUnoZ2CqrUDvd7qJf3kDEKfjS2"
    "ATvrD2C3Afsg8lbjyIk5eYQVeE9RZ9hUoLCBOGBjecI9sobn+6UMO3NFxhY0y8qFa5EHnM"
    "Gf7o9l9mpm9Be3cz3mZR4S9MH1saAOFVPq15TjqpjSFQrMZ4FPMXPJD1k9kJ6JDxu69RvJ"
    "8UrAWRUa2ZgqCyI1K9VBJEJ7VPKcFs0U00ViwheKsaIpIYGRD7e5BVQ070a9Faho3om9qE"
    "XYF0R7QRHXzgPekZ33Dak7OCS90ri/Jtl2G+6od4wgwkLu+8RDQ23kJWF106ztBbVBoTYo"
    "2IfB2A61QYHpblkbFBL1wWN1SLpi4TiRRCWywTsnApC3yX75rDSSOEStBRk1CsMwtBiGIB"
    "r61HWmxOCBqU8OLUptlSF6OPUr9pIgmrGyFspSSfQItaUD0Y42zEkS0hGEsBYjXZaFoe70"
    "UIdkzqctw1vzkjsY5sNZXQ9ulB87R71jQ3uUKeodw/ihlUPs6mOhlYoxbrWaGcRhSevyko"
    "Y9HEgSOhOCfTmxIQRVSSAFdqSgI66rG00qZoTJa/W5Z/BgFTv0mxxZJOuqJoq3qUPrEunO"
    "ScatpERk7iqBJF+dh/caxdXtdV7DBIuJTnyYksBQD3/ru4GDDBxkYI4GBxk4yMBBtqWDTO"
    "9Ejt5gqoPeVDGlIAZFU8pMpqloSsk9KRyfjAyvXC1TL8gcU8L3zli6DhLVKFmAmhcBTA2Y"
    "jjDVVn31pVa4lsUg1agMLPkcULVCtHG1FCSPcNs9kG12IytGpiPZHSxZlIJDDirnHIJL4y"
    "jfnI7Ynd6JoGewNunmfpONSbHMjQ1L6Zej9OwHFIR8Tj0S9tFiQt0J8jmfCoRHkoS67zI1"
    "DxmTkLa614MZlfbDwZ9G/Q0IwIOSEUcKNpSMgPTvDs3/I7P5dUSjuovkkH+Oa/GaNKv85U"
    "YNi8cdN9axiBDqeWL3GmNcaQGq2yKkUhKGKEvqk4WYieQoHZ2lnfUz61nb3g8ceODAA58T"
    "OPDAgQeb+ZYOPNvTf+Hc320SU/DS59iAd0NWyloEDi3bIiclzu4Rk1brW1kWDL5g8DXSkw"
    "9YqfAhe0MkcdMhqHCUSp9GohIkvdWIp90tSmiM1GRSgx4XTEZzyv20yPJCUQaiGIWn/sKy"
    "jxiZkzAtsvzZEG+45b2ArABZAf0ayAqQFSArW5KV1cZj+SKV5eB1Mh/pa0MEcyLABdsULN"
    "ZoWeCd9Qew2ziqFDRjblmROycDoLcqKK+4AJVWoOdlAPQ2M52zkSYfprKcP/gc15afz4uV"
    "kB9puePC/s3dp6u3N+jDx5vr2/vb1N60UnXii7ppfVLsx5vLt+X5HWDmCIlDm/D7ohDEih"
    "tCmmOI0irNlsCupQBZY2aDmNqsxll/WInb1KPGfkQcj46JMCwQTdlRZcmWCVKHY2PeV35U"
    "J+ptPMX3oCv2+LgqTc9khU+u9Btt77oP3TTH/+f4OO00JBotsD5C2+OMIDzkkcwM6OJ1nJ"
    "KfzimBJtz3YnO5GrdoZg7M3umdwRoP1niweIE1HqzxYI3f0hoPySQPaS4ms8BX8FiZjHMy"
    "AHobY1oUhrrUk309RIMkWCQMFoko8FruHEXJI9w5DmSn6HxMVsz0fkrfw1oq+NP6Rf0CI1"
    "xVObUIxVpFEK7YWBYqRTyqZuTrhKkp/X+IBflK12pb6pJtzxIlvo+Sb+5n9O5rc5TWfr5m"
    "C8pIJDakQNafNJj1h7MGSX4P2+SsQeCIwBG7DGa6dtrhWRACSDc98bJWLQV1tFkdzbZNG5"
    "aVlwGW1aYid6RAsz1mqyAElY3KlY2wsPR2rSRgCkMhBDCAdr0QQkpas7jmXj2vXXXpNzHb"
    "xLnoZAQ3E9q4DJVSLOJ8RK4Zoi5NzhD2fb7oIxyfZ4+9GWVIECIQlYmnknqaempCKqLhjA"
    "qtmHxlrJew25uDBxQ8oMAegN2CBxQUgC09oIIohI2h1ld0XB+pmpM6Jhb+3enp2dnF6fOz"
    "l69enF9cvHj1fEXHq5eaePnV7Y+amhdG1eA6grOZd7mCeUTX/LQEtCAELLxk16BOWknVMr"
    "WuIgjnvLXJPkoQnHBT+HVTBlJRDuwhbewhiqMx4tvgnhMByFudayiNvoCGZWYlAYBDeuNh"
    "gK7Ljxmq/NbXz1oJQPWsLapneVSoLtR2hSmJwYxvUzPukY9k7hr+O882PYzC4YwsHsFiu5"
    "cZzd04OraNsawkeoTWsgOxjtVGfRbd0C4PvZYn7BREYaA7N9AdcYTeE1EX2Jtd6jc5PkXS"
    "ySKWV9Ax+4aypBRioHZXrv4O1d/pMcyvUUhGCtwJknxKmEAuj5hEUaBLu9Oa+oq7uCk4Ns"
    "GxCZZscGyCYxMcm1s6NsG3Br61TiMaqz8ktDCH5CTgFOGyESTksuUqX5Q8wlX+QFb1jQi5"
    "j4XU55S3GeiyLAx1p4cazgV/EsMMZ1g/pVFuk9dTloRYooMqYTeITT3XqfJqsHIWO/SbbJ"
    "2p2SjVhDc0eQ4mBOm9H+HIoxJlwatoTOeExUdYouS+VcOmnegW5stuGdGexlHiYGXbIZ2N"
    "let20eQV0aNhtw8QT96RRf6TMK/tcXvjkq6tbhsn6SV+pX7iZErLifIw/sjQu/sPXwkkJB"
    "6NTDl4VrLgiQJPFCzrsEeCJwo8UVt6otLEdLu3qCAErpPie0RmmFplZqwEIH63RbSjjoH2"
    "8dKxrZZblgPwW4Afct8K9Kw/gN3qdHMhFlxxoQkWhpN76lGvCIKNskWBaC4DRxCl61ilO5"
    "bEAPkWiWCHkUGg0/3m5BE46X4WGxKmZX0cEnDX5qQwk+jRGM22CgnpiDnskoTUnfQMBrH0"
    "Sr/JJIbXfb5kE6sHd8cWrNq5aKQohtmXLrHbWa46n5VVb5yqTX+rryV9bOd2FQtKn7540Q"
    "BotsCqXrUlpeNrpRxy9VJZIJx2P0J0v33+fAN0Va9adONrlaNZpbG2bH32ck4E8pct85cf"
    "dTP75/8RjH1Z"
)

