"""The sub-commands in three languages: all of them work for everybody, because Slack cannot localize a command."""

import re
import unicodedata
from enum import StrEnum


class Word(StrEnum):
    """What `/visit` can be asked to do."""

    MENU = "menu"
    CREATE = "create"
    LIST = "list"
    TODAY = "today"
    SHOW = "show"
    PLAN = "plan"
    CANCEL = "cancel"
    LOG = "log"
    HISTORY = "history"
    DELAY = "delay"
    NOTE = "note"
    COPY = "copy"
    LANGUAGE = "language"
    WAITING = "waiting"
    AWAY = "away"
    HANDOVER = "handover"
    TAKEOVER = "takeover"
    SETTINGS = "settings"
    HELP = "help"


_SPELLINGS = {
    Word.MENU: "menu menú 菜单",
    Word.CREATE: "create new open crear nueva nuevo abrir 新建 创建 新建接待",
    Word.LIST: "list lista listar visitas 列表 近期来访",
    Word.TODAY: "today hoy 今天 今日",
    Word.SHOW: "show ver mostrar 查看 显示",
    Word.PLAN: "plan propuesta 方案 接待方案",
    Word.CANCEL: "cancel cancelar anular 取消",
    Word.LOG: "log messages registro mensajes 记录 消息记录",
    Word.HISTORY: "history historial 历史 经过",
    Word.DELAY: "delay late retraso demora 延误",
    Word.NOTE: "note wish nota deseo 备注",
    Word.COPY: "copy copiar duplicar 复制",
    Word.LANGUAGE: "language lang idioma lengua 语言",
    Word.HANDOVER: "handover traspasar traspaso 交接",
    Word.TAKEOVER: "takeover relevar relevo 接手",
    Word.WAITING: "waiting pending pendientes pendiente 待办",
    Word.AWAY: "away ausente ausencia 外出 不在",
    Word.SETTINGS: "settings configuración configuracion ajustes 设置",
    Word.HELP: "help ayuda ? 帮助",
}
_YES = (
    *("ok", "okay", "yes", "approve", "approved", "agreed", "i approve"),
    *("sí", "si", "aprobado", "apruebo", "de acuerdo", "conforme", "vale"),
    *("同意", "好的", "好", "可以", "批准", "行", "没问题"),
)
_NO = (
    *("no", "not ok", "not approved", "rejected", "refused"),
    *("no de acuerdo", "no apruebo", "no estoy de acuerdo", "rechazado"),
    *("不同意", "不行", "不可以", "不", "不批准", "退回"),
)
_WORDS = {spelling: word for word, spellings in _SPELLINGS.items() for spelling in spellings.split()}


def answer(text: str) -> bool | None:
    """Yes or no, where that is all that was typed; None for anything else."""
    words = " ".join(re.sub(r"[^\w\s]|_", " ", unicodedata.normalize("NFKC", text)).casefold().split())
    return True if words in _YES else False if words in _NO else None


def understand(text: str) -> tuple[Word | None, str]:
    """The sub-command and what follows it; a bare reference means "show"; None for a word nobody knows."""
    first, _, rest = text.strip().partition(" ")
    if not first:
        return Word.MENU, ""
    word = _WORDS.get(first.casefold())
    if word is None and first.upper().startswith("V") and any(sign.isdigit() for sign in first):
        return Word.SHOW, text.strip()
    return word, rest.strip()
