"""Texts of the page of people."""

TITLE = "People"
LEAD = "Who asks to connect, whom you are connected with, and whom you keep away."

# ---- connections
REQUESTS = "They ask to connect"
NO_REQUESTS = "Nobody asks at the moment."
CONNECTED = "Connected"
NO_CONNECTED = (
    "Nobody yet. Ask somebody to connect from your matches. Once they agree, each of you sees what the other "
    "shares in full, as long as the other can be found."
)
WAITING = "You have asked"
HIDDEN = "Hidden from your matches"
NO_HIDDEN = "Nobody."
HIDDEN_MORE = "{n} hidden. They do not know, and come back with the next model."
UNHIDE = "Show them again"
UNHIDDEN = "They are among your matches again."
NEW = "new"
ASKS_ME = "asks to connect since {day}"
ASKED = "asked by you on {day}"
CONNECTED_SINCE = "connected since {day}"
OUT_OF_SIGHT = "out of sight now"
SPOTIFY_PROFILE = "Spotify profile"
AGREE = "Agree"
DECLINE = "Decline"
TAKE_BACK = "Take back"
END = "End connection"
END_SURE = (
    "End it? Neither of you sees tracks, percentages or profiles of the other any more. You can ask again."
)
END_YES = "Yes, end it"
WITHDRAWN = "Done: there is nothing between the two of you any more."
DECLINED = "Declined."
DECLINED_MORE = (
    "They cannot ask you again for thirty days, and after a second time never. You can still ask them."
)

# ---- blocked
BLOCKED = "Blocked listeners"
NO_BLOCKED = "Nobody. People you block do not see you, and you do not see them."
BLOCKED_SINCE = "since {day}"
UNBLOCK = "Unblock"
UNBLOCKED = "Unblocked."
UNBLOCKED_MORE = "You may meet each other among your matches again."
