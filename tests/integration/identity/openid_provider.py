"""An OpenID provider made of Authlib's server part, for tests: started as a program of its own.

`POST /_next` says who signs in next, and how keys turn; everything else is the library's.
"""

import os
import sys
from typing import Any, Final

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # plain HTTP on this machine

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode, UserInfo
from flask import Flask, Response, jsonify, request
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID: Final = "quillgate"
SECRET: Final = "made-up: secret/+&="
AUTH: Final = "client_secret_basic"
_next: dict[str, Any] = {}
_codes: dict[str, Any] = {}
_keys: list[RSAKey] = []


def turn_keys() -> None:
    """Sign with a new key from now on, and publish that alone."""
    _keys[:] = [RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)]


class Client(ClientMixin):
    """The one client there is."""

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri.endswith("/console/sign-in/callback")

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == AUTH

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(AuthorizationCodeMixin):
    """A code that was handed out, with what the library checks when it comes back."""

    def __init__(self, code: str, payload: Any) -> None:
        self.code = code
        self.redirect_uri, self.scope = payload.redirect_uri, payload.scope
        self.nonce = payload.data.get("nonce")
        self.code_challenge = payload.data.get("code_challenge")
        self.code_challenge_method = payload.data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> list[str] | None:
        return _next.get("amr")


class CodeGrant(grants.AuthorizationCodeGrant):
    """Codes, kept in memory."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTH,)

    def save_authorization_code(self, code: str, asked: Any) -> None:
        _codes[code] = Code(code, asked.payload)

    def query_authorization_code(self, code: str, _client: Client) -> Code | None:
        return _codes.get(code)

    def delete_authorization_code(self, code: Code) -> None:
        _codes.pop(code.code)

    def authenticate_user(self, _code: Code) -> dict[str, Any]:
        return _next


class IdToken(OpenIDCode):
    """ID tokens, signed with the present key."""

    def exists_nonce(self, nonce: str, _asked: Any) -> bool:
        return any(code.nonce == nonce for code in _codes.values())

    def resolve_client_private_key(self, _client: Client) -> RSAKey:
        return _keys[0]

    def get_client_algorithm(self, _client: Client) -> str:
        return "RS256"

    def get_encode_header(self, _client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": _keys[0].kid or ""}

    def get_client_claims(self, _client: Client) -> dict[str, Any]:
        return {"iss": ISSUER, "aud": [CLIENT_ID]}

    def generate_user_info(self, user: dict[str, Any], _scope: str) -> UserInfo:
        return UserInfo({k: v for k, v in user.items() if k in {"sub", "email", "email_verified"}})


app = Flask("openid_provider")
app.secret_key = "made-up"
server = AuthorizationServer(app, lambda _id: Client(), lambda _token, _asked: None)
server.register_grant(CodeGrant, [CodeChallenge(required=True), IdToken(require_nonce=True)])
ISSUER = f"http://127.0.0.1:{sys.argv[1]}" if len(sys.argv) > 1 else ""


@app.get("/.well-known/openid-configuration")
def configuration() -> Response:
    return jsonify(
        issuer=ISSUER, authorization_endpoint=f"{ISSUER}/authorize", jwks_uri=f"{ISSUER}/keys",
        token_endpoint=f"{ISSUER}/token", token_endpoint_auth_methods_supported=[AUTH],
    )  # fmt: skip


@app.get("/keys")
def keys() -> Response:
    return jsonify(KeySet(list(_keys)).as_dict(private=False))


@app.get("/authorize")
def authorize() -> Any:
    grant = server.get_consent_grant(end_user=_next)
    return server.create_authorization_response(grant_user=_next, grant=grant)


@app.post("/token")
def token() -> Any:
    return server.create_token_response()


@app.post("/_next")
def who_comes_next() -> Response:
    _next.clear()
    _next.update(request.get_json())
    if _next.pop("turn_keys", False):
        turn_keys()
    return jsonify({})


if __name__ == "__main__":
    turn_keys()
    app.run("127.0.0.1", int(sys.argv[1]))
