"""Widget state of a pressed HTML button (see ui.html.controls)."""

import itertools
import json

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState

_numbers = itertools.count(1)


def pressed(component_id: str, value: object) -> WidgetState:
    """State of the component that handles HTML buttons, as of a browser that says it was `value`."""
    events = json.dumps([{"event": "pressed", "value": value}])
    return WidgetState(id=_make_trigger_id(component_id, "events"), json_trigger_value=events)


def told(*keys: object) -> list[list[object]]:
    """What a browser says when these buttons were pressed, one after the other, and no earlier ones wait."""
    return [[next(_numbers), key] for key in keys]
