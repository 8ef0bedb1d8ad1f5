openstack --os-password hunter2secret overcloud deploy --templates -e /t/a.yaml --rhel-reg --reg-method portal --reg-activation-key s3cretkey --reg-org 12
