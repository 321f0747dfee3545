"""Widgets that draw a frame and emit what the learner wants; they never write the session."""
