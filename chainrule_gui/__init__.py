"""Chain Rule Lab: the chain rule, backpropagation and gradient descent to see, touch and check."""

__version__ = "0.1.0"
