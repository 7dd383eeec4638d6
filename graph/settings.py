"""Every setting, read once from the environment (`COGS_…`) at the edge and passed down."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from graph.errors import InputError
from graph.model import Audience


def default_store() -> str:
    """The embedded store in the user's own data folder."""
    return str(user_data_path("cogs-of-connection") / "network.db")


class Settings(BaseSettings):
    """What an operator can set; every field is an environment variable with the prefix COGS_."""

    model_config = SettingsConfigDict(env_prefix="COGS_", frozen=True, extra="ignore", env_ignore_empty=True)

    store: str = Field(
        default_factory=default_store,
        description="Where the network is kept: a file, or the neo4j:// or bolt:// address of a Neo4j server.",
    )
    neo4j_user: str = Field("neo4j", description="User name at the Neo4j server.")
    neo4j_password: SecretStr = Field(SecretStr(""), description="Password at the Neo4j server.")
    neo4j_database: str = Field("neo4j", description="Database at the Neo4j server.")
    adjacency: Literal["arrays", "server"] = Field(
        "arrays",
        description="Who knows the neighbours when paths and ego networks of a Neo4j server are asked for: arrays in "
        "memory, or the server itself, step by step. Measures of the whole network take arrays either way.",
    )
    vocabulary: Path | None = Field(None, description="A YAML file that adds kinds and types to the vocabulary.")
    audience: Audience = Field(Audience.public, description="What a caller without a key sees over HTTP.")
    host: str = Field("127.0.0.1", description="Address that the service listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the service listens on; 0 takes any free one.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; each may use one core.")
    time_limit: float = Field(2.0, gt=0, le=3600, description="Seconds that one question over HTTP may take.")
    job_limit: float = Field(
        900.0, gt=0, le=86_400, description="Seconds that a question may take that is asked for as a job."
    )
    jobs: Path | None = Field(None, description="Folder where jobs are kept; a temporary one unless it is given.")
    local_writes: bool = Field(
        False,
        description="Whether introductions, consent and insights may be recorded over HTTP, from this machine alone.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much the service logs.")


def read_settings(**given: object) -> Settings:
    """Settings from the environment, with the values given here before them; a bad one raises InputError."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "settings"
        raise InputError(
            f"The setting {name} is wrong: {first['msg']}.", fix=f"Change COGS_{name.upper()}.", parameter=name
        ) from wrong
