"""What `try_cluster.py` looks at of the proxy: the live channel through it, and nginx.conf as it is written."""

import http.client
import shutil
import ssl
import subprocess
import threading
import time
from typing import Any

from cluster_browser import Browser, free_port
from cluster_checks import add, browser

ROOT = __file__.rpartition("/deploy/")[0]
HOST = "crm.example.com"


class Stream:
    """An open page at the live channel, read by a thread; `lines` are what came."""

    def __init__(self, who: Browser, path: str) -> None:
        self.link = http.client.HTTPConnection("127.0.0.1", who.port, timeout=30)
        self.link.request("GET", path, headers={"Cookie": cookies(who)})
        self.answer = self.link.getresponse()
        assert self.answer.status == 200, self.answer.status
        self.lines: list[tuple[float, str]] = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        """Keep each line with its time."""
        while line := self.answer.readline():
            self.lines.append((time.monotonic(), line.decode()))

    def heard(self, part: str, seconds: float = 20) -> float:
        """Wait for a line with a part; return the time when it came."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for at, line in list(self.lines):
                if part in line:
                    return at
            time.sleep(0.02)
        raise AssertionError(f"“{part}” was not heard within {seconds:g} s")


def cookies(who: Browser) -> str:
    """Return a browser's cookies as a header."""
    return "; ".join(f"{name}={value}" for name, value in who.cookies.items())


def changes_are_heard(machines: Any) -> str:
    """A change made by one web process is heard by pages of both, through nginx and past PgBouncer"""
    who = browser(machines)
    streams = [Stream(who, "/live?on=accounts") for _each in range(4)]
    served = {stream.answer.headers["X-Served-By"] for stream in streams}
    assert len(served) == 2, served
    for stream in streams:
        stream.heard("event: ready")
    slowest = 0.0
    for number in range(5):
        pk = add(machines, who, f"Cluster live {number}")
        began = time.monotonic()
        slowest = max(slowest, *(stream.heard(f"{pk}]") - began for stream in streams))
    return f"5 changes by {len(streams)} pages, the slowest {slowest * 1000:.0f} ms after its answer"


def written_file(machines: Any, ports: dict[str, int]) -> None:
    """Write deploy/nginx.conf with other ports and another certificate, and nothing else changed."""
    base = machines.base
    key, certificate = base / "key.pem", base / "certificate.pem"
    machines.run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
        "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", key, "-out", certificate,
    )  # fmt: skip
    text = (base.__class__(ROOT) / "deploy" / "nginx.conf").read_text()
    for old, new in (
        ("/etc/ssl/certs/crm.example.com.pem", str(certificate)), ("/etc/ssl/private/crm.example.com.key", str(key)),
        ("listen 80;", f"listen 127.0.0.1:{ports['plain']};"), ("    listen [::]:80;\n", ""),
        ("listen 443 ", f"listen 127.0.0.1:{ports['tls']} "), ("    listen [::]:443 ssl http2;\n", ""),
        ("127.0.0.1:8000", f"127.0.0.1:{ports['web']}"),
    ):  # fmt: skip
        assert old in text, old
        text = text.replace(old, new)
    temporary = "".join(
        f"{name}_temp_path {base}/tls-{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    around = f"daemon off; pid {base}/tls.pid; error_log {base}/tls-error.log; events {{}}\n"
    (base / "tls.conf").write_text(f"{around}http {{ access_log off;\n{temporary}{text}}}\n")


def nginx_serves_as_written(machines: Any) -> str:
    """deploy/nginx.conf as it is written: nginx -t, TLS, strict cookies, the live channel without delay"""
    ports = {name: free_port() for name in ("plain", "tls", "web")}
    written_file(machines, ports)
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    machines.run(nginx, "-t", "-p", machines.base, "-c", machines.base / "tls.conf")
    machines.ports["three"] = ports["web"]
    strict = {
        "KANAL_HTTPS": "1",
        "KANAL_ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "KANAL_TRUSTED_ORIGINS": f"https://{HOST}",
    }
    machines.web("three", **strict)
    machines.start("tls", nginx, "-p", machines.base, "-c", machines.base / "tls.conf")
    machines.until(lambda: ask_tls(machines, ports["tls"], "/healthz").status == 200, "nginx does not serve over TLS")
    page = ask_tls(machines, ports["tls"], "/login/")
    set_cookies = " ".join(page.headers.get_all("Set-Cookie") or [])
    assert page.status == 200
    assert "Secure" in set_cookies, set_cookies
    assert int(page.headers["Strict-Transport-Security"].partition("=")[2].partition(";")[0]) > 10**7
    plain = http.client.HTTPConnection("127.0.0.1", ports["plain"], timeout=10)
    plain.request("GET", "/crm/leads/", headers={"Host": HOST})
    moved = plain.getresponse()
    assert (moved.status, moved.headers["Location"]) == (301, f"https://{HOST}/crm/leads/")
    assert ask_tls(machines, ports["tls"], "/metrics").status == 404
    live = ask_tls(machines, ports["tls"], "/live?on=accounts", cookies(browser(machines)))
    assert live.status == 200, live.status
    assert live.readline().startswith(b"event: ready")
    for name in ("tls", "three"):
        machines.end(name)
    version = subprocess.run([str(nginx), "-v"], capture_output=True, text=True, check=True).stderr
    return version.strip().rpartition("/")[2]


def ask_tls(machines: Any, port: int, path: str, cookie: str = "") -> http.client.HTTPResponse:
    """Ask by TLS, believing the certificate that was made for the host alone."""
    context = ssl.create_default_context(cafile=str(machines.base / "certificate.pem"))
    link = Named("127.0.0.1", port, timeout=20, context=context)
    link.request("GET", path, headers={"Host": HOST, **({"Cookie": cookie} if cookie else {})})
    return link.getresponse()


class Named(http.client.HTTPSConnection):
    """A connection to loopback that asks for the host of the file by name."""

    def connect(self) -> None:
        """Connect, and check the certificate against the host."""
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=HOST)  # type: ignore[attr-defined]


CHECKS = (changes_are_heard, nginx_serves_as_written)
