"""gettext, set up once for every layer: `_` and `ngettext`.

English is the source language. A catalogue for another language is
``resources/locale/<language>/LC_MESSAGES/chainrule.mo``; the system's language is used where it exists.
"""

import gettext

from chainrule_gui.resources import resource_path

_catalogue = gettext.translation("chainrule", localedir=str(resource_path("locale")), fallback=True)

_ = _catalogue.gettext
ngettext = _catalogue.ngettext


def N_(message: str) -> str:
    """Mark `message` for translation where it stands in a table; `_` translates it when it is shown."""
    return message
