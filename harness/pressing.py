"""Widget state of a pressed HTML button (see ui.components.press)."""

import json

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState


def pressed(component_id: str, value: object) -> WidgetState:
    """State of the component that handles HTML buttons; `value` is the button's key."""
    events = json.dumps([{"event": "pressed", "value": value}])
    return WidgetState(id=_make_trigger_id(component_id, "events"), json_trigger_value=events)
