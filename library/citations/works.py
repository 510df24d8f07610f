"""What every citation says of an item, whatever its form.

An organisation is never taken apart into given and family names, also where its name has a comma.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch

from cja_portal.kit.site import absolute
from library.models import (
    ContributorKind,
    ContributorRole,
    Document,
    DocumentKind,
    Kind,
    LinkKind,
    Precision,
)

# Names that begin like this are cited as printed: "Lord Farmer" has no given name to abbreviate.
_TITLED = re.compile(r"(Lord|Lady|Baroness|Baron|Viscount|Earl|Mr Justice|Mrs Justice)\b")
_HONORIFIC = re.compile(r"(Sir|Dame|Dr|Professor|Prof|Mr|Mrs|Ms|Miss|Rt Hon|The Rt Hon)\.?\s+")
_AFTER_NAME = re.compile(r",?\s+(MP|MSP|MS|QC|KC|CBE|OBE|MBE|DBE|KBE|PhD)$")


class Name(NamedTuple):
    """The name of an author; an organisation, or a person cited as printed, has no given name."""

    family: str
    given: str = ""
    is_person: bool = True

    @property
    def initials(self):
        return [part[0] for part in re.split(r"[\s-]+", self.given) if part]

    @property
    def plain(self):
        return f"{self.given} {self.family}".strip()

    @property
    def inverted(self):
        return f"{self.family}, {self.given}" if self.given else self.family


def name_of(contributor):
    if contributor.kind == ContributorKind.ORGANISATION:
        return Name(contributor.name, is_person=False)
    if contributor.filed_as:
        family, _, given = contributor.filed_as.partition(",")
        return Name(family.strip(), given.strip())
    if _TITLED.match(contributor.name):
        return Name(contributor.name)
    bare = _bare(contributor.name)
    family, is_turned, given = bare.partition(",")
    if not is_turned:
        given, _, family = bare.rpartition(" ")
    return Name(family.strip(), given.strip())


def _bare(printed):
    """A name without titles and honours."""
    bare = _HONORIFIC.sub("", printed, count=1)
    while _AFTER_NAME.search(bare):
        bare = _AFTER_NAME.sub("", bare)
    return bare


def as_printed(typed):
    """(name, how it is filed) of a person, however it was typed: "Berg, Ann" is Ann Berg."""
    family, _, given = map(str.strip, _bare(typed).partition(","))
    is_turned = family and given and "," not in given
    return (f"{given} {family}", f"{family}, {given}") if is_turned else (typed, "")


def authors_of(item):
    """Its contributors, in their order; for want of any, its publishers."""
    names = [name_of(contributor) for contributor in item.contributor_list]
    return names or [Name(body.name, is_person=False) for body in item.publisher_list]


def files_for_everyone():
    """The files of today that anybody may open, the main one first."""
    return Document.objects.visible_to(AnonymousUser()).current()


def for_machines(items):
    """`items` with all that their exports say, in a number of statements that never grows."""
    files = Prefetch("documents", files_for_everyone(), to_attr="files_for_everyone")
    return items.for_page().prefetch_related(files)


def work_of(item, page=""):
    return Work(item, absolute(item.get_absolute_url()), page)


@dataclass(frozen=True)
class Work:
    """What every citation says of an item."""

    item: object
    address: str  # The permanent address of our record.
    page: str = ""  # The page that is meant, as printed on it.

    @cached_property
    def files(self):
        """Those that anybody may open: metadata never tells of others."""
        found = getattr(self.item, "files_for_everyone", None)
        if found is None:
            found = files_for_everyone().filter(item=self.item).select_related("item")
        return sorted(found, key=lambda file: file.kind != DocumentKind.MAIN)

    @property
    def pdf(self):
        """The address of the first PDF that anybody may open; blank if there is none."""
        return next((address_of(file) for file in self.files if file.is_pdf), "")

    @cached_property
    def authors(self):
        return authors_of(self.item)

    @cached_property
    def publishers(self):
        return [organisation.name for organisation in self.item.publisher_list]

    @property
    def publisher(self):
        """The publishers in words; blank where they are the authors as well."""
        if [name.plain for name in self.authors] == self.publishers:
            return ""
        return joined(self.publishers, " and ")

    @property
    def are_editors(self):
        roles = {contributor.role for contributor in self.item.contributor_list}
        return roles == {ContributorRole.EDITOR}

    @property
    def is_article(self):
        return self.item.kind == Kind.JOURNAL_ARTICLE

    @property
    def year(self):
        return str(self.item.published_on.year) if self.item.published_on else ""

    @property
    def report_number(self):
        return f"{self.item.series} {self.item.number}".strip()

    @property
    def volume_and_issue(self):
        """Of a journal: "61(2)" is its sixty-first volume, second issue; else all is the issue."""
        number = self.item.number if self.is_article else ""
        found = re.fullmatch(r"(\w+)\s*\((.+)\)", number)
        return found.groups() if found else ("", number)

    @property
    def where(self):
        """Where a reader finds the work: by DOI, at the given link, else by our record."""
        if self.item.doi:
            return f"https://doi.org/{self.item.doi}"
        leads_to_work = self.item.link and self.item.link_kind != LinkKind.NOTICE
        return self.item.link if leads_to_work else self.address

    @property
    def date_parts(self):
        day = self.item.published_on
        if not day:
            return []
        parts = {Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}[self.item.precision]
        return [day.year, day.month, day.day][:parts]


def joined(names, last):
    names = list(names)
    return last.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def address_of(file):
    """The file lies below the page of its item: Google Scholar looks for it there."""
    return absolute(file.get_absolute_url())
