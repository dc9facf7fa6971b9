"""``python testbed/aws``: start the stand-in from anywhere."""

from stand_in.__main__ import main

raise SystemExit(main())
