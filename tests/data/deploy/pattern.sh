openstack overcloud deploy --templates -e /t/env/*.yaml
