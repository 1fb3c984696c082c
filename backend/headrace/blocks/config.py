"""The typed config of a block: a Pydantic model that refuses keys it does not know."""

from pydantic import BaseModel, ConfigDict


class Config(BaseModel):
    """Base of every block's config: frozen, and an unknown key is an error.

    Its JSON Schema is what editors and the catalogue show, so give fields a `description`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
