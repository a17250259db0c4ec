"""Settings for the whole suite.

Property tests are random on a desk, where a new example is a find, and fixed under `CI=true`,
where a red run has to mean that the change is at fault. No deadlines: the first call of a rule
may compile it.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
