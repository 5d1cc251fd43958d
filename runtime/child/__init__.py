"""The pristine child that calls user code: standard library only, also under other interpreters."""
