"""Use case of the taste map: what to draw for one listener."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.errors import MapMissing, NotSynced
from matcher.groups.access import Access
from matcher.pipeline import Pipeline
from matcher.ports import ListenerStore, PositionStore
from matcher.scoring.taste_map import Community, TasteMap, about, map_points

MOST_POINTS = 3_000

Crowd = Callable[[TasteMap, str], Floats]  # background points of a map under a model version: [m, 2] float32


@dataclass(frozen=True, slots=True, eq=False)
class MapView:
    """The map as one listener sees it.

    Coordinates lie within `matcher.scoring.taste_map.EDGE` of the origin.

    Attributes:
        me: the listener's exact position.
        matches: (id, position) in the order requested, rounded to the middle of a cell.
        crowd: [m, 2] float32, anonymous background points (`matcher.scoring.taste_map.map_points`).
        communities: the largest first.
        model_version: maps of different versions cannot be compared.
        part: where a part of the listener's taste lies by itself; None unless it was asked for.
    """

    me: tuple[float, float]
    matches: tuple[tuple[str, tuple[float, float]], ...]
    crowd: Floats
    communities: tuple[Community, ...]
    model_version: str
    part: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class MapViews:
    """Draws the taste map."""

    reader: ListenerStore
    access: Access
    crowd: Crowd  # possibly cached
    model: Callable[[], Pipeline]  # in service; raises ModelMissing or ModelBroken

    def draw_for(
        self, listener_id: str, match_ids: Sequence[str] = (), part: ListenerProfile | None = None
    ) -> MapView:
        """The map with this listener and the matches that they may see.

        A match is placed by what it shows; a match that shows nothing is omitted. `part` is one facet of the
        listener's own taste, to be placed too.

        Raises:
            MapMissing: the model in service has no map.
            NotSynced: the listener has no vector of the model in service.
        """
        model = self.model()
        chart, version = model.taste_map, model.embedder.model_version
        if chart is None:
            raise MapMissing("the model was trained before there were maps; train it again")
        mine = self.reader.own_vector(listener_id, version)
        if mine is None:
            raise NotSynced("the library was not read yet")
        seen = self.access.seen(listener_id, match_ids)
        vectors = self.reader.vectors([one for one in dict.fromkeys(match_ids) if one in seen], version)
        drawn = {one: vectors[one] for one in dict.fromkeys(match_ids) if one in vectors}
        return MapView(
            me=_pair(chart.place(mine[None])[0]),
            matches=tuple((one, about(chart.place(row[None])[0])) for one, row in drawn.items()),
            crowd=self.crowd(chart, version),
            communities=chart.communities,
            model_version=version,
            part=_pair(chart.place(model.embedder.embed([part]).stored)[0]) if part else None,
        )


def points_in(store: PositionStore) -> Crowd:
    """Background points sampled from a store, at most `MOST_POINTS`."""

    def points(chart: TasteMap, model_version: str) -> Floats:
        products = store.sample_products(chart.axes.astype("float32"), model_version, MOST_POINTS)
        return map_points(chart.settle(products.astype("float64")))

    return points


def _pair(row: Floats) -> tuple[float, float]:
    return float(row[0]), float(row[1])
