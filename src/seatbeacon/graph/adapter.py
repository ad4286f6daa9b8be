"""The pooled connections: requests' adapter, so set up that nothing in the environment has a say."""

from __future__ import annotations

import base64
import contextlib
import functools
import ssl
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

from .errors import CertificateRejected

if TYPE_CHECKING:
    from pathlib import Path

    import requests

    from .proxy import Proxy


class Adapter(HTTPAdapter):
    """Opens and keeps connections, through `proxy` if there is one, trusting `ca_file` besides the public
    CAs.

    A `requests.Session` is left out on purpose: it is the part that reads HTTP_PROXY, NO_PROXY, .netrc and
    REQUESTS_CA_BUNDLE, keeps cookies, and reads redirects. An adapter does none of it.
    """

    def __init__(self, *, proxy: Proxy | None, ca_file: Path | None, pool_size: int) -> None:
        self._proxy = proxy
        self._tls = _tls_context(ca_file)
        self._proxies = {"http": proxy.url, "https": proxy.url} if proxy else {}
        super().__init__(pool_connections=8, pool_maxsize=pool_size, max_retries=0)
        if proxy:
            self.proxy_manager_for(proxy.url)  # now, so that two threads do not each make one

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:  # noqa: FBT001, FBT002 - requests' signature
        """Direct connections, with our TLS context."""
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._tls, **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Connections through the proxy, with our TLS context for it and for what lies behind it."""
        return super().proxy_manager_for(proxy, ssl_context=self._tls, proxy_ssl_context=self._tls, **options)

    def proxy_headers(self, proxy: str) -> dict[str, str]:  # noqa: ARG002 - requests' signature
        """Who we are to the proxy. UTF-8 (RFC 7617 §2.1), where requests could only say Latin-1."""
        if self._proxy is None or self._proxy.username is None:
            return {}
        password = self._proxy.password.reveal() if self._proxy.password else ""
        token = base64.b64encode(f"{self._proxy.username}:{password}".encode()).decode()
        return {"Proxy-Authorization": f"Basic {token}"}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:  # noqa: ARG002 - theirs
        """Verify TLS always, by our context alone.

        requests would not verify an https proxy that carries an http request, and would read all public CAs
        anew for each connection.
        """
        conn.cert_reqs = "CERT_REQUIRED"

    def transmit(self, prepared: requests.PreparedRequest, timeout: tuple[float, float]) -> requests.Response:
        """Send, and return once the headers are there; the body is read by the caller. No redirects."""
        return self.send(prepared, stream=True, timeout=timeout, verify=True, proxies=self._proxies)


def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Reading the public CAs takes 30 ms: the processes of a fleet do it once, and again for a file that
    changed."""
    changed = None
    if ca_file is not None:
        with contextlib.suppress(OSError):
            changed = ca_file.stat().st_mtime_ns
    return _read_tls_context(ca_file, changed)


@functools.lru_cache(maxsize=8)
def _read_tls_context(ca_file: Path | None, _changed: int | None) -> ssl.SSLContext:
    context = create_urllib3_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    if ca_file is not None:
        try:
            context.load_verify_locations(str(ca_file))
        except (OSError, ssl.SSLError):
            raise CertificateRejected(
                f"The CA file {ca_file} cannot be read as PEM certificates",
                remedy="Give a file that holds one or more certificates in PEM form.",
            ) from None
    return context
