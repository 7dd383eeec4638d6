"""What a load did, row by row where something was wrong: the contract of `cogs load --json`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Remark(BaseModel):
    """Something about one row of a file, with a sentence on how to mend it."""

    model_config = ConfigDict(frozen=True)

    file: str = Field(description="The file as it was named in the command.")
    line: int | None = Field(None, description="Line of the file, from 1; null when it concerns all of it.")
    column: str | None = Field(None, description="Column, key or field; null when it concerns the whole row.")
    reason: str = Field(description="What is wrong, and how to mend it.")

    def __str__(self) -> str:
        place = [self.file, "" if self.line is None else f"line {self.line}", self.column or ""]
        return f"{', '.join(part for part in place if part)}: {self.reason}"


class Report(BaseModel):
    """What a load read and what it did to the network.

    `read` counts rows of the files: lines of JSON Lines, rows of tables, grants. The other numbers count
    sources, nodes and relationships; one row may give several of them, as a grant does.
    """

    model_config = ConfigDict(frozen=True)

    read: int = Field(description="Rows read, whatever became of them.")
    added: int = Field(description="Sources, nodes and relationships that are new.")
    changed: int = Field(description="Those that were there and now say something else.")
    unchanged: int = Field(description="Those that were there already, exactly so.")
    rejected: tuple[Remark, ...] = Field((), description="Every row that was left out, and why.")
    warnings: tuple[Remark, ...] = Field((), description="What a person should look at; nothing was left out for it.")
    written: bool = Field(description="False for a preview, and for a strict load with a rejected row.")
