"""The log of the service: one JSON object a line, and nothing in it that a person could ask to have forgotten.

A request is logged by its route (`/v1/nodes/{id}`), never by its address, which may hold names; an unexpected
error by its class and the places in our code, never by its text.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.types import Scope

LOGGER = logging.getLogger("cogs.http")
OF_CALLER = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class JsonLines(logging.Formatter):
    """A record as one line of JSON, with the fields given as `extra={"fields": {…}}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        return json.dumps(line | getattr(record, "fields", {}), ensure_ascii=False)


def log_config(level: str) -> dict[str, Any]:
    """The configuration of logging for a process that serves; uvicorn takes it as `log_config`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {
            name: {"handlers": ["stderr"], "level": level.upper(), "propagate": False} for name in ("cogs", "uvicorn")
        },
    }


def request_id(scope: Scope) -> str:
    """The id that the caller gave in X-Request-ID, where it is a plain word, or a new one."""
    given = dict(scope["headers"]).get(b"x-request-id", b"")
    return given.decode() if OF_CALLER.fullmatch(given) else uuid.uuid4().hex


def log_request(fields: dict[str, Any]) -> None:
    """Log a request that was answered."""
    level = logging.ERROR if fields["status"] >= 500 else logging.INFO
    LOGGER.log(level, "%s %s", fields["method"], fields["route"], extra={"fields": fields})


def log_failure(wrong: BaseException, id: str) -> None:
    """Log an error that nobody expected."""
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(wrong.__traceback__)]
    fields = {"request_id": id, "error": type(wrong).__name__, "places": places}
    LOGGER.error("An unexpected error", extra={"fields": fields})
