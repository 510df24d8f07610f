"""The citations of several works in one file for a reference manager."""

import json

from library.citations import FORMATS


def together(works, form):
    """The text of the file and its content type."""
    write, content_type = FORMATS[form]
    texts = [write(work) for work in works]
    if form == "csl.json":
        records = [record for text in texts for record in json.loads(text)]
        return json.dumps(records, ensure_ascii=False, indent=2), content_type
    return ("\r\n" if form == "ris" else "\n").join(texts), content_type
