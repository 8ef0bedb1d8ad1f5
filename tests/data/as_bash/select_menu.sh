#!/bin/bash
select SITE in tokyo osaka; do break; done <<< 2
openstack overcloud deploy --templates -e /t/$SITE.yaml
