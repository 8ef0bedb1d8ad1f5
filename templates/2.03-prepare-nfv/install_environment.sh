install_environment_requires() { is_installed nfv-post-install.yaml; }
install_environment_satisfied() { is_installed nfv-environment.yaml; }
# departs: own
install_environment_apply() { install_file nfv-environment.yaml; }
install_environment_verify() { is_installed nfv-environment.yaml; }
