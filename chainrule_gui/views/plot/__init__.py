"""The plot pane: curves of a function, or the cost of a run."""
