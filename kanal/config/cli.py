"""The `kanal` command: find the database, then run a server or management command. Never shows a traceback."""

import os
import signal
import sys
from contextlib import nullcontext

from kanal.config import embedded, env
from kanal.config.console import complain, guarded, probe

COMMANDS = {
    "migrate": "migrate the database",
    "demo": "load the demo company",
    "generate": "generate a large, realistic data set",
    "backup": "back up the database and the files to one file",
    "restore": "restore a backup into an empty installation",
    "createadmin": "make an administrator",
    "token": "create an API token for a user",
    "import": "import a CSV, XLSX or vCard file into a record type",
    "export": "export the records of a type as CSV",
    "explain": "print everything that is derived from a record type's declaration",
}
SERVERS = {
    "run": "set up what is missing and run the database, web server and worker",
    "serve": "serve the pages and the API",
    "worker": "run the jobs",
    "check": "check the health of the installation",
    "manage": "run any other Django command",
}
DIRECT = {"migrate", "backup", "restore"}  # an intermediate pooler would disturb these


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if not words or words[0] in {"help", "-h", "--help"}:
        print(list_commands())
        return 0
    try:
        return dispatch(words[0], words[1:])
    except env.SetupError as error:
        return complain(str(error))
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return complain(f"{error.strerror or error}: {error.filename}." if error.filename else f"{error}.", error)


def dispatch(name: str, rest: list[str]) -> int:
    """Run the server or management command with this name."""
    if name == "run":
        from kanal.config import supervisor

        return supervisor.run_supervisor()
    if name not in SERVERS and name not in COMMANDS:
        return complain(f"There is no command {name!r}. `kanal help` lists them all.")
    environment = env.read_environment()
    address = (environment.direct_database_url if name in DIRECT else "") or environment.database_url
    if address and name not in {"serve", "worker"}:
        probe(address)
    with nullcontext(address) if address else embedded.using(environment.data) as url:
        env.use_database(url)
        return guarded(lambda: start_command(name, rest))


def start_command(name: str, rest: list[str]) -> int:
    """Run a server or command with the configured database."""
    if name == "serve":
        from kanal.config import serve

        return serve.run_server()
    if name == "worker":
        from kanal.config import worker

        return worker.run_worker()
    if name == "check":
        from kanal.config.diagnosis import report

        return report.run_diagnosis(rest)
    if name == "migrate" and not rest:
        import django

        from kanal.config import prepare

        django.setup()
        prepare.migrate()
        print("The tables are up to date.")
        return 0
    return manage(rest if name == "manage" else [name, *rest])


def manage(words: list[str]) -> int:
    """Run a Django management command."""
    import django
    from django.core.management import execute_from_command_line, get_commands

    django.setup()  # loads the apps' commands
    if words and words[0] not in get_commands() and words[0] not in {"help", "version"}:
        return complain(f"Django has no command {words[0]!r}. `kanal manage help` lists them all.")
    execute_from_command_line(["kanal", *words])
    return 0


def list_commands() -> str:
    """Return a list of the commands with their descriptions."""
    lines = {**SERVERS, **COMMANDS}
    return "\n".join(["Usage: kanal COMMAND …", "", *(f"  {name:<12} {purpose}" for name, purpose in lines.items())])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kanal.config.settings")
    sys.exit(main())
