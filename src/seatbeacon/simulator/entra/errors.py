"""Sign-in errors in the shape Entra sends them (`facts/graph.md` §4.9, `samples/oauth`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from seatbeacon.simulator.reply import Reply, json_reply

JSON = "application/json; charset=utf-8"

TEXTS: dict[int, tuple[str, str]] = {
    50011: (
        "invalid_request",
        (
            "The redirect URI '{0}' specified in the request does not match the redirect URIs "
            "configured for the application '{1}'."
        ),
    ),
    50012: (
        "invalid_client",
        (
            "Authentication failed: the client assertion is not within its valid time range, or its "
            "audience is wrong."
        ),
    ),
    50053: (
        "invalid_grant",
        (
            "The account is locked, you've tried to sign in too many times with an incorrect user ID "
            "or password."
        ),
    ),
    50057: ("invalid_grant", "The user account is disabled."),
    50058: ("login_required", "A silent sign-in request was sent but no user is signed in."),
    50076: (
        "interaction_required",
        "Due to a configuration change made by your administrator, you must use multi-factor authentication.",
    ),
    50079: ("interaction_required", "You must enroll in multi-factor authentication."),
    50105: (
        "invalid_grant",
        (
            "Your administrator has configured the application to block users unless they are "
            "specifically granted access."
        ),
    ),
    50126: ("invalid_grant", "Error validating credentials due to invalid username or password."),
    50173: (
        "invalid_grant",
        "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
    ),
    50194: (
        "unauthorized_client",
        (
            "Application '{0}' is not configured as a multi-tenant application. Usage of the /common "
            "endpoint is not supported."
        ),
    ),
    53003: ("interaction_required", "Access has been blocked by Conditional Access policies."),
    54005: (
        "invalid_grant",
        (
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use "
            "an existing refresh token."
        ),
    ),
    65001: (
        "invalid_grant",
        (
            "The user or administrator has not consented to use the application with ID '{0}'. Send an "
            "interactive authorization request."
        ),
    ),
    65004: ("access_denied", "User declined to consent to access the app."),
    70000: ("invalid_grant", "The provided grant is invalid or malformed."),
    70002: ("invalid_client", "Error validating credentials."),
    70003: ("unsupported_grant_type", "The app requested an unsupported grant type '{0}'."),
    700005: (
        "invalid_grant",
        "The provided Authorization Code is intended to use against other tenant, thus rejected.",
    ),
    70008: (
        "invalid_grant",
        "The provided authorization code or refresh token has expired due to inactivity.",
    ),
    700016: (
        "unauthorized_client",
        "Application with identifier '{0}' was not found in the directory 'Contoso'.",
    ),
    700025: (
        "invalid_client",
        "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
    ),
    700027: (
        "invalid_client",
        (
            "The certificate with identifier used to sign the client assertion is not registered on "
            "application, or its signature is wrong."
        ),
    ),
    700082: (
        "invalid_grant",
        "The refresh token has expired due to inactivity. The token was inactive for 90.00:00:00.",
    ),
    7000215: (
        "invalid_client",
        (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client "
            "secret value, not the client secret ID."
        ),
    ),
    7000218: (
        "invalid_client",
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
    7000222: ("invalid_client", "The provided client secret keys for app '{0}' are expired."),
    70011: (
        "invalid_scope",
        "The provided value for the input parameter 'scope' isn't valid. The scope {0} isn't valid.",
    ),
    70016: (
        "authorization_pending",
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    ),
    70018: (
        "bad_verification_code",
        "Invalid verification code due to User typing in wrong user code for device code flow.",
    ),
    70019: ("expired_token", "Verification code expired."),
    900144: ("invalid_request", "The request body must contain the following parameter: '{0}'."),
    90002: (
        "invalid_request",
        (
            "Tenant '{0}' not found. Check to make sure you have the correct tenant ID and are signing "
            "into the correct cloud."
        ),
    ),
    90014: ("invalid_request", "The required field '{0}' is missing from the credential."),
    90033: ("temporarily_unavailable", "A transient error has occurred. Please try again."),
    90094: ("access_denied", "Admin consent is required for the permissions requested by this application."),
    501481: (
        "invalid_grant",
        "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
    ),
    501491: ("invalid_request", "Invalid size or method of the Code_Challenge parameter."),
    700054: ("unsupported_response_type", "response_type is not enabled for the application."),
    900561: ("invalid_request", "The endpoint only accepts POST requests."),
    9001023: (
        "invalid_request",
        (
            "The grant type is not supported over the /common or /consumers endpoints. Please use the "
            "/organizations or tenant-specific endpoint."
        ),
    ),
}
"""AADSTS code → (`error`, what the description says)."""


class SignInError(Exception):
    """A sign-in that Entra refuses, by its AADSTS code."""

    def __init__(self, code: int, *details: str, error: str | None = None) -> None:
        known, text = TEXTS.get(code, ("invalid_grant", "The sign-in was refused."))
        self.code, self.error = code, error or known
        self.text = text.format(*details)
        super().__init__(f"AADSTS{code}: {self.text}")

    @property
    def description(self) -> str:
        """The line that a redirect or a page shows."""
        return f"AADSTS{self.code}: {self.text}"

    def reply(self) -> Reply:
        """The answer of the token endpoint."""
        trace, correlation, now = str(uuid4()), str(uuid4()), f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
        body: dict[str, Any] = {
            "error": self.error,
            "error_description": (
                f"{self.description}\r\nTrace ID: {trace}\r\nCorrelation ID: "
                f"{correlation}\r\nTimestamp: {now}"
            ),
            "error_codes": [self.code],
            "timestamp": now,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.code}",
        }
        if self.code == 65001:
            body["suberror"] = "consent_required"
        status = 401 if self.error == "invalid_client" else 400
        return json_reply(
            body, 503 if self.code == 90033 else status, JSON, Cache_Control="no-store, no-cache"
        )
