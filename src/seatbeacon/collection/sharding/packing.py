"""Packing prefixes into shards of about equal size."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from seatbeacon.collection.sharding.shard import MOST_TERMS, Shard, Term

if TYPE_CHECKING:
    from collections.abc import Sequence


def pack(leaves: Sequence[tuple[str, int]], bins: int) -> list[Shard]:
    """Distribute `leaves` (prefix, count) over `bins` shards, largest first, each into the emptiest.

    A shard holds at most `MOST_TERMS` prefixes; there are more than `bins` shards where they do not fit.
    """
    bins = max(1, bins, -(-len(leaves) // MOST_TERMS))
    heap: list[tuple[int, int, list[str]]] = [(0, number, []) for number in range(bins)]
    full: list[tuple[int, int, list[str]]] = []
    for prefix, count in sorted(leaves, key=lambda leaf: (-leaf[1], leaf[0])):
        load, number, prefixes = heapq.heappop(heap)
        prefixes.append(prefix)
        lighter = (load + count, number, prefixes)
        if len(prefixes) < MOST_TERMS:
            heapq.heappush(heap, lighter)
        else:
            full.append(lighter)
    return [
        Shard(tuple(Term(prefix) for prefix in sorted(prefixes)), load)
        for load, _, prefixes in (*heap, *full)
        if prefixes
    ]
