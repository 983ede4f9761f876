"""How much is measured: the whole, and a smoke run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes and repeats.

    Attributes:
        listeners: sizes of the training sets.
        training_repeats: trainings of each system and size.
        model_listeners: listeners that the model behind embedding and pipeline is trained on.
        n_items: sizes of the profiles that are embedded.
        n_profiles: profiles of each size.
        candidates: sizes of the pool.
        crowds: candidates in the database.
        n_queries: queries to each pool, and listeners who refresh among each crowd.
        repeats: how often all profiles, or all queries, are gone through.
        demo_listeners: candidates of the demo whose pages are looked at.
        page_crowds: how many candidates it is filled up to afterwards.
        page_repeats: how often each action on the pages is done.
        first_sights: how often a page is opened on a slow network.
        table_listeners: listeners in each of the two files that are matched.
        table_repeats: how often they are matched.
        plays: sizes of the histories that are read.
        import_repeats: how often each is read.
        seed: of everything random but the demo.
    """

    listeners: tuple[int, ...]
    training_repeats: int
    model_listeners: int
    n_items: tuple[int, ...]
    n_profiles: int
    candidates: tuple[int, ...]
    crowds: tuple[int, ...]
    n_queries: int
    repeats: int
    demo_listeners: int
    page_crowds: tuple[int, ...]
    page_repeats: int
    first_sights: int
    table_listeners: int
    table_repeats: int
    plays: tuple[int, ...]
    import_repeats: int
    seed: int = 0


FULL = Plan(
    listeners=(1_000, 5_000, 20_000),
    training_repeats=3,
    model_listeners=5_000,
    n_items=(50, 200, 500),
    n_profiles=200,
    candidates=(10_000, 100_000),
    crowds=(100_000, 1_000_000),
    n_queries=30,
    repeats=5,
    demo_listeners=2_000,
    page_crowds=(100_000,),
    page_repeats=18,
    first_sights=7,
    table_listeners=2_000,
    table_repeats=3,
    plays=(100_000, 5_000_000),
    import_repeats=3,
)

QUICK = Plan(
    listeners=(200,),
    training_repeats=1,
    model_listeners=200,
    n_items=(50,),
    n_profiles=20,
    candidates=(1_000,),
    crowds=(6_000,),
    n_queries=5,
    repeats=3,
    demo_listeners=300,
    page_crowds=(),
    page_repeats=3,
    first_sights=3,
    table_listeners=100,
    table_repeats=1,
    plays=(20_000,),
    import_repeats=1,
)
