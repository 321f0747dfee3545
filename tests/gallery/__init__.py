"""Pictures of the app in its canonical states."""
