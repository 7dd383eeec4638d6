"""Ties as the library of graph algorithms wants them."""

from __future__ import annotations

import rustworkx as rx

from graph.adjacency import Ints

Network = rx.PyGraph[int, None]


def network(first: Ints, second: Ints, size: int) -> Network:
    """Actors 0 … size − 1 with these ties."""
    made: Network = rx.PyGraph(multigraph=False)
    made.add_nodes_from(range(size))
    made.add_edges_from_no_data(list(zip(first.tolist(), second.tolist(), strict=True)))
    return made
