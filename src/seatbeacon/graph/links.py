"""Which links may be followed, and with what."""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import urljoin, urlsplit

from .endpoints import is_loopback, origin, shown, split_url
from .errors import ForeignNextLink, RepeatingNextLink


def same_origin(url: str, root: str) -> bool:
    """Whether `url` has scheme, host and port of `root` and lies under its path."""
    ours, theirs = origin(root), origin(url)
    if ours is None or theirs != ours:
        return False
    base = urlsplit(root).path.rstrip("/")
    path = urlsplit(url).path
    # A dot segment may leave the root's path on the other side, whatever it looks like here.
    return not base or (path.startswith(f"{base}/") and "/.." not in path and "%2e" not in path.lower())


def check_next_link(link: str, *, current: str, root: str, request: str) -> str:
    """`link` as an absolute URL that the token may be sent to. ForeignNextLink for any other."""
    url = resolve(current, link)
    if not same_origin(url, root):
        raise ForeignNextLink(
            f"The next link leads to {shown(url)}, away from {root}; it was not followed", request=request
        )
    return url


def resolve(current: str, link: str) -> str:
    """`link` as an absolute URL, seen from `current`; unchanged where it cannot be read."""
    try:
        return urljoin(current, link)
    except ValueError:
        return link


def may_download_from(url: str) -> bool:
    """Whether a report may be fetched there: https anywhere, http on loopback."""
    parts = split_url(url)
    return parts is not None and (parts.scheme == "https" or is_loopback(parts.hostname))


class Trail:
    """The links of one chain of pages so far, as digests: a tenant of millions has thousands of long
    links."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def step(self, url: str, *, request: str) -> None:
        """Remember `url`; RepeatingNextLink if the chain was there before."""
        digest = blake2b(url.encode(), digest_size=16).digest()
        if digest in self._seen:
            raise RepeatingNextLink(
                "The next link leads back to a page that was read before", request=request
            )
        self._seen.add(digest)
