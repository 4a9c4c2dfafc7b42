"""Files of cases that tests take in."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

CARD_HEADER = (
    "卡片ID", "卡片编号", "患者姓名", "患儿家长姓名", "有效证件号", "性别", "出生日期", "年龄",
    "患者工作单位", "联系电话", "病人属于", "现住地址国标", "现住详细地址", "人群分类", "病例分类",
    "病例分类2", "发病日期", "诊断时间", "死亡日期", "疾病名称", "填卡医生", "报告单位地区编码",
    "报告单位", "报告卡录入时间", "县区审核时间", "地市审核时间", "省市审核时间", "审核状态",
    "订正报告时间", "订正终审时间", "删除时间", "删除原因", "备注",
)  # fmt: skip
USUAL_CARD: Mapping[str, str] = {
    "卡片ID": "'8a9b0001", "卡片编号": "440399-2026-00001", "患者姓名": "王伟", "患儿家长姓名": ".",
    "有效证件号": "'11010519491231002X", "性别": "男", "出生日期": "1949/12/31", "年龄": "76岁",
    "患者工作单位": ".", "联系电话": "13800138000", "病人属于": "本县区",
    "现住地址国标": "44039901", "现住详细地址": "测试市一号", "人群分类": "离退人员",
    "病例分类": "临床诊断病例", "病例分类2": ".", "发病日期": "2026/3/1",
    "诊断时间": "2026/3/2 10:00:00", "死亡日期": ".", "疾病名称": "登革热", "填卡医生": "李医生",
    "报告单位地区编码": "44039801", "报告单位": "测试市人民医院",
    "报告卡录入时间": "2026/3/2 16:30:00", "县区审核时间": "2026/3/3 09:00:00",
    "地市审核时间": ".", "省市审核时间": ".", "审核状态": "已终审卡", "订正报告时间": ".",
    "订正终审时间": ".", "删除时间": ".", "删除原因": ".", "备注": ".",
}  # fmt: skip


def report_cards(path: Path, *cards: Mapping[str, str]) -> Path:
    """Write an export of report cards: GB18030, two lead lines, each card what differs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["传染病报告卡", "按现住址"])
    writer.writerow(["导出时间：2026-03-20 08:00"])
    writer.writerow(CARD_HEADER)
    for card in cards:
        whole = {**USUAL_CARD, **card}
        writer.writerow([whole[name] for name in CARD_HEADER])
    path.write_bytes(text.getvalue().encode("gb18030"))
    return path


def line_list(path: Path, header: Sequence[str], *rows: Sequence[object]) -> Path:
    """Write a CSV in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([header, *rows])
    return path
