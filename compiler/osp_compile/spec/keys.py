"""The sections and steps that each key of the spec affects, and its meaning in Japanese; the schema has the English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from osp_compile.assets import SPECS
from osp_compile.spec.model import Language


@dataclass(frozen=True)
class Key:
    """A key of the spec; `places` are sections and steps by their names, and those that a site lacks are left out.

    A section's name has no number (`reboot-computes`), a step's has underscores (`drain_node`).
    """

    ja: str
    places: tuple[str, ...] = ()


BACKUPS = ("back-up-undercloud", "back-up-control-plane")
REBOOTS = ("reboot-controllers-and-composable", "reboot-ceph-storage", "reboot-computes")
KEYS: Mapping[str, Key] = {
    "site.name": Key("サイト名"),
    "site.change": Key("変更番号"),
    "site.stack": Key("オーバークラウドの Heat スタック", ("update_plan", "update_stack")),
    "site.language": Key("手順書の言語"),
    "undercloud.user": Key("アンダークラウドのユーザー"),
    "undercloud.home": Key("そのユーザーのホームディレクトリー"),
    "undercloud.images_dir": Key("オーバークラウドイメージの展開先", ("update-images",)),
    "undercloud.reboot": Key("アンダークラウドの再起動", ("reboot_undercloud",)),
    "ssh.user": Key("ノードのユーザー"),
    "ssh.options": Key("ssh の追加オプション"),
    "ssh.parallel": Key("同時に問い合わせるノード数"),
    "backup.directory": Key("バックアップの保存先", BACKUPS),
    "backup.copy_to": Key(
        "バックアップのコピー先",
        ("copy_undercloud_backup", "acknowledge_undercloud_copy", "copy_control_plane_backup",
         "acknowledge_control_plane_copy"),
    ),
    "backup.copy_options": Key(
        "コピー先ホストへの ssh の追加オプション",
        ("copy_undercloud_backup", "copy_control_plane_backup"),
    ),
    "backup.minimum_free_gb": Key("バックアップ開始に必要な空き容量 (GB)", BACKUPS),
    "backup.maximum_age_hours": Key(
        "これより古いバックアップでは後のセクションに進めない (時間)", ("update-undercloud", "update-overcloud"),
    ),
    "nodes": Key("ノード"),
    "env_files": Key("環境ファイル", ("update_plan",)),
    "deploy.templates": Key("テンプレート", ("update_plan",)),
    "deploy.roles_file": Key("roles_data.yaml", ("update_plan",)),
    "deploy.environment_directories": Key("--environment-directory のディレクトリー", ("update_plan",)),
    "deploy.answers_file": Key("--answers-file のファイル", ("update_plan",)),
    "deploy.extra_args": Key("デプロイコマンドのその他の引数", ("update_plan",)),
    "mongodb": Key("MongoDB", ("dump_mongodb",)),
    "services.neutron_agents": Key("neutron エージェント", ("overcloud_network_agents",)),
    "services.volumes": Key("cinder", ("overcloud_volume_services",)),
    "services.haproxy": Key("HAProxy", ("haproxy_services",)),
    "fencing": Key("フェンシング", ("enable_fencing",)),
    "images": Key("イメージの更新", ("update-images",)),
    "old_images": Key("古いイメージ", ("update-images",)),
    "nfv": Key("NFV", ("prepare-nfv", "finish-nfv")),
    "nfv.vhost_socket_dir": Key("vhost-user ソケットのディレクトリー", ("install_environment",)),
    "nfv.post_install": Key("サイト独自の post-install.yaml", ("install_post_install",)),
    "nfv.strategy": Key("OVS-DPDK インスタンスの移行方法", ("finish-nfv",)),
    "nfv.instances": Key("OVS-DPDK インスタンス", ("finish-nfv",)),
    "update.breakpoints": Key("ブレークポイントへの応答", ("update_stack",)),
    "compute_reboot.migrate": Key("インスタンスの移行先", ("drain_node",)),
    "compute_reboot.stuck": Key("ライブマイグレーションできないインスタンス", ("drain_node",)),
    "compute_reboot.batch": Key("同時に作業するコンピュート数", ("reboot-computes",)),
    "compute_reboot.targets": Key("コンピュートごとの移行先", ("drain_node",)),
    "disk.warn": Key("ファイルシステムの使用率の警告値 (%)", ("free_space", "undercloud_disks", "node_disks")),
    "disk.fail": Key("ファイルシステムの使用率の失敗値 (%)", ("undercloud_disks", "node_disks")),
    "timeouts.reboot": Key("再起動したノードの応答を待つ時間 (秒)", REBOOTS),
    "timeouts.migrate_per_instance": Key("インスタンス 1 台の移行を待つ時間 (秒)", ("drain_node", "finish-nfv")),
    "timeouts.ceph_clean": Key("全 PG が active+clean になるのを待つ時間 (秒)", ("settle_ceph", "settle_node_osds")),
    "timeouts.answer": Key("1 つの問い合わせの応答を待つ時間 (秒)"),
    "timeouts.settle": Key(
        "再起動後、確認の前に落ち着くのを待つ時間 (秒)",
        ("reboot-computes", "check-packages", "validate-undercloud", "validate-overcloud"),
    ),
    "not_after": Key("サービスに影響する手順の開始期限"),
    "hooks.before_node": Key("ノードの作業前に呼ぶプログラム", REBOOTS),
    "hooks.after_node": Key("ノードの復帰後に呼ぶプログラム", REBOOTS),
    "hooks.before_update": Key("ノードの更新前に呼ぶプログラム", ("update_stack",)),
    "accept.ceph": Key(
        "許容する Ceph の警告", ("preflight", "reboot-ceph-storage", "reboot-computes", "validate-overcloud"),
    ),
    "waive": Key("免除する確認"),
    "contacts": Key("連絡先"),
    "require_signature": Key("署名を必須とする鍵のフィンガープリント"),
}  # fmt: skip


def described(key: str, language: Language) -> str:
    """The meaning of a key in a few words; "" if neither the schema nor this table has it."""
    if language == "ja" and key in KEYS:
        return KEYS[key].ja
    return _description(key)


def places(key: str) -> tuple[str, ...]:
    return KEYS[key].places if key in KEYS else ()


def _description(key: str) -> str:
    """The first sentence of the key's description in the schema."""
    part: Any = _schema()
    for word in key.split("."):
        part = part.get("properties", {}).get(word) if isinstance(part, dict) else None
    said = part.get("description", "") if isinstance(part, dict) else ""
    return str(said).partition(". ")[0].rstrip(".")


@cache
def _schema() -> Any:
    # without the validator, which is not needed here and takes longer to import than all else
    return json.loads((SPECS / "site.schema.json").read_text("utf-8"))
