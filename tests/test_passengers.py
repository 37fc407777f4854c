"""Lists of guests as people paste them."""

import pytest

from bot.models.guests import Gender
from bot.procedure.names import folded_company
from bot.procedure.passengers import Passenger, read_passengers

RANKS = {"General Manager": 85, "总监": 65, "director de compras": 65}


@pytest.mark.parametrize(
    ("line", "passenger"),
    [
        ("Luis García, Director de Compras", Passenger("Luis García", "Director de Compras", 65)),
        ("Luis García\tDirector de Compras\tVIP", Passenger("Luis García", "Director de Compras", 65, is_vip=True)),
        ("1. Sr. Luis García; Ingeniero", Passenger("Luis García", "Ingeniero", gender=Gender.MALE)),
        ("② 王芳，总监，女，素食", Passenger("王芳", "总监", 65, Gender.FEMALE, diet="素食")),
        ("王芳女士 总监", Passenger("王芳", "总监", 65, Gender.FEMALE)),
        ("3、李强；自驾", Passenger("李强", by_own_car=True)),
        ("Ms. Ana Pérez (General Manager)", Passenger("Ana Pérez", "General Manager", 85, Gender.FEMALE)),
        ("Ana Pérez - General Manager", Passenger("Ana Pérez", "General Manager", 85)),
        (
            "Ana Pérez, GM, alergia al maní, halal, Buddhist",
            Passenger("Ana Pérez", "GM", allergies="alergia al maní", diet="halal", customs="Buddhist"),
        ),
        ("李强, 工程师, 花生过敏, 不吃猪肉", Passenger("李强", "工程师", allergies="花生过敏", diet="不吃猪肉")),
        ("• John Smith", Passenger("John Smith")),
        ("4）李雷 总监 素食", Passenger("李雷", "总监", 65, diet="素食")),
        ("5 王芳　总监　对花生过敏", Passenger("王芳", "总监", 65, allergies="对花生过敏")),
        ("欧阳娜娜（女士）总监", Passenger("欧阳娜娜", "总监", 65, Gender.FEMALE)),
        ("Sr. D. Luis García; celíaco", Passenger("Luis García", gender=Gender.MALE, diet="celíaco")),
        ("Dña. Ana Pérez / General Manager", Passenger("Ana Pérez", "General Manager", 85, Gender.FEMALE)),
        ("Ms Ana Pérez    GM    no nuts", Passenger("Ana Pérez", "GM", gender=Gender.FEMALE, diet="no nuts")),
        ("محمد العلي، مدير", Passenger("محمد العلي", "مدير")),
        ('"Pérez, Ana","General Manager"', Passenger("Pérez, Ana", "General Manager", 85)),
        ("Ana Pérez <ana@acme.example>, GM", Passenger("Ana Pérez", "GM")),
        ("王芳 总监 13800138000", Passenger("王芳", "总监", 65)),
        ("Ana Pérez (+34 612 345 678)", Passenger("Ana Pérez")),
        ("Mr. and Mrs. Jones", Passenger("Mr. and Mrs. Jones")),
        ("María-José O'Neill", Passenger("María-José O'Neill")),
        ("Donald Smith, Manager", Passenger("Donald Smith", "Manager")),
    ],
)
def test_a_line_is_a_guest(line: str, passenger: Passenger) -> None:
    assert read_passengers(line, RANKS).passengers == (passenger,)


def test_a_first_line_of_headings_says_what_stands_where() -> None:
    text = "Cargo\tNombre\tSexo\tAlergias\nDirector de Compras\tLuis García\tM\tmaní\n\tAna Pérez\tF\t"
    assert read_passengers(text, RANKS).passengers == (
        Passenger("Luis García", "Director de Compras", 65, Gender.MALE, allergies="maní"),
        Passenger("Ana Pérez", gender=Gender.FEMALE),
    )
    assert read_passengers("姓名,职务\n王芳,总监", RANKS).passengers == (Passenger("王芳", "总监", 65),)


def test_a_table_keeps_its_columns_though_its_lines_are_numbered() -> None:
    """As spreadsheets are copied: a title, numbers before the names, columns that say nothing."""
    text = (
        "Guest list of Acme\nNo.\tName\tPosition\tPassport\tDiet\n"
        "1\tLuis García\tDirector de Compras\tE12345678\tvegan\n2\tAna Pérez\tGM\t\t\nTotal: 2"
    )
    read = read_passengers(text, RANKS)
    assert read.passengers == (
        Passenger("Luis García", "Director de Compras", 65, diet="vegan"),
        Passenger("Ana Pérez", "GM"),
    )
    assert read.has_numbers
    table = "| Name | Title |\n|---|---|\n| Luis García | GM |"
    assert read_passengers(table, RANKS).passengers == (Passenger("Luis García", "GM"),)
    assert read_passengers("序号 姓名 职务\n1 王芳 总监", RANKS).passengers == (Passenger("王芳", "总监", 65),)


def test_names_in_one_line_are_a_guest_each_and_what_is_no_name_is_nobody() -> None:
    assert [p.name for p in read_passengers("来宾名单：\n王芳、李强、张伟", RANKS).passengers] == [
        "王芳",
        "李强",
        "张伟",
    ]
    assert read_passengers("王芳、总监、素食", RANKS).passengers == (Passenger("王芳", "总监", 65, diet="素食"),)
    assert read_passengers("---\n=1+1\n+34 612 345 678", RANKS).passengers == ()


def test_nobody_is_on_the_list_twice_and_empty_lines_are_nobody() -> None:
    assert read_passengers("Luis García\n\n  \nLUIS GARCIA, Director\n", RANKS).passengers == (
        Passenger("Luis García"),
    )
    assert read_passengers("", RANKS).passengers == ()


@pytest.mark.parametrize("number", ["E12345678", "AAB123456", "123456789", "G1234567", "12345678Z"])
def test_nothing_that_looks_like_a_passport_is_taken_over(number: str) -> None:
    read = read_passengers(f"Luis García, {number}, Ingeniero, 1980-05-17", RANKS)
    assert read.has_numbers
    assert read.passengers == (Passenger("Luis García", "Ingeniero"),)
    assert number not in repr(read_passengers(f"Luis García {number}", RANKS))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "ACME, S.A. de C.V."),
        ("Jiménez & Hijos", "Jimenez y Hijos S.L.".replace(" y ", " ")),
        ("华东电子有限公司", "华东电子"),
        ("华东电子股份有限公司", "华东电子"),
        ("Müller GmbH & Co. KG", "Muller"),
        ("Acme Co., Ltd.", "acme"),
    ],
)
def test_a_company_is_recognized_without_its_legal_form(one: str, other: str) -> None:
    assert folded_company(one) == folded_company(other)


@pytest.mark.parametrize("name", ["S.A.", "有限公司", "Company", "!!!"])
def test_a_name_is_never_folded_to_nothing(name: str) -> None:
    assert folded_company(name)


def test_different_companies_stay_different() -> None:
    names = ("Casa", "Cas", "Alpha Co", "Alphaco", "Beta SA", "Betas")
    assert len({folded_company(name) for name in names}) == len(names)
