TEMPLATE_ENV_DIR=/home/stack/templates
openstack overcloud deploy --templates -r "$TEMPATE_ENV_DIR/roles_data.yaml" -e $TEMPLATE_ENV_DIR/a.yaml
