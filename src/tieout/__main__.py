"""`python -m tieout` is the command `tieout`."""

import sys

from tieout.cli import main

sys.exit(main())
