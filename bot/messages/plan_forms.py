"""The windows around a plan: all of it on one page, sending it, returning it, handing it to somebody (B3, B4)."""

from bot.i18n import Mrkdwn, Translator, bold, escape, join
from bot.messages import blocks, feasibility, plans, words
from bot.messages.blocks import Block
from bot.messages.ids import ViewId
from bot.messages.payloads import PlanRef, VisitRef
from bot.messages.reading import Reading
from bot.models.people import Actor
from bot.models.plans import Plan
from bot.procedure.ladder import approvers


def page(reading: Reading, actor: Actor) -> Block:
    """The plan as it stands with everything that does not fit, and the history of its revisions."""
    t, picture, visit = reading.t, reading.picture, reading.picture.visit
    where = plans.standing(reading)
    content: list[Block] = [blocks.section(bold(words.guests(t, visit)))]
    content += [blocks.context(where)] if where else []
    content += plans.content_of(reading)
    earlier = [_revision(reading, plan) for plan in picture.plans]
    content += [blocks.divider(), blocks.section(join("\n", earlier))] if earlier else []
    content += [blocks.actions(plans.send_button(reading))] if visit.can_be_submitted_by(actor) else []
    return blocks.modal(
        ViewId.NOTHING,
        t.pgettext("modal.title", "Plan {reference}", reference=visit.reference),
        content,
        close=t.pgettext("modal.close", "Close"),
    )


def _revision(reading: Reading, plan: Plan) -> Mrkdwn:
    return reading.t.rich.pgettext(
        "plan",
        "Revision {revision}, {moment}: {outcome}",
        revision=plan.revision,
        moment=reading.moment(plan.submitted_at),
        outcome=plans.outcome(reading, plan),
    )


def send(reading: Reading) -> Block:
    """Send the plan: what it will cost, and what does not fit yet."""
    t, visit = reading.t, reading.picture.visit
    names = t.list([reading.name(person) for person in approvers(reading.picture)])
    content: list[Block] = [blocks.section(t.rich.gettext("The plan goes to {names}.", names=names))]
    warnings = feasibility.lines(reading)
    if warnings:
        head = t.rich.gettext("This does not fit yet. It can be sent all the same; the approver sees it too.")
        content.append(blocks.section(join("\n", [head, *warnings])))
    cost = "" if visit.estimated_cost is None else str(visit.estimated_cost)
    content.append(
        blocks.field_input(
            "estimated_cost",
            t.gettext("Estimated cost"),
            blocks.text_input(cost, longest=12),
            optional=True,
            hint=t.gettext("Of the whole visit, in {currency}.", currency=reading.picture.workspace.currency),
        )
    )
    return blocks.modal(
        ViewId.SEND_PLAN,
        t.pgettext("modal.title", "Send the plan"),
        content,
        submit=t.pgettext("modal.submit", "Send"),
        close=t.pgettext("modal.close", "Cancel"),
        metadata=VisitRef(visit.key).pack(),
    )


def send_back(t: Translator, ref: PlanRef) -> Block:
    """Return the plan, with what is to be changed: kept as it is written."""
    remarks = blocks.text_input(longest=1000, multiline=True)
    return blocks.modal(
        ViewId.RETURN_PLAN,
        t.pgettext("modal.title", "Return for changes"),
        [blocks.field_input("remarks", t.gettext("What should be changed?"), remarks)],
        submit=t.pgettext("modal.submit", "Return"),
        close=t.pgettext("modal.close", "Back"),
        metadata=ref.pack(),
    )


def hand(t: Translator, ref: PlanRef) -> Block:
    """Who decides instead, where nobody is named as deputy."""
    chosen = blocks.user_select("", t.pgettext("people.placeholder", "Choose a person"))
    return blocks.modal(
        ViewId.HAND_PLAN,
        t.pgettext("modal.title", "Hand to my deputy"),
        [
            blocks.section(escape(t.gettext("You have named no deputy so far. Who decides on this plan?"))),
            blocks.field_input("deputy", t.gettext("Deputy"), chosen),
        ],
        submit=t.pgettext("modal.submit", "Hand over"),
        close=t.pgettext("modal.close", "Cancel"),
        metadata=ref.pack(),
    )
