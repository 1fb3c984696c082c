"""Where blocks run: processes of this machine, or of a Ray cluster, behind one small protocol."""
