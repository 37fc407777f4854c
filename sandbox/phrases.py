"""The few sentences that Slack's own client says, in the languages that its people here may have."""

from typing import Any

_PHRASES: dict[str, dict[str, str]] = {
    "en": {
        "required": "Please complete this required field.",
        "too_short": "Please enter at least {n} characters.",
        "email": "Please enter a valid email address.",
        "url": "Please enter a valid URL.",
        "number": "Please enter a number.",
        "whole_number": "Please enter a whole number.",
        "at_least": "Please enter a number of at least {n}.",
        "at_most": "Please enter a number of at most {n}.",
        "command_failed": "{n} failed.",
        "trouble": "We had some trouble connecting. Try again?",
        "sent_file": "sent a file: {n}",
    },
    "es": {
        "required": "Completa este campo obligatorio.",
        "too_short": "Escribe al menos {n} caracteres.",
        "email": "Escribe una dirección de correo válida.",
        "url": "Escribe una URL válida.",
        "number": "Escribe un número.",
        "whole_number": "Escribe un número entero.",
        "at_least": "Escribe un número igual o superior a {n}.",
        "at_most": "Escribe un número igual o inferior a {n}.",
        "command_failed": "{n} ha fallado.",
        "trouble": "Hubo un problema de conexión. ¿Quieres volver a intentarlo?",
        "sent_file": "envió un archivo: {n}",
    },
    "zh": {
        "required": "请填写此必填字段。",
        "too_short": "请至少输入 {n} 个字符。",
        "email": "请输入有效的邮箱地址。",
        "url": "请输入有效的网址。",
        "number": "请输入数字。",
        "whole_number": "请输入整数。",
        "at_least": "请输入不小于 {n} 的数字。",
        "at_most": "请输入不大于 {n} 的数字。",
        "command_failed": "{n} 运行失败。",
        "trouble": "连接出现问题,要再试一次吗?",
        "sent_file": "发送了文件:{n}",
    },
}


def phrase(name: str, locale: str, n: Any = None) -> str:
    language = locale.split("-", maxsplit=1)[0]
    return _PHRASES.get(language, _PHRASES["en"])[name].format(n=n)
