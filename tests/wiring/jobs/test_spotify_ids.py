from matcher.domain.listening import Hearing, Listening, Part, Source
from wiring.jobs.spotify_ids import spotify_ids_in

ARTIST_ID, TRACK_ID = "4gzpq5DPGxSnKTe4SA8HAU", "3AJwUDP919kvQ9QcozQPxg"


def listening(**more):
    return Listening(
        "me", Source.TABLE, (Hearing(Part.PLAYS, artist_name="Low", track_name="Words", **more),)
    )


def test_ids_are_found_by_canonical_key():
    found = spotify_ids_in([listening(artist_id=ARTIST_ID, track_id=TRACK_ID)])
    assert found == {("artist", "low"): ARTIST_ID, ("track", "low|words"): TRACK_ID}


def test_ids_of_other_catalogues_are_left_out():
    for other in ("", "17", "9c9f1380-2516-4fc9-a3e6-f9f61941d090", TRACK_ID + "x", TRACK_ID[:-1] + "-"):
        assert spotify_ids_in([listening(artist_id=other, track_id=other)]) == {}


def test_the_first_id_of_an_item_counts():
    both = [listening(track_id=TRACK_ID), listening(track_id=ARTIST_ID)]
    assert spotify_ids_in(both)["track", "low|words"] == TRACK_ID
