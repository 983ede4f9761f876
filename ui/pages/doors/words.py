"""Texts of the doors."""

KEY_LABEL = "Recovery key"
KEY_HINT = "36 letters and digits; case, spaces and hyphens do not matter"
KEY_ENTER = "Sign in"

ENTER_TITLE = "Come back with your recovery key"
ENTER_LEAD = "You got it when you brought your listening here for the first time."

NEW_KEY_TITLE = "Make a new recovery key?"
NEW_KEY_LEAD = (
    "The one you have now stops at once, and your account is signed out in every other browser. Your music, "
    "matches and choices stay."
)
NEW_KEY_YES = "Make a new key"
NEW_KEY_NO = "Keep the one I have"

FIRST_KEY_TITLE = "Keep this key: it is your account"
KEY_TITLE = "This is your new recovery key"
KEY_LEAD = (
    "It signs you in on another device, or here once you have signed out. It is shown this once: only its "
    "fingerprint is kept, so nobody can send it to you again."
)
KEY_NAMED = "Your recovery key"
KEY_DOWNLOAD = "Download it as a text file"
KEY_FILE = "earshot-recovery-key.txt"
KEY_GO_ON = "I have kept it: to my matches"
KEY_TEXT = """Your recovery key for Earshot

{key}

Type it on the first page of Earshot to sign in. Whoever has it can sign in as you, so keep it
to yourself. A new one, made under Privacy, replaces it.
"""
