"""Files with which somebody acts on recommendations: PowerShell, and requests to Microsoft Graph.

They are text, to be read and run by a person elsewhere: nothing here changes a tenant. Names come from a
directory that many may write to, so that no name may end what it is quoted in.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from seatbeacon.inventory.neutral import neutral_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b"
"""What PowerShell takes for a single quote: `IsSingleQuote` of its tokenizer (about_Quoting_Rules)."""

_BEGIN = """\
#Requires -Version 5.1
#Requires -Modules Microsoft.Graph.Authentication, Microsoft.Graph.Users.Actions
[CmdletBinding(SupportsShouldProcess = $true)]
param([switch] $Apply)

$ErrorActionPreference = 'Stop'
if (-not $Apply) {{ $WhatIfPreference = $true }}
$tenant = {tenant}
$context = Get-MgContext
if ($null -eq $context -or $context.TenantId -ne $tenant) {{
    throw ('Sign in first: Connect-MgGraph -TenantId ' + $tenant + ' -Scopes LicenseAssignment.ReadWrite.All')
}}

$changes = @("""
_END = """\
)

$failed = 0
foreach ($change in $changes) {
    if (-not $PSCmdlet.ShouldProcess($change.Who, $change.What)) { continue }
    try {
        $add = @($change.Add | ForEach-Object { @{ SkuId = $_ } })
        Set-MgUserLicense -UserId $change.User -RemoveLicenses $change.Remove -AddLicenses $add | Out-Null
    } catch {
        $failed += 1
        Write-Warning ($change.Who + ': ' + $_.Exception.Message)
    }
}
if ($failed -gt 0) {
    throw ([string]$failed + ' of ' + [string]$changes.Count + ' changes failed; see the warnings.')
}"""


@dataclass(frozen=True)
class Change:
    """What is to be done to one user's licenses, in one request: sku ids to remove and to add. `why` are the
    rules that say so."""

    user_id: str
    user: str
    remove: tuple[str, ...]
    add: tuple[str, ...]
    products: str
    why: str


@dataclass(frozen=True)
class Plan:
    """Changes, and what is not in them: sentences that a person must know, such as licenses that come by a
    group. `tenant_id` is checked before anything is done."""

    tenant_id: str
    tenant: str
    made: str
    changes: tuple[Change, ...]
    told: tuple[str, ...]


def quoted(text: str) -> str:
    """The text as a PowerShell string that says just this, in one line: every character that PowerShell takes
    for a single quote is written twice, and nothing else means anything within single quotes."""
    line = neutral_line(text)
    return "'" + "".join(each * 2 if each in SINGLE_QUOTES else each for each in line) + "'"


def powershell(plan: Plan) -> str:
    """The PowerShell file. It shows what it would do, unless it is run with -Apply. To be written in UTF-8
    with a byte order mark, which Windows PowerShell needs to read names."""
    head = (
        f"License changes for {plan.tenant}, made by Seatbeacon {plan.made}.",
        "Read it before you run it. As it is, it shows what it would do; with -Apply it does it.",
        "It needs Microsoft.Graph.Users.Actions and the permission LicenseAssignment.ReadWrite.All.",
        *plan.told,
    )
    lines = [f"# {neutral_line(line)}" for line in head]
    lines += _BEGIN.format(tenant=quoted(plan.tenant_id)).splitlines()
    lines += [_row(change) for change in plan.changes]
    lines += _END.splitlines()
    return "\r\n".join(lines) + "\r\n"


def graph_requests(plan: Plan) -> Iterator[bytes]:
    """A request to Microsoft Graph in each line, as JSON: method, url and body as
    `POST /users/{id}/assignLicense` takes them, and for people whom and what it is about."""
    for change in plan.changes:
        request: dict[str, Any] = {
            "method": "POST",
            "url": f"/users/{quote(change.user_id, safe='')}/assignLicense",
            "body": {
                "addLicenses": [{"skuId": sku, "disabledPlans": []} for sku in change.add],
                "removeLicenses": list(change.remove),
            },
            "about": neutral_line(f"{change.user}: {change.products} ({change.why})"),
        }
        yield json.dumps(request, ensure_ascii=True).encode() + b"\n"


def _row(change: Change) -> str:
    parts = (
        f"User = {quoted(change.user_id)}",
        f"Who = {quoted(change.user)}",
        f"What = {quoted(f'{change.products} ({change.why})')}",
        f"Remove = {_array(change.remove)}",
        f"Add = {_array(change.add)}",
    )
    return f"    [pscustomobject]@{{ {'; '.join(parts)} }}"


def _array(values: Sequence[str]) -> str:
    return f"@({', '.join(map(quoted, values))})"
