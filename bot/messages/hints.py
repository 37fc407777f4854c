"""What the host is told before a visit is opened, besides what was typed: what it is about, who they are, what is
still to be asked."""

from dataclasses import dataclass
from datetime import timedelta

from bot.i18n import Mrkdwn, Translator
from bot.messages import blocks, clients
from bot.messages.blocks import Block
from bot.models.forms import VisitForm
from bot.models.people import Workspace
from bot.models.visits import Purpose
from bot.procedure.acquaintance import Acquaintance
from bot.procedure.party import arrives_elsewhere

LEADERS_AHEAD = timedelta(days=2)
"""How early the executive office wants to be asked (A8, B6)."""


@dataclass(frozen=True)
class Circumstances:
    """What is known around a form that was filled in."""

    workspace: Workspace
    known: Acquaintance | None
    asks_leaders_late: bool
    """Senior leaders are wanted, and it is less than two days to the arrival."""


def purpose_hint(t: Translator, value: str) -> str:
    """What to mind with this purpose (A1): whom to invite, what to have ready, how urgent it is."""
    return {
        Purpose.PLANT_VISIT: t.pgettext(
            "purpose.hint",
            "Mostly new clients: company presentation and product data ready, guide and technical staff invited.",
        ),
        Purpose.NEGOTIATION: t.pgettext(
            "purpose.hint",
            "Prices, terms, delivery: leaders and technical staff take part; quotation and state of the project ready.",
        ),
        Purpose.GOODS_INSPECTION: t.pgettext(
            "purpose.hint", "Often neglected: receive them well, and ask about new projects too."
        ),
        Purpose.COMPLAINT: t.pgettext(
            "purpose.hint", "Urgent, with full attention: correspondence and facts ready, technical staff invited."
        ),
        Purpose.COURTESY: t.pgettext(
            "purpose.hint", "May come at short notice and without an appointment: a leader's greeting is what counts."
        ),
    }[Purpose(value)]


def about(t: Translator, form: VisitForm, around: Circumstances) -> list[Block]:
    """A block for each thing the host should know before opening the visit."""
    lines = [t.rich.gettext(":bulb: {hint}", hint=purpose_hint(t, form.purpose)), *_client(t, form, around.known)]
    if not form.foreign:
        lines.append(
            t.rich.gettext(":question: Guests from abroad? Please ask whether an invitation letter is needed.")
        )
    if arrives_elsewhere(around.workspace, form.arrival_means, form.arrival_place):
        lines.append(port(t, around.workspace))
    if around.asks_leaders_late:
        lines.append(
            t.rich.gettext(":warning: Senior leaders are asked two days ahead, and less is left. Please call too.")
        )
    return [blocks.section(line) for line in lines]


def port(t: Translator, workspace: Workspace) -> Mrkdwn:
    """That the guests had better arrive elsewhere, and how (A10)."""
    hint = " ".join(workspace.port_hint.split())
    return t.rich.gettext(
        ":world_map: Guests are asked to arrive at {place}. {hint}", place=workspace.preferred_port, hint=hint
    )


def _client(t: Translator, form: VisitForm, known: Acquaintance | None) -> list[Mrkdwn]:
    if known is not None:
        lines = [clients.recognized(t, known)]
        if form.is_new_client and known.visits:
            lines.append(t.rich.gettext(":question: New client? They were here before."))
        return lines
    if form.is_new_client:
        return [t.rich.gettext(":mag: New client: please check who they are before the plan is approved.")]
    return [t.rich.gettext(":question: Returning client? This name is new here. Please check how it is spelled.")]
