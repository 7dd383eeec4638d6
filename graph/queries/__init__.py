"""The questions: one file each, with `Parameters`, `Answer` and `answer(view, parameters)`.

The first line of a module's docstring is its help text everywhere. Adding a question is adding a file.
"""
