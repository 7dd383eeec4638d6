"""The styles of map: one file each, with `Parameters` and `draw(view, parameters)`.

The first line of a module's docstring is its help text everywhere. Adding a style is adding a file.
"""
