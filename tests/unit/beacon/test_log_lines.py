from __future__ import annotations

import logging

import pytest

from seatbeacon.beacon.logs.lines import line_formatter


@pytest.mark.parametrize("json", [False, True])
def test_a_traceback_in_the_log_shows_no_local_variables(json: bool) -> None:
    word = "secret"

    def fail(secret: str) -> None:
        assert secret
        raise ValueError("it failed")

    try:
        fail(f"quite-{word}")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("seatbeacon", logging.ERROR, __file__, 1, "Fault", None, info)
    line = line_formatter(json=json).format(record)
    assert "it failed" in line
    assert "quite-secret" not in line
