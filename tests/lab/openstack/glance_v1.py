"""glance_v1.py PORT GLANCE: the images' first API, which Newton's clients ask and glance has since lost.

A request below /v1 becomes one below /v2 of the glance at the URL GLANCE; any other is handed over as it is.
"""

import json
import sys
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

PORT, GLANCE = int(sys.argv[1]), sys.argv[2]
PLAIN = ("id", "name", "disk_format", "container_format", "size", "checksum", "status", "owner", "min_disk", "min_ram",
         "protected")  # fmt: skip
# what an image of the second API has besides those and its own properties
OTHER = ("created_at", "updated_at", "visibility", "file", "self", "schema", "tags", "virtual_size", "os_hidden",
         "os_hash_algo", "os_hash_value", "direct_url", "locations", "stores")  # fmt: skip
META, PROPERTY = "x-image-meta-", "x-image-meta-property-"
PATCH = "application/openstack-images-v2.1-json-patch"
KEPT = ("Content-Type", "X-Auth-Token", "Host", "Accept")


def first(image):
    """An image as the first API shows it."""
    told = {key: image.get(key) for key in PLAIN}
    for key in ("created_at", "updated_at"):
        told[key] = image[key].replace("Z", ".000000")
    told |= {"is_public": image["visibility"] == "public", "deleted": False, "deleted_at": None}
    properties = {key: value for key, value in image.items() if key not in (*PLAIN, *OTHER)}
    return told | {"properties": properties}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def glance(self, verb, path, body=None, kind="application/json"):
        headers = {"X-Auth-Token": self.headers.get("X-Auth-Token", ""), "Content-Type": kind}
        with urllib.request.urlopen(urllib.request.Request(f"{GLANCE}{path}", body, headers, method=verb)) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def image(self):
        return first(self.glance("GET", f"/v2/images/{self.path.rpartition('/')[2]}"))

    def given(self, prefix):
        """{key: value} of the headers that begin so."""
        found = ((key.lower(), value) for key, value in self.headers.items())
        return {key.removeprefix(prefix): value for key, value in found if key.startswith(prefix)}

    def content(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def say(self, status, body=b"", headers=(), kind="application/json"):
        self.send_response(status)
        for key, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def answer(self):
        body = self.content()
        place = urlsplit(self.path)
        try:
            if not place.path.startswith("/v1/images"):
                self.hand_over(body)
            elif self.command == "GET":
                asked = dict(parse_qsl(place.query))
                words = "&".join(f"{key}={asked[key]}" for key in ("name", "marker", "disk_format") if key in asked)
                images = self.glance("GET", f"/v2/images?limit=100&{words}")["images"]
                self.say(200, json.dumps({"images": [first(image) for image in images]}).encode())
            else:
                getattr(self, f"first_{self.command.lower()}")(body)
        except urllib.error.HTTPError as error:
            self.say(error.code, b"" if self.command == "HEAD" else error.read())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  names of http.server's

    def hand_over(self, body):
        headers = {key: self.headers[key] for key in KEPT if key in self.headers}
        asked = urllib.request.Request(f"{GLANCE}{self.path}", body or None, headers, method=self.command)
        with urllib.request.urlopen(asked) as answer:
            self.say(answer.status, answer.read(), [("Location", answer.headers.get("Location", ""))])

    def first_head(self, body):
        image = self.image()
        properties = image.pop("properties")
        headers = [(f"{META}{key}", value) for key, value in image.items()]
        headers += [(f"{PROPERTY}{key}", value) for key, value in properties.items()]
        # of another kind, or the client reads the empty body as JSON
        self.say(200, headers=[(key, str(value)) for key, value in headers if value is not None], kind="text/html")

    def first_post(self, body):
        asked = self.given(META)
        kind = asked["disk_format"]
        made = self.glance("POST", "/v2/images", json.dumps({
            "name": asked["name"], "disk_format": kind, **self.given(PROPERTY),
            "container_format": asked.get("container_format", kind if kind in ("aki", "ari", "ami") else "bare"),
            "visibility": "public" if asked.get("is_public") == "True" else "private",
        }).encode())  # fmt: skip
        self.path = f"/v1/images/{made['id']}"
        self.glance("PUT", f"/v2/images/{made['id']}/file", body, "application/octet-stream")
        self.say(201, json.dumps({"image": self.image()}).encode())

    def first_put(self, body):
        patch = [{"op": "replace", "path": "/name", "value": self.given(META)["name"]}]
        self.glance("PATCH", f"/v2/images/{self.path.rpartition('/')[2]}", json.dumps(patch).encode(), PATCH)
        self.say(200, json.dumps({"image": self.image()}).encode())

    def first_delete(self, body):
        self.glance("DELETE", f"/v2/images/{self.path.rpartition('/')[2]}")
        self.say(200)


ThreadingHTTPServer(("0.0.0.0", PORT), Handler).serve_forever()
