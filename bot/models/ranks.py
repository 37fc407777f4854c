"""Presets of ranks and titles (B1): what a house begins with, before its administrators change it."""

from collections.abc import Mapping
from enum import StrEnum

from bot.models.settings import Rank


class Preset(StrEnum):
    """Kinds of houses."""

    COMPANY = "company"
    UNIVERSITY = "university"


_SCALES: Mapping[Preset, tuple[tuple[int, str, str, str], ...]] = {
    Preset.COMPANY: (
        (100, "Chairman or Chairwoman", "Presidente/a del Consejo de Administración", "董事长"),
        (95, "Vice Chair", "Vicepresidente/a del Consejo", "副董事长"),
        (90, "President, CEO", "Director/a ejecutivo/a, CEO", "总裁、首席执行官"),
        (85, "General Manager", "Director/a general", "总经理"),
        (80, "Executive Deputy General Manager", "Primer/a subdirector/a general", "常务副总经理"),
        (75, "Deputy General Manager", "Subdirector/a general", "副总经理"),
        (65, "Director of an area", "Director/a de área", "总监"),
        (55, "Department Manager", "Jefe/a de departamento", "部门经理"),
        (50, "Deputy Manager", "Subjefe/a de departamento", "副经理"),
        (40, "Supervisor", "Supervisor/a", "主管"),
        (20, "Specialist, Officer", "Especialista, técnico/a", "专员、职员"),
    ),
    Preset.UNIVERSITY: (
        (100, "President, Party Secretary", "Rector/a", "校长、校党委书记"),
        (90, "Executive Vice President", "Vicerrector/a general", "常务副校长、党委副书记"),
        (85, "Vice President", "Vicerrector/a", "副校长"),
        (75, "Director of the President's Office", "Secretario/a general, jefe/a de gabinete", "校长助理、校办主任"),
        (65, "Dean, Director of an office", "Decano/a, director/a de servicio", "院长、处长"),
        (60, "Associate Dean, Deputy Director", "Vicedecano/a, subdirector/a", "副院长、副处长"),
        (50, "Department Chair", "Director/a de departamento", "系主任"),
        (30, "Section Chief", "Jefe/a de sección", "科长"),
    ),
}


def ranks_of(preset: Preset, workspace_id: str) -> list[Rank]:
    """The ranks of a preset, for one workspace."""
    return [
        Rank(workspace_id=workspace_id, value=value, titles={"en": english, "es": spanish, "zh_CN": chinese})
        for value, english, spanish, chinese in _SCALES[preset]
    ]
