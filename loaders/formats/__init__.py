"""The formats that can be loaded: one file for each. `loaders/stream.py` says what such a file must have."""
