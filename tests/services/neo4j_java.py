"""Neo4j from Java and Maven alone: the server's own libraries, started by `Neo4jServer.java`."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from tests.services.need import ServiceMissing, install, one_at_a_time
from tests.services.neo4j_face import Neo4jServer

HERE = Path(__file__).parent
SUPPORTED_JAVA = (17, 21)


class JavaServer(Neo4jServer):
    """A process of our own, with its data in a temporary folder."""

    def __init__(self) -> None:
        super().__init__()
        with one_at_a_time():
            self.java, self.jars = find_java(), find_jars()
        self.folder = Path(tempfile.mkdtemp(prefix="cogs-neo4j-"))
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        log = self.folder / "server.log"
        heap = os.environ.get("COGS_TEST_NEO4J_HEAP", "1g")
        command = [self.java, f"-Xmx{heap}", "-cp", f"{self.jars}/*", str(HERE / "Neo4jServer.java")]
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [*command, str(self.folder / "home"), str(self.port)],
                env={**os.environ, "NEO4J_PASSWORD": self.password},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                start_new_session=True,  # Ctrl-C reaches the tests first, which then stop it in order
            )
        assert self.process.stdout
        if self.process.stdout.readline() != b"ready\n":
            self.kill()
            raise ServiceMissing(f"Neo4j did not start under {self.java}: {log.read_text()[:500]}")
        self.wait_until_it_answers(lambda: self.process.poll() is None)

    def stop(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def import_archive(self, archive: Path) -> None:
        """Stop, let the server's own tool make the database of a `neo4j-csv` export as its README says, and start."""
        tables = self.folder / "tables"
        with ZipFile(archive) as packed:
            packed.extractall(tables)
        said = (tables / "README.txt").read_text(encoding="utf-8")
        self.stop()
        self._admin(tables, shlex.split(said.partition("  neo4j-admin ")[2].partition("\n\n")[0].replace("\\\n", "")))
        shutil.rmtree(tables)
        self.start()

    def _admin(self, folder: Path, options: Sequence[str]) -> None:
        tool = [self.java, "-cp", f"{self.jars}/*", "org.neo4j.cli.AdminTool"]
        home = self.folder / "home"
        (home / "conf").mkdir(exist_ok=True)
        given = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
        done = subprocess.run([*tool, *options], cwd=folder, env=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def kill(self) -> None:
        self.process.kill()
        self.stop()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        if hasattr(self, "process") and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def find_java() -> str:
    """Find a Java development kit of a version that Neo4j supports, or install one."""
    found = next(filter(is_usable, java_programs()), None)
    if found is None:
        install("openjdk-17-jdk-headless")
        found = next(filter(is_usable, java_programs()), None)
    if found is None:
        raise ServiceMissing(f"install a Java development kit, version {' or '.join(map(str, SUPPORTED_JAVA))}")
    return found


def java_programs() -> list[str]:
    """List the Java programs of this machine, the chosen one first."""
    chosen = [os.path.join(os.environ["JAVA_HOME"], "bin", "java")] if "JAVA_HOME" in os.environ else []
    on_path = [shutil.which("java") or ""]
    installed = [str(path) for path in sorted(Path("/usr/lib/jvm").glob("*/bin/java"))]
    return [program for program in [*chosen, *on_path, *installed] if os.access(program, os.X_OK)]


def is_usable(java: str) -> bool:
    """True for a development kit (it compiles `Neo4jServer.java`) of a supported version."""
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    has_compiler = Path(java).resolve().with_name("javac").exists()
    return has_compiler and version is not None and int(version[1]) in SUPPORTED_JAVA


def find_jars() -> Path:
    """Give the folder of Neo4j's libraries, fetched once for each version and user."""
    pom = HERE / "pom.xml"
    version: str = re.findall(r"<version>([\d.]+)</version>", pom.read_text())[-1]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cogs-of-connection" / "neo4j"
    jars = cache / version
    if not jars.exists():
        cache.mkdir(parents=True, exist_ok=True)
        fetch_jars(pom, jars)
    return jars


def fetch_jars(pom: Path, jars: Path) -> None:
    """Fetch the libraries that a `pom.xml` names; the folder appears only when it is whole."""
    if not shutil.which("mvn"):
        install("maven")
    with tempfile.TemporaryDirectory(dir=jars.parent) as fetched:
        shutil.copy(pom, fetched)
        goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={fetched}/jars"]
        done = subprocess.run(["mvn", "-q", "-B", *goal], cwd=fetched, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServiceMissing(f"let Maven fetch org.neo4j:neo4j; it said: {done.stdout.strip()[-500:]}")
        Path(fetched, "jars").rename(jars)
