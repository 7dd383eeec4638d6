"""Numbers about the requests so far, in the text format that Prometheus reads."""

from __future__ import annotations

import threading
from collections import defaultdict

MEDIA_TYPE = "text/plain; version=0.0.4"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds


class Metrics:
    """Counts of requests by route and status, and how long they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._slots = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._slots[sum(bound < seconds for bound in BOUNDS)] += 1
            self._seconds += seconds

    def text(self) -> str:
        """All numbers, one a line."""
        lines = ["# HELP cogs_requests_total Requests answered.", "# TYPE cogs_requests_total counter"]
        with self._lock:
            requests, slots, seconds = sorted(self._requests.items()), list(self._slots), self._seconds
        for (method, route, status), number in requests:
            lines.append(f'cogs_requests_total{{method="{method}",route="{route}",status="{status}"}} {number}')
        lines += ["# HELP cogs_request_seconds Time to answer.", "# TYPE cogs_request_seconds histogram"]
        for place, bound in enumerate((*map(str, BOUNDS), "+Inf")):
            lines.append(f'cogs_request_seconds_bucket{{le="{bound}"}} {sum(slots[: place + 1])}')
        lines += [f"cogs_request_seconds_sum {seconds:.6f}", f"cogs_request_seconds_count {sum(slots)}"]
        return "\n".join(lines) + "\n"
