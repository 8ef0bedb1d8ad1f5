"""nova's own fake hypervisor that migrates live, with what a real one has besides.

It knows its instances again after a restart, says in a file which of them run, takes a moment to stop and to move, and
files under /var/lib/lab tell it to fail: `migrate-fail` rolls back and leaves the instance where it was, without an
error, as libvirt's driver does; `migrate-error` ends in ERROR; `migrate-seconds` holds how long a move takes.
"""

import time
from pathlib import Path

from nova import context, exception, objects
from nova.compute import power_state
from nova.virt import fake

PLACE = Path("/var/lib/lab")
DOMAINS = PLACE / "domains"  # the names of what runs, a line each


class Domains(dict):
    """{uuid: instance}; what runs of them is written down whenever there is one more or one less."""

    def tell(self):
        names = sorted(one.name for one in self.values() if one.state == power_state.RUNNING)
        fresh = DOMAINS.with_suffix(".new")
        fresh.write_text("".join(f"{name}\n" for name in names))
        fresh.replace(DOMAINS)

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self.tell()

    def __delitem__(self, key):
        super().__delitem__(key)
        self.tell()

    def pop(self, *words):
        found = super().pop(*words)
        self.tell()
        return found


class Hypervisor(fake.FakeLiveMigrateDriver):
    def __init__(self, *words, **named):
        super().__init__(*words, **named)
        PLACE.mkdir(parents=True, exist_ok=True)
        self.instances = Domains(self.instances)

    def init_host(self, host):
        super().init_host(host)
        for one in objects.InstanceList.get_by_host(context.get_admin_context(), host):
            off = one.vm_state in ("stopped", "resized", "error")
            state = power_state.SHUTDOWN if off else power_state.RUNNING
            self.instances[one.uuid] = fake.FakeInstance(one.name, state, one.uuid)
        self.instances.tell()

    def power_off(self, instance, *words, **named):
        time.sleep(1)
        super().power_off(instance, *words, **named)
        self.instances.tell()

    def power_on(self, *words, **named):
        super().power_on(*words, **named)
        self.instances.tell()

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


def _told(what):
    try:
        return (PLACE / f"migrate-{what}").read_text()
    except OSError:
        return None
