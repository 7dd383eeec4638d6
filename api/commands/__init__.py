"""The commands of `cogs`: one file each, with `command()`; the first line of its docstring is its help.

These modules are read for every `cogs --help`, so they import what is heavy where it is used. Adding a command is
adding a file.
"""
