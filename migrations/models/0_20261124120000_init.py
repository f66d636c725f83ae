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
    "eJztXWtv27Ya/iuEv5wO8IIuSZtuOzhAkmZbDtpmaNxdMQi0RNuEZVITKTvezv77IXWxda"
    "FUU7YT2Xm/tLHIV5YfUuT7vDf+3Ztxj/ji5JLek3BOXdL7Bv3dY3im/6g29lEPB8G6SV+Q"
    "eOjHvTF1RNIvvo6HQobYlapphH1B1CWPCDekgaScaYFLhi5vUSqDAsIDn6AZXqKQYHfSR1"
    "ggOSHq05iqWy3RlPGFQFSe6Nt73FUXKRtvfaeI0T8j4kg+JqpTqO73+x/qMmUeeVA/Jf0Y"
    "TJ0RJb5XAIh6+gbxdUcug/ja9QSH38U99VMOHZf70YytewdLOeFs1V09j746JoyEWBIvBx"
    "eLfD8FN7uUPKu6IMOIrB7SW1/wyAhHvgZdSydPsL7Wc5wPdwPn/mbgOL3KgGQSOWTTSy5n"
    "ejApkyL+/TP84PiEjeVEfXx9/k/yPWsckl76C3+6/Hj9w+XHF6/Pv9BfyNWMSGbLh7TlNG"
    "76J74Flji5SYz6Gub4/wrQA/IgzUBn/XcDdXZhjfV6Pj8C2A3gDm5+Geg7z4T408+D+uL9"
    "5S8x3rNl2vLu7sP3WffcIFy/u7uKwV+DPSfM46EN3GsJALwF4BMupKjifRmGeGkGfCVRwt"
    "tXq9vxAf77HyXAXPXTxjxc2szRvAzM0hazNP5q4SjcKAsiWcX+inOfYGaG3yBdGoWhEt9g"
    "GNJt7gBG4eru7l1hFK5uyzB/en918/HFV/GQqE5UxpdvPwxK2A8xdvAc0wQEO+QrsoD7xr"
    "hP+Iw4UejbLDR5GVhoWiw0gkeha6XurSUA8BaAuxPiTomnFucq6G8VbDUbakGqBLzS5Imk"
    "M3Ki/ziuIXh7ObhRAGpKOJrm2Iq+MMTudIFDz6m08FNe17faNDudla9ghscxDPp59dNl1D"
    "wIQj7Hfs9E27O2fiNrT3ttyNl/nmCJMHJ9SphEHnGpRzyEhzxSl/MsvI8iNXYh4oygUaie"
    "bMHDKeIhwr5fJfC7u+2O2fynT7dvLdh8FFHvRMvsh9P3/j2KmKvHAun5o3jXictDcqLQYp"
    "KqJw/FiX6Ei//0Hv/NiNehs9fxMhQohjIO48YYws8QfEkYZtKxG4CC0C7HobuLz2chzi0C"
    "IrDEcy0BYJa3yJDon+xgA+95m+51NdtkQbJpm9R/HCDAPfUDvTvmL9P1qkl7uX1/cz+4fP"
    "9jQYXRG6puOS2oL9nVF69LdsPVTdDPt4MfkP6Ifrv7cFMexVW/wW89/Uw4ktxhfOFgL7e0"
    "Zlcz1AqjvjZoG9+kekNvRfAo9NL9WH3XcK+2c0u0y3KtwO4Yv9031kJiGRmMjg0kayVxFJ"
    "P5sUlWqtI6Q4PVsn5LLkptsS13bHrvZldWO48wkdb6SbyWgEncYhKHZE7JwvEig3mm3lJQ"
    "lNrSUnA4E7ljhoLIo/KGyXDZM5kK1q39JmNBws8drLs7Ph9vaDQYTAhSN1V09UuuNEUUEs"
    "VaPcRHMY2fk9CjrtQk3qNCvfNUy/XRgqqZovi/9txL9UpXrQY7vO8WZgMyJ9bcNS/zZCaE"
    "+Jv0P+dgLnjuDBfMBTtVTPQ61MpeUBI9QoPBgRgIMkwaLQSCKEiZyVt1Rce3rI5K5aRKA6"
    "xAOsAhVc+r/vvy69PTs7OL05dnr9+8Or+4ePXm5RvVN37iatNFkwv39nvtjC0Ma9U7K6Lh"
    "jApBdVCB1cpVEYQFrAQt0aqgM1W/wYZdFaWAYbVgWJEgoeVszonAPK5YXWqtt01Gl3rL7b"
    "O3uXzGJl6/OOzGJn44mO4nNiZFUAeAWhlvS3KwNreKk8GMEatgsJwIQN5mvtO/DLp1vWKd"
    "dj8mpfr0q/OL8zdnr89XuvTqSpMKXVWXcWz0sVqyVxIwedu4fNZGRxvUS2IAfQvoNQcxeD"
    "f/e3/3wQz6SqBscNEG5P+h40us0FA0w15GuKQb6htU/EORr7U7u2SWvNDzzGcJuE/dpTMn"
    "oTCuFbX7XVUQdj7Dzqdn2JDzaT3CDR5jgywsyS2WZMLGlFmF9a8lAPAWgHPXjcKwlROiJA"
    "pOiE47Ifw0csIiKSwTaZcLdkCDuctkMII9YsiLvqIMh3WJuiuZMtJLmVRJOCKoUyVxBbVa"
    "w65uP1x+/NW8il0ZlMqrXwc3l10LmtGhGrfFkA9Te78xyyaOmMmiPjavjxFLIOoh7Os46y"
    "zEhXh9JDiScdZM1kvof+RCV8BweaQGDHHmEmOxjB3dFoJmOmeph6CZvUMMQTN7ARPc+fuD"
    "FsJUek8WpgLBYEfMwzqiqF7HcdkmFTVtaVROk6juTZVS5EZC8pnOwQ7HmFGBddM3aTi1Vh"
    "dO0K3SEpV2SUXuqr7ARzpPG1HVHPKFMOimu777o6WD701Teh7aKahSO9zvoV7eY8Yo+NHY"
    "BuysP4DdBuyDyFuNIyfm5AlW4D1FnWFTgcIG4oCN5Qn3yBpe7pcy7MwVGVvQLCsXrkUecQ"
    "Z/uj+W2auZ0V/czvWYl3lM0AfXx4I6VEypX1OOq2JKVygwnwU+xcwl32X1QHomPmzo1m8k"
    "xysBZ1VoZGOqLIjUrFQHkQjtUclzWjRTTBeJCV8oxoqmhARGPtzmFlDRvBv1VqCieSf2oh"
    "ZhXxDtBUVcOw94R3bet6Tu4JC0pXF/TbLtNtxR7xhBhIXc94mHhtrIS8LqplnbC2qDQm1Q"
    "sA+DsR1qgwLT3bI2KCTqg8fqkHTFwnEiiUpkg3dOBCBvk/3yoDSSOEStBRk1CsMwtBiGIB"
    "r61HWmxOCBqU8OLUptlSF6OPUr9pIgmrGyFspSSfQItaUD0Y42zEkS0hGEsBYjXZaFoe70"
    "UIdkzqctw1vzkjsY5sNZXQ9ulJ86R71jQ3uUKeodw/ixlUPs6mOhlYoxbrWaGcRhSevyko"
    "Y9HEgSOhOCfTmxIQRVSSAFdqSgI66rG00qZoTJa/W5Z/BgFTv0mxxZJOuqJoq3qUPrEunO"
    "ScatpERk7iqBJF+dh/ctiqvb67yGCRYTnfgwJYGhHv7WdwMHGTjIwBwNDjJwkIGDbEsHmd"
    "6JHL3BVAe9qWJKQQyKppSZTFPRlJJ7Ujg+GRleuVqmXpA5poTvnbF0HSSqUbIANS8CmBow"
    "HWGqrfrqS61wLYtBqlEZWPIQULVCtHG1FCSPcNs9kG12IytGpiPZHSxZlIJDDirnHIJL4y"
    "jfnI7Ynd6LoGewNunL/SYbk2KZGxuW0i9H6dkPKAj5nHok7KPFhLoT5HM+FQiPJAl132Vq"
    "HjImIW11r0czKu2Hgz+P+hsQgAclI44UbCgZAenfHZr/R2bz64hGdRfJIX+Ia/GaNKt8c6"
    "OGxeOOG+tYRAj1PLF7jTGutADVbRFSKQlDlCX1yULMRHKUjs7SzvqZ9axt7wcOPHDggc8J"
    "HHjgwIPNfEsHnu3pv3Du7zaJKXjpc2zAuyErZS0Ch5ZtkZMSZ/eISav1rSwLBl8w+BrpyY"
    "9YqfAhe0skcdMhqHCUSp9GohIkvdWIp90tSmiM1GRSgx4XTEZzyv20yPJCUQaiGIWn/sKy"
    "jxiZkzAtsvxgiDfc8l5AVoCsgH4NZAXICpCVLcnKauOxfJHKcvA6mY/0tSGCORHggm0KFm"
    "u0LPDO+gPYbRxVCpoxt6zInZMB0FsVlFdcgEor0PMyAHqbmc7ZSJMPU1nO73yOa8vP58VK"
    "yI+03HFh//bu09W7G/Tjx5vr2/vb1N60UnXiRn1pfVLsx5vLd+X5HWDmCIlDm/D7ohDEih"
    "tCmmOI0irNlsCupQBZY2aDmNqsxll/WInb1KPGfkQcj46JMCwQTdlRZcmWCVKHY2PeV35U"
    "J+ptPMf3oCv2+LgqTc9khU9a+o22d92Hbprj/3N8nHYaEo0WWB+h7XFGEB7ySGYGdPFtnJ"
    "KfzimBJtz3YnO5GrdoZg7M3umdwRoP1niweIE1HqzxYI3f0hoPySSPaS4ms8BX8FiZjHMy"
    "AHobY1oUhrrUk309RIMkWCQMFoko8FruHEXJI9w5DmSn6HxMVsz0fkrfw1oq+NP6Rf0MI1"
    "xVObUIxVpFEK7YWBYqRTyqZmRy2v2ULLP0D00FhlgQXbftRaLJ91Hy9f2M431hDtXa43dt"
    "QR6JxFbJkFn/Izh18HF2LWCP2w4GsMenATNdVe3wLAgBpJuehVmrsIKi2qyoZnupzR6Wlw"
    "H+1aZWd6RAsz2AqyAENY/KNY+wsPSDrSRgCkOJBDCNdr1EQkpns4jnXj3jXXXpN3HexO3o"
    "ZNQ3E9q4QJVSLOJMRa4Zoy5azhD2fb7oIxyfdI+9meKhghCBqEx8mNTTVFRTUxENZ1Roxe"
    "RfxkoKu705+EbBNwrsAdgt+EZBAdjSNyqIQtgYhH1Fx/UxrDmpY2LhX5+enp1dnL48e/3m"
    "1fnFxas3L1d0vNrUxMuvbr/X1LwwqganEpzavMsVzCO6GqgloAUhYOEluwZ10hqrlkl3FU"
    "E4Aa5NXlKC4ISbArObcpOKcmAPaWMPURyNEd8G95wIQN7qxENp9AU0LDMrCQAcEh8PA3Rd"
    "mMxQ/7e+stZKAOpqbVFXy6NCdaG2K0xJDGZ8m2pyT3xYc9fw33ke6mGUFGdk8QQW273MaO"
    "7GcbNtjGUl0SO0lh2Idaw2HrTohnZ56LU8e6cgCgPduYHuiCP0noi6kN+sqd/k+BRJJ4so"
    "X0HH7EvKkiKJgdpdufo7VH+nBzR/i0IyUuBOkORTwgRyecQkigIdiUtrKi/u4qbg2ATHJl"
    "iywbEJjk1wbG7p2ATfGvjWOo1orP6Q0MIckpOA84XLRpCQy5arfFHyCFf5A1nVNyLkPhZS"
    "n2DeZqDLsjDUnR5qODH8WQwznG79nEa5TV5PWRJiiQ6quN0gNvVcp8qrwcpZ7NBvsnWmZq"
    "NUE97Q5DmYEKT3foQjj0qUBa+iMZ0TFh9uiZL7Vg2bdqJbmC+7ZUR7HoeMg5Vth3Q2Vq7b"
    "RZNXRI+G3T5CPHlHFvlPwry2x9cbl3Rtdds4SS/xK/UTJ1NaaJSH8UeG3t//+C+BhMSjkS"
    "kHz0oWPFHgiYJlHfZI8ESBJ2pLT1SamG73FhWEwHVSfI/IDFOrzIyVAMTvtoh21DHQPl46"
    "tnV0y3IAfgvwQ+5bgZ71B7BbnXsuxIIrLjTBwnCmTz3qFUGwUbYoHc1l4AiidB2rdMeSGC"
    "DfIhHsMDIIdLrfnDwBJ93PYkPCtKyPQwLu2pwhZhI9GqPZViEhHTGHXZKQqmExGMTSln6T"
    "SQyv+3zOJlYP7o4tWLVz0UhRDLMvXWK3s1x1Piur3jhVm/52PcGhGdpjO9FLvS8P2dGHCt"
    "dXrxoAzRZY1auc8pk2nSZtpRxy9VJZIJx2P0J0v3r5cgN0Va9adOO2yqGt0lhbtj57OScC"
    "+cuW+ctPupn9839OTYUD"
)

