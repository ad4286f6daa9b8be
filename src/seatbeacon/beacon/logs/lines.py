"""Log lines on standard error: text, or one JSON object a line, each with the run and connection it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seatbeacon.beacon.settings import Settings


def logging_settings(settings: Settings) -> dict[str, Any]:
    """What `logging.config.dictConfig` takes. Modules log by `logging`; structlog writes the lines."""
    level = settings.log_level.upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": line_formatter, "json": settings.log_format == "json"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": level},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "loggers": {
            "django": {"handlers": ["stderr"], "level": "ERROR"},
            # The logs of runs hear what standard error may not.
            "seatbeacon": {"handlers": ["stderr"], "level": "DEBUG" if level == "DEBUG" else "INFO"},
            # Whoever scans the network with made-up host names does not fill the log.
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        },
    }


def line_formatter(*, json: bool) -> Any:
    """A formatter for any record: time (UTC), level, event, what `extra` gave, and `run` and `connection`."""
    import structlog  # noqa: PLC0415 - keeps start-up light

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        else [
            # Its default shows the local variables of each frame, secrets among them.
            structlog.dev.ConsoleRenderer(
                colors=False, pad_event_to=0, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
