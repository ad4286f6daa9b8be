"""What can go wrong between us and Microsoft.

    GraphError
    ├── InvalidSetting (also a ValueError)   an endpoint, a proxy or a certificate as entered cannot work
    │   ├── InvalidEndpoint
    │   ├── InvalidProxy
    │   └── InvalidCertificate
    ├── TransportError                       no whole answer came
    │   ├── ConnectionFailed                 · can be retried
    │   ├── TimedOut                         · can be retried
    │   ├── BodyBroken                       · can be retried: truncated, reset, or not decodable
    │   ├── ProxyRefused                     the proxy said no (407: who are you? 403: not there)
    │   └── CertificateRejected              TLS: the other side could not prove who it is
    ├── AnswerError                          an answer came, and it is not one of Graph's
    │   ├── NotJson                          · can be retried a few times: HTML, say a proxy's login page
    │   │   └── NotAReport                   · the same for a report
    │   ├── Malformed                        · can be retried a few times: JSON, but not the promised shape
    │   ├── TooLarge                         more than we hold in memory
    │   ├── LinkRefused                      · can be retried a few times: a report's link was refused
    │   ├── ForeignNextLink                  the next page is said to be on another host
    │   └── RepeatingNextLink                the next page is one that was read before
    ├── Throttled                            · can be retried: 429
    ├── ServiceUnavailable                   · can be retried: 500, 502, 503, 504
    ├── Unauthorized                         401 again, with a new token
    ├── PermissionDenied                     403: a permission or a role is missing
    ├── PremiumRequired                      403: the tenant lacks Entra ID P1
    ├── NotFound                             404
    ├── NotSupported                         400, 501: Graph does not take this request
    ├── Refused                              any other 4xx
    ├── PageTokenExpired                     410 and its kin: begin this chain of pages again
    ├── SignInError                          Entra ID gave no token
    └── Cancelled                            somebody asked us to stop; not a fault

`retryable` says whether the same request may succeed later; the retry loop looks at nothing else.
"""

# ruff: noqa: N818 - a class of this tree is named for what happened, and known by that name

from __future__ import annotations

from typing import ClassVar


class GraphError(Exception):
    """One failed request, told for people.

    `str()` is one sentence with the request in front and Graph's code and request-id behind; `remedy` is what
    a person should do. Neither holds a secret: `request` is a method with a path (`describe` in
    `messages.py`).
    """

    default_retryable: ClassVar[bool] = False
    default_remedy: ClassVar[str] = ""
    most_attempts: ClassVar[int | None] = None
    """How often the retry loop tries at most; None: as long as its time lasts."""

    def __init__(
        self,
        message: str,
        *,
        request: str = "",
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        remedy: str | None = None,
        retry_after: float | None = None,
        retryable: bool | None = None,
    ) -> None:
        """Keep the parts. `message` is a clause that begins with a capital letter, without the request."""
        super().__init__(message)
        self.message = message.rstrip(".")
        self.request = request
        self.status = status
        self.code = code
        self.request_id = request_id
        self.remedy = self.default_remedy if remedy is None else remedy
        self.retry_after = retry_after
        """Seconds the other side asked us to wait."""
        self.retryable = self.default_retryable if retryable is None else retryable
        self.given_up = ""

    def give_up(self, reason: str) -> None:
        """Say in the message that no further attempt is made, and why (`after 5 attempts in 600 s`)."""
        self.given_up = reason

    def __str__(self) -> str:
        """The sentence: request, what happened, whether we gave up, and what support will ask for."""
        head = f"{self.request}: {self.message}" if self.request else self.message
        if self.given_up:
            head += f"; gave up {self.given_up}"
        told = [
            f"HTTP {self.status}" if self.status else "",
            self.code or "",
            f"request-id {self.request_id}" if self.request_id else "",
        ]
        details = ", ".join(part for part in told if part)
        return f"{head} ({details})." if details else f"{head}."


class InvalidSetting(GraphError, ValueError):
    """A value of the connection cannot work, whatever the other side says."""


class InvalidEndpoint(InvalidSetting):
    """An endpoint is not https (nor http on loopback)."""

    default_remedy = "Enter an address like https://login.microsoftonline.com/common/oauth2/v2.0/token."


class InvalidProxy(InvalidSetting):
    """A proxy is not given as one of the three forms."""

    default_remedy = "Enter http://proxy.example.com:8080, https://proxy.example.com:8443 or 10.0.0.5:8080."


class InvalidCertificate(InvalidSetting):
    """A client certificate or its key cannot be used."""

    default_remedy = (
        "Give a PFX file, or a PEM file that holds the certificate and its RSA key, with its passphrase."
    )


class TransportError(GraphError):
    """No whole answer came back."""


class ConnectionFailed(TransportError):
    """The connection could not be opened, or broke before an answer began."""

    default_retryable = True
    default_remedy = "Check that this machine reaches the host, by itself or by the connection's proxy."


class TimedOut(TransportError):
    """The other side took longer than we wait."""

    default_retryable = True
    default_remedy = "Check the network between this machine and Microsoft; try again later."


class BodyBroken(TransportError):
    """The answer broke off, or could not be decompressed."""

    default_retryable = True
    default_remedy = "Try again; if it keeps breaking at the same size, look at the proxy in between."


class ProxyRefused(TransportError):
    """The proxy did not let the request through."""

    default_remedy = "Check the proxy's user and password in the connection, and that it allows this host."


class CertificateRejected(TransportError):
    """The other side's TLS certificate is not trusted."""

    default_remedy = (
        "If a proxy inspects TLS here, give its root certificate as the CA file; otherwise check the host "
        "name and this machine's clock."
    )


class AnswerError(GraphError):
    """An answer came that is not what Graph sends."""


class NotJson(AnswerError):
    """Something else than JSON came."""

    default_retryable = True
    most_attempts = 4
    default_remedy = (
        "Something between this machine and Microsoft answered, most often a proxy's login page: let the "
        "beacon's machine through, or enter the proxy's user and password in the connection."
    )


class NotAReport(NotJson):
    """A report's download is a web page instead of CSV."""


class Malformed(AnswerError):
    """JSON came that does not have the promised shape."""

    default_retryable = True
    most_attempts = 4
    default_remedy = "Check that the Graph root of the connection is Microsoft Graph."


class TooLarge(AnswerError):
    """The answer is larger than what is kept in memory."""

    default_remedy = "Check that the endpoint is Microsoft's; a page of Graph has a few megabytes at most."


class LinkRefused(AnswerError):
    """The pre-authenticated link of a report was refused; a new one is asked for."""

    default_retryable = True
    most_attempts = 3
    default_remedy = "Try again; if it persists, check that the proxy lets the download host through."


class ForeignNextLink(AnswerError):
    """The next link leads to another host than the Graph root. It was not followed."""

    default_remedy = "Check that the Graph root of the connection is right; the token is sent nowhere else."


class RepeatingNextLink(AnswerError):
    """The next link leads to a page that was read before: following it would never end."""

    default_remedy = "Try again later; if it persists, report it to Microsoft with the request-id."


class Throttled(GraphError):
    """429: Graph asks for fewer requests."""

    default_retryable = True
    default_remedy = "Try again later; other programs may be using up this tenant's share of Graph."


class ServiceUnavailable(GraphError):
    """A 5xx that may pass."""

    default_retryable = True
    default_remedy = "Try again later; see the service health page of the Microsoft 365 admin center."


class Unauthorized(GraphError):
    """Graph refused the token, and the one after it too."""

    default_remedy = "Sign in again (Generate… beside the refresh token), or check the app's secret."


class PermissionDenied(GraphError):
    """403. `permission` and `role` name what is missing, where that is known."""

    permission: str | None = None
    role: str | None = None


class PremiumRequired(GraphError):
    """The tenant has no Entra ID P1 or P2, which this request needs."""

    default_remedy = (
        "This needs Microsoft Entra ID P1 or P2 in the tenant; everything else is read without it."
    )


class NotFound(GraphError):
    """404: there is nothing at this path."""

    default_remedy = "Check the Graph root of the connection; in a national cloud this may not exist."


class NotSupported(GraphError):
    """400 or 501: Graph does not take this request, here or at all."""

    default_remedy = "This tenant or cloud may not offer it; the rest is read without it."


class Refused(GraphError):
    """Another refusal (4xx)."""

    default_remedy = "Look the code up in Microsoft Graph's documentation; support needs the request-id."


class PageTokenExpired(GraphError):
    """The next link is no longer good: begin this chain of pages again."""

    default_remedy = "Run the import again; the listing is then read from its beginning."


class SignInError(GraphError):
    """Entra ID gave no token.

    `aadsts` is the number of `AADSTS…`, `error` OAuth's word, `kind` what sort of trouble it is
    (`oauth/aadsts.toml`), `what_happened` a sentence for people.
    """

    aadsts: int | None = None
    error: str = ""
    kind: str = "unknown"
    what_happened: str = ""


class Cancelled(GraphError):
    """Somebody asked to stop."""

    default_remedy = "Start again when you like; what was read whole is kept."
