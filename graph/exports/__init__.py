"""The formats that a network leaves in: one file each, with `MEDIA_TYPE`, `SUFFIX` and `write(store, lens)`.

`write` yields bytes as they are made, so that a network of any size can be sent or saved; it takes a lens whose
places and themes are ids (`graph.view.resolved_lens`). Adding a format is adding a file.
"""
