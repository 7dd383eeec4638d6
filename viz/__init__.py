"""The network as a map: positions, sizes, colours and the page that shows them."""
