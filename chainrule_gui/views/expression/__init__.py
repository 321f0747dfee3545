"""The expression pane: the derivation of what is selected."""
