"""One request to Graph, seen through: token, throttle, retries, one renewal after a 401."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

from .answers import claims_challenge, error_of
from .errors import GraphError, Throttled
from .messages import Reply, Request, Stream, describe
from .retry import RetryPolicy, Runtime, persist
from .statistics import RequestRecord, Statistics
from .throttle import Gate, quota_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .secret import Secret
    from .tokens import TokenSource
    from .transport import Transport

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Exchange:
    """What every request of one client shares. Safe to use from many threads."""

    def __init__(
        self,
        *,
        root: str,
        tokens: TokenSource,
        transport: Transport,
        policy: RetryPolicy,
        runtime: Runtime,
        headers: Mapping[str, str],
        on_request: Callable[[RequestRecord], None] | None,
    ) -> None:
        self.root = root
        self.transport = transport
        self.runtime = runtime
        self._tokens = tokens
        self._policy = policy
        self._headers = headers
        self._on_request = on_request
        self._gate = Gate()
        # Known only to sources that say so; it decides between naming a role and naming a permission.
        self.app_only: bool | None = getattr(tokens, "app_only", None)

    def name(self, url: str) -> str:
        """How messages name a GET of `url`."""
        return describe("GET", url, self.root)

    def fetch(
        self,
        url: str,
        read: Callable[[Reply], T],
        *,
        statistics: Statistics,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """GET `url` until `read` makes something of a 200, as `persevere` does."""

        def attempt(bearer: Secret) -> T:
            request = self.request(url, bearer, headers)
            return read(self.successful(request, self.sent(request, statistics)))

        return self.persevere(url, attempt, statistics=statistics)

    def request(self, url: str, bearer: Secret, headers: Mapping[str, str] | None = None) -> Request:
        """A GET of Graph. Only what `persevere` is called for may come here: the token goes where `url`
        says."""
        return Request(
            url=url, headers={**self._headers, **(headers or {})}, bearer=bearer, shown=self.name(url)
        )

    def persevere(self, url: str, attempt: Callable[[Secret], T], *, statistics: Statistics) -> T:
        """What `attempt` returns when called with a token, retried as the policy says.

        Raises what no retry can help, and the last error once the policy's time is used up. A 401 renews the
        token once. A 429 makes all requests of the same quota wait.
        """
        quota = quota_of(url)
        waited_until = 0.0
        renewed = False

        def once() -> T:
            nonlocal renewed
            self._wait_at_gate(quota, waited_until)
            token = self._tokens.token()
            try:
                return attempt(token)
            except _TokenRejected as rejected:
                if renewed:
                    raise rejected.error from None
                claims = rejected.claims
            renewed = True
            self.runtime.check()
            return self._once_more(attempt, self._tokens.renew(token, claims=claims))

        def on_wait(error: GraphError, seconds: float) -> None:
            nonlocal waited_until
            extended = 0.0
            if isinstance(error, Throttled):
                waited_until, extended = self._gate.close(quota, self.runtime.clock(), seconds)
            statistics.add(retries=1, throttled_seconds=extended)
            logger.info("%s Trying again in %.1f s.", error, seconds)

        return persist(once, policy=self._policy, runtime=self.runtime, on_wait=on_wait)

    def sent(self, request: Request, statistics: Statistics) -> Reply:
        """Send, count and record; TransportError where no whole answer comes."""
        started = self.runtime.clock()
        statistics.add(requests=1)
        try:
            reply = self.transport.send(request)
        except GraphError as error:
            self.record(request, started, error=error)
            raise
        statistics.add(wire_bytes=reply.wire_bytes)
        self.record(request, started, answer=reply)
        return reply

    def successful(self, request: Request, reply: Reply) -> Reply:
        """`reply` if it is a 200; raises what it means otherwise."""
        if reply.status == 200:
            return reply
        raise self.error(request, reply.status, reply.headers, reply.body)

    def error(self, request: Request, status: int, headers: Mapping[str, str], body: bytes) -> Exception:
        """What an answer of Graph other than 200 means, for `persevere` to deal with."""
        error = error_of(
            status=status,
            headers=headers,
            body=body,
            url=request.url,
            request=request.name,
            now=self.runtime.now(),
            app_only=self.app_only,
        )
        return _TokenRejected(error, claims_challenge(headers)) if status == 401 else error

    def record(
        self,
        request: Request,
        started: float,
        *,
        answer: Reply | Stream | None = None,
        error: GraphError | None = None,
    ) -> None:
        """Tell whoever listens about one request."""
        if self._on_request is None:
            return
        self._on_request(
            RequestRecord(
                request=request.name,
                status=answer.status if answer else error.status if error else None,
                seconds=self.runtime.clock() - started,
                wire_bytes=answer.wire_bytes if isinstance(answer, Reply) else 0,
                request_id=answer.headers.get("request-id") if answer else None,
                error=type(error).__name__ if error else None,
            )
        )

    def _once_more(self, attempt: Callable[[Secret], T], token: Secret) -> T:
        try:
            return attempt(token)
        except _TokenRejected as rejected:
            error = rejected.error
        raise error

    def _wait_at_gate(self, quota: str, waited_until: float) -> None:
        """Wait while others were told to; `waited_until` is what this request has waited for already."""
        until = self._gate.until(quota)
        while until > waited_until:
            self.runtime.wait(until - self.runtime.clock())
            waited_until, until = until, self._gate.until(quota)
        self.runtime.check()


class _TokenRejected(Exception):  # noqa: N818 - never leaves this module
    """401, on its way to the one place that may renew the token."""

    def __init__(self, error: GraphError, claims: str | None) -> None:
        super().__init__(str(error))
        self.error = error
        self.claims = claims
