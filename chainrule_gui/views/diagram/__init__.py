"""The diagram pane: the network, or the graph of a function, with live values."""
