"""A real PostgreSQL for the tests: the database that MLflow has in every environment but a laptop's."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

from cluster import packages
from cluster.host import Host
from cluster.process import Process, wait_until
from cluster.requirements import MissingRequirement
from cluster.sandbox import Sandbox

DEBIAN = Path("/usr/lib/postgresql")  # where Debian puts each version's programs, outside PATH
OTHER_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
IN_MEMORY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server(Process):
    """Ends at once: at SIGTERM PostgreSQL would wait until its clients have gone."""

    def _signal(self, number: int) -> None:
        super()._signal(signal.SIGINT if number == signal.SIGTERM else number)


def start(place: Sandbox | Host, address: str, port: int, user: str, password: str, database: str) -> Process:
    """A server with one database, listening on this address alone, once it takes connections."""
    programs, data = found(), place.folder / "postgres-data"
    initialize(place, programs, data, user, password)
    settings = {**IN_MEMORY, "listen_addresses": address, "port": str(port), "unix_socket_directories": ""}
    options = [item for name, value in settings.items() for item in ("-c", f"{name}={value}")]
    ending = ["setpriv", "--pdeathsig", "INT"]
    process = place.start("postgres", [*not_root(place), *ending, programs / "postgres", "-D", data, *options])
    reached = ["--host", address, "--port", str(port), "--username", user]
    wait_until(lambda: place.run([programs / "pg_isready", *reached]), "PostgreSQL to accept connections", [process])
    place.run([programs / "createdb", *reached, "--no-password", database], env={"PGPASSWORD": password})
    return Server(**vars(process))


def initialize(place: Sandbox | Host, programs: Path, data: Path, user: str, password: str) -> None:
    """Make the server's files; the password is asked for, wherever a connection comes from."""
    secret = place.folder / "postgres-password"
    secret.write_text(password)
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--pwfile={secret}"]
    place.run([*not_root(place), programs / "initdb", f"--pgdata={data}", f"--username={user}", *options])
    secret.unlink()
    (data / "pg_hba.conf").write_text("host all all all scram-sha-256\n")


def not_root(place: Sandbox | Host) -> tuple[str, ...]:
    """What lets a program run that refuses root: it is shown another number, and its files stay the tests' own."""
    return OTHER_USER if place.run(["id", "-u"]).strip() == "0" else ()


def found() -> Path:
    """The folder of PostgreSQL's programs, the newest version's; installed where that can be done."""
    if not (program := newest()):
        packages.require("postgresql")
        program = newest()
    if not program:
        raise MissingRequirement("PostgreSQL's initdb not found")
    return program.parent


def newest() -> Path | None:
    """`initdb` of the newest version."""
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda file: float(file.parts[-3]))
    on_path = shutil.which("initdb")
    return versions[-1] if versions else Path(os.path.realpath(on_path)) if on_path else None
