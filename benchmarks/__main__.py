"""`python -m benchmarks [NAME …]`: run the benchmarks by name, or all of them.

Each prints what it measured and the ratio that matters; figures in the README come from here.
"""

from __future__ import annotations

import sys

from benchmarks import (
    details,
    import_queue,
    large_tenant,
    latency,
    listings,
    pages,
    paint,
    recommendations,
    sessions,
    start_up,
)

BENCHMARKS = {
    "latency": latency.run,
    "large-tenant": large_tenant.run,
    "start-up": start_up.run,
    "listings": listings.run,
    "pages": pages.run,
    "details": details.run,
    "sessions": sessions.run,
    "paint": paint.run,
    "recommendations": recommendations.run,
    "queue": import_queue.run,
}


def main() -> int:
    """Exit status: 0, or 2 for a name that is no benchmark."""
    names = sys.argv[1:] or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.", file=sys.stderr)
        return 2
    for name in names:
        print(f"== {name}", flush=True)
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main())
