"""A line in parts drops the last ones where there is no room, and never hides what it drops."""

from __future__ import annotations

from chainrule_gui.views.controls.parts_label import PartsLabel


def test_less_important_parts_go_first_and_stay_in_the_tool_tip(qtbot):
    label = PartsLabel()
    qtbot.addWidget(label)
    label.show_parts(["the first part", "the second", "the third"])
    label.resize(2000, 30)
    assert label.shown.endswith("the third")
    metrics = label.fontMetrics()
    label.resize(metrics.horizontalAdvance("the first part  ·  the second") + 4, 30)
    assert label.shown.endswith("the second")
    label.resize(metrics.horizontalAdvance("the first part") - 6, 30)
    assert label.shown.endswith("…")
    assert label.toolTip().endswith("the third")
    assert label.text() == label.toolTip()
