"""The figures of the whole files in the worked example of a council that joins three files, counted anew."""

import json
import os
import re
from collections import defaultdict
from pathlib import Path

from graph.questions import ask
from graph.search import fold
from graph.store import Store, open_store
from loaders.run import load
from tests.docs.pages import ROOT, Page

SHARED = Path(os.environ.get("COGS_TEST_DATA", ROOT.parent / "shared" / "data"))
SPEND = SHARED / "spend" / "trafford-supplier-spend-2026-27.zip"
GRANTS = SHARED / "360giving" / "trafford-council.json"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
PAYER = "gb-lae-trf"


def counted(store: Store, read: int, rejected: int) -> dict[str, str]:
    money = [one for one in store.relationships() if one.type in ("PAYS", "FUNDS") and one.source == PAYER]
    paid = [one for one in money if one.type == "PAYS"]
    hidden = [one for one in paid if one.target == PAYER]
    named = defaultdict(set)
    for node in store.nodes():
        if node.kind == "organisation":
            named[fold(node.name)].add(node.id)
    twice = [ids for ids in named.values() if len(ids) > 1]
    receivers = [{one.target for one in money if one.type == type} for type in ("PAYS", "FUNDS")]
    flows = json.loads(ask(store, "flows", {"payer": PAYER, "period": "2026"}).model_dump_json())["periods"]
    return {
        "payments read": f"{read:,}",
        "rows rejected": str(rejected),
        "relationships PAYS, each with its line": f"{len(paid):,}",
        "organisations paid, or given grants": f"{len({one.target for one in money} - {PAYER}):,}",
        "sum of all payments": f"£{flows[0]['total']:,.2f}",
        "of these to payees whose names are withheld": f"£{flows[0]['redacted']:,.2f}",
        "credits among the named": f"{sum((one.amount or 0) < 0 for one in paid if one not in hidden):,}",
        "grants": str(len(money) - len(paid)),
        "names that stand for several organisations": str(len(twice)),
        "of these in the grants and the payments": str(sum(all(ids & ends for ends in receivers) for ids in twice)),
    }


def test_the_figures_of_the_whole_files(tmp_path: Path) -> None:
    if not SPEND.exists():
        return  # a checkout alone: the examples of the page run on the excerpts all the same
    with open_store(str(tmp_path / "network.db")) as store:
        load(store, ["seeds"], by="a test")
        report = load(store, [SPEND], by="a test")
        load(store, [GRANTS], by="a test")
        shown = dict(ROW.findall(Page(ROOT / "docs" / "joining-three-files.md").text))
        assert {name: shown.get(name) for name in shown if name.strip(" -")} == counted(
            store, report.read, len(report.rejected)
        )
