"""The command `kanal`: what stands in its way is said in one sentence, with exit code 1."""

import fcntl
import socket

import pytest


def complaint(done):
    """Return the sentence of a refused command; a traceback is none."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_a_port_in_use_is_named(kanal):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} is in use" in complaint(kanal("run", PORT=str(port)))


def test_a_second_run_on_the_same_data_is_refused(kanal, data, free_port):
    with (data / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("process 1, http://127.0.0.1:8000\n")
        lock.flush()
        sentence = complaint(kanal("run", PORT=str(free_port)))
    assert "already runs" in sentence
    assert "http://127.0.0.1:8000" in sentence


@pytest.mark.parametrize("folder", ["/proc/kanal", "/dev/null/kanal"])
def test_a_data_folder_that_can_not_be_written_is_named(kanal, free_port, folder):
    assert folder in complaint(kanal("run", KANAL_DATA=folder, PORT=str(free_port)))


@pytest.mark.parametrize("words", [["run"], ["migrate"]])
def test_a_database_that_does_not_answer_is_named_and_nothing_embedded_starts(kanal, data, free_port, words):
    address = f"postgresql://127.0.0.1:{free_port}/kanal"
    assert "does not answer" in complaint(kanal(*words, DATABASE_URL=address, PORT=str(free_port)))
    assert not (data / "postgres").exists()


@pytest.mark.parametrize("port", ["web", "0", "70000", "-1"])
def test_a_port_that_is_none_is_named(kanal, port):
    assert "PORT" in complaint(kanal("run", PORT=port))


def test_an_unknown_command_is_named(kanal):
    assert "no command 'sell'" in complaint(kanal("sell"))


def test_the_commands_are_listed(kanal):
    done = kanal("help")
    assert done.returncode == 0
    assert all(f"  {name} " in done.stdout for name in ("run", "serve", "worker", "migrate", "demo", "backup", "token"))
