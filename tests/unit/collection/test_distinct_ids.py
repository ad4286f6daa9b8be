from __future__ import annotations

import tracemalloc
import uuid
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatbeacon.collection.distinct import DistinctIds

if TYPE_CHECKING:
    from pathlib import Path

ids = st.one_of(
    st.uuids().map(str), st.uuids().map(lambda each: str(each).upper()), st.text(min_size=1, max_size=40)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(st.lists(ids, max_size=20), max_size=10))
def test_it_counts_what_a_set_would(pages: list[list[str]], tmp_path: Path) -> None:
    with DistinctIds(tmp_path) as counter:
        for page in [*pages, *pages[:1]]:
            counter.add(page)
        expected = {_key(each) for page in pages for each in page}
        assert counter.count() == len(expected)


def _key(text: str) -> str:
    try:
        return str(uuid.UUID(text)) if len(text) == 36 else text
    except ValueError:
        return text


def test_it_counts_across_the_disk_and_leaves_nothing_behind(tmp_path: Path) -> None:
    everyone = [
        str(uuid.UUID(int=number * 0x1234567890ABCDEF1234567 % (1 << 128))) for number in range(60_000)
    ]
    with DistinctIds(tmp_path) as counter:
        for start in range(0, len(everyone), 999):
            counter.add(everyone[start : start + 999])
        counter.add(everyone[:5000])
        assert counter.count() == 60_000
        assert counter.count() == 60_000
        counter.restart()
        assert counter.count() == 0
        counter.add(everyone[:10])
        assert counter.count() == 10
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_its_memory_does_not_grow_with_the_ids(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        try:
            with DistinctIds(tmp_path) as counter:
                for start in range(0, number, 1000):
                    counter.add(
                        [
                            str(uuid.uuid5(uuid.NAMESPACE_DNS, str(each)))
                            for each in range(start, start + 1000)
                        ]
                    )
                assert counter.count() == number
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(90_000) < peak(45_000) + 1_000_000
