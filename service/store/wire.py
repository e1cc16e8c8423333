"""The wire to the database inside one transaction: reads answer at once, writes wait and go together.

What every act consists of, a dozen statements, goes past SQLAlchemy's execution (cache key, context, result object:
more than the database needs to carry them out), and on PostgreSQL an act is two round trips: the rows it starts from,
and everything it writes together with the commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.exc import DBAPIError

from service.store.compiled import Compiled, compiled
from service.store.pipeline import Batch, Rows, pipeline_of

Params = Mapping[str, Any]


class Wire:
    """One connection with an open transaction. Statements reach the database in the order they were given."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._waiting: list[tuple[Compiled, Rows]] = []

    def execute(self, statement: Executable, params: Any = None) -> CursorResult[Any]:
        """Any statement, by way of SQLAlchemy, after what waits."""
        self.flush()
        return self.connection.execute(statement, params)

    def send(self, statement: Executable, rows: Sequence[Any]) -> None:
        """A write whose outcome nobody asks for, once for each row (a dictionary or a row object).

        It goes with the next read or with the commit; what is wrong with it is raised then, not here. `statement`: see
        `compiled`.
        """
        form = compiled(statement, self.connection.dialect.name)
        self._waiting.append((form, [form.bind(row) for row in rows]))

    def read(self, statement: Executable, *each: Params) -> list[dict[str, Any]]:
        """The rows of one statement, once without parameters or for each set of them. `statement`: see `compiled`."""
        return self.read_together((statement, each or ({},)))[0]

    def read_together(self, *wanted: tuple[Executable, Sequence[Params]]) -> list[list[dict[str, Any]]]:
        """The rows of several statements in one round trip; each sees the database as the ones before have left it."""
        forms = [(compiled(statement, self.connection.dialect.name), each) for statement, each in wanted]
        answers = self._carry([(form, [form.bind(params) for params in each]) for form, each in forms])
        return [[form.read(row) for row in rows] for (form, _), rows in zip(forms, answers, strict=True)]

    def flush(self) -> None:
        """Send what waits."""
        if self._waiting:
            self._carry([])

    def commit(self) -> None:
        """Send what waits and commit; when a write fails, nothing is committed."""
        self._carry([], commit=True)
        transaction = self.connection.get_transaction()
        assert transaction is not None
        transaction.commit()

    def _carry(self, reads: Batch, *, commit: bool = False) -> list[Rows]:
        batch, self._waiting = [*self._waiting, *reads], []
        for listener in self.connection.dispatch.before_cursor_execute:  # whoever counts statements hears of these too
            for form, executions in batch:
                listener(self.connection, None, form.sql, executions, None, len(executions) > 1)
        with self._errors() as driver:
            if self.connection.dialect.name == "postgresql":
                answers = pipeline_of(self.connection).carry(batch, commit=commit)
            else:
                answers = [[row for values in each for row in driver.execute(form.sql, values)] for form, each in batch]
        return answers[len(answers) - len(reads) :]

    @contextmanager
    def _errors(self) -> Iterator[Any]:
        """The driver's connection; its errors are raised as SQLAlchemy raises them, and a lost connection is given up."""
        driver: Any = self.connection.connection.driver_connection
        dialect: Any = self.connection.dialect
        try:
            yield driver
        except BaseException as error:
            errors = dialect.loaded_dbapi.Error
            gone = getattr(driver, "closed", False) or dialect.is_disconnect(error, driver, None)
            if gone:
                self.connection.invalidate(error)
            if isinstance(error, errors):
                raise DBAPIError.instance(
                    None, None, error, errors, connection_invalidated=gone, dialect=dialect
                ) from error
            raise
