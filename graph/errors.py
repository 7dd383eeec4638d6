"""Every error of the product. No HTTP word here: `api/errors.py` turns classes into answers.

CogsError
├── InputError            a value, a file or a row is wrong
├── NotFound              nothing visible has that id or name
│   └── Merged            it was merged: the surviving id is known
├── Forgotten             it was erased on request, for good
├── Conflict              several fit, or the change contradicts what is there
├── LimitExceeded         more than the stated limits allow
│   └── TimeLimit         the answer took longer than allowed and was stopped
├── Stopped               somebody no longer wants the answer
├── StoreError            the store could not do it
│   ├── StoreUnavailable  it cannot be reached, or is busy: try again
│   ├── OutcomeUnknown    the connection broke at the commit: safe to repeat
│   └── StoreFull         no room left on the disk
└── Forbidden             the caller may not do that
"""

from __future__ import annotations

from typing import Any


class CogsError(Exception):
    """Something went wrong, said in one sentence, with a second one that says how to mend it."""

    def __init__(self, message: str, *, fix: str = "", **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.fix}".strip()


class InputError(CogsError):
    """A value, a file or a row is wrong; `details` may hold `parameter`, `file`, `line`, `column`."""


class NotFound(CogsError):
    """Nothing that the caller may see has that id or name; `details` may hold `nearest`."""


class Merged(NotFound):
    """The node was merged into another; `details["into"]` is the surviving id."""


class Forgotten(CogsError):
    """The node was erased on request and cannot come back."""


class Conflict(CogsError):
    """Several nodes fit (`details["candidates"]`), or the change contradicts what is there."""


class LimitExceeded(CogsError):
    """More was asked for than the stated limits allow."""


class TimeLimit(LimitExceeded):
    """The answer took longer than allowed, and the work was stopped."""


class Stopped(CogsError):
    """The work was stopped because whoever asked for it no longer wants it."""


class StoreError(CogsError):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """The store cannot be reached or is busy; the same request may succeed later."""


class OutcomeUnknown(StoreError):
    """The connection broke while a change was being committed; repeating it is safe."""


class StoreFull(StoreError):
    """There is no room left where the store writes; what was there before is untouched."""


class Forbidden(CogsError):
    """The caller may not do that."""
