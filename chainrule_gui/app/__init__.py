"""The application: actions, main window, running, files, the command `chainrule-gui`."""
