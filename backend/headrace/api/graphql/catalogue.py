"""Block types, as the API shows them."""

import strawberry

from headrace.api.graphql.described import object_type
from headrace.api.graphql.scalars import JSON
from headrace.domain.catalogue import BlockTypeInfo


@object_type
class BlockType:
    """A type of blocks that pipelines can use."""

    name: str = strawberry.field(description="Its name, as definitions say it.")
    description: str = strawberry.field(description="What its blocks do.")
    min_inputs: int = strawberry.field(description="The fewest upstream blocks that it takes.")
    maps: bool = strawberry.field(
        description="Whether each row's result depends on that row alone, so that the input may be "
        "split by `partitions`."
    )
    max_inputs: int | None = strawberry.field(
        description="The most upstream blocks that it takes; null: any number."
    )
    config_schema: JSON = strawberry.field(description="JSON Schema of its configuration.")

    @classmethod
    def of(cls, info: BlockTypeInfo) -> "BlockType":
        return cls(
            name=info.name,
            description=info.description,
            maps=info.maps,
            min_inputs=info.min_inputs,
            max_inputs=info.max_inputs,
            config_schema=JSON(info.config_schema()),
        )
