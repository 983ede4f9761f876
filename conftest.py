"""Settings of every test run."""

from hypothesis import HealthCheck, settings

# Machines that run tests are shared and slow at times; a slow draw says nothing about the code.
settings.register_profile("earshot", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("earshot")
