#!/bin/bash
openstack overcloud deploy \
{% if debug %}
--debug \
{% endif %}
--templates {{ tht(1) }}
