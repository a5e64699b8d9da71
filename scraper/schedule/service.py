"""Schedules for those who prefer their system's own: systemd, cron, launchd. Pure text."""

from __future__ import annotations

import plistlib
import shlex
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Service = Literal["systemd", "cron", "launchd"]
SERVICES: tuple[Service, ...] = ("systemd", "cron", "launchd")


def service(kind: Service, command: Sequence[str], plan: Path) -> str:
    """What to install; its comments say how. `command` is how kliping is called, `plan` an absolute path."""
    call = [*command, "schedule", str(plan)]
    if kind == "systemd":
        return _systemd(call, plan)
    return _cron(call, plan) if kind == "cron" else _launchd(call, plan)


def _systemd(call: list[str], plan: Path) -> str:
    return f"""# Save as ~/.config/systemd/user/kliping.service, then:
#   systemctl --user daemon-reload && systemctl --user enable --now kliping
#   loginctl enable-linger        (so that it runs while you are not logged in)
#   journalctl --user -u kliping  (its log)
[Unit]
Description=kliping, by {_unit(plan.name)}
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
WorkingDirectory={_unit(str(plan.parent))}
ExecStart={" ".join(_unit_word(word) for word in [*call, "--log-format", "json"])}
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=60
RestartPreventExitStatus=64 65
SuccessExitStatus=143
TimeoutStopSec=20
Nice=5
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


def _unit(text: str) -> str:
    return text.replace("%", "%%").replace("\n", " ")


def _unit_word(word: str) -> str:
    """A word of a command line, quoted as systemd.service(5) requires."""
    plain = _unit(word).replace("$", "$$")
    if not any(char in word for char in " \"'\\;\t"):
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _cron(call: list[str], plan: Path) -> str:
    line = (
        f"cd {shlex.quote(str(plan.parent))} && {shlex.join([*call, '--once'])} 2>> {shlex.quote(plan.stem + '.log')}"
    )
    return f"""# Add with `crontab -e`. Every ten minutes what is due has its turn; while an earlier call still
# runs, the next one ends at once with exit status 75.
*/10 * * * * {line.replace("%", chr(92) + "%")}
"""


def _launchd(call: list[str], plan: Path) -> str:
    label = "org.kliping.schedule"
    record = {
        "Label": label,
        "ProgramArguments": [*call, "--log-format", "json"],
        "WorkingDirectory": str(plan.parent),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 60,
        "ExitTimeOut": 20,
        "ProcessType": "Background",
        "StandardErrorPath": str(plan.with_suffix(".log")),
    }
    comment = (
        f"<!-- Save as ~/Library/LaunchAgents/{label}.plist, then:\n"
        f"     launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{label}.plist -->\n"
    )
    head, _, rest = plistlib.dumps(record, sort_keys=False).decode().partition("<plist")
    return f"{head}{comment}<plist{rest}"
