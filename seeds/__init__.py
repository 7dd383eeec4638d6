"""Data that comes with the project: one folder for each seed graph, tables only."""
