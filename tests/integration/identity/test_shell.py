"""What every answer keeps to: problems, headers, limits, health, metrics, a silent log."""

import json
from typing import Any

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core import logging
from tests.integration.identity.conftest import CANARY, As
from tests.integration.policy.worlds import Client, Msp

LOGIN = "/api/v1/auth/login"
JSON = {"Content-Type": "application/json"}
EXTENSION = "chrome-extension://" + "a" * 32


async def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return a problem document after checking that it is a whole one."""
    content: dict[str, Any] = json.loads(await answer.get_data())
    assert (answer.status_code, content["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"
    assert set(content) == {"type", "title", "status", "detail", "code", "request_id"}
    assert content["status"] == status
    assert content["request_id"] == answer.headers["X-Request-Id"]
    assert content["request_id"] != ""
    assert len(content["detail"]) > 20
    return content


BROKEN = {
    "no JSON": (b"{", 422, "invalid-json"),
    "not UTF-8": (b'{"email":"\xff"}', 422, "invalid-json"),
    "a name twice": (b'{"email":"a@b","email":"c@d","password":"x"}', 422, "invalid-json"),
    "too deep": (b'{"email":' * 40 + b"1" + b"}" * 40, 422, "too-deep"),
    "NUL": (rb'{"email":"a\u0000@b","password":"x"}', 422, "odd-characters"),
    "half a pair": (rb'{"email":"a\ud800@b","password":"x"}', 422, "odd-characters"),
    "a list": (b"[]", 422, "invalid-input"),
    "a number": (b"1", 422, "invalid-input"),
    "null": (b"null", 422, "invalid-input"),
    "nothing": (b"", 422, "invalid-json"),
    "a missing field": (b'{"email":"a@b"}', 422, "invalid-input"),
    "a wrong type": (b'{"email":1,"password":"x"}', 422, "invalid-input"),
    "an unknown field": (b'{"email":"a@b","password":"x","is_admin":1}', 422, "invalid-input"),
    "too large": (b'{"email":"' + b"x" * 300_000 + b'"}', 413, "too-large"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status", "code"), BROKEN.values(), ids=BROKEN)
async def test_a_broken_body_is_a_problem_with_its_own_code(
    http: HttpClient, body: bytes, status: int, code: str
) -> None:
    await problem(await http.post(LOGIN, data=body, headers=JSON), status, code)


async def test_a_body_of_another_kind_is_a_415(http: HttpClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = await http.post(LOGIN, data=b"email=a", headers={"Content-Type": kind})
        await problem(answer, 415, "unsupported-media-type")


async def test_a_large_body_without_a_length_is_a_413(http: HttpClient) -> None:
    async with http.request(LOGIN, method="POST", headers=JSON) as connection:
        for _ in range(5):
            await connection.send(b"x" * 65_536)
        await connection.send_complete()
    await problem(await connection.as_response(), 413, "too-large")


async def test_an_unknown_address_and_a_wrong_method_are_problems(http: HttpClient) -> None:
    await problem(await http.get("/api/v1/nothing"), 404, "not-found")
    await problem(await http.get("/api/v1/clients/not-a-uuid"), 404, "not-found")
    answer = await http.get(LOGIN)
    await problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/a%00b", "/api/v1/users?client_id=%00"])
async def test_a_nul_in_the_address_is_a_problem(http: HttpClient, path: str) -> None:
    await problem(await http.get(path), 422, "invalid-input")


@pytest.mark.parametrize("query", ["", "?client_id=1", "?client_id=&limit=0", "?unknown=1"])
async def test_a_wrong_query_is_a_problem(
    http: HttpClient, signed_in: As, client: Client, query: str
) -> None:
    answer = await http.get(f"/api/v1/users{query}", headers=signed_in(client.principal()))
    await problem(answer, 422, "invalid-input")


async def test_what_was_sent_is_not_repeated_in_the_complaint(http: HttpClient) -> None:
    bodies = [{CANARY + " x": 1}, {"email": {"a": CANARY}}, {"email": "a@b", "password": [CANARY]}]
    for body in bodies:
        answer = await http.post(LOGIN, json=body)
        assert CANARY.encode() not in await answer.get_data()
    key = {"kty": CANARY, "crv": "P-256", "x": "A" * 43}
    body = {"code": "", "name": "n", "browser": "b", "extension_version": "1", "public_key": key}
    answer = await http.post("/api/v1/enrolment/devices", json=body)
    content = await problem(answer, 422, "invalid-input")
    assert CANARY not in content["detail"]
    assert "$.public_key.kty" in content["detail"]


AUTHORIZATIONS = ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer " + "x" * 6000,
                  "bearer\tx", "Bearer é"]  # fmt: skip


@pytest.mark.parametrize("authorization", AUTHORIZATIONS)
async def test_a_wrong_authorization_is_a_401_that_names_the_scheme(
    http: HttpClient, authorization: str
) -> None:
    answer = await http.get("/api/v1/clients", headers={"Authorization": authorization})
    await problem(answer, 401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_an_expired_token_says_so_that_the_caller_can_renew(
    http: HttpClient, signed_in: As, client: Client, clock: Any
) -> None:
    headers = signed_in(client.principal())
    clock.moment = clock.moment.replace(minute=6)
    await problem(await http.get("/api/v1/clients", headers=headers), 401, "token-expired")


async def test_a_mistake_of_ours_is_a_500_without_its_message(
    http: HttpClient, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.configure("info")
    content = await problem(await http.get("/api/v1/faulty"), 500, "internal")
    logged = capsys.readouterr().err
    assert CANARY not in json.dumps(content) + logged
    lines = {line["event"]: line for line in map(json.loads, logged.splitlines())}
    assert lines["unexpected_error"]["kind"] == "ZeroDivisionError"
    assert lines["unexpected_error"]["request_id"] == content["request_id"]


async def test_a_request_is_logged_by_its_template_and_never_by_what_it_said(
    http: HttpClient, signed_in: As, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.configure("info")
    headers = signed_in(client.principal()) | {"User-Agent": CANARY, "Referer": CANARY}
    await http.get(f"/api/v1/clients/{client.id}?q={CANARY}", headers=headers)
    await http.get(f"/api/v1/{CANARY}")
    await http.post(LOGIN, json={"email": f"{CANARY}@example.org", "password": CANARY})
    logged = capsys.readouterr().err
    assert CANARY not in logged
    every = [json.loads(line) for line in logged.splitlines()]
    lines = [line for line in every if line["event"] == "request"]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/api/v1/clients/<uuid:client_id>", 200), ("none", 404), (LOGIN, 401),
    ]  # fmt: skip
    assert lines[0]["tenant"] == str(client.id)


async def test_a_request_id_is_kept_when_it_is_one_and_replaced_when_not(
    http: HttpClient,
) -> None:
    kept = await http.get("/health/live", headers={"X-Request-Id": "trace-0001"})
    assert kept.headers["X-Request-Id"] == "trace-0001"
    for odd in ("a", "x" * 65, "<script>", "a b c d e f"):
        answer = await http.get("/health/live", headers={"X-Request-Id": odd})
        assert answer.headers["X-Request-Id"] != odd


async def test_every_answer_carries_the_security_headers(http: HttpClient) -> None:
    for path in ("/health/live", "/api/v1/nothing", "/openapi.json", "/api/v1/faulty"):
        answer = await http.get(path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


@pytest.mark.parametrize("origin", [EXTENSION, "https://intranet.example"])
async def test_extensions_and_configured_origins_may_read_the_api(
    http: HttpClient, origin: str
) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = await http.options(LOGIN, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert {"Authorization", "DPoP"} <= set(
        answer.headers["Access-Control-Allow-Headers"].split(", ")
    )


ODD_ORIGINS = ["https://evil.example", "null", "chrome-extension://short", EXTENSION + ".evil",
               "https://intranet.example.evil", "http://intranet.example"]  # fmt: skip


@pytest.mark.parametrize("origin", ODD_ORIGINS)
async def test_other_origins_may_not(http: HttpClient, origin: str) -> None:
    answer = await http.options(LOGIN, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Vary"] == "Origin"


async def test_only_the_api_is_opened_to_other_origins(http: HttpClient) -> None:
    answer = await http.get("/health/live", headers={"Origin": EXTENSION})
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_no_answer_ever_allows_cookies_of_other_sites(http: HttpClient) -> None:
    answer = await http.options(LOGIN, headers={"Origin": EXTENSION})
    assert "Access-Control-Allow-Credentials" not in answer.headers


async def test_health_and_metrics_need_no_sign_in(http: HttpClient) -> None:
    ready = await http.get("/health/ready")
    assert (ready.status_code, (await ready.get_json())["database"]) == (200, "up")
    assert (await http.get("/health/live")).status_code == 200
    assert (await http.get("/metrics")).status_code == 200


async def test_metrics_count_by_template_and_hold_no_ids(
    http: HttpClient, signed_in: As, msp: Msp, client: Client
) -> None:
    await http.get(f"/api/v1/clients/{client.id}", headers=signed_in(msp.principal()))
    await http.open("/api/v1/clients", method="BREW", json={})
    text = await (await http.get("/metrics")).get_data(as_text=True)
    row = 'quillgate_requests_total{method="GET",route="/api/v1/clients/<uuid:client_id>",status='
    assert row in text
    assert str(client.id) not in text
    assert "BREW" not in text


async def test_the_description_documents_the_problem_of_every_operation(
    http: HttpClient,
) -> None:
    document = await (await http.get("/openapi.json")).get_json()
    assert "Problem" in document["components"]["schemas"]
    login = document["paths"][LOGIN]["post"]
    assert login["tags"] == ["auth"]
    assert login["security"] == []
    assert "application/problem+json" in login["responses"]["default"]["content"]
    assert document["paths"]["/api/v1/clients"]["get"]["security"] == [{"bearer": []}]
