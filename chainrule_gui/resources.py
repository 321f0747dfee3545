"""The only code that knows where the files of ``resources/`` are."""

import sys
from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Return the path of a shipped resource, in a frozen bundle, an installed wheel or a checkout."""
    package = Path(__file__).parent
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen, "resources", *parts)
    installed = package / "resources"
    root = installed if installed.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)
