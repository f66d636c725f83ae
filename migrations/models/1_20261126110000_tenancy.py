"""Tenants: groups, the trail of administrative changes, and one way to guard a tenant's table."""

from pathlib import Path

from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True
_SQL = Path(__file__).parents[1] / "sql"


def _part(name: str) -> str:
    return (_SQL / f"1_{name}.sql").read_text(encoding="utf-8")


async def upgrade(db: BaseDBAsyncClient) -> str:
    return f"""SET LOCAL ROLE qg_owner;
{_part("tables")}
{_part("guards")}
RESET ROLE;
"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
DROP TABLE IF EXISTS group_members, groups, admin_events CASCADE;
DROP FUNCTION IF EXISTS qg_private.guard(text[]);
"""


MODELS_STATE = (
    "eJztXW1v27YW/iuEv6wDvCJN0qZbLy6QpNmWizYpmnSvGARaom1ey6ImUnay3f33S1KSLc"
    "mUYsp2Iivnw7pE5KGdhxR5znNe+Hdvyjzi85en3pQGFzMSiN536O9egKdE/mBo7aMeDsNl"
    "m3og8MDX3bHq5xDVUTfgARcRdtWYQ+xzIh95hLsRDQVlgZK4HRMkxyOB9w0L/HsUEZdFHm"
    "JDxALZosajagxBZwS5YxyMyEs1ssdc+ZgGo00GiQP6Z0wcwUZEjEkkh/r9D/mYBh65Izz7"
    "NZw4Q0p8rwAM9dQA+rkj7kP97MuXy/ff657qCw4cl/nxNFj2Du/FmAWL7nFMvZdKRrWNSE"
    "DkFyReDqog9v0U2exR8o3lAxHFZPFVveUDjwxx7CvAe/8axoGrcEb6k9Q/x/9Ov1qum+Nc"
    "Xd86Nxe3jtNbmR/1FUpop49cFihIqZppCcw/ybhLQPTTnvqA8x9PP784evO1hoBxMYp0o4"
    "ar948WxAInohr0JcqCBDgQjh3YBaFtYp49WIK+XNQZnBlgLYM490bz0BLPpQSAWQITi1Ug"
    "30sQBJ0SM5iJRAlILxV5mf3QLUBvLz9e3Nyefvykhp9y/qevcTq9vVAth/rpfenpiwR/Jk"
    "+P5GhZDIJ+vrz9Ealf0W/XVxflWVr0u/2tp74TjgVzAjZ3sJfHJHucPSpOqytYZPmW5GU2"
    "eE/SbXwPZtXmNdHYRMwnq4jekjtRh2gmVcJUfsmOvSQXv9wW3o+rn04/a4w/nv7ydeEd+X"
    "B99UPWffmCXJ1/uD5bBV59QzvQUwkAvAHgPB78l7jCmci/1wb2shyAvwH4po37YeiNWzcA"
    "vw7wEcHcbptZSjwe4L0nsH12ArdHBKaJ5V3E+z8311dmvHMiZd2TugL9D/nSQO7WSldg1E"
    "NfRrmkyKgBFPSKAxhOcvapejDA7mSOI89ZaWGHrKrvatP0cFp+ggM80kCqv1j9fRkHQ29I"
    "NKMu6ZkImkVjv5afoQ5P+q1Jz5wG6PQSpTIoJCz0CZpiRbFgd9xHmCMxJvK3kSJY7tFEqt"
    "QcUbHK0Ww00paJmvMxjiyImoZ70sMUzQ5fDLmO7hyfBCMxlr++Oa55UbLX4s1x+a1IWw51"
    "Uz1To/9vcQBk/eG8bXAAzEjgscgG7qUEAN4A8LE8Fgzn7WkU4Xsz4AuJEt7dO2cVgr//UQ"
    "LMlX/aiEX3Nms0LwOrtMEq1R/NHYkbDcLYQE2eMeYTHFTQ5qvSpVkYSPFOUVhn19cfCrNw"
    "dlmG+cvHs4vPL17pKZGdqNCPL69uS9gPMHbwTOrYGgQ75FdkAfe1cR+zKXHiyLfZaPIysN"
    "E0IVpYHLlW6t5SAgBvALg7Ju6ESAPSQLIof1PFgVqQqvM5dWsKlA+pRXZ7GEZshv2eyWzP"
    "2vq1Vnvaa02b/ecxFggj16ckEMgjLvWIh/CAxfJx3grvo1jOXaSDJIaR/GZzFk0QixD2/V"
    "UDfnvDPpewC7V+pN310mUReSnRCgSV3zziOhTjBEIxnnv0AIRibBFMNyLqT3bsQzKKkh0M"
    "zVDeFu868O/T/WpPQjXSrbU+UmNBaBvfpGqid0WwE3rpbljfJdyL49wS7bJcI7BbZt/uGm"
    "susIgNpGONkbWQ6MRifny3qlZpnYGBtaw+kotSEPm1j5EBHVrEEZlRMne82EDPVDMFRakN"
    "mYL9WcgtIwpij4qLQET3PRNVsGzt15EFiX3uYNXd8dloK3kYMxLpOBFpxHuUy3eeKrk+ml"
    "O5UqT9rzz3Qr7StqkZVuNuQBvojBRLWysvA5kbQBc8+VkKdMFWFRO1DzXiC0qiHSQM9oQg"
    "WCuXgxMJaWDyVp3R0WVQZUrlpEoTTIN9DOCQ31f+75tvDw+Pjk4OD47evH19fHLy+u3BW9"
    "lXf+PVppM6F+7lD8oZW5jWVe8sjwdTyjlVQQVWO9eKIGxgJWiJUgWt8wyKUmBhNbCwYk5s"
    "c8NyIrCOV1iXSva2jnSpZm6fPefyACdek/u1FU58fzDdTWxMiqAKALUib0tysDc3ipPBQU"
    "CsgsFyIgB5k/VO/zLo1tWKddq9S0r14avjk+O3R2+OF7r04kmdCr2qLkO67iMv3hzpaIN6"
    "SQygbwC9skGsUhgXApDAaJnAWOC9Yl9pd3bJLHmh55nPEjKfuvfOjETcuFdUnnergnDyGU"
    "4+tcIGjE2qEa7xGBtkYUtusCWTYEQDq7D+pQQA3gBw5rpxFDVyQpREwQnRaieEn0ZOWCSF"
    "ZSLNcsH2aDK3mQxGsEcMedFnNMBRVaLuQqaM9L1IqiR0COpUSVxALfews8ur08+/mnexM4"
    "NSefbr7cVp24JmVKjGZTHkw9Ter82y0REzWdTH+vUxtASiHsK+irPOQlyI10ecIaGzZrJe"
    "XP0j5qoChstiOWGIBa6hoOn2hoWgmdYx9RA0s3OIIWhmJ2CCO3930EKYSu/JwlQgGKzDdl"
    "hLFNVzHZdtUlHTllrlNInqXlcpRW7MBZuqHOxohAPKsWr6Lg2nVurCS3QptUSpXVKee6oe"
    "sKHK00ZUNkdszg266bZHf7R08J1pSs9DOwVVaovnPdTLe8wYBT8e2YCd9Qewm4C9F3mrOn"
    "JiRp5gB95R1Bk2FSisMRywsTzhDq2Gg92aDFtzRWoGzbJy4VLkEVfwl5uurF5lGf3F7FyP"
    "eZnHBP32vCuoQ8WU6j2lWxVT2mICs2noUxy45PusHkjPZA8buvVrjeOFgLMoNLK2qcyJUF"
    "apCiLhyqOSt2nRVFq6iI/ZXFqsaEJIaLSHmwwBFc3bUW8FKpq34ixqEPYF0V5QxLX1gLfk"
    "5H1Pqi4OSVtqz9ck227NE/U6IIgEEfN94qGBInlJtHpoVvaC2qBQGxT4YSDboTYoWLob1g"
    "aFRH3wWO2Trli4TiRRiWzwzokA5E2yX+6kRqJD1BoYo0ZhmIYG0xDGA5+6zoQYPDDVyaFF"
    "qY0yRPenfsVOEkQzq6yBslQS7aC2tCfa0Zo5SVw4nJCgwUyXZWGqWz3VEZmxScPw1rzkFq"
    "Z5f3bXvZvlp85Rb9nUdjJFvWUYP7ZyiF11LbRUMUaNdjODOGxpbd7SsIdDQSJnTLAvxjYG"
    "waokGAV7ee39hTIqpiQQ5/L3nsGDVezQr3NkkayrXCjeug6tU6Q6Jxm3ghKeuas4EmxxH9"
    "47pKvbq7yGMeZjlfgwIaGhHv7Go4GDDBxkQEeDgwwcZOAg29BBpk4iRx0wq5NeVzGlIAZF"
    "U8qWTF3RlJJ7kjs+GRpeuUpLvSDTpYTvrVnpKkhUoWQBal4EMDVgOsRUsfryQ61wLYtBql"
    "EZWHIXUrlDNHG1FCQ7eOzuyTG7FouR6Uh2F0sWpeCSg5V7DsGl0ck3pyW80w8Ri8OegW9K"
    "Gvp1PNNIdVmTXrphU4JCwkKfZLciJiRQXzFC8zGbIowSDw2a4nvE1X9SRozlIlASiiVi82"
    "CVatrqyEA7Ae0ETAnQTkA7Ae20Ie0EgcSPeqn98mtaYF4Se8QCC09wwj5uRmslX/Ikd0S8"
    "2tX+tQWqpE2WwEcyHWi112wPpM0PWwXOVPe0SKYMZW+pmNJAa/B6kHe6qp5S+waYk6+Ud/"
    "heOYlfJLpbP+nVRyqd5Wtz8uVWRt3AKGhPcs7zKN6XLD47wPMyoLuWaxaBbQW2VYvBBNuq"
    "Wjfplm3VEjXpIzfSpepxrVok3+G1I/HSD0fpZbkojNiMeiTqo/mYumPkMzbhCA8FiVTf+5"
    "TwNFZt2misR6NDd7PDPQ+dB4gGqLHbUbChxi7Uy2zR+geNahca1XUsBuxOX15m0qzyzbUa"
    "FtMd19axCOfy++h8hCBgUguQ3eYRFdJ4VXyRvtAhwgFP7h5XZS2zfmY9a9PxwPUMrmew6I"
    "EeAXoEDvMNXc8TCamN1pz1ByOlSSUffO8zbMC7pozPUmSjdN09gn4nRXx0OSQ+brS/lWUh"
    "QhYiZI3myScsVfgoeE8EcdMpWLFRVvrUGiph0lvOeNrdwk0+lIspjVvFaEaZn95KN5cmA5"
    "EWhSd/wqKPAjIjUXor3Z0hQXvDscBYAWMF9GswVsBYAWNlQ2NlcfBYvkhlOXidDJW8jJjW"
    "F/Aywwm24Fo3vCm0LPDO+gPYTRxVEpoRs7zCMCcDoDe6gVPaAlRYgZ6XAdCbrHQWDJXxYb"
    "rH6Huf4cr7OvNiJeSHSq5b2L+//nL24QJ9+nxxfnlzmfJNC1VHN6pH8gEVGoPPF6cfyus7"
    "xIHDBY5s6pUUhaC4hqEGhIYovdbOEtilFCBrLAXDJza7cdYfduIm6U7Yj4nj0RHhhg2irp"
    "xUWbJhRan94Zh3VVCqFQWKn+N70BY+Xpdy6JlY+KSlX8u9qz503aKoP6v6pVm5UjTHEm3k"
    "qUwyPGCxyAh0/k7XkEjXFEdj5ntJkhlz46k5MHurIwMbD2w8MF7AxgMbD2w8VK1otxZVTK"
    "6dhr6Ex4oyzskA6E3ItDiKVG18+8oVBklgJAyMRBx6DU+OomQHT449OSlaH5OlLb2f0vew"
    "0hT8afmiPmARLq6FsqlYkkUQLqyxLFSKeFSuyAcLjSSf3M/Mu6oSJjv5mA1MRiKwIQXyfI"
    "wj80ud9d/OafWwwbjLnVIV0U756O/Qm+Oa1zk7qd4cl6Nb05ZD3QQ2ItiI+wtmunfa4VkQ"
    "Akj3s6DaHqmj2bFpY2XlZcDKanKFYSxBsy19VhCCUvDlUvCYW3q7FhKwhKEQAhCgbS+EkB"
    "qtWVxzr9quXXTp11m2iXPRyQzcTGjtMlRSsdD5iExZiOouxwBh32fzPsIcqV+8KQ0QJ4Qj"
    "KhJPJfWU6akMUh4PppQrxeQrY72E7Q4OHlDwgIL1ANYteEBBAdjQA8qJRNgYan1GR9WRqj"
    "mpLlnh3x4eHh2dHB4cvXn7+vjk5PXbg4U5vtpUZ5efXf6gTPPCrBpcR62pl92JHcwjquan"
    "JaAFIbDCS7wGddJKqpapdSuCjWzy/cF0R9lHCYJjZgq/rstAKsoBH9KED5E2WkB8G9xzIg"
    "B5ExZ1UU1k7W1mIQGAQ3rjfoCuyo8ZqvxW189aCED1rA2qZ3mUyy7U+s6sohis+CY14wox"
    "R6voV5qZq4JdMja3l226H4XDAzJ/AsZ2JyuauTo6tglZVhLtIFu2J+xYZdRn0Q3tsshreC"
    "V5QRQmunUT3RJH6A3hVYG9WVO/zvHJk04WsbycjoJv1C2BqhRiemkgi+TPg4jNOYneoYgM"
    "JbhjJNiEBBy5LA4EikNV2p1W1FfcxqDg2ATHJjDZ4NgExyY4Njd0bIJvDXxrrUZUqz/J9d"
    "LrZmQuJR6PBznY1dazZRIkYqLhLl+U7OAuvye7+loGuY+5cORG3WSiy7Iw1a2eanIXUjlc"
    "g4kuSsI0t3qaIzJjk4YMW14SrjTZh1luktdTloRYor0qYXerqZ7zVHk1sJzFDv06rjOljV"
    "JNeE3K83ZMkDr7EY49KlAWvIpGdEYCfYUlSsZdJTbtRDegL9tFoj2Pq8SBZduiOauV62bR"
    "5CuinbFuHyGevCWb/Bdu3tv189otXbFuayfpJX6lfuJkSsuJskj/GqCPN5++4ogLPByacv"
    "CsZMETBZ4o2NbhjARPFHiiNvREpYnpdm9RQQhcJ8X3iEwxtcrMWAhA/G6DaEcVA+3je8e2"
    "Wm5ZDsBvAH7EfCvQs/4AdqPbzTmfM2kLjTE33NxTjfqKIHCUDQpEMxE6nEhdxyrdsSQGyD"
    "dIBNuPDAKV7jcjT2CT7mazIVFa1schIXNtbgoziXaGNNsoJKQldNgpiag77hkIsbSlX0eJ"
    "4WWfhzixanC3zGBVrkWjiWJYfekWuxlz1fqsrGpyqjL9rbqWdNfu7SoWlD58/boG0GyDlb"
    "0qS0rrtlIOuXypLBBOu3cQ3VcHB2ugK3tVoqvbVq5mFcbastXZyzkRyF+2zF9+0sPsn/8D"
    "mWPujA=="
)
