def deploy(self):
    self.run("openstack overcloud deploy --templates -e /t/a.yaml", user="stack")
