"""Neo4j in a container, where a container engine runs."""

import shutil
import subprocess

from tests.services.need import ServiceMissing
from tests.services.neo4j_face import Neo4jServer

IMAGE = "neo4j:5.26-community"


def running_engine() -> str:
    """Name the container engine that runs here."""
    for engine in ("docker", "podman"):
        if shutil.which(engine) and subprocess.run([engine, "info"], capture_output=True, check=False).returncode == 0:
            return engine
    raise ServiceMissing("start Docker or Podman")


class ContainerServer(Neo4jServer):
    """A container made for these tests and removed after them."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = running_engine()
        self.identity = self._call(
            "run", "--detach", "--publish", f"127.0.0.1:{self.port}:7687", "--env", f"NEO4J_AUTH=neo4j/{self.password}",
            "--env", "NEO4J_server_memory_heap_max__size=1g", IMAGE,
        )  # fmt: skip
        try:
            self.wait_until_it_answers(self._is_running)
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        self._call("start", self.identity)
        self.wait_until_it_answers(self._is_running)

    def stop(self) -> None:
        self._call("stop", self.identity)

    def kill(self) -> None:
        self._call("kill", self.identity)

    def freeze(self) -> None:
        self._call("pause", self.identity)

    def thaw(self) -> None:
        self._call("unpause", self.identity)

    def close(self) -> None:
        self._call("rm", "--force", "--volumes", self.identity)

    def _is_running(self) -> bool:
        return self._call("inspect", "--format", "{{.State.Running}}", self.identity) == "true"

    def _call(self, *arguments: str) -> str:
        done = subprocess.run([self.engine, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServiceMissing(f"let `{self.engine} {arguments[0]}` work; it said: {done.stderr.strip()[-300:]}")
        return done.stdout.strip()
