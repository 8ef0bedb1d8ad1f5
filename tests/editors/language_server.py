"""An editor with a spec in it, as yaml-language-server knows one: it asks, and is told what is underlined."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from unit.waiting import pieces


class Editor:
    """One session with the server, over its standard input and output; the specs lie in `folder`."""

    def __init__(self, server: subprocess.Popen[bytes], folder: Path) -> None:
        self._server, self._folder, self._count, self._unread = server, folder, 0, b""
        self.ask("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}})
        self.tell("initialized", {})
        yaml = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self.tell("workspace/didChangeConfiguration", {"settings": {"yaml": yaml}})

    def tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: object) -> Any:
        self._count += 1
        self._send({"id": self._count, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._count and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def open(self, text: str, file: Path | None = None) -> str:
        """The address of a new spec with this text; `file` says where it lies, and need not have it."""
        self._count += 1
        uri = (file or self._folder / f"site-{self._count}.yaml").as_uri()
        self.tell(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
        )
        return uri

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """What the server publishes next of a spec."""
        while True:
            message = self._read()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                found: list[dict[str, Any]] = params["diagnostics"]
                return found

    def problems(self, text: str) -> list[str]:
        """What is underlined in a spec with this text: `line: message`."""
        found = self.diagnostics(self.open(text))
        return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found]

    def at(self, method: str, marked: str) -> Any:
        """What the server says at the place of `|` in a spec."""
        before, _, after = marked.partition("|")
        place = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        uri = self.open(before + after)
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": place})

    def completions(self, marked: str) -> dict[str, str]:
        """{word: what is said of it} at the place of `|`."""
        found = self.at("completion", marked)
        return {one["label"]: json.dumps(one.get("documentation") or "") for one in found["items"]}

    def hover(self, marked: str) -> str:
        return str(self.at("hover", marked)["contents"]["value"])

    def _send(self, message: dict[str, object]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._server.stdin.flush()

    def _read(self) -> Any:
        """The next message; what the server asks of its editor is answered with nothing."""
        head = self._take(until=b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split()[0])
        message = json.loads(self._take(length=length))
        if "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})
        return message

    def _take(self, until: bytes = b"", length: int = 0) -> bytes:
        """So many bytes of what the server says, or all up to a mark and with it."""
        assert self._server.stdout is not None
        said = pieces(self._server.stdout.fileno(), "the language server")
        while not (until in self._unread if until else len(self._unread) >= length):
            piece = next(said, None)
            assert piece is not None, "the language server has ended"
            self._unread += piece
        end = self._unread.index(until) + len(until) if until else length
        taken, self._unread = self._unread[:end], self._unread[end:]
        return taken
