"""What every `AttributeStore` does."""

from matcher.domain.audio import AudioAttributes
from matcher.domain.canonical_keys import keys_of
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.ports import AttributeStore, lookup_keys

CALM = AudioAttributes({"energy": 0.1, "tempo": 71.25}, "table-1")
LOUD = AudioAttributes({"energy": 0.9, "loudness": -3.5}, "table-2")
SONG = Hearing(Part.SAVED, artist_name="Low", track_name="Words", track_id="t1", isrc="usx1")
KEY = keys_of(SONG)[1]


def heard(*hearings: Hearing) -> Listening:
    return Listening("me", Source.TABLE, hearings)


class AttributeStoreContract:
    """Run by subclasses, which give the fixture `store`."""

    def test_a_track_is_found_by_name(self, store: AttributeStore):
        assert store.add_attributes([(lookup_keys(KEY), CALM)]) == 1
        assert store.attributes(heard(SONG)) == {KEY: CALM}

    def test_a_track_is_found_by_isrc_in_any_case(self, store: AttributeStore):
        store.add_attributes([(lookup_keys(isrc="USX1"), CALM)])
        assert store.attributes(heard(SONG)) == {KEY: CALM}

    def test_the_most_exact_key_counts(self, store: AttributeStore):
        store.add_attributes([(lookup_keys(KEY), CALM), (lookup_keys(track_id="t1"), LOUD)])
        assert store.attributes(heard(SONG)) == {KEY: LOUD}

    def test_unknown_tracks_are_absent(self, store: AttributeStore):
        assert store.attributes(heard(SONG, Hearing(Part.TOP_ARTISTS, artist_name="Can"))) == {}
        assert store.attributes(heard()) == {}

    def test_the_last_row_of_a_key_counts(self, store: AttributeStore):
        assert store.add_attributes([(lookup_keys(KEY), LOUD), (lookup_keys(KEY), CALM)]) == 2
        assert store.attributes(heard(SONG)) == {KEY: CALM}

    def test_a_later_import_replaces(self, store: AttributeStore):
        store.add_attributes([(lookup_keys(KEY), LOUD)])
        store.add_attributes([(lookup_keys(KEY), CALM)])
        assert store.attributes(heard(SONG)) == {KEY: CALM}

    def test_rows_without_a_key_are_not_counted(self, store: AttributeStore):
        assert store.add_attributes([((), CALM)]) == 0

    def test_names_of_any_length_and_content_are_kept(self, store: AttributeStore):
        hostile = Hearing(Part.SAVED, artist_name="A\x00\ud800", track_name="é" * 9000)
        key = keys_of(hostile)[1]
        store.add_attributes([(lookup_keys(key), CALM)])
        assert store.attributes(heard(hostile)) == {key: CALM}
