"""The block SDK: what a block is given and gives back, and how blocks are found.

from headrace.blocks import Block, Config, Context, Inputs, Output

class LimitConfig(Config):
    rows: int = 10

class Limit(Block[LimitConfig]):
    "Hands on the first rows."

    def run(self, config: LimitConfig, inputs: Inputs, ctx: Context) -> Output: ...
"""

from headrace.blocks.artifact_file import ArtifactFile
from headrace.blocks.block import Block
from headrace.blocks.config import Config
from headrace.blocks.context import Context, Logger, Memo
from headrace.blocks.datasets import (
    ArrowArray,
    ArrowBatch,
    ArrowSchema,
    ArrowStream,
    Batch,
    Column,
    Dataset,
    Inputs,
    Output,
)
from headrace.blocks.environment import Environment, LlmSettings
from headrace.blocks.errors import BadInput, BlockCancelled, BlockError, PathRefused, Permanent
from headrace.blocks.parts import PartArtifact
from headrace.blocks.usage import Usage

__all__ = [
    "ArrowArray",
    "ArrowBatch",
    "ArrowSchema",
    "ArrowStream",
    "ArtifactFile",
    "BadInput",
    "Batch",
    "Block",
    "BlockCancelled",
    "BlockError",
    "Column",
    "Config",
    "Context",
    "Dataset",
    "Environment",
    "Inputs",
    "LlmSettings",
    "Logger",
    "Memo",
    "Output",
    "PartArtifact",
    "PathRefused",
    "Permanent",
    "Usage",
]
