# %% [markdown]
# # What is in a profile?
#
# Everything Earshot knows of a listener stands in one object, the `ListenerProfile`. Matching, explaining
# and training see nothing else. So it is worth one look: what goes in, what comes out, what a missing part
# looks like, and whether it matters in which order the facts arrive.
#
# All listeners, artists and tracks here are invented.

# %%
import tempfile
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from sample import EMBER, INK, LINE, PAPER, SEA, SOFT, use_house_style, write_tables

from emulator.world import synthetic_world
from matcher.domain.audio import QUANTILES, RANGES, SUMMARISED
from matcher.domain.library import build_profile
from matcher.domain.listening import Part
from matcher.domain.profile import Bag
from sources.table import read_listening
from wiring.jobs.training import read_corpus

use_house_style()

# %% [markdown]
# ## From files to listening
#
# A small world is written as the three tables that anybody can bring: who heard what, how tracks sound,
# how artists are tagged. Read back, one listener is a `Listening`: raw facts, never stored. The table has
# no years of release, which Spotify does give, so the world adds them.

# %%
world = synthetic_world(120, 7, n_artists=600)
with tempfile.TemporaryDirectory() as folder:
    tables = write_tables(world, Path(folder))
    corpus = read_corpus(*tables)
    listenings = read_listening(tables.listening[0], artist_tags=corpus.artist_tags).listenings

someone = next(one for one in world.listeners.values() if len(one.scenes) == 3)
table_row = next(one for one in listenings if one.listener_id == someone.id)
years = {key: int(track.album.release_date[:4]) for key, track in world.tracks.items() if track.album}
listening = replace(
    table_row,
    hearings=tuple(replace(one, release_year=years.get(one.track_id)) for one in table_row.hearings),
)

print(f"{someone.name}, drawn to {', '.join(someone.scenes)}: {len(listening.hearings)} facts, such as")
for one in listening.hearings[:4]:
    where = f"in “{one.facet_name}”" if one.part is Part.PLAYLISTS else "among the plays"
    print(f"  {one.artist_name} – {one.track_name} ({one.release_year}), {one.plays:.0f} × {where}")

# %% [markdown]
# ## From listening to profile
#
# One call. The profile adds up plays by artist and by track, passes the artists' tags on, takes the
# meaningful words out of playlist names, and counts decades. It says itself on how much it rests.

# %%
profile = build_profile(listening, corpus.attributes)
profile.evidence


# %%
def draw_bag(axes: Axes, bag: Bag, title: str, unit: str, colour: str) -> None:
    """The heaviest entries of a bag, heaviest on top, each with its number."""
    top = sorted(bag.items(), key=lambda pair: (-pair[1], pair[0]))[:10][::-1]
    names = [profile.names.get(key, str(key)) for key, _ in top]
    values = np.array([weight for _, weight in top])
    bars = axes.barh(names, values, color=colour, height=0.62)
    axes.bar_label(bars, [unit.format(value) for value in values], padding=4, color=SOFT, fontsize=9)
    axes.set(title=title, xticks=[], xlim=(0, values.max() * 1.18))
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.tick_params(length=0)


figure, ((top_left, top_right), (low_left, low_right)) = plt.subplots(2, 2, figsize=(10, 7))
draw_bag(top_left, profile.artists, "Artists, by plays", "{:.0f}", EMBER)
draw_bag(top_right, profile.tags, "Tags, share of the whole", "{:.0%}", SEA)
draw_bag(low_left, profile.words, "Words, in how many playlist names", "{:.0f}", EMBER)

low_right.bar([f"{decade}s" for decade in profile.decades], profile.decades.values(), color=SEA, width=0.62)
low_right.set(title="Decades, share of plays")
low_right.yaxis.set_major_formatter("{x:.0%}")
low_right.tick_params(axis="x", length=0)
plt.show()

# %% [markdown]
# ## How it sounds
#
# Audio attributes are summed up, not listed: mean, spread and five quantiles each, heavier where something
# is played more. A mean alone would hide that somebody likes both the very quiet and the very loud. The
# coverage stands beside them, so that a summary of three known tracks never passes for one of three
# hundred. Attributes are drawn from 0 to 1, tempo from 40 to 200 BPM, loudness from −30 to 0 dB.


# %%
def placed(name: str, values: float | tuple[float, ...]) -> np.ndarray:
    """Values on a common scale: 0 is the lowest that is drawn of the attribute, 1 the highest."""
    low, high = (40, 200) if name == "tempo" else (-30, 0) if name == "loudness" else RANGES[name]
    return (np.asarray(values) - low) / (high - low)


shown = [name for name in SUMMARISED if name != "mode"]
everyone = [one.audio.attributes for one in corpus.profiles if one.audio]

figure, axes = plt.subplots(figsize=(9, 4.6))
for row, name in enumerate(reversed(shown)):
    found = profile.audio.attributes[name]
    p10, p25, p50, p75, p90 = placed(name, found.quantiles)
    middle = found.quantiles[QUANTILES.index(0.5)]
    usual = placed(name, np.median([one[name].mean for one in everyone]))
    axes.plot([p10, p90], [row, row], color=EMBER, linewidth=1.4)
    axes.plot([p25, p75], [row, row], color=EMBER, linewidth=7, alpha=0.55)
    axes.plot(p50, row, "o", color=EMBER, markersize=7, markeredgecolor="white")
    axes.plot([usual, usual], [row - 0.28, row + 0.28], color=INK, linewidth=1.6)
    axes.annotate(
        f"{middle:.2f}" if abs(middle) < 1 else f"{middle:.0f}", (1.04, row), va="center", color=SOFT
    )
axes.set(
    yticks=range(len(shown)),
    yticklabels=reversed(shown),
    xlim=(-0.02, 1.12),
    xticks=[0, 1],
    xticklabels=["lowest", "highest"],
    title=f"Sound of {profile.evidence.n_tracks} tracks, {profile.audio.coverage:.0%} of them known",
)
axes.set_xlabel(
    "dot: median, also as a figure   thick: middle half   thin: 10 % to 90 %   tick: the usual listener"
)
axes.hlines(range(len(shown)), 0, 1, color=LINE, linewidth=0.8, zorder=0)
axes.spines[["left", "bottom"]].set_visible(False)
axes.tick_params(length=0)
plt.show()

# %% [markdown]
# ## What a missing part looks like
#
# People bring what they have. A listening table without tags, a provider that knows half the tracks, a
# person who only named artists: each gives a profile with an *empty* part. Nothing is made up in its
# place, and the parts that are there stay as they were.

# %%
names_only = [replace(one, track_name="", track_id="", release_year=None) for one in listening.hearings]
half_known = dict(sorted(corpus.attributes.items())[::2])
variants = {
    "everything": profile,
    "half of the sound known": build_profile(listening, half_known),
    "no sound known": build_profile(listening),
    "no tags": build_profile(replace(listening, artist_tags={}), corpus.attributes),
    "no years": build_profile(table_row, corpus.attributes),
    "only names of artists": build_profile(replace(listening, hearings=tuple(names_only)), corpus.attributes),
    "one song": build_profile(replace(listening, hearings=listening.hearings[:1]), corpus.attributes),
    "nothing yet": build_profile(replace(listening, hearings=())),
}
parts = ("artists", "tracks", "tags", "words", "decades")
counts = np.array([[len(getattr(one, part)) for part in parts] for one in variants.values()])
coverage = np.array([one.evidence.audio_coverage for one in variants.values()])

figure, axes = plt.subplots(figsize=(9, 4.4))
filled = np.column_stack([np.log1p(counts) / np.log1p(counts.max(axis=0)), coverage])
axes.imshow(filled, aspect="auto", cmap=LinearSegmentedColormap.from_list("sand", [PAPER, "#eec3a4"]))
axes.hlines(np.arange(len(variants)) + 0.5, -0.5, len(parts) + 0.5, color=PAPER, linewidth=3)
axes.vlines(np.arange(len(parts)) + 0.5, -0.5, len(variants) - 0.5, color=PAPER, linewidth=3)
for (row, column), share in np.ndenumerate(filled):
    value = f"{coverage[row]:.0%}" if column == len(parts) else f"{counts[row, column]}"
    axes.text(column, row, value if share else "–", ha="center", va="center", color=INK if share else SOFT)
axes.set(
    xticks=range(len(parts) + 1),
    xticklabels=[*parts, "sound"],
    yticks=range(len(variants)),
    yticklabels=variants,
    title="How many entries each part holds; for the sound, its coverage",
)
axes.xaxis.tick_top()
axes.spines[:].set_visible(False)
axes.tick_params(length=0)
plt.show()

# %% [markdown]
# ## Order
#
# Pages of an answer, export files and retries hand over facts in any order. If order left a trace, a
# refreshed profile would differ from the same one built anew, and matches would move without a cause. We
# deal the facts fifty times.

# %%
rng = np.random.default_rng(7)
orders = [rng.permutation(len(listening.hearings)) for _ in range(50)]
dealt = [
    build_profile(
        replace(listening, hearings=tuple(listening.hearings[place] for place in order)), corpus.attributes
    )
    for order in orders
]
print(f"{sum(one == profile for one in dealt)} of {len(dealt)} are the same profile")

# %% [markdown]
# ## The answer
#
# A profile holds what was heard, added up, and nothing else: no order, no guesses.

# %%
heard = sum(one.plays for one in listening.hearings)
silent, soundless, untagged = variants["nothing yet"], variants["no sound known"], variants["no tags"]

assert all(one == profile for one in dealt), "the order of the facts left a trace"
assert sum(profile.artists.values()) == sum(profile.tracks.values()) == heard, "plays were lost or invented"
assert np.allclose([sum(profile.tags.values()), sum(profile.decades.values())], 1), "shares do not add up"
assert soundless.audio is None, "a sound was made up"
assert replace(soundless, audio=profile.audio) == profile, "without sound, something else changed too"
assert not untagged.tags, "tags were made up"
assert replace(untagged, tags=profile.tags) == profile, "without tags, something else changed too"
assert silent.is_empty, "something came of nothing"
