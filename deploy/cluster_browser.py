"""A small browser for `try_cluster.py`: it keeps cookies and signs in; standard library only."""

import http.client
import json
import socket
import time
from urllib.parse import urlencode

Answer = tuple[int, http.client.HTTPMessage, str]


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """Asks one port for pages."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """Ask once, and keep the cookies of the answer."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request(method, path, body, told)
            answer = link.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                self.keep(line)
            return answer.status, answer.headers, answer.read().decode()
        finally:
            link.close()

    def keep(self, line: str) -> None:
        """Keep a cookie, or forget one that has no value any more."""
        name, _sign, rest = line.partition("=")
        value = rest.split(";")[0].strip('"')
        if value:
            self.cookies[name] = value
        else:
            self.cookies.pop(name, None)

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path)

    def post(self, path: str, **values: str) -> Answer:
        """Send a form."""
        values["csrfmiddlewaretoken"] = self.cookies.get("csrftoken", "")
        return self.ask("POST", path, urlencode(values), Content_Type="application/x-www-form-urlencoded")

    def api(self, method: str, path: str, token: str, **values: object) -> tuple[int, dict]:
        """Call the API with a token, as a script would that keeps its cookies."""
        told = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        status, _headers, text = self.ask(method, f"/api/v1{path}", json.dumps(values) if values else None, **told)
        return status, json.loads(text) if text else {}

    def sign_in(self, name: str, password: str = "kanal-demo") -> "Browser":  # noqa: S107  the demo's own
        """Sign in by the form."""
        self.get("/login/")
        status, _headers, _text = self.post("/login/", login=name, password=password)
        assert status == 302, f"signing in answers {status}"
        return self

    def until_ready(self, seconds: float = 120) -> None:
        """Wait until the port serves."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.2)
        raise SystemExit(f"Port {self.port} does not serve within {seconds:g} s.")
