"""Texts of error messages."""

from collections.abc import Mapping

RETRY_AT = "Please try again at {time}."
RETRY_ON = "Please try again on {day} at {time}."
ASK_AGAIN = "You can ask again on {day} at {time}. They can ask you at any time."
PLACE_FROM = "From {day} at {time} on, one press signs you in, in this browser. Your place is kept for a day."
PLACE_NOW = "You can sign in now: one press is enough, in this browser."
RETRY_NOW = "Please try again now."
TOO_FEW = "Earshot needs at least {least} artists to match anybody; here there are {n}."
NOTHING_CHANGED = "Nothing was changed."
ANOTHER_GONE = (
    "This listener is not here",
    "Perhaps they hide, show nothing or have left, or one of you has blocked the other. Earshot does not say "
    "which.",
    "Your other matches are where they were.",
)
PROBLEMS: Mapping[str, tuple[str, str, str]] = {
    "EarshotError": (
        "Something went wrong",
        "Something happened that was not foreseen. Nothing of yours was lost.",
        "Please try again. If it keeps happening, tell whoever runs this Earshot.",
    ),
    "SettingsError": (
        "Earshot is not set up yet",
        "A setting is missing or wrong.",
        "Whoever runs this Earshot can find out which one with “earshot doctor”.",
    ),
    "SignInError": ("You are not signed in", "Signing in did not work.", "Please sign in again."),
    "AccessDenied": (
        "You said no, and that is fine",
        "Spotify’s question was declined, so nothing was read.",
        "If you change your mind, sign in again and agree.",
    ),
    "StateMismatch": (
        "That sign-in could not be completed",
        "It took too long, was used twice, or was begun in another browser.",
        "Please sign in again, in this browser.",
    ),
    "OtherAccount": (
        "That was another Spotify account",
        "You went to Spotify as yourself and came back with another account, so nothing was changed.",
        "Privacy says which account is yours here. To use another one, sign out first.",
    ),
    "AccountTaken": (
        "This Spotify account has a listener here already",
        "Somebody signs in here with the Spotify account you chose, so nothing was changed.",
        "If it is you, sign out and sign in with Spotify; or erase one of the two accounts under Privacy, "
        "and connect Spotify then.",
    ),
    "SpotifyNotAdded": (
        "Spotify is not connected",
        "Spotify’s question was declined, or led nowhere, so nothing was changed.",
        "If you change your mind, connect it again under My taste.",
    ),
    "SessionEnded": (
        "You are signed out",
        "That happened before you came back from Spotify, so nothing was connected or changed.",
        "Sign in again, then connect Spotify under My taste.",
    ),
    "TooManySignIns": (
        "That was a bit often",
        "Signing in was begun many times within a minute from your network.",
        "Please wait a minute, then sign in again.",
    ),
    "KeyMistyped": (
        "That is not a recovery key",
        "A recovery key has 36 letters and digits, and at least one is missing or mistyped.",
        "Compare it with the one you kept, and type it again.",
    ),
    "KeyUnknown": (
        "No account has that recovery key",
        "It is typed correctly, but it was replaced by a newer one, or its account was erased.",
        "Use the newest one you kept, or bring your file again to start anew.",
    ),
    "GrantRevoked": (
        "Spotify needs to hear from you again",
        "The permission you gave has ended: it was withdrawn, or six months have passed.",
        "Please sign in again to renew it.",
    ),
    "SpotifyError": ("Spotify could not be read", "A call to Spotify did not work.", "Please try again."),
    "SpotifyUnreachable": (
        "Spotify does not answer",
        "There was no answer, or the connection was cut.",
        "Please try again in a minute or two.",
    ),
    "SpotifyMalformed": (
        "Spotify’s answer made no sense",
        "Spotify answered with something else than it promises.",
        "Please try again later. If it stays so, tell whoever runs this Earshot.",
    ),
    "RateLimited": (
        "Spotify asks for a pause",
        "Too many calls were made in a short time.",
        "Please try again in a few minutes.",
    ),
    "QuotaExceeded": (
        "Today’s quota is used up",
        "Spotify allows this app no more calls for now.",
        "Please try again tomorrow.",
    ),
    "SignInWaits": (
        "Your place is kept",
        "You have agreed at Spotify. Earshot can ask who you are once Spotify allows it calls again.",
        "Please come back to this browser in a while: one press then signs you in.",
    ),
    "SpotifyForbidden": (
        "Spotify refused",
        "Spotify did not let this part be read, and did not say why.",
        "Please try again. If it stays so, tell whoever runs this Earshot.",
    ),
    "NotAllowListed": (
        "You are not on the guest list yet",
        "Spotify lets this app serve only a few listeners, each entered by hand.",
        "Ask whoever runs this Earshot to add your Spotify account, then try again.",
    ),
    "OwnerNotPremium": (
        "This app is paused by Spotify",
        "The owner of the Spotify app has no Premium subscription at the moment.",
        "Whoever runs this Earshot can put that right; then try again.",
    ),
    "ScopeMissing": (
        "A permission is missing",
        "One of the things Earshot wants to read was not granted.",
        "Please sign in again and leave every permission ticked.",
    ),
    "NotPlaylistOwner": (
        "Somebody else’s playlist",
        "Spotify shows the tracks of a playlist only to those who make it.",
        "Nothing to do: such playlists are left out. Please try again.",
    ),
    "EndpointGone": (
        "Spotify has closed this door",
        "A part of Spotify that Earshot reads is no longer open to this app.",
        "Whoever runs this Earshot should look for a newer version.",
    ),
    "ServiceError": (
        "Your listening could not be read",
        "A call to ListenBrainz or Last.fm did not work.",
        "Please try again.",
    ),
    "ServiceUnreachable": (
        "The service does not answer",
        "ListenBrainz or Last.fm gave no answer, or the connection was cut.",
        "Please try again in a minute or two.",
    ),
    "ServiceMalformed": (
        "The service’s answer made no sense",
        "ListenBrainz or Last.fm answered with something else than it promises.",
        "Please try again later. If it stays so, tell the operator of this Earshot.",
    ),
    "ServiceLimited": (
        "The service asks for a pause",
        "ListenBrainz or Last.fm was asked too often in a short time.",
        "Please try again in a few minutes.",
    ),
    "UnknownName": (
        "Nobody has this name there",
        "ListenBrainz or Last.fm does not know the name you gave.",
        "Check its spelling on your profile page there, and try again.",
    ),
    "NameIsPrivate": (
        "This listening is private",
        "On Last.fm, recent listening is hidden for this name.",
        "If it is yours, untick “Hide recent listening” in Last.fm’s privacy settings, then try again.",
    ),
    "TokenRefused": (
        "That did not prove whose name it is",
        "The token or the sign-in is wrong, too old, or was used before.",
        "Copy the token from your ListenBrainz settings again, or sign in at Last.fm again.",
    ),
    "ServiceClosed": (
        "This door is closed here",
        "Last.fm is not set up here, or refuses this Earshot’s key.",
        "Come in by another door, or ask the operator of this Earshot.",
    ),
    "MatchingError": ("No matches to show", "Your matches could not be made.", "Please try again."),
    "NoCandidates": (
        "You are the first one here",
        "Your profile is ready, but nobody can be found yet.",
        "As soon as other listeners join and choose to be found, they appear here.",
    ),
    "NoMusic": (
        "There is no music here yet",
        "Your library was read, and there is no artist and no track in it.",
        "Save a few tracks or make a playlist in Spotify, then try again.",
    ),
    "TooFewArtists": (
        "Too few artists to be matched",
        "Earshot needs at least five artists to match anybody, and there are fewer here.",
        "Put something back under My taste, choose a larger part of it, or listen to more and refresh.",
    ),
    "NothingLeft": (
        "Nothing would be left",
        "With this, everything in your library would be left out, and there would be nothing to match on.",
        "Leave something in, or put something back first.",
    ),
    "NotProven": (
        "Nobody has shown yet that this name is yours",
        "Anybody can type a name, so whoever comes by one alone can look, and is not found.",
        "Prove it under My taste: by a ListenBrainz token, or by signing in at Last.fm.",
    ),
    "OnlySource": (
        "That is the only source of your music",
        "Without it there would be nothing to match on.",
        "Bring your music from elsewhere first; or erase everything under Privacy.",
    ),
    "NotInLibrary": (
        "That is not in your library",
        "What you chose is not in your library. It may have gone when the library was last read.",
        "Please look again and choose from what is there now.",
    ),
    "NotSynced": (
        "Your music has not been read yet",
        "There is no profile of yours to match with.",
        "Try again to have it read.",
    ),
    "NotConnected": (
        "You are not connected yet",
        "Only listeners who have both agreed can be looked at together.",
        "Connect first; as soon as the other agrees, this opens.",
    ),
    "GroupSize": (
        "That is not a group",
        "A group is three to ten listeners, a joint playlist two to ten.",
        "Add somebody, or leave somebody out.",
    ),
    "UnknownListener": (
        "There is nothing of yours here",
        "Your profile does not exist, or was erased.",
        "To begin afresh, sign in again.",
    ),
    "ConsentError": (
        "That did not work",
        "Something between you and another listener could not be changed.",
        "Look again, then try once more.",
    ),
    "NotOnEarshot": (
        "They are not on Earshot",
        "This listener is known from open data, without an account here, so there is nobody to ask.",
        "You can see what you share. If they join one day, you can ask them then.",
    ),
    "AliasRefused": (
        "That alias will not do",
        "An alias has 3 to 30 characters: letters of one script, digits, spaces, hyphens, apostrophes. It "
        "does not look like the name of somebody who speaks for Earshot or Spotify.",
        "Choose another one. It should not be your own name.",
    ),
    "AliasTaken": (
        "That alias is taken",
        "Another listener goes by it already.",
        "Choose another one, or add a number to it.",
    ),
    "NotAsked": (
        "There is nothing to agree to",
        "The other listener has not asked to connect, or has taken it back.",
        "Look again: while they can be found, you can ask them yourself.",
    ),
    "RequestDeclined": (
        "They have declined",
        "The other listener has declined a request of yours.",
        "It cannot be sent again. They can still ask you.",
    ),
    "ModelError": (
        "Matching is out of order",
        "The model that places listeners cannot be used right now.",
        "Whoever runs this Earshot can find out why with “earshot doctor”.",
    ),
    "ModelMissing": (
        "There is no model yet",
        "Earshot has not been trained on this machine.",
        "Whoever runs it should run “earshot train”, or “earshot demo” for a look around.",
    ),
    "ModelBroken": (
        "The model does not verify",
        "Its files are incomplete or were changed, so it is not used.",
        "Whoever runs this Earshot should train it again with “earshot train”.",
    ),
    "MapMissing": (
        "There is no map yet",
        "The model in service was trained before there were maps; everything else works without.",
        "Whoever runs this Earshot can make one by training the model again.",
    ),
    "Stopped": (
        "Reading was stopped",
        "Nothing was changed, and what had been read by then is remembered.",
        "Go on whenever you like; it will take fewer calls.",
    ),
    "RefreshTooSoon": (
        "Your music was read a moment ago",
        "How often it can be read is limited, so that everybody gets their turn.",
        "Please try again in a few minutes.",
    ),
    "TasteTooSoon": (
        "That was a lot of changes",
        "How often you can leave things out, put them back or match on other sides of you is limited.",
        "Please try again in a few minutes.",
    ),
    "UploadRefused": (
        "The file was not taken",
        "Something was wrong with the upload; nothing was changed.",
        "Please try again.",
    ),
    "NoFile": (
        "There was no file",
        "No file was chosen, or it was empty.",
        "Choose the file you downloaded, then send it.",
    ),
    "FileTooLarge": (
        "That is too much at once",
        "The files are larger, or more, than this Earshot takes.",
        "Send the ZIP file as you got it, or leave files out that are not about music.",
    ),
    "UploadBroken": (
        "The file did not arrive",
        "The connection was cut or too slow, so nothing was kept of it.",
        "Please send it again.",
    ),
    "UploadsFull": (
        "Many files are arriving right now",
        "There is no room for another one at the moment.",
        "Please send it again in a few minutes.",
    ),
    "TooManyUploads": (
        "Many files came from your network",
        "Only so many are taken within an hour, and two at once.",
        "Please wait a while, then send it again.",
    ),
    "TooManyNames": (
        "Many names came from your network",
        "Only so many are asked for within an hour.",
        "Please wait a while, then try again.",
    ),
    "TooManyPicks": (
        "Many artists were picked from your network",
        "Only so many presses are taken within a minute, and only so many accounts are made within an hour.",
        "Please wait a while, then pick again.",
    ),
    "StillReading": (
        "Your music is being read",
        "The last file, or your library, is still on its way into your profile.",
        "Wait until that is done; then send the new file, or refresh.",
    ),
    "InputError": (
        "That file cannot be read",
        "It is not what it should be.",
        "Check which file it is, then choose it again.",
    ),
    "UntrainableSource": (
        "These rows must not be learned from",
        "What comes from Spotify’s Web API is never used for training.",
        "Train on your own export or on open listening data.",
    ),
    "StorageUnreachable": (
        "The database does not answer",
        "Your profile is safe, but it cannot be reached right now.",
        "Please look again in a minute.",
    ),
    "StorageUnusable": (
        "The database is not ready",
        "Your profile is safe, but the people who run this Earshot have to set up the database first.",
        "Please tell them: `earshot doctor` says what to do.",
    ),
    "PurgeRefused": (
        "Nobody was erased",
        "More people than expected were due to be erased, or a clock is wrong.",
        "The people who run this Earshot are told what to do in their log.",
    ),
}
"""Title, what happened, what to do; by error class."""
