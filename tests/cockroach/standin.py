"""A stand-in for the `cockroach` program, which cannot be had here: it records how it is called and does just enough to be started.

It is no database. What it shows is which commands are given, in which order, with which flags, and how processes are handled.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROGRAM = '''#!/usr/bin/env -S python3 -IS
"""A stand-in for the program cockroach, for tests; it keeps no data."""
import json, os, pathlib, signal, socket, sys

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = {word[2:].partition("=")[0]: word.partition("=")[2] for word in sys.argv[1:] if word.startswith("--")}
PLAIN = [word for word in sys.argv[1:] if not word.startswith("-")]


def record(**said):
    with open(HERE / "calls", "a") as file:
        file.write(json.dumps(said) + "\\n")


def private(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def certificates():
    folder, key = pathlib.Path(FLAGS["certs-dir"]), pathlib.Path(FLAGS["ca-key"])
    if PLAIN[1] == "create-ca":
        private(key, "key of the authority")
        (folder / "ca.crt").write_text("authority")
        return
    if not key.exists():
        sys.exit("ERROR: there is no key of the authority")
    name = "node" if PLAIN[1] == "create-node" else "client." + PLAIN[2]
    (folder / f"{name}.crt").write_text(" ".join(PLAIN[2:]))
    private(folder / f"{name}.key", "key of " + name)


def serve():
    store = dict(part.partition("=")[::2] for part in FLAGS["store"].split(",")).get("path", FLAGS["store"])
    if (HERE / "broken").exists():
        print("*\\n* ERROR: the disk is full\\n*", flush=True)
        sys.exit("ERROR: the disk is full")
    if "insecure" not in FLAGS and not (pathlib.Path(FLAGS["certs-dir"]) / "node.key").exists():
        sys.exit("ERROR: there is no certificate of the node")
    ready, tell = os.pipe()
    if "background" in FLAGS and os.fork() != 0:
        os.close(tell)
        os.read(ready, 1)
        return
    host, _, port = FLAGS["listen-addr"].rpartition(":")
    listener = socket.create_server((host, int(port)))
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    pathlib.Path(store).mkdir(parents=True, exist_ok=True)
    (pathlib.Path(store) / "rows").touch()
    if "pid-file" in FLAGS:
        pathlib.Path(FLAGS["pid-file"]).write_text(f"{os.getpid()}\\n")
    if "listening-url-file" in FLAGS:
        draft = pathlib.Path(FLAGS["listening-url-file"] + ".draft")
        draft.write_text(f"postgresql://root@{host}:{listener.getsockname()[1]}/defaultdb?sslmode=verify-full\\n")
        draft.rename(FLAGS["listening-url-file"])
    if "background" in FLAGS:
        for number in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
        os.setsid()
        os.write(tell, b"!")
    number = signal.sigwait({signal.SIGTERM, signal.SIGINT})
    record(ended=signal.Signals(number).name)


record(words=sys.argv[1:], environment=dict(os.environ))
if PLAIN[:1] == ["version"]:
    print(f"Build Tag:        {(HERE / 'version').read_text()}\\nDistribution:     CCL")
elif PLAIN[:1] == ["cert"]:
    certificates()
elif PLAIN[:2] == ["gen", "encryption-key"]:
    private(PLAIN[-1], "k" * 48)
elif PLAIN[:1] in (["start"], ["start-single-node"]):
    serve()
'''


@dataclass(frozen=True)
class Standin:
    """The stand-in in a folder of its own."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, version: str = "v25.4.2") -> "Standin":
        """Writes the program where every user may run it and it may write down its calls."""
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
        (folder / "cockroach").write_text(PROGRAM)
        (folder / "cockroach").chmod(0o755)
        standin = cls(folder)
        standin.say_version(version)
        return standin

    @property
    def path(self) -> str:
        """A PATH on which it comes first."""
        return f"{self.folder}{os.pathsep}{os.environ['PATH']}"

    def say_version(self, version: str) -> None:
        (self.folder / "version").write_text(version)

    def breaks(self) -> None:
        """From here on the node ends right after its start."""
        (self.folder / "broken").touch()

    def mended(self) -> None:
        (self.folder / "broken").unlink()

    def records(self) -> list[dict[str, Any]]:
        file = self.folder / "calls"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def calls(self) -> list[list[str]]:
        """The words of every call so far."""
        return [record["words"] for record in self.records() if "words" in record]

    def commands(self) -> list[str]:
        """Of every call the words that are no flags, with how each node ended."""
        return [
            f"ended by {record['ended']}" if "ended" in record else " ".join(word for word in record["words"] if not word.startswith("-"))
            for record in self.records()
        ]

    def forget(self) -> None:
        (self.folder / "calls").unlink(missing_ok=True)
