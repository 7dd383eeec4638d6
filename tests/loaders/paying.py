"""Tables of payments made by hand, and what became of them."""

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from graph.model import Node, Relationship
from graph.store import Store
from loaders.report import Report
from loaders.run import load

TITLES = ("OrganisationLabel", "BeneficiaryName", "PaymentDate", "Amount")


def row(payee: str = "Arco Ltd", date: str = "2026-05-29", amount: str = "10.50", *more: str) -> tuple[str, ...]:
    return ("Trafford Council", payee, date, amount, *more)


def text_of(rows: Sequence[Sequence[str]], titles: Sequence[str] = TITLES, delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows([titles, *rows])
    return written.getvalue()


def table(folder: Path, content: str | bytes, name: str = "payments.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def loaded(store: Store, folder: Path, *rows: Sequence[str], titles: Sequence[str] = TITLES) -> Report:
    return load(store, [table(folder, text_of(rows, titles))], by="a test")


def payments(store: Store) -> list[Relationship]:
    return [one for one in store.relationships() if one.type == "PAYS"]


def amounts(store: Store) -> list[float]:
    return sorted(one.amount for one in payments(store) if one.amount is not None)


def organisations(store: Store) -> dict[str, Node]:
    return {node.name: node for node in store.nodes() if node.kind == "organisation"}


def zipped(folder: Path, members: dict[str, str | bytes], name: str = "payments.zip") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path
