#!/bin/bash
DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. $DIR/beside/functions.sh
deploy_cloud /t/a.yaml
