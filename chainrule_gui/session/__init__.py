"""What the learner controls, and what follows from it."""
