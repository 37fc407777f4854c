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
    *("ok", "okay", "o.k.", "yes", "yep", "approve", "approved", "i approve", "agreed", "i agree", "go ahead"),
    *("looks good", "sounds good", "lgtm", "no problem", "no objection", "no objections"),
    *("sí", "si", "aprobado", "aprobada", "apruebo", "lo apruebo", "autorizado", "autorizo", "de acuerdo", "conforme"),
    *("vale", "adelante", "me parece bien", "está bien", "sin problema", "visto bueno"),
    *("同意", "好的", "好", "可以", "可以的", "批准", "批准了", "通过", "审批通过", "行", "没问题", "没有问题"),
    *("无异议", "照办", "按此办理", "按此执行"),
    *("👍", "👌", "✅", "✔", "🆗", ":+1:", ":thumbsup:", ":ok_hand:", ":white_check_mark:"),
    *(":heavy_check_mark:", ":ok:"),
)
_NO = (
    *("no", "nope", "not ok", "not okay", "not approved", "i do not approve", "rejected", "refused", "i disagree"),
    *("no de acuerdo", "no apruebo", "no lo apruebo", "no estoy de acuerdo", "no autorizo", "rechazado", "rechazada"),
    *("不同意", "不行", "不可以", "不", "不批准", "不通过", "退回", "有问题"),
    *("👎", "❌", ":-1:", ":thumbsdown:", ":x:"),
)
_BESIDES = (
    *("thanks", "thank you", "many thanks", "thx", "please", "fine", "great", "sure", "perfect", "for me", "from me"),
    *("gracias", "muchas gracias", "por favor", "perfecto", "por mí", "por mi parte", "saludos"),
    *("谢谢", "谢谢你", "谢谢您", "多谢", "感谢", "辛苦了", "辛苦", "已阅", "收到", "的", "了"),
)
"""What is said along with an answer and is none."""
_WORDS = {spelling: word for word, spellings in _SPELLINGS.items() for spelling in spellings.split()}


_EMOJI = re.compile(r":(?:skin-tone-\d|[a-z0-9_+-]*[a-z][a-z0-9_+-]*):")
_WRITTEN_TOGETHER = r"\u4e00-\u9fff"
"""Chinese signs stand beside each other without a space."""


_AHEAD = frozenset(
    [
        *("ahead", "next", "coming", "planned"),
        *("próximos", "proximos", "previstos", "pendientes"),
        *("待发", "待发送", "后续"),
    ]
)
"""What is still to come, said after the sub-command."""


def is_ahead(text: str) -> bool:
    """Whether somebody asks for what is still to come, whatever else they say."""
    return not _AHEAD.isdisjoint(unicodedata.normalize("NFKC", text).casefold().split())


def _said(phrase: str) -> str:
    """The phrase as a pattern: Latin words whole, though Chinese may follow them at once."""
    apart = re.escape(phrase).replace(r"\ ", r"\s+")
    if not re.search(rf"[^\W{_WRITTEN_TOGETHER}]", phrase):
        return apart
    return rf"(?<![^\W{_WRITTEN_TOGETHER}]){apart}(?![^\W{_WRITTEN_TOGETHER}])"


_ANSWERS = re.compile("|".join(_said(phrase) for phrase in sorted((*_YES, *_NO, *_BESIDES), key=len, reverse=True)))


def answer(text: str) -> bool | None:
    """Yes or no, where that is all that was typed, besides courtesies; None for anything else, questions too."""
    typed = unicodedata.normalize("NFKC", text).casefold()
    found = {" ".join(said.split()) for said in _ANSWERS.findall(typed)}
    rest = _EMOJI.sub(" ", _ANSWERS.sub(" ", typed))
    yes, no = not found.isdisjoint(_YES), not found.isdisjoint(_NO)
    return None if yes == no or re.search(r"[\w?¿]", rest) else yes


_CHINESE = re.compile(rf"([{_WRITTEN_TOGETHER}]+)(.*)", re.DOTALL)
_REFERENCE = re.compile(
    r"[#＃]?\s*(?P<reference>(?:[vｖ]\s*[-－–]?\s*)?\d+)\s*[.,:;，。：；]?(?:\s+(?P<more>.*))?",
    re.IGNORECASE | re.DOTALL,
)


def understand(text: str) -> tuple[Word | None, str]:
    """The sub-command and what follows it; a bare reference means "show"; None for a word nobody knows."""
    typed = text.strip()
    first, rest = [*typed.split(maxsplit=1), "", ""][:2]
    if not first:
        return Word.MENU, ""
    word = _WORDS.get(unicodedata.normalize("NFKC", first).casefold())
    if word is None and (together := _CHINESE.fullmatch(first)):
        word, rest = _WORDS.get(together[1]), f"{together[2]} {rest}"
    if word is None and not typed[0].isdigit() and _REFERENCE.fullmatch(typed):
        return Word.SHOW, typed
    return word, rest.strip()


def referenced(rest: str) -> tuple[str, str]:
    """The reference of a visit that a command begins with, and what is said behind it."""
    found = _REFERENCE.fullmatch(rest)
    if found is None:
        return rest, ""
    return unicodedata.normalize("NFKC", found["reference"]), (found["more"] or "").strip()
