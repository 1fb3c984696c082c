"""What pipelines and runs are: pure Python without I/O, framework or clock."""
