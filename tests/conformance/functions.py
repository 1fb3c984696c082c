"""What PYTHON blocks of these tests call."""

from headrace.blocks import Context, Permanent

HOSTILE_NAMES = [
    'a"; filename="b.html',
    "a\r\nSet-Cookie: owned=1",
    "../../../etc/passwd",
    "a\u2028b\u202e.exe",
    "%0d%0aX-Owned: 1",
    "a; filename*=UTF-8''owned.html",
    "\u540d\u524d;\u202e.txt",
]


def artifacts_of_hostile_names(ctx: Context) -> None:
    """One artifact for each name that the SDK takes, and a line of log for each it refuses."""
    for name in HOSTILE_NAMES:
        try:
            with ctx.new_artifact(name, "text/html\r\nX-Owned: 1") as file:
                file.write(b"<script>alert(1)</script>")
        except Permanent as error:
            ctx.log.info(str(error))
