# %% [markdown]
# # What do the two towers learn?
#
# The towers map a listener to a point, so that people with a like taste stand close together. Whether they
# do can be checked in a world whose truth is known: here every listener belongs to scenes, which stand in
# a ring, and tastes spread to neighbouring scenes. **Do listeners of the same main scene end up close,
# though the towers were never told of scenes?**
#
# All listeners, artists and tracks here are invented.

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator
from sample import EMBER, INK, LINE, PAPER, SEA, SOFT, corpus_of, scene_colours, use_house_style
from sklearn.decomposition import PCA

from emulator.world import synthetic_world
from matcher.domain.canonical_keys import artist_key
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.profile import ListenerProfile
from towers.config import TowerConfig
from towers.metrics import area_under_curve
from towers.serving.embedder import LiteRtEmbedder
from towers.training.train_towers import train_towers

use_house_style()
LABEL = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.72, "pad": 1.5}

# %% [markdown]
# ## Listeners who do not give their scene away
#
# The scene's name is the first tag of its artists, and it stands in the names of playlists. With those the
# test would be too easy. So tags, playlist names and sound are taken away: the towers see who heard which
# artist and which track, nothing else. One listener in four is held out; the towers never meet them in
# training.

# %%
world = synthetic_world(800, 7)
colours = scene_colours(world)
scenes = list(world.scenes)


def without_words(profile: ListenerProfile) -> ListenerProfile:
    """The profile with its artists and tracks alone."""
    facets = {key: replace(facet, name="") for key, facet in profile.facets.items()}
    return replace(profile, facets=facets, tags={}, audio=None)


people = [without_words(one) for one in corpus_of(world).profiles if one.evidence.n_tracks >= 10]
held_out, known = people[::4], [one for place, one in enumerate(people) if place % 4]
print(f"{len(known)} listeners to learn from, {len(held_out)} held out")

# %% [markdown]
# ## Training
#
# Each epoch cuts every listener in two at random, and the towers learn to find one half by the other among
# all others. About a quarter of the training listeners only watch: after each epoch we look how well
# *their* halves find each other, and in the end the weights of the best look are kept. The loss jumps,
# since each epoch cuts anew and some cuts are harder.

# %%
config = TowerConfig(epochs=30, holdout_share=0.23, patience=30)
artefact = train_towers(known, config).artefact
course = artefact.metrics

figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
epochs = np.arange(1, len(course["losses"]) + 1)
trend = np.polynomial.Polynomial.fit(epochs, course["losses"], 2)(epochs)
left.plot(epochs, course["losses"], "o", color=EMBER, markersize=3.5, alpha=0.7)
left.plot(epochs, trend, color=EMBER)
left.set(title="Loss of the training listeners, and its trend", xlabel="epoch")
right.plot(range(len(course["watch_mrr"])), course["watch_mrr"], color=SEA)
best = course["best_epoch"]
right.plot(best, course["watch_mrr"][best], "o", color=SEA, markersize=8, markeredgecolor=PAPER)
right.annotate(
    f"kept: epoch {best}", (best, course["watch_mrr"][best]), (9, 2), textcoords="offset points", color=SEA
)
right.set(title="Reciprocal rank of the watchers’ other half", xlabel="epoch", ylim=(0, 1))
for axes in (left, right):
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
plt.show()

# %% [markdown]
# The right curve starts high: the item embeddings begin as a factorisation of who heard what, so that the
# towers know much before the first step. In a world this small there is little left to learn, and the
# watchers say when it is enough.
#
# ## The space on paper
#
# Every point is a listener. Scenes have colours in the order of their ring, so neighbouring scenes look
# alike. Two of the many dimensions are shown, those along which listeners differ most; what seems to
# overlap here may lie apart in the others.

# %%
embedder = LiteRtEmbedder(artefact)
vectors = embedder.embed(held_out)
points = PCA(2).fit(embedder.embed(known).stored)
seen, fresh = points.transform(embedder.embed(known).stored), points.transform(vectors.stored)


def main_scene(profile: ListenerProfile) -> str:
    """The scene that a listener is drawn to most."""
    return world.listeners[profile.listener_id].scenes[0]


places = np.vstack([seen, fresh])
of_scene = np.array([main_scene(one) for one in [*known, *held_out]])
middles = {name: np.median(places[of_scene == name], axis=0) for name in scenes}

figure, axes = plt.subplots(figsize=(9, 7.4))
for place, name in zip(places, of_scene, strict=True):
    axes.plot(*np.column_stack([place, middles[name]]), color=colours[name], linewidth=0.8, alpha=0.25)
axes.scatter(*seen.T, s=14, c=[colours[name] for name in of_scene[: len(known)]], alpha=0.4, linewidth=0)
axes.scatter(*fresh.T, s=58, c=[colours[name] for name in of_scene[len(known) :]], edgecolor=PAPER)
named: list[np.ndarray] = []
for name, middle in middles.items():
    if all(np.any(np.abs(middle - other) > (0.26, 0.055)) for other in named):
        axes.text(*middle, name, fontsize=9, weight="bold", color=INK, ha="center", va="center", bbox=LABEL)
        named.append(middle)
share = points.explained_variance_ratio_.sum()
axes.set(
    title=f"Listeners, coloured by main scene; {share:.0%} of all differences are in this plane",
    xticks=[],
    yticks=[],
    aspect="equal",
)
axes.set_xlabel(
    "large: held out   small: trained on   lines lead to the middle of the scene, named where there is room"
)
axes.spines[:].set_visible(False)
plt.show()

# %% [markdown]
# ## Whose neighbours are whose artists?
#
# An artist stands where a listener would who hears that artist only. Nobody said what the artists have in
# common; the neighbours come from the people who share them.


# %%
def fan_of(name: str) -> ListenerProfile:
    """Somebody who has heard one artist and nothing else."""
    return build_profile(Listening(name, Source.SYNTHETIC, (Hearing(Part.PLAYS, artist_name=name),)))


by_scene = [[one for one in world.artists.values() if one.scene == scene] for scene in scenes]
popular = [artist for artists in by_scene for artist in artists[:12]]
heard = {key for one in known for key in one.artists}
artists = [one for one in popular if artist_key(one.name) in heard]
fans = embedder.embed([fan_of(one.name) for one in artists])
likeness = fans.query @ fans.stored.T
np.fill_diagonal(likeness, -np.inf)
nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :3]
at_home = np.mean(
    [[artists[near].scene == one.scene for near in row] for one, row in zip(artists, nearest, strict=True)]
)

for place in range(0, len(artists), len(artists) // 6):
    print(f"{artists[place].name} ({artists[place].scene})")
    for near in nearest[place]:
        print(f"    {likeness[place, near]:.2f}  {artists[near].name} ({artists[near].scene})")
print(f"\n{at_home:.0%} of the three nearest of {len(artists)} artists are of the artist's own scene")

# %% [markdown]
# ## One score, the same from both sides
#
# The score of two listeners is ½ (U(a)·C(b) + U(b)·C(a)): what a's user tower says of b's candidate tower,
# and the other way round. So nobody is nearer to you than you are to them. With scenes in the order of
# their ring, the diagonal of blocks is the same scene; the glow beside it is neighbouring scenes, which
# share listeners.

# %%
order = np.argsort([scenes.index(main_scene(one)) for one in held_out], kind="stable")
scores = vectors.query @ vectors.stored.T
labels = np.array([main_scene(one) for one in held_out])
others = ~np.eye(len(held_out), dtype=bool)
same = (labels[:, np.newaxis] == labels) & others
different = labels[:, np.newaxis] != labels

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.8), width_ratios=(1, 1.05))
diverging = LinearSegmentedColormap.from_list("score", [SEA, PAPER, EMBER])
picture = left.imshow(scores[np.ix_(order, order)], cmap=diverging, vmin=-1, vmax=1)
left.set(title="Score of every two held-out listeners", xticks=[], yticks=[])
left.set_xlabel("listeners, by main scene in the order of the ring")
left.spines[:].set_visible(False)
figure.colorbar(picture, ax=left, shrink=0.7, ticks=[-1, 0, 1]).outline.set_visible(False)

bins = np.linspace(-1, 1, 41)
right.hist(scores[different], bins, density=True, color=LINE, label="different main scene")
right.hist(scores[same], bins, density=True, color=EMBER, alpha=0.8, label="same main scene")
right.set(title="The same scores, by scene", xlabel="score; both groups cover the same area", yticks=[])
right.spines["left"].set_visible(False)
right.legend(loc="upper center", labelcolor=SOFT)
plt.show()

# %% [markdown]
# ## The answer
#
# Yes: for held-out listeners, without a word about scenes. The chance that two of the same scene score
# above two of different scenes (the area under the curve; ½ is chance) says by how wide a margin.

# %%
margin = scores[same].mean() - scores[different].mean()
chance = area_under_curve(scores[same], scores[different])
print(f"same scene {scores[same].mean():.2f}, different {scores[different].mean():.2f}; area {chance:.3f}")

assert margin > 0.5, "listeners of one scene are not much nearer than others"
assert chance > 0.95, "the scores of the same and of different scenes overlap too much"
assert at_home > 0.8, "artists do not stand among their like"
assert np.abs(scores - scores.T).max() < 1e-5, "the score depends on who asks"
