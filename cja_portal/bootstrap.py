"""Prepare the virtual environment and hand over to it: what `make run` and `make test` call first.

Only the standard library, in words that Python 2.7 and 3.4 can read as well: whoever has an old
Python gets a sentence and not a syntax error.
"""

import errno
import hashlib
import os
import re
import signal
import socket
import subprocess
import sys

try:
    import fcntl
except ImportError:  # Windows has none, and needs to get as far as a sentence
    fcntl = None

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "ready")
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
ENVIRONMENT = {"DEBUG": "1", "DEMONSTRATION": "1", "REQUIRE_SECOND_FACTOR": "0"}
ALL_TESTS = ["-n", "auto", "--dist", "worksteal"]
NO_NETWORK = ("connection broken by", "ConnectionError", "TimeoutError", "ProxyError")
ROOM = 50 * 1024 * 1024  # bytes; with less than that a failure is the full disk's


class Trouble(Exception):
    """Why it cannot go on, as one sentence."""


def main(arguments):
    use_new_python()
    task = arguments[0] if arguments else "run"
    if task == "run":
        refuse_taken_port(port())
    prepare()
    if task == "run":
        hand_over(["manage.py", "run_portal"], dict(ENVIRONMENT, PORT=str(port())))
    if task == "test":
        hand_over(["-m", "pytest"] + (arguments[1:] or ALL_TESTS), {})


def hand_over(arguments, environment):
    """Become the virtual environment's Python, so that Ctrl-C reaches one process only."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON] + arguments, dict(os.environ, **environment))


# -- The port -------------------------------------------------------------------------------------


def port():
    value = os.environ.get("PORT", "").strip() or "8000"
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Trouble("PORT must be a number from 1 to 65535, not %r." % value)
    return int(value)


def refuse_taken_port(number):
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", number))
    except OSError as error:
        raise Trouble(taken(number, error))
    finally:
        probe.close()


def taken(number, error):
    if error.errno == errno.EADDRINUSE:
        return "Port %d is in use: stop what uses it, or choose another: make run PORT=%d" % (
            number,
            number + 1 if number < 65535 else number - 1,
        )
    return "Port %d cannot be used: %s." % (number, error.strerror)


# -- The virtual environment --------------------------------------------------------------------


def prepare():
    """Install what the portal and its tests need, once; two at once wait for each other."""
    if is_ready():
        return
    with take_turn():
        if not is_ready():
            make_environment()
            install()
            write(STAMP, fingerprint())


def is_ready():
    return version_of(PYTHON) and read(STAMP) == fingerprint()


def fingerprint():
    """Changes with the requirements, the Python and the place: scripts name their full path."""
    parts = [pins(), version_of(PYTHON), ROOT]
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def pins():
    names = ["requirements.txt", "requirements-dev.txt"]
    return "\n".join(read(os.path.join(ROOT, name)) for name in names)


def take_turn():
    folder = os.path.join(ROOT, "var")
    if not os.path.isdir(folder):
        os.makedirs(folder)
    lock = open(os.path.join(folder, "setup.lock"), "a")  # noqa: SIM115 (whoever asks closes it)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("Waiting for another set-up to finish...")
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def make_environment():
    if version_of(PYTHON) and read(os.path.join(VENV, "made-at")) == ROOT:
        return
    say("Making a virtual environment in .venv with Python %d.%d..." % sys.version_info[:2])
    refuse_missing_module("venv")
    refuse_missing_module("ensurepip")
    run_or_explain([sys.executable, "-m", "venv", "--clear", VENV], "The virtual environment")
    write(os.path.join(VENV, "made-at"), ROOT)


def refuse_missing_module(name):
    try:
        __import__(name)
    except ImportError:
        raise Trouble(
            "Python's module %s is missing: on Debian and Ubuntu install it with "
            "'sudo apt install python%d.%d-venv', then run this again."
            % ((name,) + sys.version_info[:2])
        )


def install():
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    run_or_explain(
        pip + ["install", "--prefer-binary", "--progress-bar=off", "-r", "requirements-dev.txt"],
        "The packages of requirements-dev.txt",
        Progress().show,
    )


class Progress:
    """Says from pip's many words how far it is."""

    def __init__(self):
        self.all = len(re.findall(r"^[\w.-]+(?:\[.*\])?==", pins(), re.M))
        self.names = set()

    def show(self, line):
        found = re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line)
        if found and found.group(1) not in self.names:
            self.names.add(found.group(1))
            self.count(found.group(1))
        elif line.startswith("Installing collected"):
            say("\nInstalling them..." if sys.stdout.isatty() else "Installing them...")

    def count(self, name):
        line = "Fetching packages: %d of %d (%s)" % (len(self.names), self.all, name)
        if sys.stdout.isatty():
            sys.stdout.write("\r\033[K" + line)
            sys.stdout.flush()
        elif len(self.names) % 10 == 0:
            say(line)


def run_or_explain(command, what, show=lambda line: None):
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    lines = []
    for line in process.stdout:
        lines.append(line)
        show(line)
    if process.wait():
        raise Trouble(diagnose("".join(lines), what))


def diagnose(output, what):
    fault = disk_fault(output, ROOT)
    if fault:
        return fault
    if any(sign in output for sign in NO_NETWORK):
        return what + " could not be fetched: is this machine connected to the internet?"
    last = [line for line in output.splitlines() if line.strip()][-1:] or ["no reason was given"]
    return "%s could not be installed: %s" % (what, last[0].strip())


# -- A Python that is new enough ----------------------------------------------------------------


def use_new_python():
    """Go on with a newer Python if this one is too old and a newer one is there."""
    if sys.version_info >= OLDEST:
        return
    newer = newer_python()
    if not newer:
        raise Trouble(
            "Python 3.11 or newer is needed, and this is %d.%d: install a newer one, or name it: "
            "make run PYTHON=/path/to/python3" % sys.version_info[:2]
        )
    os.execv(newer, [newer, os.path.abspath(__file__)] + sys.argv[1:])


def newer_python():
    for name in ("python3.13", "python3.12", "python3.11", "python3.14", "python3"):
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            version = version_of(path) if os.access(path, os.X_OK) else ""
            if version and tuple(map(int, version.split("."))) >= OLDEST:
                return path
    return None


def version_of(python):
    """Such as 3.11; empty where it does not run."""
    try:
        process = subprocess.Popen(
            [python, "-c", VERSION], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        return process.communicate()[0].decode("ascii", "replace").strip()
    except OSError:
        return ""


# -- Words and files ----------------------------------------------------------------------------


def disk_fault(output, path):
    """The sentence for a full or locked disk, if that is what a program complained of at `path`."""
    numbers = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)
    told = [number for number in numbers if os.strerror(number) in output]
    disk = os.statvfs(path)
    if disk.f_bavail * disk.f_frsize < ROOM:
        told.append(errno.ENOSPC)
    return explain(OSError(told[0], ""), path) if told else None


def explain(error, path):
    """A sentence for what the disk said."""
    path = getattr(error, "filename", None) or path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: free some space, then run this again (at %s)." % path
    if error.errno == errno.EROFS:
        return "The disk is read-only: clone the project to one that can be written (at %s)." % path
    if error.errno in (errno.EACCES, errno.EPERM):
        return "This user may not write to %s: run this as the owner of that folder." % path
    return "%s: %s." % (path, error.strerror or error)


def say(sentence):
    print(sentence)
    sys.stdout.flush()


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(explain(error, ROOT))
