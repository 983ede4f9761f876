"""Values and rules that everything else speaks in: profiles, libraries, consent, names."""
