"""What an adversary gains: defined here, once, for every attack.

A secret is one bit of a victim's ("their hidden playlist holds x" or "it holds y instead"), and the
adversary knows all else: the world, the program, and both libraries. Earshot is deterministic, so the best
rule there can be compares what it sees with what either library would show, and says the one that fits;
where both show the same it can only guess. Its advantage over guessing, the true-positive rate minus the
false-positive rate, is therefore the share of victims whose two views differ (the advantage of a membership
attack: S. Yeom et al., "Privacy Risk in Machine Learning", CSF 2018). No rule of fewer means does better: not
one by rank, nor by percent, order, count, text or picture, as all of these are in the view.
"""

from collections.abc import Callable, Hashable, Sequence

MOST = 0.05
"""Five percentage points: what the best rule may gain."""

FEWEST_VICTIMS = 40

View = Hashable
"""All that one adversary can see through one channel, so that two of them can be compared."""


def advantage(pairs: Sequence[tuple[View, View]]) -> float:
    """The advantage of the best rule, in [0, 1].

    Args:
        pairs: of every victim what is seen with the secret and without it.
    """
    assert len(pairs) >= FEWEST_VICTIMS
    return sum(one != other for one, other in pairs) / len(pairs)


def seen(look: Callable[[], object]) -> str:
    """What a look shows, to the last digit; that it fails, and how, is seen as well."""
    try:
        return repr(look())
    except Exception as error:  # noqa: BLE001 - a person sees every error, whatever it is
        return f"{type(error).__name__}: {error}"
