"""The company of the demo: fifteen people in three languages and two time zones, as a seed of the local workspace."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.models.roles import Role
from bot.models.settings import RoomKind

MANIFEST = Path(__file__).parents[1] / "manifest.json"
APP_ID = "A01VISITA"
BOT_TOKEN = "xoxb-demo-visita"  # noqa: S105 - works nowhere but on the local workspace
APP_TOKEN = "xapp-demo-visita"  # noqa: S105
SIGNING_SECRET = "demo-signing-secret"  # noqa: S105
TEAM_ID = "T01JIANGNAN"
RECEPTION = "C01RECEPTION"
ZONE = "Asia/Shanghai"
LOCALE = "zh-CN"

_PEOPLE = (
    ("U01LINA", "lina", "李娜", "外贸部 · 主接待", "zh-CN", "Asia/Shanghai", "+86 138 0013 8001"),
    ("U02CARLOS", "carlos", "Carlos Ruiz", "Ventas internacionales", "es-ES", "Europe/Madrid", "+34 612 345 678"),
    ("U03EMMA", "emma", "Emma Clarke", "International sales", "en-GB", "Asia/Shanghai", "+86 138 0013 8003"),
    ("U04CHEN", "chenwei", "陈伟", "司机", "zh-CN", "Asia/Shanghai", "+86 138 0013 8004"),
    ("U05WANG", "wangqiang", "王强", "司机", "zh-CN", "Asia/Shanghai", "+86 138 0013 8005"),
    ("U06SOFIA", "sofia", "Sofía Herrera", "Jefa de Comercio Exterior", "es-LA", "Asia/Shanghai", "+86 138 0013 8006"),
    ("U07ZHANG", "zhangjianguo", "张建国", "总经理", "zh-CN", "Asia/Shanghai", "+86 138 0013 8007"),
    ("U08LIU", "liufang", "刘芳", "行政部主管", "zh-CN", "Asia/Shanghai", "+86 138 0013 8008"),
    ("U09ZHOU", "zhoumin", "周敏", "总经办", "zh-CN", "Asia/Shanghai", "+86 138 0013 8009"),
    ("U10ANA", "ana", "Ana Torres", "Finanzas", "es-ES", "Europe/Madrid", "+34 612 345 680"),
    ("U11ZHAO", "zhaolei", "赵磊", "信息部", "zh-CN", "Asia/Shanghai", "+86 138 0013 8011"),
    ("U12GRACE", "grace", "Grace Lin", "Front desk", "en-US", "Asia/Shanghai", "+86 138 0013 8012"),
    ("U13GAO", "gaofeng", "高峰", "门岗", "zh-CN", "Asia/Shanghai", "+86 138 0013 8013"),
    ("U14HUANG", "huangying", "黄颖", "技术部工程师", "zh-CN", "Asia/Shanghai", "+86 138 0013 8014"),
    ("U15XU", "xuming", "徐明", "副总经理", "zh-CN", "Asia/Shanghai", "+86 138 0013 8015"),
)
ADMINISTRATOR = "U08LIU"
ROLES = {
    Role.ADMINISTRATION: ("U08LIU",),
    Role.EXECUTIVE_OFFICE: ("U09ZHOU",),
    Role.SENIOR_LEADER: ("U07ZHANG",),
    Role.DRIVER: ("U04CHEN", "U05WANG"),
    Role.FRONT_DESK: ("U12GRACE",),
    Role.GATE: ("U13GAO",),
    Role.IT: ("U11ZHAO",),
    Role.FINANCE: ("U10ANA",),
    Role.TECHNICAL: ("U14HUANG",),
    Role.VICE_PRESIDENT: ("U15XU",),
    Role.DEPARTMENT_HEAD: ("U06SOFIA",),
    Role.APPROVER_1: ("U07ZHANG",),
    Role.APPROVER_2: ("U15XU",),
    Role.APPROVER_3: ("U06SOFIA",),
    Role.PASSPORTS: ("U08LIU",),
}
DEPUTIES = {
    Role.ADMINISTRATION: ("U09ZHOU",),
    Role.GATE: ("U12GRACE",),
    Role.APPROVER_1: ("U15XU",),
}
RANKS = {"U07ZHANG": 85, "U15XU": 75, "U06SOFIA": 55, "U08LIU": 40}
ROOMS = (("一号会议室", RoomKind.MEETING, 20), ("状元厅", RoomKind.DINING, 12))
VEHICLES = (("别克 GL8", "苏A 12345", 6), ("奥迪 A6", "苏A 67890", 3), ("考斯特中巴", "苏A 24680", 18))
HINTS: Mapping[str, Sequence[str]] = {
    "en": (
        "As Emma Clarke type /visit create: name client and guest, let Sofía meet the guests, review, open the visit.",
        "Press Send for approval under the visit's message; as Sofía Herrera approve the plan, or return it.",
        "As 刘芳 confirm what the visit needs, decline or suggest another time; /visit show V-0001 shows it all.",
        "As 刘芳 assign a car and 陈伟 (in the visit's window, or jump until she is asked); as 陈伟 confirm it.",
        "Jump on: 陈伟 gets the pickup reminder in Chinese, Sofía hers in Spanish. Press a button and see Emma told.",
    ),
    "es": (
        "Como Emma Clarke, escriba /visit create: cliente, visitante, Sofía para recibirlos; revise y abra la visita.",
        "Pulse Enviar para aprobación en el mensaje de la visita; como Sofía Herrera, apruebe el plan o devuélvalo.",
        "Como 刘芳, confirme lo que la visita necesita, rechácelo o proponga otra hora; /visit show V-0001 lo muestra.",
        "Como 刘芳, asigne un vehículo y a 陈伟 (en la ventana de la visita, o adelante la hora); como 陈伟, confirme.",
        "Adelante el reloj: 陈伟 recibe el recordatorio en chino y Sofía en español. Pulse un botón y Emma se entera.",
    ),
    "zh": (
        "以 Emma Clarke 的身份输入 /visit create：填写客户和来宾，由 Sofía 接机，核对后创建接待。",
        "点击接待消息下方的“提交审批”；以 Sofía Herrera 的身份批准方案，或附意见退回。",
        "以刘芳的身份确认各项需求，或拒绝、提出其他时间；/visit show V-0001 可查看整体进展。",
        "以刘芳的身份派车并指定陈伟（在接待窗口中操作，或快进到她收到请求时）；再以陈伟的身份确认。",
        "继续快进：陈伟收到中文接机提醒，Sofía 收到西班牙文提醒。点击按钮，看看 Emma 收到什么。",
    ),
}
"""What a newcomer can try, for the page in each person's language; the terminal says it in English."""


def seed(locale: str | None = None) -> dict[str, Any]:
    """Team, people, channels and the app, for the local workspace; everybody reads `locale`, or their own language."""
    people = [
        {
            "id": slack_id,
            "name": handle,
            "real_name": name,
            "title": title,
            "locale": locale or own,
            "tz": zone,
            "phone": phone,
            "is_admin": slack_id == ADMINISTRATOR,
        }
        for slack_id, handle, name, title, own, zone, phone in _PEOPLE
    ]
    everybody = [person["id"] for person in people]
    return {
        "team": {"id": TEAM_ID, "name": "江南精工 Jiangnan Precision", "domain": "jiangnan"},
        "users": people,
        "apps": [
            {
                "id": APP_ID,
                "bot_user_id": "U00VISITA",
                "bot_id": "B00VISITA",
                "bot_token": BOT_TOKEN,
                "app_token": APP_TOKEN,
                "signing_secret": SIGNING_SECRET,
                "manifest": json.loads(MANIFEST.read_text(encoding="utf-8")),
            }
        ],
        "channels": [
            {"id": RECEPTION, "name": "reception", "members": [*everybody, APP_ID]},
            {"id": "C02GENERAL", "name": "general", "members": everybody},
        ],
        "hints": {language: list(hints) for language, hints in HINTS.items()},
    }
