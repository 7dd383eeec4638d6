"""What every answer carries so that a browser does nothing we did not mean, and the sizes that are refused."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

LONGEST_ADDRESS = 8 * 1024
LARGEST_BODY = 10 * 1024 * 1024

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Set unless the answer says otherwise itself.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization",
}


def is_address_too_long(scope: Scope) -> bool:
    """Whether path and query string together are over the limit."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    return len(path) + len(scope["query_string"]) > LONGEST_ADDRESS


def declared_size(scope: Scope) -> int:
    """The size of the body as its header states it; 0 where it states none that can be read."""
    stated = dict(scope["headers"]).get(b"content-length", b"0")
    return int(stated) if stated.isdigit() else 0
