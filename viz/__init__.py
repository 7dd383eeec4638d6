"""From a network to a map that people can read: plain data, layout, page, picture."""
