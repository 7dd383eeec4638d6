"""Outside data in: one file per format, each a stream of nodes, relationships and evidence."""
