cat > ~/extra.yaml <<EOF
parameter_defaults:
  NtpServer: $NTP
EOF
openstack overcloud deploy --templates -e ~/extra.yaml
