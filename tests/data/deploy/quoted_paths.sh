cd "/home/stack/our site"
openstack overcloud deploy --templates -e "it's \"new\".yaml" -e 'a$b.yaml' -e /t/c\ d.yaml -e /t/本番.yaml --ntp-server ''
