"""Reading the matrix: tables of text say who gets what, and the tests ask for all of it.

A line that begins with "=" opens a group: its cells hold for every address named below it, one for
each actor in the order of the first line. Everything behind "#" is a reason.
"""

from pathlib import Path

from tests.access.actors import ACTORS, STAFF_KINDS

HERE = Path(__file__).parent
MEANINGS = {
    "+": "opens",
    "L": "is led to the login",
    "P": "proves who they are once more",
    ">": "is led elsewhere",
    "G": "gone, or never was",
    "3": "may not",
    "4": "is told that there is nothing",
    "5": "is not asked for by GET",
    "?": "asked for in a wrong way",
}
STAFF_COLUMNS = [*STAFF_KINDS, "administrator"]


def read(name, actors=ACTORS):
    """{address: {actor: cell}} of a file, in its order."""
    found, cells = {}, {}
    for line in _lines(name):
        if line.startswith("="):
            cells = dict(zip(actors, line.split()[1:], strict=True))
        elif line in found:
            raise ValueError(f"{line} stands twice in {name}.")
        else:
            found[line] = cells
    return found


def read_rights():
    """{model: {kind of staff: letters}}: v(iew), a(dd), c(hange), d(elete), or "-"."""
    rows = (line.split() for line in _lines("admin_models.txt"))
    return {model: dict(zip(STAFF_COLUMNS, rights, strict=True)) for model, *rights in rows}


def _lines(name):
    lines = (line.partition("#")[0].strip() for line in (HERE / name).read_text().splitlines())
    return [line for line in lines if line]


def cell_of(response):
    """What somebody got, as one of the signs."""
    status = response.status_code
    if 200 <= status < 300:
        return "+"
    if status in {301, 302}:
        return _way(response["Location"])
    return {403: "3", 404: "4", 405: "5", 410: "G", 400: "?", 415: "?"}.get(status, str(status))


def _way(location):
    if location.startswith(("/accounts/login/", "/admin/login/")):
        return "L"
    if "reauthenticate" in location or location.startswith("/accounts/2fa/"):
        return "P"
    return ">"
