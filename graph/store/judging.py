"""Merges, their undoing, and forgetting: plans that are more than a batch, made once for both stores."""

from __future__ import annotations

from collections.abc import Mapping

from graph.errors import Conflict, InputError, NotFound
from graph.model import Node, Relationship
from graph.search import fold
from graph.store.records import Forgetting
from graph.store.writing import Entry, Erasure, Merge, Plan, Stored, Transaction, marks_of
from graph.vocabulary import with_article


def combined(into: Node, gone: Node) -> Node:
    """The surviving node: its own values first, with the names, identifiers and evidence of both."""
    names = dict.fromkeys((*into.aliases, gone.name, *gone.aliases))
    return into.model_copy(
        update={
            "aliases": tuple(name for name in names if name != into.name),
            "identifiers": tuple(dict.fromkeys((*into.identifiers, *gone.identifiers))),
            "evidence": tuple(dict.fromkeys((*into.evidence, *gone.evidence))),
            "attributes": {**gone.attributes, **into.attributes},
            **{
                field: getattr(into, field) if getattr(into, field) is not None else getattr(gone, field)
                for field in ("subkind", "summary", "sector", "url", "latitude", "longitude", "start", "end")
            },
        }
    )


def _need(transaction: Transaction, id: str) -> tuple[Node, Stored]:
    stored = transaction.nodes([id]).get(id)
    if stored is None:
        raise NotFound(f"There is no node {id!r}.", fix="Check the id with `cogs search`.")
    return Node.model_validate_json(stored.body), stored


def _pointed(relationship: Relationship, gone: str, into: str) -> Relationship:
    ends = {end: into for end in ("source", "target") if getattr(relationship, end) == gone}
    return relationship.model_copy(update=ends)


def plan_merge(transaction: Transaction, gone: str, into: str) -> Plan:
    """Make `gone` part of `into`; repeating a merge that was made changes nothing."""
    if gone == into:
        raise InputError("A node cannot be merged into itself.", fix="Name two different nodes.")
    plan = Plan()
    done = transaction.merges([gone]).get(gone)
    if done and done.into == into:
        return plan
    if done:
        raise Conflict(f"{gone!r} was already merged into {done.into!r}.", fix="Undo that merge first.")
    gone_node, gone_stored = _need(transaction, gone)
    into_node, into_stored = _need(transaction, into)
    if gone_node.kind != into_node.kind:
        kinds = with_article(gone_node.kind).capitalize(), with_article(into_node.kind)
        raise Conflict(f"{kinds[0]} cannot be merged into {kinds[1]}.", fix="Merge nodes of one kind.")
    if gone_node.level != into_node.level:
        raise Conflict("The two nodes have different audiences.", fix="Bring both to the same audience first.")
    touching = transaction.around([gone])
    _move(plan, touching, {id: _pointed(_read(stored), gone, into) for id, stored in touching.items()})
    after = combined(into_node, gone_node)
    plan.put(after, after.level, into_stored)
    plan.delete("node", gone, gone_stored, action="merged")
    moved = tuple(stored.body for _, stored in sorted(touching.items()))
    merge = Merge(gone, into, after.level, gone_stored.body, into_stored.body, after.canonical(), moved)
    plan.record_merges.append(merge)
    plan.add_digest("judgement", f"{gone}\0{into}", merge.level)
    return plan


def _read(stored: Stored) -> Relationship:
    return Relationship.model_validate_json(stored.body)


def _move(plan: Plan, before: Mapping[str, Stored], after: Mapping[str, Relationship]) -> None:
    for id, relationship in sorted(after.items()):
        plan.put(relationship, before[id].level, before[id])


def _without(now: Node, merge: Merge) -> Node:
    """The surviving node as it is without what the merge brought, keeping what was edited since."""
    before, after = Node.model_validate_json(merge.into_before), Node.model_validate_json(merge.into_after)
    if now == after:
        return before
    update: dict[str, object] = {}
    for field in ("aliases", "identifiers", "evidence"):
        brought = set(getattr(after, field)) - set(getattr(before, field))
        update[field] = tuple(value for value in getattr(now, field) if value not in brought)
    update["evidence"] = update["evidence"] or before.evidence  # no node stands without
    for field in ("subkind", "summary", "sector", "url", "latitude", "longitude", "start", "end", "attributes"):
        if getattr(now, field) == getattr(after, field):
            update[field] = getattr(before, field)
    return now.model_copy(update=update)


def plan_unmerge(transaction: Transaction, gone: str) -> Plan:
    """Bring `gone` back, and give it the relationships it had that are still there."""
    plan = Plan()
    merge = transaction.merges([gone]).get(gone)
    if merge is None:
        if transaction.nodes([gone]):
            return plan
        raise NotFound(f"No merge of {gone!r} is recorded.", fix="`cogs show` names the node it went into.")
    if further := transaction.merges([merge.into]).get(merge.into):
        raise Conflict(
            f"{merge.into!r} itself was merged into {further.into!r} later.",
            fix=f"Undo the merge of {merge.into!r} first.",
        )
    now, stored = _need(transaction, merge.into)
    if now.level != merge.level:
        raise Conflict("The audience of the surviving node has changed since.", fix="Bring it back first.")
    plan.put(_without(now, merge), now.level, stored)
    back = Node.model_validate_json(merge.gone_body)
    plan.put(back, merge.level, None)
    plan.entries[-1] = Entry("unmerged", "node", gone, None, merge.level)
    old = {one.id: one for one in map(Relationship.model_validate_json, merge.moved)}
    present = transaction.relationships(old)
    returned = {}
    for id, stored in present.items():
        ends = {end: gone for end in ("source", "target") if getattr(old[id], end) == gone}
        returned[id] = _read(stored).model_copy(update=ends)
    touched = {end for one in returned.values() for end in (one.source, one.target)}
    levels = {id: stored.level for id, stored in transaction.nodes(touched).items()} | {gone: merge.level}
    for id, one in sorted(returned.items()):  # they may have been given other ends since
        plan.put(one, max(one.level, levels[one.source], levels[one.target]), present[id])
    plan.drop_merges.append(gone)
    plan.add_digest("judgement", f"{gone}\0{merge.into}", merge.level, -1)
    return plan


def plan_forget(transaction: Transaction, id: str) -> tuple[Plan, Forgetting, Erasure]:
    """Take a node out with its relationships and with all that was merged into it; the marks keep it out."""
    node, stored = _need(transaction, id)
    plan, forgotten = Plan(), [node]
    merges = list(transaction.merges_into(id))
    for merge in merges:  # grows while it is walked: what was merged into what was merged
        merges += transaction.merges_into(merge.gone)
        forgotten.append(Node.model_validate_json(merge.gone_body))
        plan.drop_merges.append(merge.gone)
        plan.add_digest("judgement", f"{merge.gone}\0{merge.into}", merge.level, -1)
    touching = transaction.around([id])
    for relationship, body in sorted(touching.items()):
        plan.delete("relationship", relationship, body)
    plan.delete("node", id, stored, action="forgotten")
    erasure = Erasure(
        nodes=tuple(node.id for node in forgotten),
        relationships=tuple(touching),
        marks=tuple(dict.fromkeys(mark for node in forgotten for mark in marks_of(node))),
        names=tuple(dict.fromkeys(fold(name) for node in forgotten for name in (node.name, *node.aliases))),
        level=node.level,
    )
    return plan, Forgetting(id, len(touching)), erasure
