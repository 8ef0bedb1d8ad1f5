#!/bin/bash
. beside/with_words.sh tokyo
openstack overcloud deploy --templates -e $SITE_ENV
