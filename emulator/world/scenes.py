"""Invented scenes; neighbours in this list share tags and sound alike."""

from emulator.world.music import Scene

# Name; further tags; typical year; danceability, energy, valence, acousticness, instrumentalness,
# speechiness, liveness, tempo and loudness. Key and mode are drawn, not set.
_SCENES = """
saltmarsh folk; fireside|acoustic|storytelling; 1974; .46 .28 .46 .82 .04 .04 .12 104 -13
orchard country; acoustic|storytelling|twang; 1985; .56 .48 .60 .52 .01 .04 .15 118 -9
copper blues; twang|slow burn|bottleneck; 1966; .52 .45 .55 .55 .07 .05 .18 112 -11
kettle swing; brass|ballroom|vintage; 1948; .60 .38 .68 .86 .10 .06 .20 132 -13
violet jazz; brass|late night|improvised; 1962; .50 .28 .42 .84 .46 .05 .14 110 -16
ember soul; late night|warm|vocal harmony; 1971; .64 .50 .68 .42 .01 .06 .13 106 -10
sundial disco; warm|dancefloor|strings; 1979; .76 .74 .84 .14 .05 .05 .11 120 -8
coralstep; dancefloor|sunlit|hand percussion; 2009; .80 .72 .76 .18 .02 .09 .13 100 -6
lanternpop; sunlit|bright|sing-along; 2014; .68 .70 .62 .14 .00 .06 .14 121 -5
mirrorwave; bright|synth|nostalgic; 1984; .64 .72 .58 .10 .08 .04 .13 124 -8
harbourwave; synth|nostalgic|hazy; 2011; .54 .58 .40 .22 .22 .04 .14 114 -9
veil gaze; hazy|fuzz|dreaming; 1993; .38 .68 .34 .10 .40 .04 .16 118 -8
moss rock; fuzz|guitars|weathered; 1972; .46 .72 .52 .12 .10 .05 .20 122 -9
static punk; guitars|fast|basement show; 1981; .44 .92 .60 .02 .03 .08 .24 166 -5
cinder metal; fast|heavy|thunderous; 1996; .36 .95 .30 .01 .18 .08 .22 138 -5
iron drone; heavy|slow|monolith; 2004; .22 .62 .14 .10 .72 .05 .16 84 -10
paper ambient; slow|wordless|stillness; 2016; .26 .14 .16 .88 .88 .04 .10 82 -21
attic classical; wordless|chamber|strings; 1958; .28 .18 .26 .94 .80 .04 .12 98 -20
glass minimal; chamber|repetition|machine; 2012; .60 .42 .30 .38 .82 .05 .10 118 -13
tidal techno; repetition|machine|warehouse; 2001; .74 .84 .30 .03 .78 .06 .11 130 -8
nightbus garage; warehouse|broken beat|low end; 2003; .72 .76 .52 .06 .28 .09 .14 134 -7
driftcore; broken beat|low end|frantic; 2018; .56 .92 .38 .03 .42 .10 .18 170 -5
northline rap; low end|wordplay|street corner; 2019; .78 .66 .46 .14 .00 .28 .15 140 -6
chalk hop; wordplay|dusty loops|rainy day; 1997; .74 .54 .56 .24 .08 .24 .14 92 -8
"""


def _scene(line: str) -> Scene:
    name, tags, year, sound = line.split("; ")
    return Scene(name, (name, *tags.split("|")), int(year), tuple(map(float, sound.split())))


SCENES = tuple(map(_scene, _SCENES.strip().splitlines()))
"""Scenes in a ring; ``sound`` has the means of the first nine audio attributes."""
