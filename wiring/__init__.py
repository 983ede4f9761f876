"""Where adapters meet the core: settings, build, command line, web routes."""
