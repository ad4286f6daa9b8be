"""The API put together, and its routes. Importing it takes a while, which only `serve` has."""

from __future__ import annotations

from django.urls import URLPattern, path

from seatbeacon import __version__
from seatbeacon.api import connections, listings, me, rules, runs, schedules, tenants
from seatbeacon.api.documentation import documentation
from seatbeacon.api.problems import answer_errors
from seatbeacon.api.schema import Api, operations, scope_of
from seatbeacon.web.access import by_token

DESCRIPTION = """What Seatbeacon knows and does, for programs.

Every request carries a token: `Authorization: Bearer sbt_…`. Make one in your profile. A token has a scope
(read, operate or administer) and never does more than its person's role allows. Sessions of the pages do not
count.

Errors are `application/problem+json` (RFC 9457); `remedy` says what to do. Times are UTC. What is not known
is null, never zero or false."""

api = Api(
    title="Seatbeacon",
    version=__version__,
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace="api-v1",
)
answer_errors(api)
for _part in (listings, rules, tenants, connections, schedules, runs, me):
    api.add_router("", _part.router)

openapi, page = documentation(api)


def _routes() -> list[URLPattern]:
    """ninja's routes, each marked as open to tokens alone; every operation states its scope."""
    for operation in operations(api):
        scope_of(operation)
    made = [each for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"]
    for each in made:
        # ninja names a route after its function; pages are called `schedule` and `connection` too.
        each.name = None
        if each.callback is not None:
            each.callback = by_token(each.callback)
    return made


urlpatterns = [
    path("openapi.json", openapi, name="api-openapi"),
    path("docs/", page, name="api-docs"),
    *_routes(),
]
