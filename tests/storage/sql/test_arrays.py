from uuid import UUID

import pytest
from sqlalchemy import Uuid, column, select, values

from storage.sql.arrays import among
from storage.sql.schema import listeners

ONE, TWO, THREE = (str(UUID(int=number)) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [([], []), ([TWO], [TWO]), ([THREE, ONE, THREE], [ONE, THREE]), ([str(UUID(int=9))], [])],
)
def test_rows_whose_id_is_among_others_come_once_each(database, wanted, found):
    ids = values(column("id", Uuid), name="ids").data([(UUID(one),) for one in (ONE, TWO, THREE)])
    query = select(ids.c.id).where(among(ids.c.id, wanted)).order_by(ids.c.id)
    with database.transaction() as connection:
        assert [str(one) for one in connection.scalars(query)] == found


def test_ids_reach_the_planner_as_rows(database):
    """As an array, each of a few thousand rows was compared with hundreds of ids, for a second."""
    query = select(listeners.c.id).where(among(listeners.c.id, [ONE, TWO]))
    with database.transaction() as connection:
        text = query.compile(connection.engine, compile_kwargs={"literal_binds": True})
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {text}").scalars())
    assert "ProjectSet" in plan
    assert "ANY" not in plan
