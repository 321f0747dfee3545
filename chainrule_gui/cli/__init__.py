"""The headless command `chainrule`: derivatives, gradients and training, without Qt and without a display.

Exit status 0: fine; 1: the answer is no; 2: bad input, told on stderr in one message.
"""

from chainrule_gui.cli.command import main

__all__ = ["main"]
