"""os-collect-config with heat's agent after it, on a node: runs what heat has for it, and tells heat how it went.

What a server's user data brings is in /etc/os-collect-config.conf, as JSON: auth_url, user_id, password,
project_id, stack_id, resource_name. A deployment whose configuration has run here is not run again, by whatever boot.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

CONFIG = Path("/etc/os-collect-config.conf")
DEPLOYED = Path("/var/lib/heat-config/deployed")
EAGER = Path("/run/lab-eager")  # is there while somebody waits for what heat has for the node
PAUSE, LONG_PAUSE = 5, 60  # seconds between two questions: each is a tenth of a second of heat's work
HEAT = "orchestration"


class Session:
    """A user of heat's own domain, logged in."""

    def __init__(self, auth_url, user_id, password, project_id):
        user = {"id": user_id, "password": password}
        identity = {"methods": ["password"], "password": {"user": user}}
        body = {"auth": {"identity": identity, "scope": {"project": {"id": project_id}}}}
        headers, told = _request("POST", f"{auth_url.rstrip('/')}/auth/tokens", body)
        self._token = headers["X-Subject-Token"]
        (self._heat,) = {
            one["url"]
            for service in told["token"]["catalog"] if service["type"] == HEAT
            for one in service["endpoints"] if one["interface"] == "public"
        }  # fmt: skip

    def ask(self, verb, path, body=None):
        return _request(verb, f"{self._heat}{path}", body, self._token)[1]


def _request(verb, url, body=None, token=None):
    headers = {"Content-Type": "application/json", **({"X-Auth-Token": token} if token else {})}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=verb), timeout=60) as answer:
        text = answer.read()
    return answer.headers, json.loads(text) if text else None


def run(deployment):
    """The script of a deployment, with its inputs in the environment: what heat is to be sent."""
    inputs = {one["name"]: str(one["value"]) for one in deployment["inputs"]}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, deployment["id"])
        script.write_text(deployment["config"])
        ended = subprocess.run(
            ["bash", str(script)], env={**os.environ, **inputs}, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, cwd=folder,
        )  # fmt: skip
    print(f"{deployment['name']} ended with {ended.returncode}", flush=True)
    return {
        "deploy_stdout": ended.stdout, "deploy_stderr": ended.stderr, "deploy_status_code": ended.returncode
    }  # fmt: skip


def signal(deployment, outcome):
    inputs = {one["name"]: one["value"] for one in deployment["inputs"]}
    session = Session(*(inputs[f"deploy_{word}"] for word in ("auth_url", "user_id", "password", "project_id")))
    place = f"/stacks/{inputs['deploy_stack_id']}/resources/{inputs['deploy_resource_name']}/signal"
    session.ask("POST", place, outcome)


def collect(session, own):
    """One look: what has not run here yet is run, and its outcome told until heat has taken it."""
    told = session.ask("GET", f"/stacks/{own['stack_id']}/resources/{own['resource_name']}/metadata")
    for deployment in told["metadata"].get("deployments", ()):
        place = DEPLOYED / f"{deployment['id']}.json"
        done = json.loads(place.read_text()) if place.exists() else {}
        if "outcome" not in done:
            done = {"outcome": run(deployment), "told": False}
            place.write_text(json.dumps(done))
        if not done["told"]:
            signal(deployment, done["outcome"])
            place.write_text(json.dumps({**done, "told": True}))


def main():
    DEPLOYED.mkdir(parents=True, exist_ok=True)
    own = json.loads(CONFIG.read_text())
    session = None
    while True:
        try:
            session = session or Session(own["auth_url"], own["user_id"], own["password"], own["project_id"])
            collect(session, own)
        except (OSError, ValueError, KeyError) as error:  # heat is on its way up, or down, or the token is too old
            print(f"heat: {error}", file=sys.stderr, flush=True)
            session = None
        await_turn()


def await_turn():
    asked = time.monotonic()
    while time.monotonic() - asked < (PAUSE if EAGER.exists() else LONG_PAUSE):
        time.sleep(1)


main()
