"""The few values of a site that its scripts know by name; lib/site.sh holds them."""

from __future__ import annotations

from osp_compile.model import Site
from osp_compile.rules import client


def scalars(site: Site) -> dict[str, str | tuple[str, ...]]:
    """Shell variable names and values; a tuple becomes an array."""
    nfv = site.nfv
    return {
        "SITE_NAME": site.name,
        "CHANGE": site.change,
        "STACK": site.stack,
        "SITE_LANGUAGE": site.language,
        "UNDERCLOUD_USER": site.undercloud.user,
        "UNDERCLOUD_HOME": site.undercloud.home,
        "UNDERCLOUD_REBOOT": site.undercloud.reboot,
        "IMAGES_DIR": site.undercloud.images_dir,
        "SSH_USER": site.ssh.user,
        "SSH_PARALLEL": str(site.ssh.parallel),
        "SSH_SITE_OPTIONS": tuple(word for option in site.ssh.options for word in ("-o", option)),
        "BACKUP_DIR": site.backup.directory,
        "COPY_TO": site.backup.copy_to or "",
        "MINIMUM_FREE_GB": f"{site.backup.minimum_free_gb:g}",
        "MAXIMUM_AGE_HOURS": str(site.backup.maximum_age_hours),
        "DEPLOY_TEMPLATES": site.deploy.templates,
        "ROLES_FILE": site.deploy.roles_file or "",
        "ENVIRONMENT_DIRECTORIES": (*site.deploy.environment_directories, *_told(site, "--environment-directory")),
        "ANSWERS_FILE": site.deploy.answers_file or next(iter(_told(site, "--answers-file")[-1:]), ""),
        "DEPLOY_EXTRA_ARGS": site.deploy.extra_args,
        "ENV_FILES": site.env_files,
        "MONGODB": site.mongodb,
        "NEUTRON_AGENTS": site.services.neutron_agents,
        "VOLUMES": site.services.volumes,
        "HAPROXY": site.services.haproxy,
        "FENCING": _yes_no(site.fencing),
        "IMAGES": site.images,
        "OLD_IMAGES": site.old_images,
        "NFV": _yes_no(nfv is not None),
        "NFV_STRATEGY": nfv.strategy if nfv else "",
        "VHOST_SOCKET_DIR": nfv.vhost_socket_dir if nfv else "",
        "BREAKPOINTS": site.update.breakpoints,
        "MIGRATE": site.compute_reboot.migrate,
        "STUCK": site.compute_reboot.stuck,
        "BATCH": str(site.compute_reboot.batch),
        "DISK_WARN": str(site.disk.warn),
        "DISK_FAIL": str(site.disk.fail),
        "TIMEOUT_REBOOT": str(site.timeouts.reboot),
        "TIMEOUT_MIGRATE_PER_INSTANCE": str(site.timeouts.migrate_per_instance),
        "TIMEOUT_CEPH_CLEAN": str(site.timeouts.ceph_clean),
        "TIMEOUT_ANSWER": str(site.timeouts.answer),
        "TIMEOUT_SETTLE": str(site.timeouts.settle),
        "NOT_AFTER": site.not_after or "",
        "HOOK_BEFORE_NODE": site.hooks.before_node or "",
        "HOOK_AFTER_NODE": site.hooks.after_node or "",
        "HOOK_BEFORE_UPDATE": site.hooks.before_update or "",
        "CEPH_MONITORS": str(len(site.nodes_with("ceph_mon"))),
    }


def _told(site: Site, option: str) -> tuple[str, ...]:
    """The values of `option` among the further arguments."""
    found = client.given(enumerate(site.deploy.extra_args))
    return tuple(one.value for one in found if one.option.name == option and one.value)


def _yes_no(value: bool) -> str:
    return "yes" if value else "no"
