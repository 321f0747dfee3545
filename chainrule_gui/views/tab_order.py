"""The order in which Tab goes, for pages that are built when they are first shown."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def reach_after(before: QWidget, page: QWidget) -> None:
    """Let Tab reach what is on a page right after what is inside another widget of the same window."""
    order = [
        widget
        for part in (before, page)
        for widget in part.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.window() is page.window()
    ]
    for first, second in pairwise(order):
        QWidget.setTabOrder(first, second)
