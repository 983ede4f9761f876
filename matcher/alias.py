"""Aliases: made-up names, so that nobody is shown under their own."""

import random

_FIRST = (
    "Amber Autumn Azure Bold Brisk Bronze Calm Cedar Clear Cobalt Copper Coral Crimson Dawn Deep Distant "
    "Dusky Early Ember Fern Gentle Golden Hazel Hidden Hollow Indigo Ivory Jade Keen Late Lilac Lunar "
    "Marble Mellow Misty Mossy Night Noble North Ochre Olive Opal Paper Pearl Pine Plum Quiet Rapid "
    "Russet Rustic Sable Saffron Scarlet Silent Silver Slate Solar Steady Summer Teal Velvet Violet Warm "
    "Wild Winter"
).split()
_SECOND = (
    "Badger Bat Beaver Bison Crane Crow Curlew Deer Dolphin Dove Eagle Egret Elk Falcon Ferret Finch Fox "
    "Gecko Hare Hawk Heron Ibex Ibis Jackdaw Jay Kestrel Kite Koala Lark Lemur Lion Lynx Magpie Marten "
    "Mole Moth Newt Otter Owl Panda Pelican Petrel Pika Plover Puffin Quail Rabbit Raven Robin Salmon "
    "Seal Shrew Sparrow Stoat Stork Swan Swift Tapir Tern Thrush Toad Vole Walrus Weasel Whale Wolf Wren"
).split()


def make_alias(rng: random.Random) -> str:
    """A made-up name such as "Velvet Heron 482": about four million are possible, none is anybody's own."""
    return f"{rng.choice(_FIRST)} {rng.choice(_SECOND)} {rng.randint(100, 999)}"
