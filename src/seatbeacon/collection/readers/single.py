"""Reading one object."""

from __future__ import annotations

from seatbeacon.collection.package.files import json_lines
from seatbeacon.collection.readers.reading import Reading, Result


def read_object(reading: Reading) -> Result:
    """Read the dataset's one object. Raises GraphError."""
    request = reading.dataset.request()
    with reading.lanes.lane():
        body = reading.client.get_object(request.path, headers=request.headers)
    reading.file.write_lines(json_lines([body.strip()]), 1)
    reading.tally.add(1)
    return Result(count=1)
