#!/bin/bash
# boot.sh NAME USER FOLDER HIERARCHY: what a machine's first process does before it becomes systemd. Its namespaces are its own already.
#
# The machine's root is a layer of its own, FOLDER/up, over this machine's root, and outlives its boots.
set -euo pipefail
name=$1 user=$2 folder=$3 hierarchy=$4

mount --make-rprivate /
root=$folder/root
mkdir -p "$folder/up" "$folder/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/up,workdir=$folder/work" "$root"
for place in dev proc sys; do mount --rbind "/$place" "$root/$place"; done

mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount --bind "$folder/boot_id" "$root/proc/sys/kernel/random/boot_id"
if [[ -d $folder/shims ]]; then mount --bind "$folder/shims" "$root/usr/local/bin"; fi
# what is shared with the lab: FROM TO
if [[ -e $folder/shared ]]; then
  while read -r from to; do
    mkdir -p "$root${to%/*}"
    if [[ -d $from ]]; then mkdir -p "$root$to"; else touch "$root$to"; fi
    mount --bind "$from" "$root$to"
  done <"$folder/shared"
fi

# a home for systemd's own groups; `ip netns exec` has mounted a fresh /sys, which shows none of this machine's
mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
if [[ $hierarchy == named ]]; then
  mkdir "$root/sys/fs/cgroup/systemd"
  mount -t cgroup -o none,name=systemd,xattr cgroup "$root/sys/fs/cgroup/systemd"
else
  umount "$root/sys/fs/cgroup"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
fi

hostname "$name"
if [[ ! -e $folder/made ]]; then
  echo "$name" >"$root/etc/hostname"
  cp "$folder/hosts" "$root/etc/hosts"
  : >"$root/etc/fstab"
  units=$root/etc/systemd/system
  rm -rf "$units"/*.wants "$units"/dbus-org*
  # the hardware, its devices and its clock are the outer machine's
  while read -r unit; do ln -sf /dev/null "$units/$unit"; done <<'UNITS'
systemd-udevd.service
systemd-udevd-kernel.socket
systemd-udevd-control.socket
systemd-udev-trigger.service
systemd-logind.service
dbus-org.freedesktop.login1.service
systemd-journald-audit.socket
systemd-modules-load.service
systemd-sysctl.service
systemd-remount-fs.service
systemd-tmpfiles-setup-dev.service
systemd-binfmt.service
systemd-update-utmp.service
systemd-update-utmp-runlevel.service
systemd-random-seed.service
systemd-firstboot.service
systemd-machine-id-commit.service
systemd-timesyncd.service
systemd-networkd.service
systemd-resolved.service
systemd-pcrphase-sysinit.service
systemd-pcrphase.service
proc-sys-fs-binfmt_misc.automount
dev-hugepages.mount
dev-mqueue.mount
sys-kernel-debug.mount
sys-kernel-tracing.mount
sys-fs-fuse-connections.mount
getty.target
apt-daily.timer
apt-daily-upgrade.timer
e2scrub_all.timer
fstrim.timer
dpkg-db-backup.timer
man-db.timer
logrotate.timer
UNITS
  # an init script that some package has brought is started by no unit of ours
  mkdir -p "$root/etc/systemd/system-generators"
  ln -sf /dev/null "$root/etc/systemd/system-generators/systemd-sysv-generator"
  uuidgen --md5 --namespace @dns --name "$name" | tr -d - >"$root/etc/machine-id"
  chroot "$root" useradd --create-home --shell /bin/bash "$user"
  chroot "$root" usermod --password '*' "$user"
  echo "$user ALL=(ALL) NOPASSWD:ALL" >"$root/etc/sudoers.d/$user"
  home=$root/home/$user
  mkdir -p "$home/.ssh"
  if [[ -e $folder/authorized_keys ]]; then cp "$folder/authorized_keys" "$home/.ssh/authorized_keys"; fi
  if [[ -e $folder/id ]]; then cp "$folder/id" "$home/.ssh/id_ed25519"; fi
  chmod 0700 "$home/.ssh"
  chmod 0600 "$home"/.ssh/*
  chroot "$root" chown -R "$user:$user" "/home/$user"
  install -m 0600 "$folder/host_key" "$root/etc/ssh/lab_host_key"
  # a link there leads to the packaged unit
  rm -f "$units/sshd.service"
  cat >"$units/sshd.service" <<'UNIT'
[Unit]
Description=OpenSSH server daemon
[Service]
RuntimeDirectory=sshd
ExecStart=/usr/sbin/sshd -D -e -o HostKey=/etc/ssh/lab_host_key -o UsePAM=no -o UseDNS=no -o PasswordAuthentication=no
UNIT
  mkdir -p "$units/multi-user.target.wants"
  ln -sf /etc/systemd/system/sshd.service /lib/systemd/system/dbus.service "$units/multi-user.target.wants/"
  ln -sf /lib/systemd/system/multi-user.target "$units/default.target"
  if [[ -d $folder/wanted ]]; then cp -d "$folder"/wanted/* "$units/multi-user.target.wants/"; fi
  touch "$folder/made"
fi

# what its services ask of the world is answered once the world knows of this boot
until [[ -e $folder/greeted ]]; do sleep 0.02; done

cd "$root"
mkdir -p "$root/mnt/outside"
pivot_root . mnt/outside
umount --lazy /mnt/outside
export container=lab
exec /lib/systemd/systemd --system --show-status=0
