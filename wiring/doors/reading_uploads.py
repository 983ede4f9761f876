"""Refreshes a listener's profile from the files that they uploaded."""

from dataclasses import dataclass, replace
from functools import partial

from matcher.domain.listening import Listening, Source
from matcher.errors import StillReading
from matcher.matching.service import Glimpse
from matcher.ports import Progress, Report, SoFar
from matcher.taste.service import TasteChange
from wiring.bootstrap import Application
from wiring.doors.reading_apart import read_apart
from wiring.syncs import FILE_STEP
from wiring.uploads import Upload

OF_FILES = Source.SPOTIFY_EXPORT, Source.FILE
"""Sources of files alone; a service's own export counts as that service."""


def read_upload(app: Application, listener_id: str, upload: Upload) -> None:
    """Start to read an upload as the listener's music; it is deleted once it is read.

    Raises:
        StillReading: their music is being read already; the upload is left as it is.
    """
    app.syncs.dismiss(listener_id)
    refresh = partial(_refresh, app, UploadedFiles(upload))
    if not app.syncs.start_file(listener_id, refresh, upload.discard):
        raise StillReading("the listener's music is being read")


def _refresh(
    app: Application, files: "UploadedFiles", listener_id: str, report: Report, _: Glimpse
) -> TasteChange:
    app.pace.check_sources(listener_id, *OF_FILES)
    return app.service.refresh_listener(listener_id, files, report)


@dataclass(frozen=True, slots=True)
class UploadedFiles:
    """`ListeningSource` of an upload, which is deleted once it was read, or could not be."""

    upload: Upload

    def fetch(self, listener_id: str, report: Report, so_far: SoFar | None = None) -> Listening:
        """Read the files; InputError if they cannot be read."""

        def tell(share: float) -> None:
            report(Progress(FILE_STEP, round(100 * share), 100))

        try:
            return replace(read_apart(self.upload.files, tell), listener_id=listener_id)
        finally:
            self.upload.discard()
