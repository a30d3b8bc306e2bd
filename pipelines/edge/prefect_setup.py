"""Set Prefect up before it is imported: no telemetry, its own database, no server by hand."""

import os
from pathlib import Path

from platformdirs import user_data_path

# Prefect reads these when it is imported. A caller's own settings win.
_ALWAYS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
_WITHOUT_A_SERVER = {
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # What goes wrong reaches the caller as an exception, and is said once.
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    # Nothing is scheduled on a server that lives for one run.
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
}


def prepare_prefect() -> Path:
    """Set the environment that Prefect starts in; return the folder of its own database.

    With ``PREFECT_API_URL`` set, that server is used; otherwise Prefect starts one for the
    length of the run.
    """
    home = Path(os.environ.setdefault("PREFECT_HOME", str(_home())))
    home.mkdir(parents=True, exist_ok=True)
    for name, value in _ALWAYS.items():
        os.environ[name] = value
    if "PREFECT_API_URL" not in os.environ:
        for name, value in _WITHOUT_A_SERVER.items():
            os.environ.setdefault(name, value)
    return home


def _home() -> Path:
    return user_data_path("council-insight") / "prefect"
