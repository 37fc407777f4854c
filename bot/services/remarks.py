"""What is noted from the phone during a visit: wishes, unplanned meals, shortcomings (E3, E6, E7)."""

from dataclasses import dataclass

from bot.errors import FormErrors, NotAllowed, Problem, UnknownVisit, WhoMay
from bot.models.notices import RecordKind
from bot.models.people import Actor
from bot.models.remarks import Remark, RemarkKind
from bot.models.roles import Role
from bot.procedure.picture import Picture
from bot.procedure.seeing import can_be_seen_by
from bot.services.office import Office
from bot.services.people import People

LONGEST = 1000


@dataclass(frozen=True)
class Remarks:
    """The verb on remarks."""

    office: Office
    people: People

    async def note(self, actor: Actor, visit_id: int, kind: RemarkKind, text: str, about: str = "") -> None:
        """Keep it and tell whoever has to act, at once; `about` is the Slack id of whom a shortcoming concerns."""
        text = text.strip()
        if not text or len(text) > LONGEST:
            raise FormErrors({"text": Problem.TOO_LONG if text else Problem.MISSING})
        known = await self.people.known(actor.person.workspace_id, [about] if about else [])
        if about and (about not in known or not known[about].is_active):
            raise FormErrors({"about": Problem.NOT_A_PERSON})
        async with self.office.changing(visit_id) as change:
            picture = await change.picture()
            if not can_be_seen_by(picture, self.office.rulebook, actor):
                raise UnknownVisit(change.visit.reference)
            self.refuse_unless_taking_part(picture, actor)
            concerns = known[about].key if about and kind == RemarkKind.SHORTCOMING else None
            remark = Remark(
                visit_id=visit_id,
                kind=kind,
                text=text,
                noted_by_id=actor.id,
                noted_at=change.now,
                about_id=concerns,
            )
            change.session.add(remark)
            await change.session.flush()
            # What is wrong with whom is nobody else's business: it stays out of the channel.
            if kind != RemarkKind.SHORTCOMING:
                await change.record(actor.id, RecordKind.NOTED, text=text)

    def refuse_unless_taking_part(self, picture: Picture, actor: Actor) -> None:
        """Everybody who has a part in the visit or receives visitors may note something."""
        taking_part = {person for people in picture.parts.values() for person in people}
        taking_part |= {person for people in picture.stop_parts.values() for person in people}
        receives = any(actor.has(role) for role in (Role.ADMINISTRATION, Role.FRONT_DESK, Role.GATE))
        same_house = picture.visit.workspace_id == actor.person.workspace_id
        if not same_house or not (picture.visit.can_be_changed_by(actor) or actor.id in taking_part or receives):
            raise NotAllowed(WhoMay.PARTICIPANT)
