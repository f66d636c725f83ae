"""Sessions: ended by the database when a person or browser changes, and where each was started."""

from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True
_SQL = Path(__file__).parents[1] / "sql"


async def upgrade(db: BaseDBAsyncClient) -> str:
    sql = (_SQL / "2_sessions.sql").read_text(encoding="utf-8")
    return f"SET LOCAL ROLE qg_owner;\n{sql}\nRESET ROLE;"


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
SET LOCAL ROLE qg_owner;
DROP TRIGGER end_sessions ON users;
DROP TRIGGER end_sessions ON devices;
DROP FUNCTION qg_private.end_sessions_of_user(), qg_private.end_sessions_of_device();
DROP INDEX sessions_revoked;
ALTER TABLE sessions DROP COLUMN agent;
RESET ROLE;
"""


MODELS_STATE = (
    "eJztXWtz2zYW/SsYfWk6o2ZS24mzzc7O2I7beieJM7HT7rbT4UAkLGJFEVoClKLd7X9fAC"
    "QlkgIZgXqYpO+HPEzgQvIBCNx77gP/HUyZRwL+/MKb0vB6TkIx+AH9dxDiKZH/MbQO0QDP"
    "Zus29UDgUaC7Y9XPIaqjbsAjLiLsqjEfcMCJfOQR7kZ0JigLlcS9T5Acj4TedywMligiLo"
    "s8xB4QC2WLGo+qMQSdE+T6OByT52pkj7nyMQ3HuwwSh/TfMXEEGxPhk0gO9fsf8jENPfKF"
    "8OzH2cR5oCTwCsBQTw2gnztiOdPPPn++efuj7qm+4MhxWRBPw3Xv2VL4LFx1j2PqPVcyqm"
    "1MQiK/IPFyUIVxEKTIZo+SbywfiCgmq6/qrR945AHHgQJ88NeHOHQVzkh/kvrr7G/pV8t1"
    "c5wPt/fO3fW94ww25kd9hRLa6SOXhQpSqmZaAvNnMu4aEP10oD7g6ueLT89OX32rIWBcjC"
    "PdqOEa/KkFscCJqAZ9jbIgIQ6FYwd2QWifmGcP1qCvF3UGZwZYyyDOvdF8ZonnWgLALIGJ"
    "xSaQbyUIgk6JGcxEogSkl4o8z/7TL0Dvb95f391fvP+ohp9y/u9A43Rxf61aTvTTZenpsw"
    "R/Jk+P5GhZDYJ+vbn/Gakf0W+3H67Ls7Tqd//bQH0nHAvmhGzhYC+PSfY4e1ScVlewyPIt"
    "ycvs8J6k23gHZtXmNdHYRCwgm4jeky+iDtFMqoSp/JI9e0mu/3FfeD8+/HLxSWP8/uIf3x"
    "bekXe3H37Kuq9fkA9X724vN4FX39AO9FQCAG8AOI9H/yKucCby97WBvSwH4O8Avmnj/jr0"
    "xq0bgN8G+IhgbrfNrCWOB/jgEWyfg8DtEYFpYnkX8f773e0HM945kbLuSV2B/ocCaSD3a6"
    "UrMOqhL6NcUmTUAAp6xQE8THL2qXowwu5kgSPP2WhhJ6yq72bT9GRafoJDPNZAqt9Y/X4Z"
    "B0PvSDSnLhmYCJpV47CWn6EOT/ptSc9chOjiBqUyaEbYLCBoihXFgl1/iDBHwifyp7EiWJ"
    "ZoIlVqjqjY5Gh2GmnPRM2VjyMLoqbhnvR1iuaAL4ZcR1+cgIRj4csfX53VvCjZa/HqrPxW"
    "pC0nuqmeqdH/WhwAWX84bxscAHMSeiyygXstAYA3ANyXx4LhvL2IIrw0A76SKOHdv3NWIf"
    "j7HyXAXPmrjVm0tFmjeRlYpQ1Wqf5o7kjcaDiLDdTkJWMBwWEFbb4pXZqFkRTvFYV1eXv7"
    "rjALlzdlmD+/v7z+9Ox7PSWyExX68c2H+xL2I4wdPJc6tgbBDvkNWcB9a9x9NiVOHAU2G0"
    "1eBjaaJkQLiyPXSt1bSwDgDQB3feJOiDQgDSSL8jdVHKgFqTqfU7+mQPmQWmS3z2YRm+Ng"
    "YDLbs7ZhrdWe9trSZv/VxwJh5AaUhAJ5xKUe8RAesVg+zlvhQxTLuYt0kMRDJL/ZgkUTxC"
    "KEg2DTgN/fsE8l7EKtH2l3PXdZRJ5LtEJB5TePuA7FOIdQjKcePQChGHsE042I+pUd+5CM"
    "omQPQzOUt8W7DYNlul91JFQj3VrrIzVWhLbxTaomejcEe6GXHob1XcO9Os4t0S7LNQK7Zf"
    "btobHmAovYQDrWGFkriV4s5uO7VbVK64wMrGX1kVyUgsivLkYG9GgRR2ROycLxYgM9U80U"
    "FKV2ZAq6s5BbRhRwTsfhtCoFY906rCULVv22pAtupZkuiOuH1KXSjl/4DAWMTTjCDyK14h"
    "Ob/4120CsDcYQ5+YajCVkiytGzxMqTZr/UqL7dJA4O8QE7UAhqEEuzKycCORxAHDz6qQrE"
    "wT6D0/WGaa33lcRA8QM65mnSMW3RnmKPiutQREuj9rRurdWeEkXEwaq7E7DxXrJY5yTSUb"
    "YsQh7lEnKq5IZoQeXajoXWeoQ0iGwTW63G3UFj0vm8lgdOXgZ0JtCZHv1AAp1pr7SO2oca"
    "He8l0R6e7x05zzNMav0rnEhIQ1OszyUd34RVRHROqjTBNOxi+Kv8vvKf7/5ycnJ6en7y4v"
    "TV65dn5+cvX794Lfvqb7zZdF4XAHfzkwplK0zrZmwbj0dTKs0MFZJptXNtCMIGVoKWKFXQ"
    "OkuzKAX8dAN+uj3sW3uBt1jHHqn0fde5rKr93k+euPhKREFN5vxeIgq6g+lhIotTBFX6jA"
    "34ZTnYmxtFGeMwJFah9DkRgLzJeqf/MejW1Yp12r1PSvXJ92fnZ69PX52tdOnVkzoVelNd"
    "hmInR168OdLRBvWSGEDfAHplg1gVgFgJQPkHy/IPBd4rDpR2Z5cKnBd6mtnAMxZQd+nMSc"
    "SNe0XlebcpCCef4eRTK2zE2KQa4Zp4O4MsbMkNtmQSjmlolRS5lgDAGwDOXDeOokZOiJIo"
    "OCFa7YQI0rjTkgOiLqU+E2mWSd+hydxnKj3BHjFUlbmkIY6qypysZMpIL0VSY6pHUKdK4g"
    "pquYdd3ny4+PRP8y52aVAqL/95f33RopBjHRajQjVuiiEfpvZhbdixjpjJoj62ry6mJRD1"
    "EA5UWFQW4kK8IeIMCZ1znPXi6i+xUPXDXBbLCUMsdA3l4Pc3LATNtI6ph6CZg0MMQTMHAR"
    "Pc+YeDFsJUBo8WpgLBYD22w1qiqF7puGyTipq21CqnSVT3tkopcmMu2FSlpkVjHFKOVdMP"
    "aTi1UheeoxupJUrtkvLcU/WAPagqN4jK5ogtuEE33ffoRyumczBN6Wlop6BK7fG8h2rDx4"
    "xRCOKxDdhZfwC7CdidqPqhIyfm5BF24ANFnWFTeecawwEbizsf0Gp4cViTYW+uSM2gWdZ9"
    "XosccQV/vuvL6lWW0X+YnesxL3NM0O+v+oK6fTDDo0QxfN+RfWNVIcwutqYodsTomnyZz5"
    "gGgob8ufq8x7BKjDE3POYqb7gRLVOW3QMv06G49i7QMvmZHstPJY6HlzYqTFHoePvRaWcU"
    "GShgAQUsjkpxsuksoDh0yY/ZoTYw8Z2GbsNa8nMl4BRPy22oUE6EYh1VkCBXHvM8Z4mmMR"
    "eI+2yBqEATQmZGvrPJEHDfVzuqkcJ9X+22Neou/IJoXrjipOWAt+TkfUuqrtVMW2rP1ySb"
    "2qLYJgkjFgTEQyPlxCORuWKmsRfcnAE3Z4D/D5ypUKoRLN0db86AQiwQkdAlXbFw2WaiEt"
    "ngnRMByJtkN36RGokOQW5gjBqFYRoaTMMsHgXUdSbE4GGvTv4vSu1UAaA7fpyDFADIrLIG"
    "ylJJtIfaUke0o62cagHmwuGEhA1muiwLU93qqY7InE0api/kJcFL3uZZfuwaJC2b2l6WIG"
    "kZxsdWDrE7katfqhjjRruZQRy2tDZvadjDM0Eixyc4EL6NQbApCUaBnVHQEtfVtTIq1GVv"
    "V/LngcGDVewwrHNkkayrXCjetg6tC6Q6JxUVBCU8c1dxJNjqtvg3SN9eovLWfMx9ldg2IT"
    "PDfSc7jwYOMnCQAR0NDjJwkIGDbEcHmTqJHHXAbE56XUWsghgUxSpbMnVFsUruSe4E5MHw"
    "ylVa6gWZPhX02JuVroJEFUoWoOZFAFNT5hKmitWXH2qFa1kMUknLwJIvMyp3iCauloJkD4"
    "/djhyzW7EYmY5kd/1uUQousSmXZAKXRj/fnJbwTj9FLJ4NDHxT0jCs45nGqsuW9NIdmxI0"
    "I2wWkOzW24QEGipGaOGzKcIo8dCgKV4irv5IGeHLRaAkFEvEFuEm1bTXkYF2AtoJmBKgnY"
    "B2AtppR9oJAomPeYNV7mtaYF4SO2IBnUc4YaF6TjupkjZZAu/JdKTVXrM9kDZ/3Spwprqn"
    "RTLlTPaWiikNtQavB3mjq6YqtW+EOflGeYeXykn8LNHdhkmvIVLpLN+aky/3MuoORkF7kn"
    "OeRnHWZPHZAZ6XAd21XJMObCuwrVoMJthW1bpJv2yrlqhJ75g7GbEvJhUpa6pVj4Kk07Zh"
    "eb/6WudYxcyhgKia8vLP+7uPUq8ZIhx6KA4FDdDCJ6Eqv+QxVaApkAs6HvvqgdRu3IBx4m"
    "0qSQcYfwd1qV2nzdNQmeA42uNxRLmTvAmbeNZec1iQg7sOt7/rkM1I6Ojtyfb8L0qCg7Rt"
    "DtKiGxxzy1SklQTwqY0K6QvLOI61BBwKBjAb1G5eSfXQNun65tQSY+Q9N8ZuqMe1RojU4L"
    "ZOC0o/HHESqfp4aBaxOfVINJT2AHV9FDA2kebAg5BWhOy7TA0JYwnZncY6WmzGYfTbp2FN"
    "gNcTLnTqKdhwoRO4lzvoXoa7RJ6KUgp+ke1eKvCLHMAUuY3FiH25nlfc7ptvHtaZJkx33N"
    "o4IZzL76OrCoQhk+qz7LaIqBBER33oa3cjHHKc6NVUrPqZDZRdx4MAcgggB84LvEoQ5ACH"
    "+Y4B5BMJqY25mfUH675JPV68DBg24F1TjHctslPRrQ5Bf5BSvLqoMfcb7W9lWTBK22aUts"
    "Q8+YilCh+Fb4kgbjoFGzbKRp9aQ2WW9JYznna3CHZ/kIspzT7FaE5ZoC/R+0FFWEVER1wt"
    "fCyGKCRzEiVGh9z2zSHuO4wFxgoYK6Bfg7ECxgoYKzsaK6uDx/JFKsvB62Sox23EtL4Mtx"
    "lOsAW3sQU1WhZ4Z/0B7AZguxKaMYsMsYbVgOdlAPRG4Z3SFqDCCvS8DIDeZKWz8EEZH6bb"
    "iH8MGK5a7AWxEvIPSq5f2L+9/Xz57hp9/HR9dXN3k/JNK1VHN6pH66SAT9cX78rre4ZDhw"
    "sc2VQdLQpBiUxT/IiCKL2c3hLYtRQgayzoyic2u3HWH3biJlFlOIiJ49Ex4YYNoq4odFmy"
    "YV3o7nDMhyoL3Yprhp7ie9AWPl4XZByYWPikZVjLvas+dPscaizWCc4LLNFGnqoHg0csFh"
    "mBzt/otOd0TXHks8BLSsUwN56aMxr2OjKw8cDGA+MFbDyw8cDGQ+3JdmtRxRJZ01kg4bGi"
    "jHMyAHoTMi2OInXDnX2CkEESGAkDIxHPvIYnR1GyhydHR06K1sdkaUvvl/Q9rDQFf1m/qF"
    "+xCFeXO9vUHc0iCFfWWBYqRTwqV+RXy4UmnzzMzLuqQqQH+ZgdTEYisCF3+MrHkfmlzvrv"
    "57T6usF4yJ1SXYWV8tE/oFdnNa9zdlK9OitHt6YtJ7oJbESwEbsLZrp32uFZEAJIu5m33i"
    "F1NDs2baysvAxYWQ2sLKk5+sy2gHlBCC50K1/oBpXsjksUAAH6RAjQdlm1WVzzoNquXXUZ"
    "1lm2iXPRyQzcTGjr+m1SsdD5iEzXeRY+DhEOArYYIsyR+sGb0hBxQlTZ58RTST1leiqDlM"
    "ejKeVKMfnGWC9hv4ODBxQ8oGA9gHULHlBQAHb0gHIiETaGWl/ScXWkak6qT1b4X05OTk/P"
    "T16cvnr98uz8/OXrFytzfLOpzi6/vPlJmeaFWTW4jlpz61UvdjCPqGK5loAWhMAKL/Ea1E"
    "lLEFum1m0INrLJu4PpgbKPEgR9Zgq/rstAKsoBH9KED5E2WkgMt2XUpNutRQDyJizqqprI"
    "1tvMSgIAh/TGboCuyo8ZymNX189aCUD1rB2qZ3mUyy7U+ubrohis+CY14woxR5voV5qZm4"
    "J9Mjb3l23ajYr7IVk8AmN7kBXNXB0d24QsK4n2kC3rCDtWGfVZdEO7LGp2D0BJFCa6dRPd"
    "EkfoHeFVgb1Z07DO8cmTThaxvJyOw+9omJRCnMnTlcn/q7ttRxFbcBK9QRF5kOD6SLAJCT"
    "lyWRwKFM9UaXdaUV9xH4OCYxMcm8Bkg2MTHJvg2NzRsQm+NfCttRpRrf6QyIIOyUkcjwd5"
    "caitZ88kSMREw12+KNnDXb4ju/pWBnmAuXDkRt1kosuyMNWtnmryZUblcA0muigJ09zqaY"
    "7InE0aMmx5SbjSpAuz3CSvpywJsUQNYivGljmBK4Ejeoi67B5qCZl8r3m1q9RSMFDKxQ7D"
    "OmI55ehSs2NLfvneJ0gpWgjHHhUoixRGYzonob4vFCXjbrLIdqI7cMXtYiytmGP9Seqvs4"
    "6xxEBp7pE70JZMs9D9DdHeUAlHCN5vySb/mZv3dv28dktXFOfWGZGJE2+YePTS2q0s0j+G"
    "6P3dx2844gI/PJgSHq1kwe0Hbj/Y1uGMBLcfuP12dPulVQDs3qKCEPipiu8RmWJqlQazEo"
    "Bg6QZEjQo4D/DSsS1NXJYD8BuAH7HACvSsP4Dd6Cp5zhdM2kI+5oZrkqpR3xAEQrhBNW4m"
    "Zg4nUtexooVLYoB8g6y7bqRrqNzKOekyJV/YbEiU1lByyIy5NteymUR7Q5rtFH/TEjrsgk"
    "TU9QcGQixtGdZRYnjd52ucWDW4e2awKtei0UQxrL50i92NuWp9Clw1OVWZa1hduLtvl6QV"
    "q3efvHxZA2i2wcpelfW7dVvJqSxfKguE0+49RPf7Fy+2QFf2qkRXt23cgyuMTvvqVPGcCC"
    "SLWyaLP+ph9uf/AUM9Smo="
)
