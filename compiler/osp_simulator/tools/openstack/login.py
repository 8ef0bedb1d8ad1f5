"""Keystone's answer to a client's credentials: whom they let in where, and its words for those it does not."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from osp_simulator.engine.world import World
from osp_simulator.state import State
from osp_simulator.state.clouds import Account
from osp_simulator.tools.openstack.session import ClientError, Login, api_error, api_is_up, region_of, unreachable


def authenticate(world: World, env: Mapping[str, str], client: str = "openstack") -> Login:
    """Whom the environment's credentials let in where. ClientError as the client words it otherwise."""
    url = env.get("OS_AUTH_URL", "")
    if client == "nova" and not env.get("OS_USERNAME"):
        raise ClientError(
            "You must provide a username or user ID via --os-username, --os-user-id, "
            "env[OS_USERNAME] or env[OS_USER_ID]"
        )
    if not url:
        raise ClientError("Missing value auth-url required for auth plugin password")
    if not env.get("OS_PASSWORD"):
        raise ClientError("No password entered, or found via --os-password or OS_PASSWORD")
    cloud = cloud_at(world.state, url)
    if cloud is None or not api_is_up(world.state, cloud, ("httpd",)):
        raise ClientError(no_keystone(url, client), "ConnectFailure")
    known = world.state["keystone"][cloud]
    accounts: list[Account] = [known, *known.get("tenants", [])]
    for account in accounts:
        if env["OS_PASSWORD"] == account["password"] and env.get("OS_USERNAME") == account.get("user", "admin"):
            return _login(cloud, account, env)
    raise api_error(world, "The request you have made requires authentication.", 401)


def _login(cloud: str, account: Account, env: Mapping[str, str]) -> Login:
    project = env.get("OS_PROJECT_NAME") or env.get("OS_TENANT_NAME")
    if not project:
        raise ClientError("The service catalog is empty.")
    own = account.get("project", "admin")
    return Login(cloud, own, account["project_id"], account["user_id"], own == "admin")


NOBODY = Login("undercloud", "", "", "", False)


def check_region(world: World, cloud: str, env: Mapping[str, str], service: str) -> None:
    """Refuse a region that the catalog does not have."""
    region = env.get("OS_REGION_NAME")
    if region and region != region_of(world.state, cloud):
        raise ClientError(f"publicURL endpoint for {service} service in {region} region not found")


def cloud_at(state: State, url: str) -> str | None:
    """The cloud whose keystone answers at this URL, whatever API version its path names."""
    wanted = urlsplit(url).netloc
    for name, entry in state["keystone"].items():
        if urlsplit(entry["auth_url"]).netloc == wanted:
            return name
    return None


def no_keystone(url: str, client: str) -> str:
    parts = urlsplit(url)
    path = "/v2.0/tokens" if parts.path.startswith("/v2") else "/v3/auth/tokens"
    words = unreachable(f"{parts.scheme}://{parts.netloc}", path)
    if client == "nova":
        return words
    lead = "Discovering versions from the identity service failed when creating the password plugin. "
    return f"{lead}Attempting to determine version from URL.\n{words}"
