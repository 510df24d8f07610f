"""The portal's own server: one for all who use it, gone when the last has left."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import psutil
import psycopg2
import pytest

from cja_portal import embedded_postgres
from cja_portal.embedded_postgres import Server, ServerError

ROOT = Path(__file__).parent.parent
QUICK = embedded_postgres.SETTINGS | embedded_postgres.THROW_AWAY_SETTINGS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where data are already, since making them takes a second. The path has a space."""
    folder = tmp_path_factory.mktemp("with space") / "postgres"
    server = Server(folder, QUICK)
    server.join()
    server.leave()
    yield folder
    shutil.rmtree(folder.resolve())  # run by root, they are not under the folder of this test


@pytest.fixture
def server(folder):
    server = Server(folder, QUICK)
    server.sockets = server.join()
    yield server
    server.leave()


def ask(sockets, question):
    address = {"host": str(sockets), "dbname": "postgres", "user": "postgres"}
    with closing(psycopg2.connect(**address)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def process(folder):
    return psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))


def kill(running):
    """Without leaving it a last breath; in some containers the dead stay listed."""
    running.kill()
    while running.is_running() and running.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


def test_it_answers_on_a_private_socket_and_no_port(server):
    assert ask(server.sockets, "SHOW listen_addresses") == ""
    assert server.sockets.stat().st_mode & 0o777 == 0o700


def test_it_sorts_and_stores_the_same_on_every_machine(server):
    assert ask(server.sockets, "SHOW server_encoding") == "UTF8"
    assert ask(server.sockets, "SELECT datcollate FROM pg_database LIMIT 1") == "C"


@pytest.mark.parametrize(("gigabytes", "given"), [(0.25, "128MB"), (2, "512MB"), (64, "1GB")])
def test_it_takes_a_quarter_of_the_memory_within_bounds(gigabytes, given, tmp_path, monkeypatch):
    memory = SimpleNamespace(total=int(gigabytes * 2**30))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    server = Server(tmp_path / "postgres", QUICK | embedded_postgres.room())

    buffers = ask(server.join(), "SHOW shared_buffers")
    server.leave()

    assert buffers == given
    shutil.rmtree(server.folder.resolve())


def test_it_never_runs_as_root(server):
    assert process(server.folder).username() != "root"


def test_it_stops_when_the_last_user_has_left(folder):
    first, second = Server(folder, QUICK), Server(folder, QUICK)
    first.join()
    sockets = second.join()

    first.leave()
    still_there = ask(sockets, "SELECT 1")
    second.leave()

    assert still_there == 1
    assert not sockets.exists()
    assert not (folder / "postmaster.pid").exists()


def test_a_fork_does_not_give_up_its_parents_place(server):
    child = os.fork()
    if not child:
        server.leave()
        os._exit(0)
    os.waitpid(child, 0)

    assert ask(server.sockets, "SELECT 1") == 1


def test_it_comes_back_after_it_was_killed(folder):
    server = Server(folder, QUICK)
    server.join()
    kill(process(folder))

    again = Server(folder, QUICK)
    sockets = again.join()

    assert ask(sockets, "SELECT 1") == 1
    server.place.close()
    again.leave()


def test_a_note_left_by_a_power_cut_does_not_stop_it(folder):
    note = [str(os.getpid()), str(folder), "1", "5432", "/tmp/nowhere", "", "1 1", "ready"]
    (folder / "postmaster.pid").write_text("\n".join(note))
    server = Server(folder, QUICK)

    sockets = server.join()

    assert ask(sockets, "SELECT 1") == 1
    server.leave()


def test_data_of_another_version_are_refused(folder):
    version = (folder / "PG_VERSION").read_text()
    (folder / "PG_VERSION").write_text("15\n")

    with pytest.raises(ServerError, match=r"was made by PostgreSQL 15, and this is \d+: dump it"):
        Server(folder, QUICK).join()

    (folder / "PG_VERSION").write_text(version)


def test_broken_data_are_one_sentence(folder):
    control = folder / "global" / "pg_control"
    control.rename(control.with_suffix(".away"))

    with pytest.raises(ServerError, match=r"^PostgreSQL could not start \(its log is .*pg_control"):
        Server(folder, QUICK).join()

    control.with_suffix(".away").rename(control)


def test_several_processes_may_start_it_at_once(tmp_path):
    code = f"""
import psycopg2
from pathlib import Path
from cja_portal.embedded_postgres import database
where = database(Path({str(tmp_path / "postgres")!r}), can_be_lost=True)
connection = psycopg2.connect(host=where["HOST"], dbname=where["NAME"], user=where["USER"])
print(connection.server_version // 10000)
"""
    commands = [[sys.executable, "-c", code]] * 3

    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for command in commands]
    answers = [int(each.communicate()[0]) for each in started]

    assert len(set(answers)) == 1
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
    shutil.rmtree((tmp_path / "postgres").resolve())
