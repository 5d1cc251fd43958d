"""What `plan` and `why` say of tasks."""
