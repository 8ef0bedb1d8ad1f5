"""What packages put on a host's disk: the templates that deploy a site, and a few files that sites patch in place."""

from __future__ import annotations

from collections.abc import Mapping

TEMPLATES = "/usr/share/openstack-tripleo-heat-templates"
PACKAGE = "openstack-tripleo-heat-templates"
NEWTON_EOL = (5, 3, 13)  # the last version of tripleo-heat-templates that changed the scripts of a node's update

SHARED = """#!/bin/bash
function change_ovs_2_9_user {
    sed -i 's/^\\#*OVS_USER_ID=.*/OVS_USER_ID="openvswitch:hugetlbfs"/' /etc/sysconfig/openvswitch
}
function change_ovs_2_9_perms {
    cat >/etc/systemd/system/multi-user.target.wants/fix-ovs-permissions.service <<EOL
EOL
}
function change_ovs_runtime_mode {
    echo "RuntimeDirectoryMode=0775" >> $ovs_service_path
    echo "UMask=0002" >> $ovs_service_path
}
function special_case_ovs_upgrade_if_needed {
    getent passwd openvswitch >/dev/null || \\
        useradd -r -d / -s /sbin/nologin -c "Open vSwitch Daemons" openvswitch
    if rpm -qa | grep "^openvswitch-2.5.0-14" || rpm -q --scripts openvswitch | grep "systemctl.*try-restart" ; then
        yumdownloader --resolve openvswitch
        rpm -U --replacepkgs --nopostun --notriggerun $pkg
    fi
}
function special_case_iptables_services_upgrade_if_needed {
    rpm -U --replacepkgs --nopostun --notriggerun --nodeps ./${pkg}
}
function update_os_net_config() {
    if [ -s "/etc/os-net-config/config.json" ]; then
        os-net-config --no-activate -c /etc/os-net-config/config.json -v --detailed-exit-codes
    fi
}
function update_network() {
    update_os_net_config
    special_case_ovs_upgrade_if_needed
    special_case_iptables_services_upgrade_if_needed
}
function check_for_yum_lock {
    if [[ -f /var/run/yum.pid ]] ; then
        exit 1
    fi
}
"""
# functions added after the version on a fresh undercloud (5.3.10)
LATER = ("change_ovs_", "special_case_iptables_services_upgrade_if_needed {", "getent passwd openvswitch", "useradd ")
UPDATE = """#!/bin/bash
# A heat-config-script which runs yum update during a stack-update.
if hiera -c /etc/puppet/hiera.yaml service_names | grep -q nova_compute; then
    yum -q -y install openstack-nova-migration
fi
yum makecache || echo "Yum makecache failed. This can cause failure later on."
touch /etc/httpd/conf.d/ssl.conf
if pcs resource show rabbitmq | grep -E "stop.*timeout=90"; then
    pcs resource update rabbitmq op stop timeout=200s
fi
pcs cluster stop
update_network
check_for_yum_lock
yum -q -y update
/usr/bin/nova-manage db online_data_migrations
"""
# {package: its files that are not configuration, apart from the templates}
FILES: Mapping[str, tuple[str, ...]] = {
    "openstack-tripleo-common": ("/usr/share/openstack-tripleo-common/workbooks/plan_management.yaml",),
    "python-tripleoclient": ("/usr/share/python-tripleoclient/templates/undercloud.yaml",),
    "puppet-tripleo": ("/usr/share/openstack-puppet/modules/tripleo/manifests/profile/base/swift/storage.pp",),
    "instack-undercloud": ("/usr/share/instack-undercloud/puppet-stack-config/puppet-stack-config.pp",),
}
# {package: what rpm runs around its installation, where anything asks for that}
SCRIPTS: Mapping[str, str] = {
    "iptables-services": "postuninstall scriptlet (using /bin/sh):\n"
    "/sbin/ldconfig\nif [ $1 -ge 1 ] ; then\n        systemctl try-restart iptables.service || :\nfi\n",
}
# {package: its %config files}: an update leaves those that were changed as they are
CONFIG: Mapping[str, tuple[str, ...]] = {"openstack-nova-api": ("/etc/nova/api-paste.ini",)}


def templates(version: str) -> dict[str, str]:
    """{path below the tree: text} of the two scripts that a node's update is made of, as of this version."""
    number = tuple(int(part) for part in version.split("-")[0].split("."))
    return {
        "extraconfig/tasks/pacemaker_common_functions.sh": SHARED if number >= NEWTON_EOL else _without_later(),
        "extraconfig/tasks/yum_update.sh": UPDATE,
    }


def _without_later() -> str:
    """The script of an older version: without later functions, and without the lines that call them."""
    kept, skipping = [], False
    for line in SHARED.splitlines(keepends=True):
        if line.startswith("function "):
            skipping = any(word in line for word in LATER)
        if not skipping and not any(word in line for word in (*LATER, "yumdownloader --resolve")):
            kept.append(line)
    return "".join(kept).replace("    special_case_iptables_services_upgrade_if_needed\n", "")


def files_of(package: str, version: str) -> dict[str, str]:
    """{absolute path: text} of a package of this version, as rpm's database has it."""
    found = {path: f"# {path} of {package} {version}\n" for path in (*FILES.get(package, ()), *CONFIG.get(package, ()))}
    if package == PACKAGE:
        found |= {f"{TEMPLATES}/{path}": text for path, text in templates(version).items()}
    return found
