"""What is remembered between starts: the window's layout, theme, scale, recent files. Never part of a session."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

_MOST_RECENT = 8


class Settings:
    """A thin layer over QSettings with the names in one place."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "ChainRuleLab", "ChainRuleLab")

    def bytes(self, key: str) -> bytes | None:
        """Return remembered bytes (a geometry, a splitter's state)."""
        value = self._store.value(key)
        return None if value is None else bytes(value.data() if hasattr(value, "data") else value)

    def text(self, key: str, usual: str) -> str:
        """Return remembered text."""
        return str(self._store.value(key, usual))

    def number(self, key: str, usual: float) -> float:
        """Return a remembered number; what cannot be read is as if never set."""
        try:
            return float(str(self._store.value(key, usual)))
        except ValueError:
            return usual

    def remember(self, key: str, value: object) -> None:
        """Remember a value."""
        self._store.setValue(key, value)

    @property
    def recent(self) -> list[Path]:
        """Files opened or saved last, newest first, those that still exist."""
        stored = self._store.value("recent", [])
        paths = [stored] if isinstance(stored, str) else list(stored or [])  # type: ignore[call-overload]
        return [Path(path) for path in paths if Path(path).is_file()]

    def add_recent(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        rest = [other for other in self.recent if other != path.resolve()]
        self._store.setValue("recent", [str(file) for file in [path.resolve(), *rest][:_MOST_RECENT]])
