"""What fills the lab's clouds: a login, and patience."""

import sys
import time

import openstack


def connect(address, password, region, who="admin"):
    """As a user whose project has the same name."""
    login = {
        "auth_url": f"http://{address}:5000/v3", "username": who, "password": password, "project_name": who,
        "user_domain_name": "Default", "project_domain_name": "Default",
    }  # fmt: skip
    return openstack.connect(auth=login, region_name=region)


def until(what, done, seconds=120):
    """Asks until it is so, and returns the answer; a service that has just begun answers with errors first."""
    end = time.monotonic() + seconds
    last = ""
    while time.monotonic() < end:
        try:
            answer = done()
            if answer:
                return answer
            last = ""
        except openstack.exceptions.SDKException as error:
            last = f": {error}"
        time.sleep(0.5)
    sys.exit(f"{what}: not within {seconds} s{last}")
