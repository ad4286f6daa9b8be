from __future__ import annotations

import pytest

from seatbeacon.web.middleware.proxies import forwarded_address


@pytest.mark.parametrize(
    ("header", "proxies", "address"),
    [
        ("203.0.113.9", 0, None),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", 1, "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9, 198.51.100.2", 2, "203.0.113.9"),
        ("203.0.113.9", 2, None),
        ("2001:DB8::1", 1, "2001:db8::1"),
        ("<script>", 1, None),
        ("", 1, None),
    ],
)
def test_a_forwarded_address_counts_from_the_trusted_end(
    header: str, proxies: int, address: str | None
) -> None:
    assert forwarded_address(header, proxies) == address
