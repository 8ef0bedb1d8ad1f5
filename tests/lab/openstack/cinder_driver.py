"""A backend of cinder that keeps nothing: the services are real, their storage is not."""

from cinder import interface
from cinder.volume import driver


@interface.volumedriver
class Driver(driver.VolumeDriver):
    VERSION = "1"

    def check_for_setup_error(self):
        pass

    def get_volume_stats(self, refresh=False):
        return {
            "volume_backend_name": "tripleo_ceph", "vendor_name": "lab", "driver_version": self.VERSION,
            "storage_protocol": "ceph", "total_capacity_gb": 100, "free_capacity_gb": 90, "reserved_percentage": 0,
        }  # fmt: skip
