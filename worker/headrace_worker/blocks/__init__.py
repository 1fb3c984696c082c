"""The built-in blocks, one file each, registered by entry points like anyone's."""
