"""A real Neo4j for tests and benchmarks.

`python tests/services/neo4j_server.py` starts one, prints how to reach it, and stops it at the end of input or Ctrl-C.
"""

import os
import sys
from pathlib import Path

if __name__ == "__main__":  # run as a program, only this folder would be searched for modules
    sys.path[0] = str(Path(__file__).parents[2])

from tests.services.need import ServiceMissing
from tests.services.neo4j_container import ContainerServer
from tests.services.neo4j_face import Neo4jServer
from tests.services.neo4j_java import JavaServer


class BorrowedServer(Neo4jServer):
    """Somebody's own server, named by COGS_TEST_NEO4J_URI; used only when it holds nothing."""

    is_ours = False

    def __init__(self, uri: str) -> None:
        super().__init__()
        self.uri = uri
        self.user = os.environ.get("COGS_TEST_NEO4J_USER", "neo4j")
        self.password = os.environ.get("COGS_TEST_NEO4J_PASSWORD", "")
        if self.count():
            raise RuntimeError(
                f"{uri} holds data that these tests did not make, and they would delete it; give them an empty server"
            )

    def start(self) -> None:
        raise ServiceMissing("this test stops Neo4j: unset COGS_TEST_NEO4J_URI, so that it can start one of its own")

    stop = kill = freeze = thaw = start

    def close(self) -> None:
        self.empty()


def start_neo4j() -> Neo4jServer:
    """Find or start a Neo4j: somebody's own, then a container, then Java; ServiceMissing says why there is none."""
    if uri := os.environ.get("COGS_TEST_NEO4J_URI"):
        return BorrowedServer(uri)
    reasons: list[str] = []
    for server_class in (ContainerServer, JavaServer):
        try:
            return server_class()
        except ServiceMissing as reason:
            reasons.append(str(reason))
    raise ServiceMissing("no Neo4j: " + "; or ".join(reasons))


def main() -> None:
    server = start_neo4j()
    try:
        print(f"COGS_STORE={server.uri}", f"COGS_NEO4J_USER={server.user}", sep="\n")
        print(f"COGS_NEO4J_PASSWORD={server.password}", flush=True)
        sys.stdin.read()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


if __name__ == "__main__":
    main()
