"""Where to cut: from counts and a page of names to disjoint shards of about equal size.

`plan_shards` is a generator. It yields what it wants to know, is sent the answers, and returns the plan, so
that the asking (in parallel, with retries) is somebody else's and this can be tested without a network. The
tree of prefixes it grows makes the shards disjoint and complete by construction, whatever the counts say:
each node's remainder, the root's included, is a shard of its own.
"""

from __future__ import annotations

import heapq
import string
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from seatbeacon.collection.sharding.packing import pack
from seatbeacon.collection.sharding.shard import WHOLE, Shard, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

PAGE = 999
"""Users per page, the most that Graph gives."""
PAGES_OF_ONE_CHAIN = 5
"""Up to here one chain is read: planning would take as long."""
WORTH_SPLITTING = 4
"""Pages beyond its fair share that a part must have before splitting it pays: that takes about as many round
trips."""
MOST_LEVELS = 4
ENOUGH_NAMES = 50
"""With fewer names than this from its sample, a part's own names are asked for."""
MOST_SEEN = 24
LONGEST_LADDER = 24
DOMINANT = 0.9
"""A prefix that holds this share of its parent is gone down at once: all names may begin with `user000`."""
USUAL = string.ascii_lowercase + string.digits
_ALLOWED = frozenset(string.ascii_lowercase + string.digits + string.punctuation)


class Ask(msgspec.Struct, frozen=True):
    """What the plan wants to know next, all of it at once: how many names begin with each of `counts`, and a
    page of names that begin with each of `names`. The empty prefix means everybody."""

    counts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """The answers to an `Ask`, by prefix."""

    counts: Mapping[str, int] = {}
    names: Mapping[str, tuple[str, ...]] = {}


class Plan(msgspec.Struct, frozen=True):
    """How to read `total` users (None: Graph does not say): in `shards`, which are disjoint and leave nobody
    out."""

    total: int | None
    shards: tuple[Shard, ...]

    @property
    def parted(self) -> bool:
        """Whether there is more than one part."""
        return len(self.shards) > 1


@dataclass(slots=True)
class _Node:
    prefix: str
    count: int
    sample: tuple[str, ...] = ()
    children: list[_Node] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    @property
    def remainder(self) -> int:
        return max(0, self.count - sum(child.count for child in self.children))

    def adopt(self, counts: Mapping[str, int]) -> None:
        for prefix, count in counts.items():
            if count > 0:
                names = tuple(name for name in self.sample if name.startswith(prefix))
                self.children.append(_Node(prefix, count, names))


def plan_shards(lanes: int) -> Generator[Ask, Answer, Plan]:
    """Plan for `lanes` chains side by side. Yields `Ask`, is sent `Answer`, returns the `Plan`.

    1. Count everybody and look at a page of names. Few users: one chain, done.
    2. Where nearly all names go on alike, count that ladder of prefixes and go down to the deepest rung that
       still holds nearly all.
    3. Count the next characters that the names show; where too much is left over, the other usual ones too.
    4. Do the same with each part that is too large, level by level.
    """
    first = yield Ask(("",), ("",))
    total = first.counts[""]
    if total <= PAGES_OF_ONE_CHAIN * PAGE or lanes < 2:
        return Plan(total, (WHOLE,))
    fair = max(PAGE, total // lanes)
    limit = fair + WORTH_SPLITTING * PAGE
    root = _Node("", total, _clean(first.names.get("", ()), ""))
    large = [root]
    for _ in range(MOST_LEVELS):
        if not large:
            break
        yield from _look(large)
        targets = yield from _descend(large)
        yield from _branch(targets, _seen)
        yield from _branch([node for node in targets if node.remainder > limit], _unseen)
        children = [child for node in targets for child in node.children if child.count > limit]
        # No more than `lanes` can be that large, unless the counts contradict each other.
        large = heapq.nlargest(lanes, children, key=lambda child: child.count)
    shards = _shards(root, fair, lanes)
    return Plan(total, shards if len(shards) > 1 else (WHOLE,))


def _look(nodes: list[_Node]) -> Generator[Ask, Answer, None]:
    """Fetch names for the nodes that have too few to judge by."""
    unknown = tuple(node.prefix for node in nodes if node.prefix and len(node.sample) < ENOUGH_NAMES)
    if unknown:
        answer = yield Ask(names=unknown)
        for node in nodes:
            if node.prefix in answer.names:
                node.sample = _clean(answer.names[node.prefix], node.prefix)


def _descend(nodes: list[_Node]) -> Generator[Ask, Answer, list[_Node]]:
    """Go down long common beginnings; gives the nodes to branch at."""
    ladders = {node.prefix: _ladder(node) for node in nodes}
    rungs = tuple(dict.fromkeys(rung for ladder in ladders.values() for rung in ladder))
    if not rungs:
        return nodes
    answer = yield Ask(rungs)
    targets = []
    for node in nodes:
        holding = [rung for rung in ladders[node.prefix] if answer.counts[rung] >= DOMINANT * node.count]
        if holding:
            node.adopt({holding[-1]: answer.counts[holding[-1]]})
            targets.append(node.children[-1])
        else:
            targets.append(node)
    return targets


def _branch(nodes: list[_Node], choose: Callable[[_Node], list[str]]) -> Generator[Ask, Answer, None]:
    """Count the next characters of each node, and make those that somebody has its children."""
    wanted = {node.prefix: [node.prefix + each for each in choose(node)] for node in nodes}
    prefixes = tuple(prefix for each in wanted.values() for prefix in each)
    if prefixes:
        answer = yield Ask(prefixes)
        for node in nodes:
            node.asked.update(wanted[node.prefix])
            node.adopt({prefix: answer.counts[prefix] for prefix in wanted[node.prefix]})


def _ladder(node: _Node) -> list[str]:
    """The prefixes longer than the node's that nearly all of its names share, shortest first."""
    rungs: list[str] = []
    prefix, names = node.prefix, node.sample
    while names and len(rungs) < LONGEST_LADDER:
        following = Counter(name[len(prefix)] for name in names if len(name) > len(prefix))
        if not following:
            break
        character, often = following.most_common(1)[0]
        if often < DOMINANT * len(node.sample) or character not in _ALLOWED:
            break
        prefix += character
        names = tuple(name for name in names if name.startswith(prefix))
        rungs.append(prefix)
    return rungs


def _seen(node: _Node) -> list[str]:
    depth = len(node.prefix)
    following = Counter(name[depth] for name in node.sample if len(name) > depth)
    seen = [character for character, _ in following.most_common(MOST_SEEN) if character in _ALLOWED]
    if sum(following[digit] for digit in string.digits) * 2 > following.total():
        # Numbered accounts: a page of them in order shows one digit where all ten go on.
        seen += [digit for digit in string.digits if digit not in seen]
    return seen


def _unseen(node: _Node) -> list[str]:
    return [character for character in USUAL if node.prefix + character not in node.asked]


def _clean(names: tuple[str, ...], prefix: str) -> tuple[str, ...]:
    return tuple(lower for name in names if (lower := name.lower()).startswith(prefix))


def _shards(root: _Node, fair: int, lanes: int) -> tuple[Shard, ...]:
    """Leaves packed into shards, and each branching node's remainder as one."""
    leaves: list[tuple[str, int]] = []
    rest: list[Shard] = []
    open_nodes = [root]
    while open_nodes:
        node = open_nodes.pop()
        own = _worth_a_part(node, fair)
        if not own:
            if node is root:
                return (WHOLE,)
            leaves.append((node.prefix, node.count))
            continue
        left = max(0, node.count - sum(child.count for child in own))
        rest.append(Shard((Term(node.prefix, tuple(sorted(child.prefix for child in own))),), left))
        open_nodes.extend(own)
    return tuple(sorted((*pack(leaves, lanes), *rest), key=lambda shard: -shard.expected))


def _worth_a_part(node: _Node, fair: int) -> list[_Node]:
    """The node's children without the smallest, which stay in its remainder: filters get shorter."""
    left = node.remainder
    own = sorted(node.children, key=lambda child: (child.count, child.prefix))
    while own and not own[0].children and left + own[0].count <= fair // 2:
        left += own.pop(0).count
    return own
