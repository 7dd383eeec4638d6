"""The edges: HTTP service, pages, command and assistant tools, all over the same questions."""
