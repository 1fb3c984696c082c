"""`python -m headrace_worker`: one more worker, as `headrace worker` is."""

import sys

from headrace_worker.process import main

if __name__ == "__main__":
    sys.exit(main())
