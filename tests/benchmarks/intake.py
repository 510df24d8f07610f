"""How fast files are read: python -m tests.benchmarks.intake

Beside it stands pypdfium2 alone in the same run. The corpus is set by typst: reports of some
hundred pages with headings and words of four or five hundred a page. Times are of the processor,
of this process and its children, so that a busy machine measures what a quiet one would. No
database is needed.
"""

import resource
import subprocess
import sys
from io import BytesIO
from random import Random

import pypdfium2
import typst

from library.intake import confinement, kinds
from tests.benchmarks.production import be_like_production

REPORTS, PAGES = 3, 300
ROUNDS = 4
MEGABYTE = 1024
MOST_MEMORY = 150  # megabytes
LEAST_SHARE = 0.7
RAW = """
import pypdfium2, sys
with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as pdf:
    texts = [page.get_textpage().get_text_range() for page in pdf]
"""
LARGEST_CHILD = """
import resource, subprocess, sys
command = [sys.executable, "-m", "library.intake.child", "read", "application/pdf"]
subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
LOOK = """
#set document(title: [A report])
#set text(lang: "en", hyphenate: true, size: 10pt)
#set par(justify: true)
#set page(numbering: "1")
"""


def report():
    corpus = [make_report(Random(number)) for number in range(REPORTS)]
    pages = sum(len(confinement.read(BytesIO(one), kinds.PDF).pages) for one in corpus)
    rounds = [[taken(read, corpus) for read in (raw, raw_process, child)] for _ in range(ROUNDS)]
    bare, process, ours = (pages / min(column) for column in zip(*rounds, strict=True))
    most = max(memory(content) for content in corpus)
    lines = [
        f"PDF intake, {REPORTS} reports of {pages // REPORTS} pages, {pages} pages in all",
        f"{'Bare pypdfium2, text of all pages':45} {bare:8.0f} pages/s",
        f"{'The same in a process for each file':45} {process:8.0f} pages/s",
        f"{'Our child, with outline, labels and cover':45} {ours:8.0f} pages/s",
        f"{'Share of bare pypdfium2':45} {ours / bare:8.0%}  (goal {LEAST_SHARE:.0%})",
        f"{'Share of pypdfium2 in a process':45} {ours / process:8.0%}",
        f"{'Memory of the largest child':45} {most:8.0f} MB (goal {MOST_MEMORY} MB)",
    ]
    return "\n".join(lines)


def make_report(chance):
    words = [word(chance) for _ in range(3000)]
    page = "\n\n".join(" ".join(chance.choices(words, k=90)).capitalize() + "." for _ in range(5))
    chapters = (f"= {words[number].capitalize()}\n{page}\n#pagebreak()" for number in range(PAGES))
    return typst.compile((LOOK + "\n".join(chapters)).encode(), format="pdf")


def word(chance):
    return "".join(
        chance.choice("bcdfghlmnprstvw") + chance.choice("aeiou")
        for _ in range(chance.randint(1, 4))
    )


def raw(content):
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            page.get_textpage().get_text_range()


def raw_process(content):
    subprocess.run([sys.executable, "-c", RAW], input=content, check=True)


def child(content):
    confinement.read(BytesIO(content), kinds.PDF)


def taken(read, corpus):
    start = processor()
    for content in corpus:
        read(content)
    return processor() - start


def processor():
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def memory(content):
    """Of the largest child of a small process: a child of ours begins as large as we are."""
    done = subprocess.run(
        [sys.executable, "-c", LARGEST_CHILD],
        input=content,
        env=confinement.ENVIRONMENT,
        check=True,
        capture_output=True,
    )
    return int(done.stdout) / MEGABYTE


if __name__ == "__main__":
    be_like_production()
    print(report())
