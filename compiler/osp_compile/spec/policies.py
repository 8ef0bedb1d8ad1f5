"""The meaning of each value of a policy for the operator; a test compares this table with the schema's values.

`now` ends a sentence that begins with the step; `before` follows it: "what does not move live is stopped; before, it
stopped the section". The Japanese stands for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    now: str
    before: str
    ja: str


# {key of the spec: {value: meaning}}; true and false stand for yes and no
POLICIES: Mapping[str, Mapping[str, Meaning]] = {
    "undercloud.reboot": {
        "always": Meaning(
            "the undercloud is rebooted in any case",
            "it was rebooted in any case",
            "アンダークラウドを必ず再起動",
        ),
        "needed": Meaning(
            "the undercloud is rebooted only where kernel, Open vSwitch or libraries need it",
            "it was rebooted only where it needed that",
            "カーネル、Open vSwitch、ライブラリーが要する場合だけアンダークラウドを再起動",
        ),
    },
    "mongodb": {
        "auto": Meaning(
            "the controllers are asked whether they run MongoDB",
            "they were asked",
            "MongoDB の有無をコントローラーに確認",
        ),
        "true": Meaning(
            "MongoDB is backed up, and must be there",
            "it had to be there",
            "MongoDB は必ずあるものとしてバックアップ",
        ),
        "false": Meaning(
            "the site has no MongoDB, and none is backed up",
            "none was backed up",
            "MongoDB なし、バックアップしない",
        ),
    },
    "services.neutron_agents": {
        "auto": Meaning(
            "an empty list of network agents passes only where the roles show that there are none",
            "the roles decided whether an empty list passed",
            "エージェントの一覧が空でよいかをロールから判断",
        ),
        "true": Meaning(
            "an empty list of network agents fails",
            "an empty list failed",
            "エージェントの一覧が空なら失敗",
        ),
        "false": Meaning(
            "an empty list of network agents passes",
            "an empty list passed",
            "エージェントの一覧が空でも合格",
        ),
    },
    "services.volumes": {
        "auto": Meaning(
            "an empty list of volume services passes only where the roles show that there is no cinder",
            "the roles decided whether an empty list passed",
            "ボリュームサービスの一覧が空でよいかをロールから判断",
        ),
        "true": Meaning(
            "an empty list of volume services fails",
            "an empty list failed",
            "ボリュームサービスの一覧が空なら失敗",
        ),
        "false": Meaning(
            "an empty list of volume services passes",
            "an empty list passed",
            "ボリュームサービスの一覧が空でも合格",
        ),
    },
    "services.haproxy": {
        "auto": Meaning(
            "HAProxy is checked where the roles have it",
            "the roles decided",
            "HAProxy の有無をロールから判断して確認",
        ),
        "true": Meaning(
            "HAProxy must be there, and is checked",
            "it had to be there",
            "HAProxy は必ずあるものとして確認",
        ),
        "false": Meaning(
            "the load balancer is an external one, and is not checked",
            "it was not checked",
            "外部ロードバランサーのため確認しない",
        ),
    },
    "fencing": {
        "true": Meaning(
            "fencing must be on after the update",
            "it had to be on",
            "更新後にフェンシングを必ず有効化",
        ),
        "false": Meaning(
            "fencing is turned on again only where it was on before",
            "it was turned on again only where it had been on",
            "更新前に有効だった場合だけフェンシングを再び有効化",
        ),
    },
    "images": {
        "update": Meaning(
            "the images on the undercloud are updated",
            "they were updated",
            "アンダークラウドのイメージを更新",
        ),
        "skip": Meaning(
            "the images on the undercloud are not updated, since the upgrade follows at once",
            "they were not updated",
            "直後にアップグレードするためイメージを更新しない",
        ),
    },
    "old_images": {
        "keep": Meaning(
            "the old images stay in glance",
            "they stayed there",
            "glance の古いイメージを残す",
        ),
        "delete": Meaning(
            "the old images in glance are deleted",
            "they were deleted",
            "glance の古いイメージを削除",
        ),
    },
    "nfv": {
        "true": Meaning(
            "the site runs OVS-DPDK instances",
            "it ran OVS-DPDK instances",
            "OVS-DPDK インスタンスあり",
        ),
        "false": Meaning(
            "the site runs no OVS-DPDK instances",
            "it ran no OVS-DPDK instances",
            "OVS-DPDK インスタンスなし",
        ),
    },
    "nfv.strategy": {
        "cold-migrate": Meaning(
            "OVS-DPDK instances get the new port type by cold migration",
            "they were migrated cold",
            "OVS-DPDK インスタンスをコールドマイグレーションして新しいポート種別にする",
        ),
        "snapshot": Meaning(
            "OVS-DPDK instances are made again from snapshots",
            "they were made again from snapshots",
            "OVS-DPDK インスタンスをスナップショットから作り直す",
        ),
    },
    "update.breakpoints": {
        "operator": Meaning(
            "the operator answers each breakpoint",
            "the operator answered it",
            "ブレークポイントには作業者が応答",
        ),
        "guarded": Meaning(
            "the script answers each breakpoint once the cluster is healthy",
            "the script answered it",
            "クラスターの正常を確認してスクリプトがブレークポイントに応答",
        ),
    },
    "compute_reboot.migrate": {
        "scheduler": Meaning(
            "the scheduler decides where instances move to",
            "the scheduler decided",
            "移行先はスケジューラーが決定",
        ),
        "evacuate": Meaning(
            "the whole host is evacuated live at once",
            "the whole host was evacuated live",
            "ホストの全インスタンスを一度にライブマイグレーション",
        ),
        "target": Meaning(
            "the instances of a compute move to the compute that is named for it",
            "they moved to the named compute",
            "指定したコンピュートに移行",
        ),
    },
    "compute_reboot.stuck": {
        "cold": Meaning(
            "what does not move live is migrated cold, and is down meanwhile",
            "it was migrated cold",
            "ライブマイグレーションできないものはコールドマイグレーション (その間停止)",
        ),
        "stop": Meaning(
            "what does not move live is stopped, and started again after the reboot",
            "it was stopped and started again",
            "ライブマイグレーションできないものは停止し、再起動後に起動",
        ),
        "leave": Meaning(
            "what does not move live is left, goes down with the node, and is started again",
            "it was left and went down with the node",
            "ライブマイグレーションできないものは残し、ノードとともに停止、再起動後に起動",
        ),
        "fail": Meaning(
            "what does not move live stops the section",
            "it stopped the section",
            "ライブマイグレーションできないものがあればセクションを停止",
        ),
    },
    "site.language": {
        "en": Meaning(
            "the runbook is in English",
            "it was in English",
            "手順書は英語",
        ),
        "ja": Meaning(
            "the runbook is in Japanese",
            "it was in Japanese",
            "手順書は日本語",
        ),
    },
}
