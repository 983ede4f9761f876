"""Values and rules of the core: profiles, libraries, consent, canonical keys."""
