"""Facts for machines, as JSON-LD within a page."""

import json

from django.utils.safestring import mark_safe

# So that no text ends the script element early or breaks a line in JavaScript.
_UNSAFE_IN_SCRIPT = str.maketrans(
    {char: f"\\u{ord(char):04X}" for char in ("<", ">", "&", "\u2028", "\u2029")}
)


def for_script(fields):
    """JSON for a script element; as data it is not held back by the content-security policy."""
    return mark_safe(json.dumps(fields, ensure_ascii=False).translate(_UNSAFE_IN_SCRIPT))
