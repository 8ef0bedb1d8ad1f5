"""workflow_engine.py PORT KEYSTONE PLAN: in mistral's and zaqar's place, for two commands of tripleo's client.

Python 2.7, among Newton's clients.
Mistral itself needs swift, and its workflows a whole deployment. Here the action tripleo.templates.process answers with
the plan in the file PLAN, whatever was uploaded, and the workflow tripleo.baremetal.v1.configure runs tripleo-common's
own action for each node. Its end is sent on the websocket, as zaqar would. Anything else is refused.
"""

import json
import sys
import uuid

import eventlet

eventlet.monkey_patch()

from eventlet import event, websocket, wsgi  # noqa: E402  sockets are green from here on
from mistral import config, context  # noqa: E402,F401  config declares the options that its context asks for
from tripleo_common.actions import baremetal  # noqa: E402  likewise

PORT, KEYSTONE, PLAN = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ENDED = {}  # queue: what its workflow has come to, sent once


def process_templates(given):
    with open(PLAN) as text:  # noqa: PTH123  there is no pathlib here
        plan = json.load(text)
    found = given.get("container") == plan["stack_name"]
    output = json.dumps({"result": plan if found else None})
    return {"id": str(uuid.uuid4()), "name": "tripleo.templates.process", "state": "SUCCESS", "output": output}


def configure(given, caller):
    execution = str(uuid.uuid4())
    ended = ENDED.setdefault(given["queue_name"], event.Event())
    eventlet.spawn(configure_nodes, given, caller, execution, ended)
    return {"id": execution, "workflow_name": "tripleo.baremetal.v1.configure", "state": "RUNNING", "input": "{}"}


def configure_nodes(given, caller, execution, ended):
    context.set_ctx(caller)
    words = (given["kernel_name"], given["ramdisk_name"], given.get("instance_boot_option"))
    wrong = []
    for node in given["node_uuids"]:
        result = baremetal.ConfigureBootAction(node, *words).run()
        if result is not None:
            wrong.append(str(result.error))
    status = "FAILED" if wrong else "SUCCESS"
    ended.send({"status": status, "message": "\n".join(wrong), "execution": {"id": execution}})


@websocket.WebSocketWSGI
def messages(ws):
    """Every request is granted; what the queue's workflow comes to is then its one message."""
    while True:
        text = ws.wait()
        if text is None:
            return
        asked = json.loads(text)
        ws.send(json.dumps({"headers": {"status": 200}, "body": {}}).decode("utf-8"))
        if asked["action"] == "subscription_create":
            payload = ENDED.setdefault(asked["body"]["queue_name"], event.Event()).wait()
            ws.send(json.dumps({"body": {"payload": payload}}).decode("utf-8"))


def answer(environ, start_response):
    if environ.get("HTTP_UPGRADE", "").lower() == "websocket":
        return messages(environ, start_response)
    status, told = "404 Not Found", {"faultstring": "the lab has no such part of mistral"}
    if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].rstrip("/") in ("", "/v2"):
        status, told = "200 OK", {}
    if environ["REQUEST_METHOD"] == "POST":
        asked = json.loads(environ["wsgi.input"].read())
        given = json.loads(asked.get("input") or "{}")
        what = (environ["PATH_INFO"], asked.get("name") or asked.get("workflow_name"))
        if what == ("/v2/action_executions", "tripleo.templates.process"):
            status, told = "201 Created", process_templates(given)
        if what == ("/v2/executions", "tripleo.baremetal.v1.configure"):
            status, told = "201 Created", configure(given, caller_of(environ))
    body = json.dumps(told).encode("utf-8")
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def caller_of(environ):
    return context.MistralContext(
        auth_uri=KEYSTONE, auth_token=environ["HTTP_X_AUTH_TOKEN"], project_id=environ.get("HTTP_X_PROJECT_ID"),
        user_id=environ.get("HTTP_X_USER_ID"), is_trust_scoped=False,
    )  # fmt: skip


wsgi.server(eventlet.listen(("0.0.0.0", PORT)), answer)
