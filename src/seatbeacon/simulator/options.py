"""What a simulated tenant is asked to be."""

from __future__ import annotations

from dataclasses import dataclass

APP_PERMISSIONS = ("Directory.Read.All", "Reports.Read.All")


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantOptions:
    """Size, seed, day and plan of a tenant; the same options give the same tenant, byte for byte."""

    users: int = 2000
    """Users on day 0."""
    seed: int = 1
    day: int = 0
    """Days gone by since the fixed first day (2026-09-01)."""
    concealed: bool = False
    """Whether usage reports show hashes instead of names."""
    page_size_cap: int | None = None
    """The most objects any page holds; a larger `$top` is answered with fewer."""
    premium: bool = True
    """Entra ID P1: without it `signInActivity` is refused."""
    copilot: bool = True
    """Whether the tenant bought Microsoft 365 Copilot."""
    empty_reports: frozenset[str] = frozenset()
    """Reports, by function name or `*` for all, that hold a header and no row."""
    access_token_seconds: int = 4000
    refresh_token_days: int = 90
    page_token_seconds: int = 3600
    download_seconds: int = 300
    """How long a report's pre-authenticated address works."""
    app_permissions: tuple[str, ...] = APP_PERMISSIONS
    """What the tenant's own app registration may do without a user."""
    restricted_directory: bool = False
    """A hardened tenant: accounts without an administrator role may not list the directory."""

    def __post_init__(self) -> None:
        """Refuse sizes and days that make no tenant (ValueError)."""
        if not 1 <= self.users <= 2_000_000:
            raise ValueError(f"a simulated tenant has 1 to 2,000,000 users, not {self.users}")
        if self.day < 0:
            raise ValueError(f"day counts from 0, so it cannot be {self.day}")
        if self.page_size_cap is not None and self.page_size_cap < 1:
            raise ValueError(f"a page holds at least 1 object, so its cap cannot be {self.page_size_cap}")
