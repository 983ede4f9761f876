"""What a browser sends when a button that is HTML is pressed (see ui.components.press)."""

import json

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState


def pressed(component_id: str, value: object) -> WidgetState:
    """The state of the component that heeds the buttons; `value` is the key of one, or whatever is sent."""
    told = json.dumps([{"event": "pressed", "value": value}])
    return WidgetState(id=_make_trigger_id(component_id, "events"), json_trigger_value=told)
