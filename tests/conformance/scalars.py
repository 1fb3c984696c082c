"""Values of our scalars for schemathesis, which loads this as its hooks: good ones and bad ones."""

import schemathesis
from hypothesis import strategies as st
from hypothesis_graphql import nodes

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


schemathesis.graphql.scalar(
    "DateTime",
    (
        st.datetimes().map(lambda moment: moment.isoformat() + "Z")
        | st.sampled_from(["", "now", "2026-02-30T00:00:00Z", "0000-00-00T00:00:00Z"])
    ).map(nodes.String),
)
schemathesis.graphql.scalar("Cursor", TEXTS.map(nodes.String))
schemathesis.graphql.scalar(
    "BigInt",
    st.integers().map(str).map(nodes.String) | st.integers(-(2**80), 2**80).map(nodes.Int),
)
schemathesis.graphql.scalar(
    "JSON",
    TEXTS.map(nodes.String)
    | st.integers(-(2**70), 2**70).map(nodes.Int)
    | st.floats(allow_nan=False, allow_infinity=False).map(nodes.Float)
    | st.booleans().map(nodes.Boolean),
)
