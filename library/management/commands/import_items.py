"""Many records at once, from a table or a reference manager."""

from io import StringIO
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize

from library.imports import bibtex, csl, csv_files, ris
from library.imports.loading import take_in

READERS = {".csv": csv_files, ".ris": ris, ".bib": bibtex, ".json": csl}
MOST_SHOWN = 50


class Command(BaseCommand):
    help = "Take in items from a file: CSV, RIS, BibTeX (.bib) or CSL-JSON (.json)."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check, and change nothing")
        parser.add_argument(
            "--publish", action="store_true", help="publish them at once, not as drafts"
        )

    def handle(self, *, file, dry_run, publish, **options):
        read = READERS.get(file.suffix.lower())
        if read is None:
            raise CommandError(f"“{file.name}” must end in {', '.join(READERS)}.")
        report = take_in(
            read.read(StringIO(_text_of(file), newline="")),
            source=file.name,
            is_rehearsal=dry_run,
            is_published=publish,
            tell=self.tell,
        )
        self.conclude(report, dry_run)

    def tell(self, count, total):
        self.stdout.write(f"{count:,} of {total:,}")

    def conclude(self, report, dry_run):
        self.show(report.remarks)
        self.show(report.faults)
        if report.faults:
            count = f"{len(report.faults):,} fault{pluralize(len(report.faults))}"
            raise CommandError(
                f"{count}. Nothing was taken in: mend them, then import the file again."
            )
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"New: {report.new:,} {would}taken in. Already in the library: {report.known:,}."
        )

    def show(self, faults):
        for fault in faults[:MOST_SHOWN]:
            self.stderr.write(str(fault))
        if len(faults) > MOST_SHOWN:
            self.stderr.write(f"{len(faults) - MOST_SHOWN:,} more are not shown.")


def _text_of(file):
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"“{file}” cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(
            f"“{file.name}” is not text in UTF-8. In Excel, save it as “CSV UTF-8”."
        ) from error
