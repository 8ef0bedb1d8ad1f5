# 本番環境
名=a; openstack overcloud deploy --templates -e /t/本番.yaml -e /t/$X.yaml
