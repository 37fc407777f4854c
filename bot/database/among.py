"""Whether a column has one of several values, in words that do not depend on how many these are.

Otherwise each number of values is another statement: SQLAlchemy writes it anew every time, and PostgreSQL has to be
asked twice before it runs it.
"""

import json
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, String, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Several(TypeDecorator[Any]):
    """Any number of texts as one parameter: an array, or a JSON document where there are none."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(String()))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return json.dumps(list(value)) if dialect.name == "sqlite" else list(value)


class _Each(FunctionElement[Any]):
    """A table with a row for each of them."""

    inherit_cache = True


def among(column: Any, name: str) -> ColumnElement[bool]:
    """The column has one of the texts that are given as the parameter `name`."""
    chosen: ColumnElement[bool] = column.in_(
        select(_Each(bindparam(name, type_=_Several())).table_valued("value").c.value)
    )
    return chosen


@compiles(_Each, "sqlite")
def _on_sqlite(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Each, "postgresql")
def _on_postgresql(element: _Each, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT unnest({compiler.process(element.clauses, **options)}) AS value)"
