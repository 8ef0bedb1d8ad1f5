"""nova's own fake hypervisor that migrates live, with what real ones have besides.

Both know their instances again after a restart. A compute's knows too that none runs after a reboot, says in files
which do, plugs their ports into Open vSwitch, puts an image into glance for a snapshot, takes a moment to stop and to
move.
Files under /var/lib/lab tell it to fail: `migrate-fail` rolls back and leaves the instance where it was, without an
error, as libvirt's driver does; `migrate-error` ends in ERROR; `migrate-seconds` holds how long a move takes.
"""

import io
import time
from pathlib import Path

import plugging
from nova import context, exception, objects
from nova.compute import power_state, task_states
from nova.image import glance
from nova.virt import fake

PLACE = Path("/var/lib/lab")
DOMAINS = PLACE / "domains"  # a file for each that runs: its description, as libvirt would give it
BOOT = Path("/proc/sys/kernel/random/boot_id")
DOMAIN = "<domain type='kvm'><name>{name}</name>\n<uuid>{uuid}</uuid>\n{ports}</domain>\n"
PORT = "<interface type='vhostuser'><source type='unix' mode='{mode}'/></interface>"


class BareMetal(fake.FakeLiveMigrateDriver):
    """The undercloud's: what it has made runs on, whatever happens to the host of nova-compute."""

    def init_host(self, host):
        super().init_host(host)
        for one in objects.InstanceList.get_by_host(context.get_admin_context(), host):
            off = one.vm_state in ("stopped", "error")
            state = power_state.SHUTDOWN if off else power_state.RUNNING
            self.instances[one.uuid] = fake.FakeInstance(one.name, state, one.uuid)


class Hypervisor(BareMetal):
    """A compute's."""

    def init_host(self, host):
        super().init_host(host)
        if self._has_rebooted():
            for one in self.instances.values():
                one.state = power_state.SHUTDOWN
        DOMAINS.mkdir(parents=True, exist_ok=True)
        self._tell()

    @staticmethod
    def _has_rebooted():
        """Whether this is the first start since a boot."""
        known, now = PLACE / "boot_id", BOOT.read_text()
        if known.exists() and known.read_text() == now:
            return False
        known.write_text(now)
        return True

    def _tell(self):
        running = {one.name: one for one in self.instances.values() if one.state == power_state.RUNNING}
        for place in DOMAINS.iterdir():
            if place.name not in running:
                place.unlink()
        for name, one in running.items():
            modes = ("server" if kind == "dpdkvhostuserclient" else "client" for kind in plugging.kinds(one))
            ports = "".join(PORT.format(mode=mode) for mode in modes)
            (DOMAINS / name).write_text(DOMAIN.format(name=name, uuid=one.uuid, ports=ports))

    def _plug(self, instance, ports):
        plugging.plug(instance, ports)
        self._tell()

    def spawn(
        self, context, instance, image_meta, injected_files, admin_password, allocations,
        network_info=None, block_device_info=None, power_on=True, accel_info=None,
    ):  # fmt: skip
        super().spawn(
            context, instance, image_meta, injected_files, admin_password, allocations, network_info, power_on=power_on
        )
        self._plug(instance, network_info)

    def destroy(self, context, instance, *words, **named):
        super().destroy(context, instance, *words, **named)
        plugging.unplug(instance)
        self._tell()

    def plug_vifs(self, instance, network_info):
        self._plug(instance, network_info)

    def attach_interface(self, context, instance, image_meta, vif):
        self._plug(instance, [vif])

    def detach_interface(self, context, instance, vif):
        plugging.unplug_one(plugging.name_of(vif))
        self._tell()

    def power_off(self, instance, *words, **named):
        time.sleep(1)
        super().power_off(instance, *words, **named)
        self._tell()

    def power_on(self, context, instance, network_info, *words, **named):
        super().power_on(context, instance, network_info, *words, **named)
        self._plug(instance, network_info)

    def snapshot(self, context, instance, image_id, update_task_state):
        update_task_state(task_state=task_states.IMAGE_PENDING_UPLOAD)
        update_task_state(task_state=task_states.IMAGE_UPLOADING, expected_state=task_states.IMAGE_PENDING_UPLOAD)
        images = glance.API()
        known = images.get(context, image_id)
        facts = {"name": known["name"], "disk_format": "raw", "container_format": "bare", "status": "active"}
        images.update(
            context, image_id, {**facts, "properties": known.get("properties", {})}, io.BytesIO(b"lab" * 4096)
        )

    def live_migration(
        self, context, instance, dest, post_method, recover_method, block_migration=False, migrate_data=None
    ):
        self._abort_migration = False
        self._migrating = True
        end = time.monotonic() + float(_told("seconds") or 2)
        while self._migrating and time.monotonic() < end:
            time.sleep(0.1)
        self._migrating = False
        if _told("fail") is not None or _told("error") is not None:
            recover_method(context, instance, dest, migrate_data)
            if _told("error") is not None:
                raise exception.InternalError("the lab told this migration to end in ERROR")
        elif self._abort_migration:
            recover_method(context, instance, dest, migrate_data, migration_status="cancelled")
        else:
            post_method(context, instance, dest, block_migration, migrate_data)

    def live_migration_force_complete(self, instance):
        self._migrating = False

    def post_live_migration_at_destination(self, context, instance, network_info, *words, **named):
        super().post_live_migration_at_destination(context, instance, network_info, *words, **named)
        self._plug(instance, network_info)

    def migrate_disk_and_power_off(self, context, instance, dest, flavor, network_info, *words, **named):
        # its ports stay until the migration is confirmed, as libvirt's driver has it up to Wallaby
        self.power_off(instance)
        return super().migrate_disk_and_power_off(context, instance, dest, flavor, network_info, *words, **named)

    def finish_migration(self, context, migration, instance, disk_info, network_info, *words, **named):
        super().finish_migration(context, migration, instance, disk_info, network_info, *words, **named)
        self._plug(instance, network_info)

    def finish_revert_migration(self, context, instance, network_info, *words, **named):
        super().finish_revert_migration(context, instance, network_info, *words, **named)
        self._plug(instance, network_info)


def _told(what):
    try:
        return (PLACE / f"migrate-{what}").read_text()
    except OSError:
        return None
