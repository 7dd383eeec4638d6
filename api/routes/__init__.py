"""The routes under `/v1` and those for operations; one file for each thing that is served."""
