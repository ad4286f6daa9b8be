"""Several faults at once, anywhere: the run is whole, or it says what is missing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.faults.kinds import SORTS

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject
    from tests.faults.probe import Probe

settings.register_profile("here", deadline=None, print_blob=True, database=None, max_examples=100)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

MOST = 5


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_faults_anywhere_leave_a_run_that_is_whole_or_says_what_is_not(
    probe: Probe, data: DataObject
) -> None:
    chosen = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(probe.places).flatmap(
                    lambda place: st.tuples(
                        st.just(place), st.sampled_from([sort for sort in SORTS if sort.fits(place)])
                    )
                ),
                st.sampled_from([1, 1, 2, 3, 1_000_000_000]),
            ),
            min_size=1,
            max_size=MOST,
        ),
        label="faults",
    )
    faults = [place.fault(sort.kind, times=times, **sort.options) for (place, sort), times in chosen]
    probe.run(faults, {name for (place, _), _ in chosen for name in place.datasets})
