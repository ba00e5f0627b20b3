"""The policy: one row per route, one entry per method, and what each person gets.

A route without a row fails the build, and so does a method that answers without an entry. To add a
route, add its row to the module of its door: its name, the rule for each method, the kind of object
it names. ``HEAD`` follows ``GET``. The stock pages of the admin follow one rule per model and kind
of page.
"""

from tests.policy.table.interface import INTERFACE
from tests.policy.table.rows import Door, Row
from tests.policy.table.screens import SCREENS
from tests.policy.table.site import SITE
from tests.policy.table.stock import STOCK

__all__ = ["TABLE", "Door", "Row"]

TABLE = [*SITE, *SCREENS, *INTERFACE, *STOCK]
