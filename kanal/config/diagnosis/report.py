"""`kanal check`: report the state of this installation, one line per finding."""

import json
from collections.abc import Callable, Iterator

from kanal.config import env
from kanal.config.console import mark
from kanal.config.diagnosis import backups, host, language, queue, records, replica, server
from kanal.config.diagnosis.finding import Finding

Look = Callable[[env.Env], Iterator[Finding]]

LOOKS: tuple[Look, ...] = (
    *server.LOOKS, *language.LOOKS, replica.replica, queue.jobs, backups.backups, *host.LOOKS, *records.LOOKS,
)  # fmt: skip


def run_diagnosis(words: list[str] | None = None) -> int:
    """Print the findings, with --json as one object. The exit code is 1 if something essential fails."""
    import django

    if set(words or ()) - {"--json"}:
        raise env.SetupError("`kanal check` accepts only --json.")
    environment = env.read_environment()
    django.setup()
    findings = [finding for look in LOOKS for finding in looked(look, environment)]
    well = not any(finding.level == "error" for finding in findings)
    if words:
        entries = [{"subject": entry.subject, "level": entry.level, "text": entry.text} for entry in findings]
        print(json.dumps({"well": well, "findings": entries}, ensure_ascii=False))
    else:
        signs = {"ok": mark("✓", "ok"), "warning": mark("!", "!"), "error": mark("✗", "bad")}
        for finding in findings:
            print(f"  {signs[finding.level]} {finding.subject:<18} {finding.text}")
    return 0 if well else 1


def looked(look: Look, environment: env.Env) -> list[Finding]:
    """Run a check. If it can't run, that is a finding too."""
    from django.db import DatabaseError, connection

    try:
        return list(look(environment))
    except (DatabaseError, OSError, KeyError, ValueError) as problem:
        connection.close()
        reason = (str(problem).strip() or type(problem).__name__).splitlines()[0]
        return [Finding(look.__name__.capitalize(), f"can't be checked ({reason})", well=False)]
