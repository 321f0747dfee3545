"""Expressions: the tree, its parser, printer, evaluation and the function table."""
